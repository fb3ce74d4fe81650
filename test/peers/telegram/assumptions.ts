/** What the peer takes for granted about the real service, and where it is from. Nothing here was tried against it. */

export interface Assumption {
  readonly what: string;
  /**
   * `server source`: read in the open source of the Bot API server (10.0). `types`: the declarations that grammY ships.
   * `second-hand`: told by others. `our choice`: nothing says so, and this is the stricter guess.
   */
  readonly source: 'server source' | 'types' | 'documentation' | 'second-hand' | 'our choice' | 'not modelled';
}

export const ASSUMPTIONS: readonly Assumption[] = [
  // The calls.
  { what: 'A number may be sent as a string, and method names are taken in any case.', source: 'server source' },
  { what: 'A wrong token is 401, an unknown method or path 404.', source: 'server source' },
  {
    what: 'An argument of a wrong type is 400; the real server reads some of them as zero or as empty.',
    source: 'our choice',
  },
  { what: 'Arguments that a method does not know are passed over.', source: 'server source' },
  { what: 'A 429 carries `retry_after` in the body and in the header, in seconds.', source: 'server source' },
  { what: 'Any method that the peer lacks is answered as if it did not exist.', source: 'not modelled' },
  { what: 'Files, media and uploads.', source: 'not modelled' },
  // Updates.
  { what: 'An offset confirms everything below it, and a negative one all but the last.', source: 'server source' },
  {
    what: 'An offset more than 10 beyond the next id confirms nothing and gets everything.',
    source: 'second-hand',
  },
  {
    what: 'A new poll ends the one that waits with 409; a further one within 3 s is told later.',
    source: 'server source',
  },
  { what: 'Setting a webhook ends a waiting poll, and polling while one is set is 409.', source: 'server source' },
  {
    what: 'The same offset twice within 3 s makes the real server wait, and within 0.5 s answer one update alone.',
    source: 'not modelled',
  },
  {
    what: 'A pressed button waits 150 s to be fetched, all else 24 hours; then it is dropped.',
    source: 'server source',
  },
  { what: 'The kinds that were allowed hold for updates made from then on.', source: 'types' },
  {
    what: 'Webhooks keep the order of the messages of a chat, and none between those and presses.',
    source: 'server source',
  },
  { what: 'A webhook is called again until a 2xx.', source: 'server source' },
  { what: 'How long the real service waits between two such calls.', source: 'not modelled' },
  { what: 'A method in the answer to a webhook is carried out by the real service.', source: 'not modelled' },
  { what: 'A webhook may be HTTP on loopback; the real service wants HTTPS.', source: 'our choice' },
  // Who reaches whom.
  { what: 'A person who never pressed Start is answered with 403, whoever they are.', source: 'second-hand' },
  { what: 'The words of 403: blocked, kicked, not a member, cannot initiate.', source: 'server source' },
  { what: 'A group that moved is 400 with `migrate_to_chat_id`, for what would write there.', source: 'server source' },
  { what: 'Without a name a command goes to the bot that wrote last.', source: 'documentation' },
  {
    what: 'Where no bot has written yet, such a command comes to the only bot in the chat.',
    source: 'our choice',
  },
  { what: 'With privacy on, a mention in plain words is not delivered.', source: 'our choice' },
  {
    what: 'A change of privacy counts at once; the real service wants the bot to be added anew.',
    source: 'our choice',
  },
  { what: 'An administrator sees everything but what other bots write.', source: 'documentation' },
  // Messages.
  { what: 'Text has 1 to 4096 UTF-16 units once it is trimmed.', source: 'documentation' },
  { what: 'Entities out of bounds are refused; the real service may cut or drop some.', source: 'our choice' },
  { what: '`parse_mode` is refused, known or not: the bot is to send entities.', source: 'not modelled' },
  { what: 'Mentions, commands and addresses in plain text are marked, save in code and links.', source: 'second-hand' },
  {
    what: 'Whom a message notifies: named, replied to, or in the chat and not silenced; edits wake nobody.',
    source: 'second-hand',
  },
  { what: 'Private chats and basic groups share one sequence of message ids.', source: 'second-hand' },
  { what: 'Callback data has 1 to 64 bytes.', source: 'documentation' },
  { what: 'An edit without a keyboard takes the keyboard away.', source: 'second-hand' },
  { what: 'An edit that changes nothing is 400, in these words.', source: 'server source' },
  { what: 'A message with a forced reply cannot be edited.', source: 'documentation' },
  { what: 'Topic 1 cannot be written to, and outside forums the topic is not looked at.', source: 'server source' },
  { what: 'A reply goes to the topic of what it answers.', source: 'our choice' },
  { what: 'Others delete only with the right to; our own goes for 48 hours.', source: 'documentation' },
  // Buttons.
  { what: 'How long a query may be answered: 30 s here unless set otherwise.', source: 'second-hand' },
  { what: 'A second answer to a query is refused.', source: 'our choice' },
  { what: 'An answer has at most 200 characters; the words of the refusal.', source: 'our choice' },
  // Ephemeral messages: the open source is older than they are.
  { what: 'The names of their parameters and methods, the id 0.', source: 'types' },
  {
    what: 'An administrator may send them any time, others within 15 s of what the person did.',
    source: 'second-hand',
  },
  { what: 'The words of every refusal about them.', source: 'our choice' },
  { what: 'They go to groups and supergroups, to members alone.', source: 'our choice' },
  { what: 'A server from before them posts them for all to see (`ignored`).', source: 'server source' },
  { what: 'That they get lost or expire.', source: 'not modelled' },
  // Ways in, menus, rates.
  {
    what: '`member_limit` and `creates_join_request` exclude each other; the words of the refusal.',
    source: 'second-hand',
  },
  { what: 'Links that ask make requests in supergroups and channels alone.', source: 'types' },
  { what: 'A menu has at most 100 commands of `[a-z0-9_]{1,32}`.', source: 'documentation' },
  {
    what: 'About 1 message a second to a chat with a burst of 3, 20 a minute to a group, 30 a second.',
    source: 'documentation',
  },
  { what: 'Edits count as messages do; everything else is free.', source: 'second-hand' },
];
