import { expect, test } from 'vitest';
import { accountOf, type Own } from '../../adapters/slack/identity.ts';
import { readEvent, readPress, readSlash, readSubmission } from '../../adapters/slack/inbound.ts';
import { fromSlash, unwrap } from '../../adapters/slack/inbound-text.ts';
import { BlockActions, SlashCommand, ViewSubmission } from '../../adapters/slack/schema.ts';

const OWN: Own = { team: 'T0', user: 'U0BOT', scopes: ['channels:history'] };

type Json = Readonly<Record<string, unknown>>;
const said = (event: Json, envelope: Json = {}) => ({
  type: 'event_callback',
  event_id: 'Ev1',
  team_id: 'T0',
  ...envelope,
  event: { type: 'message', channel: 'C1', channel_type: 'channel', user: 'U1', ts: '5.1', ...event },
});
const mention = (text: string, more: Json = {}) =>
  said({ type: 'app_mention', channel_type: undefined, text, ...more });
const direct = (text: string, more: Json = {}) => said({ channel: 'D1', channel_type: 'im', text, ...more });

const words = (body: unknown): string | undefined => {
  const read = readEvent(body, OWN);
  return read?.sort === 'said' ? read.text : undefined;
};

test.each([
  ['a mention is a command', mention('<@U0BOT> handover WEB-1 qa'), '/handover WEB-1 qa'],
  ['with a slash as well', mention('<@U0BOT> /status'), '/status'],
  ['with a colon', mention('<@U0BOT>: status'), '/status'],
  ['with the name inside', mention('<@U0BOT|baton> status'), '/status'],
  ['alone it asks for help', mention('<@U0BOT>'), '/help'],
  ['later in the words it is none', mention('thanks <@U0BOT>'), 'thanks <@U0BOT>'],
  ['a mention of somebody else is none', mention('<@U9> and <@U0BOT>'), '<@U9> and <@U0BOT>'],
  ['code is no command', mention('<@U0BOT> `release WEB-1`'), '`release WEB-1`'],
  ['nor is a block of it', mention('<@U0BOT> ```/release WEB-1```'), '```/release WEB-1```'],
  ['nor is a quotation', mention('<@U0BOT> &gt; /release WEB-1'), '> /release WEB-1'],
  ['a quoted mention is none', mention('&gt; <@U0BOT> release WEB-1'), '> <@U0BOT> release WEB-1'],
  ['private words stay as they are', direct('status WEB-1'), 'status WEB-1'],
  ['private code too', direct('`/release WEB-1`'), '`/release WEB-1`'],
  ['a private mention is a command', direct('<@U0BOT> mine'), '/mine'],
  ['a file with words', direct('bug it breaks', { subtype: 'file_share' }), 'bug it breaks'],
  ['a channel’s words', said({ text: 'hello' }), 'hello'],
  ['a mention as a message comes again as a mention', said({ text: '<@U0BOT> status' }), undefined],
  ['another app’s bot', said({ text: '/release WEB-1', bot_id: 'B9' }), undefined],
  [
    'a bot’s message',
    said({ text: '/release WEB-1', subtype: 'bot_message', bot_id: 'B9', user: undefined }),
    undefined,
  ],
  ['our own message', said({ text: 'hello', user: 'U0BOT' }), undefined],
  ['Slackbot', direct('reminder: release', { user: 'USLACKBOT' }), undefined],
  ['an edit', said({ subtype: 'message_changed', message: { text: '/release WEB-1', user: 'U1' } }), undefined],
  ['a mention that was edited in', mention('<@U0BOT> release WEB-1', { edited: { user: 'U1', ts: '6.1' } }), undefined],
  ['a deletion', said({ subtype: 'message_deleted', hidden: true }), undefined],
  ['a topic', said({ subtype: 'channel_topic', text: '/release WEB-1' }), undefined],
  ['nothing but a file', direct('', { subtype: 'file_share' }), undefined],
  ['no event', { type: 'url_verification' }, undefined],
  ['no object', 'release', undefined],
  ['the umbrella in private, behind a space', direct(' /baton mine'), ' /mine'],
])('%s', (_what, body, text) => {
  expect(words(body)).toBe(text);
});

test.each([
  ['one of ours', said({ text: 'x' }), OWN, 'slack:U1'],
  [
    'a stranger in a shared channel',
    said({ text: 'x', user_team: 'T9' }, { is_ext_shared_channel: true }),
    OWN,
    'slack:T9/U1',
  ],
  [
    'a file of somebody in a shared channel',
    said({ text: 'x', subtype: 'file_share' }, { is_ext_shared_channel: true }),
    OWN,
    'slack:unknown/U1',
  ],
  [
    'a file of one of ours there',
    said({ text: 'x', subtype: 'file_share', team: 'T0' }, { is_ext_shared_channel: true }),
    OWN,
    'slack:U1',
  ],
  ['a file among ourselves', said({ text: 'x', subtype: 'file_share' }), OWN, 'slack:U1'],
  ['told by their workspace', said({ text: 'x' }, { is_ext_shared_channel: true, team_id: 'T9' }), OWN, 'slack:T9/U1'],
  [
    'a stranger whose company has an enterprise',
    said({ text: 'x', user_team: 'T9' }, { is_ext_shared_channel: true, enterprise_id: 'E0' }),
    { ...OWN, enterprise: 'E0' },
    'slack:T9/U1',
  ],
  [
    'another workspace of our enterprise',
    said({ text: 'x', user_team: 'T2' }, { enterprise_id: 'E0' }),
    { ...OWN, enterprise: 'E0' },
    'slack:U1',
  ],
  [
    'before we know ourselves, by the installation',
    said({ text: 'x' }, { authorizations: [{ team_id: 'T0', user_id: 'U0BOT' }] }),
    undefined,
    'slack:U1',
  ],
  [
    'a stranger then',
    said(
      { text: 'x' },
      { team_id: 'T9', is_ext_shared_channel: true, authorizations: [{ team_id: 'T0', user_id: 'U0BOT' }] },
    ),
    undefined,
    'slack:T9/U1',
  ],
  ['nobody is trusted then without it', said({ text: 'x' }, { is_ext_shared_channel: true }), undefined, 'slack:T0/U1'],
] as const)('identity: %s', (_what, body, own, account) => {
  expect(readEvent(body, own)?.account).toBe(account);
});

test('a name is never an identity, and an unknown workspace is not ours', () => {
  expect(accountOf({ user: 'U1', team: undefined }, OWN)).toBe('slack:unknown/U1');
  expect(accountOf({ user: 'U1', team: '' }, { team: 'T0' })).toBe('slack:/U1');
  expect(accountOf({ user: 'U1', team: '' }, { team: '' })).toBe('slack:/U1');
  const renamed = SlashCommand.parse({
    command: '/baton',
    text: 'release WEB-1',
    team_id: 'T0',
    channel_id: 'C1',
    user_id: 'U9',
    user_name: 'olga',
    trigger_id: '1',
  });
  expect(readSlash(renamed, OWN).incoming).toMatchObject({ account: 'slack:U9', name: 'olga' });
});

test('places: a channel, a thread, a private conversation', () => {
  expect(readEvent(mention('<@U0BOT> status'), OWN)).toMatchObject({
    address: { chat: 'C1' },
    isPrivate: false,
    message: 'C1/5.1',
  });
  expect(readEvent(mention('<@U0BOT> status'), OWN)?.address).not.toHaveProperty('thread');
  expect(readEvent(mention('<@U0BOT> status', { thread_ts: '4.0', parent_user_id: 'U0BOT' }), OWN)).toMatchObject({
    address: { chat: 'C1', thread: '4.0' },
    answers: 'C1/4.0',
  });
  // The message that a thread hangs on is told with its own `ts` as the thread's.
  expect(readEvent(mention('<@U0BOT> status', { thread_ts: '5.1' }), OWN)?.address).not.toHaveProperty('thread');
  expect(readEvent(direct('status'), OWN)).toMatchObject({
    address: { chat: 'U1' },
    isPrivate: true,
    message: 'D1/5.1',
  });
});

test('being added, and a channel with another id', () => {
  const joined = { type: 'member_joined_channel', user: 'U0BOT', channel: 'C1', channel_type: 'C', inviter: 'U1' };
  expect(readEvent(said(joined), OWN)).toMatchObject({
    sort: 'added',
    account: 'slack:U1',
    seesAll: true,
    address: { chat: 'C1' },
  });
  expect(readEvent(said({ ...joined, channel_type: 'G' }), OWN)).toMatchObject({ seesAll: false });
  expect(readEvent(said(joined, { is_ext_shared_channel: true }), OWN)).toMatchObject({ account: 'slack:U0BOT' });
  expect(readEvent(said({ ...joined, user: 'U1' }), OWN)).toBeUndefined();
  const moved = { type: 'channel_id_changed', old_channel_id: 'C1', new_channel_id: 'C2' };
  expect(readEvent(said(moved), OWN)).toMatchObject({ sort: 'moved', address: { chat: 'C1' }, to: { chat: 'C2' } });
});

test.each([
  ['&lt;b&gt; &amp;amp; R&amp;D', '<b> &amp; R&D'],
  ['<https://a.example/x?a=1&amp;b=2>', 'https://a.example/x?a=1&b=2'],
  ['<https://evil.example|https://bank.example>', 'https://evil.example'],
  ['<http://build.sh|build.sh>', 'build.sh'],
  ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
  ['<@U123|max> and <@U124>', '<@U123> and <@U124>'],
  ['<#C1|general> <#C2> <#C3|>', '#general #C2 #C3'],
  ['<!channel> <!subteam^S1|@ops> <!subteam^S2>', '@channel @ops @S2'],
  ['<!date^1^{date}|today>', 'today'],
  ['&amp;lt;', '&lt;'],
])('unwraps %s', (wrapped, plain) => {
  expect(unwrap(wrapped)).toBe(plain);
});

test.each([
  ['/baton', '', '/help'],
  ['/baton', '  handover qa ', '/handover qa'],
  ['/baton', '/status', '/status'],
  ['/Baton', 'assign <@U1|max>', '/assign <@U1>'],
  ['/baton', '`release`', '/help'],
  ['/handover', 'WEB-1 qa', '/handover WEB-1 qa'],
  ['/approve', '', '/approve'],
])('%s %s is %s', (command, text, line) => {
  expect(fromSlash(command, text)).toBe(line);
});

const press = (more: Json) =>
  BlockActions.parse({
    type: 'block_actions',
    user: { id: 'U1', username: 'olga', team_id: 'T0' },
    team: { id: 'T0' },
    trigger_id: '1.2',
    actions: [{ value: 'tok', action_id: 'b0', action_ts: '9.9' }],
    channel: { id: 'C1' },
    container: { message_ts: '5.1', channel_id: 'C1' },
    message: { ts: '5.1' },
    ...more,
  });

test('a press has one id however often it comes, and says where it happened', () => {
  expect(readPress(press({}), OWN)).toMatchObject({
    id: 'slack:act:1.2',
    incoming: { sort: 'pressed', token: 'tok', account: 'slack:U1', message: 'C1/5.1', address: { chat: 'C1' } },
  });
  expect(readPress(press({ trigger_id: undefined }), OWN)?.id).toBe('slack:act:9.9:U1:5.1');
  expect(readPress(press({ message: { ts: '5.1', thread_ts: '4.0' } }), OWN)?.incoming.address.thread).toBe('4.0');
  expect(readPress(press({ container: { is_ephemeral: true, channel_id: 'C1' } }), OWN)?.incoming).not.toHaveProperty(
    'message',
  );
  expect(readPress(press({ user: { id: 'U1', team_id: 'T9' } }), OWN)?.incoming.account).toBe('slack:T9/U1');
  expect(readPress(press({ actions: [{ action_id: 'link' }] }), OWN)).toBeUndefined();
});

test('a form that somebody made up is nobody’s', () => {
  const sent = (view: Json) =>
    ViewSubmission.parse({
      type: 'view_submission',
      user: { id: 'U1' },
      team: { id: 'T0' },
      view: { id: 'V1', hash: 'h', ...view },
      trigger_id: '7.7',
    });
  expect(readSubmission(sent({ callback_id: 'baton_form', private_metadata: '{"__proto__":1}' }), OWN)).toBeUndefined();
  expect(readSubmission(sent({ callback_id: 'baton_form', private_metadata: 'x' }), OWN)).toBeUndefined();
  const kept = JSON.stringify({ token: 't', chat: 'C1', thread: '4.0', isPrivate: false });
  const state = {
    values: {
      reason: { value: { value: ' too late ' } },
      owner: { value: { selected_user: 'U2' } },
      env: { value: { selected_option: { value: 'qa' } } },
      empty: { value: { value: null } },
    },
  };
  expect(readSubmission(sent({ callback_id: 'baton_form', private_metadata: kept, state }), OWN)).toMatchObject({
    id: 'slack:view:V1:h:7.7',
    incoming: {
      sort: 'filled',
      token: 't',
      address: { chat: 'C1', thread: '4.0' },
      isPrivate: false,
      values: { reason: 'too late', owner: '<@U2>', env: 'qa' },
    },
  });
});

test('words in a channel that nobody asked us about are read no further than what the core hears', () => {
  const blocks = [{ type: 'rich_text', elements: [] }];
  const files = [{ id: 'F1', name: 'secret.pdf' }];
  const body = said({ text: 'chatter', client_msg_id: 'c', blocks, files, reactions: [], user_profile: { name: 'x' } });
  expect(readEvent(body, OWN)).toEqual({
    sort: 'said',
    account: 'slack:U1',
    address: { platform: 'slack', chat: 'C1' },
    isPrivate: false,
    message: 'C1/5.1',
    text: 'chatter',
  });
});
