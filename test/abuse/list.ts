/**
 * Every abuse that the specification names, with what comes of it and the test that shows it. The documentation is made
 * from this list; `list.test.ts` looks that each test is there under that name.
 */
export interface Abuse {
  readonly part: 'Who speaks' | 'What they may do' | 'Edges' | 'Text' | 'Dashboard and data';
  readonly name: string;
  readonly input: string;
  readonly result: string;
  /** `FILE › words of the test's or the row's name`, below `test/`. */
  readonly test: string;
}

const row = (part: Abuse['part'], name: string, input: string, result: string, test: string): Abuse => ({
  part, name, input, result, test,
}); // biome-ignore format: one row

const who = (name: string, input: string, result: string, test: string) => row('Who speaks', name, input, result, test);
const may = (name: string, input: string, result: string, test: string) => row('What they may do', name, input, result, test); // biome-ignore format: one line
const edge = (name: string, input: string, result: string, test: string) => row('Edges', name, input, result, test);
const text = (name: string, input: string, result: string, test: string) => row('Text', name, input, result, test);
const data = (name: string, input: string, result: string, test: string) => row('Dashboard and data', name, input, result, test); // biome-ignore format: one line

const NOBODY = 'read by nobody: no answer, no event; stored as it came where the platform delivers it';
const FORBIDDEN = '`forbidden`, no event; the refusal is in the inbox';

export const ABUSES: readonly Abuse[] = [
  who('a name like somebody’s of OPS', 'another account, called Sam', FORBIDDEN, 'abuse/speakers.test.ts › renamed to look like Sam'),
  who('a freed @username', 'another account under Sam’s old username', FORBIDDEN, 'abuse/speakers.test.ts › a freed @username, taken over'),
  who('a reclaimed GitHub login', 'a comment by the login, with another number behind it', '`forbidden`: the number of the first is remembered', 'abuse/speakers.test.ts › a GitHub login that somebody else has by now'),
  who('an anonymous administrator', '`sender_chat` is the group', FORBIDDEN, 'abuse/speakers.test.ts › an anonymous administrator'),
  who('a channel in a group', '`sender_chat` is a channel', FORBIDDEN, 'abuse/speakers.test.ts › a channel that posts in the chat'),
  who('a post in a channel', '`channel_post`', NOBODY, 'abuse/speakers.test.ts › a post in a channel'),
  who('an automatic forward', '`is_automatic_forward`', NOBODY, 'abuse/speakers.test.ts › an automatic forward'),
  who('made through a bot', '`via_bot`', NOBODY, 'abuse/speakers.test.ts › made through another bot'),
  who('a business account', '`business_connection_id`, `sender_business_bot`', NOBODY, 'abuse/speakers.test.ts › a business account’s message'),
  who('a guest’s query', '`guest_query_id`', NOBODY, 'abuse/speakers.test.ts › a guest’s query'),
  who('forwarded words', '`forward_origin`, `forward_date`', NOBODY, 'abuse/speakers.test.ts › forwarded by an old client'),
  who('quoted words', 'a command in a quotation', NOBODY, 'abuse/speakers.test.ts › in a quotation'),
  who('words as code', 'a command in code', NOBODY, 'abuse/speakers.test.ts › shown as code'),
  who('edited words', 'a message that becomes a command', NOBODY, 'abuse/speakers.test.ts › edited into a command'),
  who('a Slack guest', 'a guest whom the file does not name', FORBIDDEN, 'abuse/speakers.test.ts › a guest who is not in the file'),
  who('a stranger of Slack Connect', 'the same user id in another workspace', FORBIDDEN, 'abuse/speakers.test.ts › Sam’s id in another workspace'),
  who('another app', '`bot_id`, also with a person’s id', NOBODY, 'abuse/speakers.test.ts › another app with Sam’s id'),
  who('somebody who left', 'each of their accounts', FORBIDDEN, 'abuse/speakers.test.ts › people who left'),
  who('a link code that is guessed, used, or of somebody else', '`/iam CODE`', '`not-found`, `already`, `refused`; no event', 'abuse/speakers.test.ts › a second vote by another account'),
  who('a link code in a group', '`/iam CODE` where others read it', '`refused`; no event', 'abuse/speakers.test.ts › a second vote by another account'),
  who('a second vote by another account', 'linked, voted, and voted again from the other', '`already`: one person has one vote', 'abuse/speakers.test.ts › a second vote by another account'),
  who('the bot in a stranger’s chat', 'added there', 'it says that it does nothing, and tells nothing', 'faults/places.test.ts › to one of strangers'),
  who('a group that became a supergroup', '`migrate_to_chat_id`', 'its place, cards and messages follow, once', 'faults/places.test.ts › a group becomes a supergroup'),
  who('a stranger in the chats', 'every command with everything that there is to name: in private, in every chat, by a link, a mention, a button, a form, a comment; never known, left, or of another workspace', 'the way in, or nothing; no event, no word of the organisation', 'abuse/stranger.test.ts › whatever is said on Telegram and on Slack'),
  who('a stranger who has us look', '`/docs KEY URL`, `/done KEY`', 'no page is asked for, no state changes', 'abuse/stranger.test.ts › the core itself says nothing and does nothing'),
  who('a way into a chat that was somebody else’s', 'an invitation’s link, passed on', 'declined', 'faults/places.test.ts › another’s, or none, opens nothing'),
  who('a way into a chat of another team', 'a colleague, or a stranger, asks to be let in', 'left to the chat’s own people; declined', 'faults/places.test.ts › where they are of it'),
  who('a comment in somebody’s name', 'its author is OPS, and another account sends it', NOBODY, 'abuse/borrowed.test.ts › a comment that another account sends'),
  who('an id that looks like another', 'OLGA and ｏｌｇａ beside olga; a login that is another’s name elsewhere', '`already`, `not-found`; no event', 'core/accounts.test.ts › which of two is meant'),
  who('an id that is given out again', 'a session, a link and a code of whoever had it before', '303 to the way in, 403, `not-found`', 'web/sign-in-again.test.ts › starts anew'),
  who('words that would be somebody else', '`/as`, `--as`, “OPS said ok”, JSON', 'no such command, or refused', 'abuse/odd.test.ts › nobody speaks for somebody else'),
  who('numbers that are none', '2^53 and more, fractions, texts', 'not read; two people are never one', 'abuse/odd.test.ts › a number that is not exactly one'),
  who('a name that every object has', '`constructor`, `__proto__`', FORBIDDEN, 'abuse/speakers.test.ts › a name that every object has'),

  may('every role, command and step', 'each person at each step of each process, on the call and in the freeze', 'exactly what the specification allows, else `forbidden` or `refused` with its rule', 'abuse/matrix.test.ts › on the call'),
  may('a tester who is curious', 'every command with everything that there is to name', 'the title, the step and the environments of what they test', 'abuse/stranger.test.ts › a tester hears of what they test'),
  may('a role revoked between card and click', 'the button of a card', FORBIDDEN, 'faults/buttons.test.ts › a role that was revoked between the card and the click'),
  may('a tester who cries wolf', 'a fourth bug that is critical, while three of theirs are open', '`refused`; nobody is paged by it', 'core/inside.test.ts › a tester pages nobody again'),
  may('forged callback data', 'made-up tokens, SQL, `__proto__`', '“from another time or another chat”; no event', 'faults/buttons.test.ts › made-up tokens'),
  may('another chat’s button, a forwarded copy', 'a real token elsewhere', '“from another time or another chat”; no event', 'faults/buttons.test.ts › those of a forwarded copy'),
  may('somebody else’s button', 'shown to one person alone', '“from another time or another chat”; no event', 'faults/buttons.test.ts › what one person was shown alone'),
  may('another guest’s button', 'of the same other workspace, each in private', '“from another time or another chat”; no event', 'abuse/borrowed.test.ts › guests of one workspace'),
  may('an old button', 'of a vote that is closed', '`already`; no event', 'faults/buttons.test.ts › old buttons of a vote that is over'),
  may('a double click ×50', 'one button', 'one ballot, fifty answers', 'faults/buttons.test.ts › fifty clicks are one vote'),
  may('steps that are skipped', 'each command at each other step', '`refused`, with the way on', 'abuse/matrix.test.ts › between the calls, in the freeze'),
  may('a deadline, one millisecond off', 'releases at the edges of the freeze', 'open before, refused from the instant on', 'time/freeze-edges.test.ts › the weekly freeze'),
  may('a command meant for another bot', '`/approve@other_bot`', NOBODY, 'abuse/speakers.test.ts › meant for another bot'),

  edge('unsigned', 'each public address', '401, nothing stored', 'abuse/edges.test.ts › unsigned, wrong secrets'),
  edge('a wrong secret', 'each public address', '401, nothing stored', 'abuse/edges.test.ts › wrong secrets'),
  edge('another platform’s signature', 'each at each other’s address', '401, nothing stored', 'abuse/edges.test.ts › another platform’s signature'),
  edge('one byte changed', 'each signed body', '401, nothing stored', 'abuse/edges.test.ts › one byte changed'),
  edge('out of time', 'Slack, 301 seconds before and after, and days', '401, nothing stored', 'abuse/edges.test.ts › out of time'),
  edge('a replay', 'the same request again and again, also under another delivery’s name', 'taken, and no second event', 'abuse/edges.test.ts › nothing stored, nothing done'),
  edge('the right signature, another repository', 'a signed event of a repository that is not ours', 'taken, and no event', 'abuse/edges.test.ts › nothing stored, nothing done'),
  edge('a stranger at the webhooks', 'every address, every method, odd bodies', 'refused, nothing stored', 'abuse/stranger-web.test.ts › every webhook’s address'),
  edge('signed for one thing, read as another', 'an event of Slack whose words are a form, sent on as a form', 'read as the event that it is', 'abuse/borrowed.test.ts › signed as an event'),
  edge('circles that can be none', 'a signed event whose circle has odd letters', 'taken, and no event', 'abuse/borrowed.test.ts › a circle that can be none'),
  edge('one delivery, two bodies', 'both signed, under one name; a mark before the body', 'the first is kept; 401', 'abuse/odd.test.ts › one name of a delivery, two bodies'),
  edge('numbers of updates that jump', 'far ahead, and the old ones once more, as after an old backup', 'each done once', 'abuse/odd.test.ts › updates that come again after a jump'),
  edge('50 MB', 'announced, and in chunks without an end', '413 or cut off', 'abuse/edges.test.ts › 50 MB'),
  edge('slow headers', 'a request that never ends', 'cut off after five seconds', 'web/security.test.ts › whoever is slow with their headers'),
  edge('ten thousand headers', 'in one request', '431', 'abuse/edges.test.ts › ten thousand headers'),
  edge('two lengths', '`Content-Length` and `Transfer-Encoding`', '400', 'abuse/edges.test.ts › two lengths at once'),
  edge('a gzip bomb', '50 MB in 50 KB', '401: nothing is unpacked', 'abuse/edges.test.ts › bombs'),
  edge('spoofed proxy headers', '`X-Forwarded-*`, `Forwarded`', 'ignored', 'abuse/edges.test.ts › spoofed proxies'),

  text('Slack’s, Telegram’s and GitHub’s marks', '`<!channel>`, `tg://`, `@team`, `fixes #2`, images', 'shown as they were written', 'chats/escaping.test.ts › $what'),
  text('labels that lie, bidi controls', 'a link with another address as its label', 'the address is shown', 'chats/escaping-render.test.ts › a label that names an address'),
  text('letters that look alike', '`/аpprove` with a Cyrillic letter', '`unknown-command`', 'abuse/speakers.test.ts › letters that only look like the command'),
  text('letters in a version that cannot be seen', 'zero-width, bidi, NUL', '`usage`: what was approved is what is released', 'abuse/odd.test.ts › a version with letters that cannot be seen'),
  text('marks without number, depths without end', '10,000 entities over each other, 5,000 levels of JSON', 'read at once, or not at all', 'abuse/odd.test.ts › ten thousand marks on one message'),
  text('e-mail headers', 'line breaks in a title', 'one line, no header', 'abuse/words.test.ts › no header of a letter is made from words'),
  text('formulas in CSV', '`=HYPERLINK(…)`', 'an apostrophe before it', 'store/export.test.ts › into a CSV cell as'),
  text('links to the inside', 'every spelling of a loopback, private or link-local address', 'not asked', 'abuse/links.test.ts › %s'),
  text('names that lead inside', 'DNS that answers with an inner address', 'not asked', 'abuse/links.test.ts › a name that leads inside'),
  text('redirects to the inside', '302 to each of them', 'not followed', 'abuse/links.test.ts › sends on to one that may not'),
  text('DNS rebinding', 'outside when looked at, inside when asked', 'the address that was looked at is asked', 'abuse/links.test.ts › means another one a moment later'),
  text('XSS', 'in every field that people fill', 'words', 'abuse/dashboard.test.ts › what people write is nothing but words'),
  text('log injection', 'line breaks, escapes, JSON', 'one line of JSON', 'abuse/words.test.ts › a line of the log stays one line'),
  text('SQL', 'in every parameter of every page', 'the same page', 'abuse/dashboard.test.ts › whatever is asked for in an address'),
  text('patterns that blow up', '20,000 letters of what is almost right', 'read at once', 'abuse/words.test.ts › no pattern blows up'),
  text('`__proto__`', 'as a name, a command, a field', 'a word', 'abuse/words.test.ts › makes nothing of hostile words'),

  data('a stranger at the pages', 'every route with every method and everything that there is to name', 'the way in; no word of the organisation', 'abuse/stranger-web.test.ts › every route with every method'),
  data('the local socket', 'another user of the machine', 'mode 0600', 'web/start.test.ts › over a socket that only its owner may use'),
  data('a session of somebody who left', 'its cookie, a link of theirs', '401, 403', 'web/sign-in.test.ts › an open session of theirs is over at once'),
  data('a preview bot', 'opens the sign-in link', 'nothing is used up', 'web/sign-in.test.ts › a bot that looks at the link burns nothing'),
  data('a sign-in link, used or late', 'a second time; after ten minutes', '403', 'web/sign-in.test.ts › a link signs a browser in, and works once'),
  data('a sign-in link in a group', '`/web` said there', '`refused`', 'web/sign-in.test.ts › in a group nothing is given away'),
  data('CSRF', 'a form from another site, from nowhere, without its id', '403, 409', 'web/security.test.ts › a form that is sent from'),
  data('fixation', 'a session that somebody else laid there', 'a new one', 'web/sign-in.test.ts › a session that somebody else laid in the browser'),
  data('clickjacking', 'framed', '`frame-ancestors` none', 'web/security.test.ts › every answer says what may be loaded'),
  data('other people’s pages', 'by their names and ids', '403, 404', 'web/organisation.test.ts › chats to which somebody does not belong stay closed'),
  data('a change by reading', 'every action as an address', '404', 'abuse/dashboard.test.ts › what is asked by reading changes nothing'),
  data('a write by a page', 'every page, while the handle that writes is closed', 'the same pages', 'web/reading.test.ts › every page is shown as before'),
  data('a write by a handle that reads', 'SQL that writes', 'refused by SQLite', 'abuse/dashboard.test.ts › a handle that reads writes nothing'),
  data('a flood from an address', 'guesses at secrets, ids and paths, through a proxy and without', '429 after 60, unread; a platform that strangers make call us is listened to', 'web/limits.test.ts › guessing at'),
  data('a flood', 'one person; a crowd of strangers', 'told once a minute, stored, not done; OPS is heard', 'abuse/flood.test.ts › OPS keeps its lane'),
  data('bodies that can not be taken apart', 'a form in parts without an end, and of no sort', '403, 409; nothing logged as our error', 'web/security.test.ts › a body that is no form'),
  data('pages that are kept open', 'a thousand event streams of one person', 'the oldest of theirs end; everybody else is served', 'web/event-streams.test.ts › one person holds'),
  data('a secret’s stand-in', 'what the tables have for a secret, said to the bot', '`refused`; the secret is not said', 'web/sign-in-again.test.ts › what stands in the tables'),
  data('which keys there are', 'a tester and a stranger ask for what is there, has ended, or never was', 'the same words', 'core/inside.test.ts › whoever does not belong hears the same'),
  data('guesses at the way in', 'more than ten a minute', '429; a right one is let in', 'web/sign-in.test.ts › ten wrong tries a minute'),
  data('secrets in logs, files, pages, commands', 'every secret setting as a canary', 'in none of them, in no form', 'abuse/canaries.test.ts › no secret is anywhere'),
  data('a credential that is pasted', 'the tokens of many makers', 'recognised, deleted where we may, never stored', 'abuse/credentials.test.ts › over Telegram and Slack'),
  data('a history that is edited, cut or swapped', 'in the file', 'found by `baton verify`', 'store/verify.test.ts › finds %s'),
  data('a lookup that fails', 'each, under each decision', '`fault`: nothing changed, try later', 'abuse/lookups.test.ts › %s throws'),
]; // biome-ignore format: a table
