import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSlack } from '../../adapters/slack/index.ts';
import type { ChatAdapter } from '../../src/ports.ts';
import { createSlackPeer, type SlackPeer } from '../peers/slack/peer.ts';
import { log, outgoing } from './slack-stage.ts';

let peer: SlackPeer;
let slack: ChatAdapter;
let logged: string[];
beforeEach(async () => {
  peer = await createSlackPeer();
  logged = [];
  peer.user({ id: 'U0OLGA', name: 'olga' });
  peer.channel({ id: 'C0TEAM', name: 'team', members: ['U0OLGA'] });
  slack = createSlack({
    botToken: peer.botToken,
    apiUrl: peer.apiUrl,
    clock: { now: () => Date.now() },
    log: log(logged),
  });
});
afterEach(() => peer.stop());

const quiet = { account: 'slack:U0OLGA', quiet: true, ok: false, isPrivate: false, message: 'C0TEAM/5.1' };

test('a message is sent, changed in place and found again', async () => {
  const sent = await slack.send(outgoing('C0TEAM', ['Hello <!channel>']));
  const [message] = peer.messages('C0TEAM');
  expect(sent).toEqual({ is: 'sent', id: `C0TEAM/${message?.ts}` });
  if (sent.is !== 'sent' || sent.id === null || message === undefined) throw new Error('not sent');
  expect(peer.notified(message)).toEqual([]);
  expect(await slack.edit(sent.id, outgoing('C0TEAM', ['Changed']))).toEqual(sent);
  expect(await slack.edit(sent.id, outgoing('C0TEAM', ['Changed']))).toEqual(sent);
  expect(message.text).toBe('Changed');
  expect(await slack.find(outgoing('C0TEAM', []), Date.now() - 5_000)).toBe(sent.id);
  expect(await slack.find(outgoing('C0TEAM', [], { id: 'another' }), Date.now() - 5_000)).toBeNull();
});

test.each([
  '<!channel> @here',
  '<@U0OLGA> @everyone #team',
  '<https://evil.example|bank>',
  'https://evil.example',
  '*a* `b` _c_',
])('the workspace makes nothing of %s', async (text) => {
  const button = { label: text, command: 'mine', on: 'WEB-1' };
  const person = { node: 'person' as const, id: 'x', name: text };
  const nodes = [text, person, { node: 'bold' as const, text }, { node: 'list' as const, rows: [[text]] }];
  const sent = await slack.send(outgoing('C0TEAM', [...nodes, { node: 'buttons', buttons: [button] }]));
  await slack.send(outgoing('C0TEAM', nodes, { answer: quiet }));
  if (sent.is === 'sent') await slack.edit(sent.id ?? '', outgoing('C0TEAM', nodes));
  expect(peer.messages('C0TEAM')).toHaveLength(2);
  for (const message of peer.messages('C0TEAM'))
    expect(peer.effects(message)).toMatchObject({ notified: [], links: [] });
});

test('an answer that got lost is uncertain, and found again: no double', async () => {
  peer.fault('chat.postMessage', { reset: 'after' });
  expect(await slack.send(outgoing('C0TEAM', ['Once']))).toMatchObject({ is: 'uncertain' });
  const [message] = peer.messages('C0TEAM');
  expect(await slack.find(outgoing('C0TEAM', []), Date.now() - 5_000)).toBe(`C0TEAM/${message?.ts}`);
  peer.fault('conversations.history', { status: 500 });
  expect(await slack.find(outgoing('C0TEAM', []), Date.now() - 5_000)).toMatchObject({ is: 'uncertain' });
  peer.fault('conversations.history', { error: 'missing_scope' });
  expect(await slack.find(outgoing('C0TEAM', []), Date.now() - 5_000)).toBeUndefined();
  expect(peer.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
});

test('a private conversation is opened once', async () => {
  await slack.send(outgoing('U0OLGA', ['One']));
  await slack.send(outgoing('U0OLGA', ['Two'], { answer: { ...quiet, isPrivate: true } }));
  expect(peer.calls.map(({ method }) => method)).toEqual([
    'conversations.open',
    'chat.postMessage',
    'chat.postMessage',
  ]);
});

test('a private conversation with somebody of another workspace, written as text and read back', async () => {
  peer.user({ id: 'U0FAR', name: 'far', team: 'T0FAR' });
  const address = { platform: 'slack' as const, chat: 'T0FAR', thread: 'U0FAR' };
  const sent = await slack.send(outgoing('', ['Hello'], { address }));
  expect(sent).toMatchObject({ is: 'sent', id: expect.stringMatching(/^D/) });
  expect(await slack.send(outgoing('T0FAR/U0FAR', ['Hello']))).toMatchObject({ is: 'sent' });
});

test('answers hang below the words; refusals are for the asker alone', async () => {
  const root = await slack.send(outgoing('C0TEAM', ['Root']));
  const ts = root.is === 'sent' ? (root.id?.split('/')[1] ?? '') : '';
  const loud = { ...quiet, quiet: false, message: `C0TEAM/${ts}` };
  const below = outgoing('C0TEAM', ['Below'], { id: 'below', answer: loud });
  const sent = await slack.send(below);
  expect(await slack.find(below, Date.now() - 5_000)).toBe(sent.is === 'sent' ? sent.id : 'x');
  expect(await slack.send(outgoing('C0TEAM', ['No'], { answer: quiet }))).toEqual({ is: 'sent', id: null });
  expect(peer.messages('C0TEAM')).toMatchObject([
    { text: 'Root' },
    { text: 'Below', thread: ts },
    { text: 'No', only: 'U0OLGA', thread: undefined },
  ]);
  expect(await slack.find(outgoing('C0TEAM', ['No'], { answer: quiet }), 0)).toBeUndefined();
});

test('a refusal reaches in private whoever has left the channel', async () => {
  peer.user({ id: 'U0MAX', name: 'max' });
  expect(await slack.send(outgoing('C0TEAM', ['No'], { answer: { ...quiet, account: 'slack:U0MAX' } }))).toMatchObject({
    is: 'sent',
  });
  expect(peer.messages('C0TEAM')).toEqual([]);
});

test.each([
  ['channel_not_found', { error: 'channel_not_found' }, { is: 'refused', unreachable: true }],
  ['is_archived', { error: 'is_archived' }, { is: 'refused', unreachable: true }],
  ['not_in_channel', { error: 'not_in_channel' }, { is: 'refused', unreachable: true }],
  ['user_not_found', { error: 'user_not_found' }, { is: 'refused', unreachable: true }],
  ['account_inactive', { error: 'account_inactive' }, { is: 'refused', unreachable: true }],
  ['cannot_dm_bot', { error: 'cannot_dm_bot' }, { is: 'refused', unreachable: true }],
  ['msg_too_long', { error: 'msg_too_long' }, { is: 'refused', why: 'msg_too_long' }],
  ['invalid_blocks', { error: 'invalid_blocks' }, { is: 'refused', why: 'invalid_blocks' }],
  ['an own error of Slack', { error: 'fatal_error' }, { is: 'uncertain' }],
  ['invalid_auth', { error: 'invalid_auth' }, { is: 'away' }],
  ['token_revoked', { error: 'token_revoked' }, { is: 'away' }],
  ['ratelimited', { error: 'ratelimited' }, { is: 'later' }],
  ['429', { retryAfter: '7' }, { is: 'later', after: 7_000 }],
  ['429 that says 0', { retryAfter: '0' }, { is: 'later', after: 1_000 }],
  ['429 that says nothing', { retryAfter: undefined }, { is: 'later', after: 60_000 }],
  ['429 that says rubbish', { retryAfter: 'soon' }, { is: 'later', after: 60_000 }],
  ['500', { status: 500 }, { is: 'uncertain', why: 'HTTP 500' }],
  ['503', { status: 503 }, { is: 'uncertain' }],
  ['403', { status: 403 }, { is: 'refused' }],
  ['HTML', { html: true }, { is: 'uncertain', why: 'an answer that is no answer' }],
  ['nothing', { empty: true }, { is: 'uncertain' }],
  ['a reset', { reset: 'before' }, { is: 'uncertain' }],
] as const)('%s', async (_what, fault, became) => {
  peer.fault('chat.postMessage', fault);
  expect(await slack.send(outgoing('C0TEAM', ['x']))).toMatchObject(became);
  peer.fault('chat.update', fault);
  expect(await slack.edit('C0TEAM/5.1', outgoing('C0TEAM', ['x']))).toMatchObject(became);
  expect(peer.calls).toHaveLength(2);
  expect(logged.join('\n')).not.toContain(peer.botToken);
});

test('no connection means that it never left', async () => {
  await peer.away(true);
  expect(await slack.send(outgoing('C0TEAM', ['x']))).toEqual({ is: 'away', why: 'ECONNREFUSED' });
  const lost = createSlack({
    botToken: 'xoxb-1',
    apiUrl: 'http://slack.invalid/api/',
    clock: { now: () => 0 },
    log: log([]),
  });
  expect(await lost.send(outgoing('C0TEAM', ['x']))).toMatchObject({ is: 'away' });
});

test('an id that is none is refused, without a call', async () => {
  expect(await slack.edit('C0TEAM', outgoing('C0TEAM', ['x']))).toMatchObject({ is: 'refused' });
  expect(peer.calls).toEqual([]);
});
