import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { button, endAll, open, refusal, section, tryOnce } from './given.ts';
import { string } from './json.ts';
import type { SlackPeer } from './peer.ts';

/** The methods that write and look, through the real client. */

afterEach(endAll);

describe('Web API', () => {
  let peer: SlackPeer;
  let client: WebClient;
  beforeEach(async () => {
    ({ peer, client } = await open());
  });

  test('tokens, scopes, unknown methods', async () => {
    const me = await client.auth.test();
    expect(me).toMatchObject({ ok: true, team_id: peer.teamId, user_id: peer.botUserId });
    expect(me.response_metadata?.scopes).toContain('chat:write');
    const wrong = new WebClient('xoxb-wrong', { slackApiUrl: peer.apiUrl, ...tryOnce });
    expect(await refusal(wrong.auth.test())).toBe('invalid_auth');
    const none = new WebClient(undefined, { slackApiUrl: peer.apiUrl, ...tryOnce });
    expect(await refusal(none.auth.test())).toBe('not_authed');
    const app = new WebClient(peer.appToken, { slackApiUrl: peer.apiUrl, ...tryOnce });
    expect(await refusal(app.auth.test())).toBe('not_allowed_token_type');
    expect(await refusal(client.apps.connections.open())).toBe('not_allowed_token_type');
    expect(await refusal(client.apiCall('no.such'))).toBe('unknown_method');
    peer.revoke('token_revoked');
    expect(await refusal(client.auth.test())).toBe('token_revoked');
    const { client: poor } = await open({ scopes: ['commands'] });
    expect(await refusal(poor.chat.postMessage({ channel: 'C0WEB', text: 'a' }))).toBe('missing_scope');
  });

  test('messages: where they go, what is refused, what comes back', async () => {
    peer.channel({ id: 'C0OTHER', name: 'other', withBot: false });
    peer.channel({ id: 'C0SECRET', name: 'secret', private: true, withBot: false });
    peer.channel({ id: 'C0OLD', name: 'old', archived: true });
    peer.user({ id: 'U0GONE', name: 'gone', deleted: true });
    const to = (channel: string) => refusal(client.chat.postMessage({ channel, text: 'a' }));
    expect(await to('C0NONE')).toBe('channel_not_found');
    expect(await to('C0OTHER')).toBe('not_in_channel');
    expect(await to('C0SECRET')).toBe('channel_not_found');
    expect(await to('C0OLD')).toBe('is_archived');
    expect(await to('U0GONE')).toBe('channel_not_found');
    expect(await to('#web')).toBe('channel_not_found');
    expect(await refusal(client.chat.postMessage({ channel: 'C0WEB', text: '' }))).toBe('no_text');
    expect(await refusal(client.chat.postMessage({ channel: 'C0WEB', text: 'a'.repeat(40_001) }))).toBe('msg_too_long');
    const direct = await client.chat.postMessage({ channel: 'U0OLGA', text: 'for you' });
    expect(direct.channel).toBe('D0OLGA');
    const { channel } = await client.conversations.open({ users: 'U0OLGA' });
    expect(channel?.id).toBe('D0OLGA');

    const metadata = { event_type: 'baton', event_payload: { id: 'out-1' } };
    const first = await client.chat.postMessage({ channel: 'C0WEB', text: 'one', metadata });
    const ts = string(first.ts);
    await client.chat.postMessage({ channel: 'C0WEB', text: 'two', thread_ts: ts });
    const plain = await client.conversations.history({ channel: 'C0WEB' });
    expect(plain.messages).toMatchObject([{ text: 'one', reply_count: 1, bot_id: 'B0BATON' }]);
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
    const full = await client.conversations.replies({ channel: 'C0WEB', ts, include_all_metadata: true });
    expect(full.messages).toMatchObject([
      { text: 'one', metadata },
      { text: 'two', thread_ts: ts },
    ]);
    expect((await client.conversations.history({ channel: 'C0WEB', oldest: ts })).messages).toEqual([]);
    const again = await client.conversations.history({ channel: 'C0WEB', oldest: ts, inclusive: true, limit: 1 });
    expect(again.messages).toHaveLength(1);
  });

  test('changing, deleting, ephemeral', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0WEB', text: 'one', blocks: [section('one')] });
    await client.chat.update({ channel: 'C0WEB', ts, text: 'two' });
    const [shown] = peer.messages('C0WEB');
    expect(shown).toMatchObject({ text: 'two', blocks: [section('one')], parse: 'client' });
    expect(shown && peer.words(shown)).toBe('one');
    await client.chat.update({ channel: 'C0WEB', ts, text: 'three', blocks: [], parse: 'none' });
    expect(shown).toMatchObject({ text: 'three', blocks: [], parse: 'none' });
    expect(shown && peer.edits(shown)).toBe(2);
    expect(await refusal(client.chat.update({ channel: 'C0WEB', ts: '1.000001', text: 'x' }))).toBe(
      'message_not_found',
    );
    const theirs = peer.otherApp('C0WEB', 'hello');
    expect(await refusal(client.chat.update({ channel: 'C0WEB', ts: theirs.ts, text: 'x' }))).toBe(
      'cant_update_message',
    );
    expect(await refusal(client.chat.update({ channel: 'C0WEB', ts, text: 'x'.repeat(4001) }))).toBe('msg_too_long');
    const user = { channel: 'C0WEB', text: 'psst' };
    peer.user({ id: 'U0FAR', name: 'far' });
    expect(await refusal(client.chat.postEphemeral({ ...user, user: 'U0FAR' }))).toBe('user_not_in_channel');
    const { message_ts = '' } = await client.chat.postEphemeral({ ...user, user: 'U0KIM' });
    expect(peer.messages('C0WEB').at(-1)).toMatchObject({ only: 'U0KIM' });
    expect(await refusal(client.chat.update({ channel: 'C0WEB', ts: message_ts, text: 'x' }))).toBe(
      'message_not_found',
    );
    expect((await client.conversations.history({ channel: 'C0WEB' })).messages).toHaveLength(2);
    await client.chat.delete({ channel: 'C0WEB', ts });
    expect(await refusal(client.chat.delete({ channel: 'C0WEB', ts }))).toBe('message_not_found');
  });

  test.each([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    ['a long section', [section('a'.repeat(3001))]],
    ['an empty section', [{ type: 'section' }]],
    ['no buttons', [{ type: 'actions', elements: [] }]],
    ['26 buttons', [{ type: 'actions', elements: Array.from({ length: 26 }, (_, at) => button('b', `b${at}`)) }]],
    ['a long label', [{ type: 'actions', elements: [button('b'.repeat(76), 'b')] }]],
    ['a long value', [{ type: 'actions', elements: [button('b', 'b', 'v'.repeat(2001))] }]],
    ['an action twice', [{ type: 'actions', elements: [button('a', 'b'), button('b', 'b')] }]],
    [
      'a block twice',
      [
        { type: 'divider', block_id: 'd' },
        { type: 'divider', block_id: 'd' },
      ],
    ],
    ['an unknown block', [{ type: 'nonsense' }]],
    ['an unknown element', [{ type: 'actions', elements: [{ type: 'nonsense' }] }]],
    ['an unknown field', [{ type: 'divider', colour: 'red' }]],
    [
      'mrkdwn on a button',
      [{ type: 'actions', elements: [{ ...button('b', 'b'), text: { type: 'mrkdwn', text: 'b' } }] }],
    ],
    [
      'eleven parts of a context',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'a' })) }],
    ],
  ])('refuses %s', async (_, blocks) => {
    const call = client.apiCall('chat.postMessage', { channel: 'C0WEB', text: 'a', blocks });
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WebAPIPlatformError);
    if (!(error instanceof WebAPIPlatformError)) return;
    expect(error.data.error).toBe('invalid_blocks');
    expect(error.data.response_metadata?.messages?.[0]).toContain('json-pointer:/blocks');
    expect(peer.messages('C0WEB')).toEqual([]);
  });

  test('takes what is at the limits, and not more text than that altogether', async () => {
    const blocks = [
      section('a'.repeat(3000)),
      { type: 'actions' as const, elements: Array.from({ length: 25 }, (_, at) => button('b'.repeat(75), `b${at}`)) },
      ...Array.from({ length: 48 }, () => ({ type: 'divider' as const })),
    ];
    expect(await refusal(client.chat.postMessage({ channel: 'C0WEB', text: 'a', blocks }))).toBe('ok');
    const long = Array.from({ length: 5 }, () => section('a'.repeat(2900)));
    expect(await refusal(client.chat.postMessage({ channel: 'C0WEB', text: 'a', blocks: long }))).toBe(
      'msg_blocks_too_long',
    );
  });

  test('conversations and people', async () => {
    peer.user({ id: 'U0NEW', name: 'new', guest: true });
    expect(await refusal(client.conversations.invite({ channel: 'C0WEB', users: 'U0NEW' }))).toBe('ok');
    expect(await refusal(client.conversations.invite({ channel: 'C0WEB', users: 'U0NEW' }))).toBe('already_in_channel');
    expect((await client.conversations.members({ channel: 'C0WEB', limit: 2 })).members).toHaveLength(2);
    expect((await client.conversations.info({ channel: 'C0WEB' })).channel).toMatchObject({
      is_member: true,
      name: 'web',
    });
    expect((await client.conversations.list()).channels).toMatchObject([{ id: 'C0WEB' }]);
    expect((await client.users.info({ user: 'U0NEW' })).user).toMatchObject({ is_restricted: true, deleted: false });
    expect((await client.team.info()).team).toMatchObject({ id: peer.teamId });
    expect((await client.bots.info({ bot: 'B0BATON' })).bot).toMatchObject({ user_id: peer.botUserId });
  });

  test('people of another workspace, and people who leave', async () => {
    const guest = peer.user({ id: 'U0ANN', name: 'ann', team: 'T0OTHER' });
    const kim = peer.user({ id: 'U0SAM', name: 'sam' });
    peer.channel({ id: 'C0SHARED', name: 'shared', members: ['U0ANN', 'U0SAM'] });
    guest.say('C0SHARED', 'hello <everybody> in #web');
    expect(peer.deliveries[0]?.body).toMatchObject({
      event: { user: 'U0ANN', user_team: 'T0OTHER', text: 'hello &lt;everybody&gt; in <#C0WEB|>' },
    });
    expect((await client.conversations.info({ channel: 'C0SHARED' })).channel).toMatchObject({ is_ext_shared: true });
    expect((await client.users.info({ user: 'U0ANN' })).user).toMatchObject({ team_id: 'T0OTHER', is_stranger: true });
    expect(await guest.command('C0SHARED', '/baton', 'status')).toEqual({ error: 'unknown_command' });
    kim.leave();
    expect((await client.users.info({ user: 'U0SAM' })).user).toMatchObject({ deleted: true });
    expect(() => kim.say('C0SHARED', 'still here')).toThrow('deactivated');
  });
});
