import type { Update } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { createStage } from '../core/stage.ts';
import { tally } from '../support/tally.ts';
import { type Scene, voting } from './scene.ts';

/**
 * Who speaks: names, borrowed words and strangers, over real sockets. Everybody here tries to vote as Sam would, who has not
 * voted yet; nobody but Sam may.
 */

interface Row {
  readonly name: string;
  /** The code of the answer: it is somebody's word, and refused; `ignored`: it is nobody's. */
  readonly result: 'forbidden' | 'unknown-command' | 'ignored';
  go(scene: Scene): unknown;
}

const board = ({ rig }: Scene) => {
  const { id } = rig.stage.telegramChat('board');
  return { id, title: 'board', topics: {} };
};
const sam = ({ rig }: Scene) => rig.stage.onTelegram('sam');
const mallory = ({ rig }: Scene) => rig.stage.onTelegram('mallory');
const VOTE = '/approve PROD-1';

/** A message of Sam's in the chat, with whatever else is on it. */
function pushed(scene: Scene, more: object): void {
  const { telegram } = scene.rig.stage;
  const { id, title } = board(scene);
  telegram.push('message', {
    message_id: 9_000 + telegram.updates.length,
    date: 1,
    chat: { id, type: 'group', title },
    from: sam(scene).user,
    text: VOTE,
    entities: [{ type: 'bot_command', offset: 0, length: 8 }],
    ...more,
  } as NonNullable<Update['message']>);
}

const slackEvent = ({ rig }: Scene, more: object): unknown => {
  const { slack } = rig.stage;
  const text = `<@${slack.botUserId}> approve PROD-1`;
  const ts = `${1_790_000_000 + slack.deliveries.length}.000100`;
  const channel = rig.stage.slackChannel('board');
  return slack.event({ type: 'app_mention', user: 'U0SAM', text, ts, channel, event_ts: ts, ...more });
};

const TELEGRAM: readonly Row[] = [
  { name: 'renamed to look like Sam', result: 'forbidden', go: (scene) => {
    const liar = scene.rig.stage.telegram.user({ id: 9_701, first_name: 'Sam', username: 'sam_again' });
    liar.start();
    liar.say(liar.private, VOTE);
  } },
  { name: 'a freed @username, taken over', result: 'forbidden', go: (scene) => {
    const taker = scene.rig.stage.telegram.user({ id: 9_702, first_name: 'Somebody', username: 'sam_tg' });
    taker.start();
    taker.say(taker.private, VOTE);
  } },
  { name: 'a stranger in a chat of the organisation', result: 'forbidden', go: (scene) => {
    scene.rig.stage.telegram.add(board(scene), mallory(scene), sam(scene));
    mallory(scene).say(board(scene), VOTE);
  } },
  { name: 'an anonymous administrator', result: 'forbidden', go: (scene) => sam(scene).say(board(scene), VOTE, { asChannel: board(scene) }) },
  { name: 'an anonymous administrator whose stand-in is in the file', result: 'forbidden', go: (scene) =>
    pushed(scene, { sender_chat: { id: board(scene).id, type: 'group', title: 'board' } }) },
  { name: 'a channel that posts in the chat', result: 'forbidden', go: (scene) =>
    pushed(scene, { sender_chat: { id: -1_009_000, type: 'channel', title: 'News' } }) },
  { name: 'an automatic forward', result: 'ignored', go: (scene) => pushed(scene, { is_automatic_forward: true }) },
  { name: 'a post in a channel', result: 'ignored', go: (scene) => pushed(scene, { chat: { id: -1_009_001, type: 'channel', title: 'News' } }) },
  { name: 'made through another bot', result: 'ignored', go: (scene) => sam(scene).say(board(scene), VOTE, { viaBot: true }) },
  { name: 'another bot', result: 'ignored', go: (scene) => scene.rig.stage.telegram.otherBot(board(scene), 'helper_bot', VOTE) },
  { name: 'a bot that has Sam’s number', result: 'ignored', go: (scene) => pushed(scene, { from: { ...sam(scene).user, is_bot: true } }) },
  { name: 'a business account’s message', result: 'ignored', go: (scene) => pushed(scene, { business_connection_id: 'b1' }) },
  { name: 'written by a business account’s bot', result: 'ignored', go: (scene) => pushed(scene, { sender_business_bot: { id: 1, is_bot: true, first_name: 'B' } }) },
  { name: 'a guest’s query', result: 'ignored', go: (scene) => pushed(scene, { guest_query_id: 'g1' }) },
  { name: 'forwarded', result: 'ignored', go: (scene) => sam(scene).say(board(scene), VOTE, { forwardedFrom: mallory(scene) }) },
  { name: 'forwarded by an old client', result: 'ignored', go: (scene) => pushed(scene, { forward_date: 1 }) },
  { name: 'edited into a command', result: 'ignored', go: (scene) => {
    const said = sam(scene).say(board(scene), 'good morning');
    sam(scene).edit(said, VOTE);
  } },
  { name: 'delivered as if new, and edited', result: 'ignored', go: (scene) => pushed(scene, { edit_date: 2 }) },
  { name: 'shown as code', result: 'ignored', go: (scene) => sam(scene).say(board(scene), VOTE, { entities: [{ type: 'code', offset: 0, length: VOTE.length }] }) },
  { name: 'in a quotation', result: 'ignored', go: (scene) => sam(scene).say(board(scene), VOTE, { entities: [{ type: 'blockquote', offset: 0, length: VOTE.length }] }) },
  { name: 'a command in the middle of words', result: 'ignored', go: (scene) => sam(scene).say(board(scene), `somebody should ${VOTE}`) },
  { name: 'meant for another bot', result: 'ignored', go: (scene) => sam(scene).say(board(scene), '/approve@other_bot PROD-1') },
  { name: 'letters that only look like the command', result: 'unknown-command', go: (scene) => sam(scene).say(board(scene), '/аpprove PROD-1') },
]; // biome-ignore format: a table

const SLACK: readonly Row[] = [
  { name: 'renamed to look like Sam', result: 'forbidden', go: ({ rig: { stage } }) =>
    void stage.slack.user({ id: 'U0LIAR', name: 'Sam' }).dm('approve PROD-1') },
  { name: 'a guest who is not in the file', result: 'forbidden', go: ({ rig: { stage } }) =>
    void stage.slack.user({ id: 'U0GUEST', name: 'guest', guest: true }).dm('approve PROD-1') },
  { name: 'Sam’s id in another workspace', result: 'forbidden', go: (scene) => slackEvent(scene, { user_team: 'T0OTHER', source_team: 'T0OTHER', team: 'T0OTHER' }) },
  { name: 'another app’s bot', result: 'ignored', go: ({ rig: { stage } }) =>
    void stage.slack.otherApp(stage.slackChannel('board'), `<@${stage.slack.botUserId}> approve PROD-1`) },
  { name: 'another app with Sam’s id', result: 'ignored', go: (scene) => slackEvent(scene, { bot_id: 'B0OTHER' }) },
  { name: 'edited into a command', result: 'ignored', go: ({ rig: { stage } }) => {
    const said = stage.onSlack('sam').say(stage.slackChannel('board'), 'good morning');
    stage.onSlack('sam').edit(said, '@baton approve PROD-1');
  } },
  { name: 'delivered as if new, and edited', result: 'ignored', go: (scene) => slackEvent(scene, { edited: { user: 'U0SAM', ts: '1' } }) },
  { name: 'shown as code', result: 'ignored', go: ({ rig: { stage } }) =>
    void stage.onSlack('sam').say(stage.slackChannel('board'), '@baton `/approve PROD-1`') },
  { name: 'in a quotation', result: 'ignored', go: ({ rig: { stage } }) =>
    void stage.onSlack('sam').say(stage.slackChannel('board'), '&gt; @baton approve PROD-1', { raw: true }) },
  { name: 'a message of the system', result: 'ignored', go: (scene) => slackEvent(scene, { type: 'message', subtype: 'channel_topic', channel_type: 'channel' }) },
  { name: 'hidden', result: 'ignored', go: (scene) => slackEvent(scene, { hidden: true }) },
]; // biome-ignore format: a table

describe.each([
  { platform: 'Telegram', rows: TELEGRAM },
  { platform: 'Slack', rows: SLACK },
] as const)('$platform', ({ platform, rows }) => {
  test('nobody but Sam votes as Sam', { timeout: 60_000 }, async () => {
    const scene = await voting(platform === 'Telegram' ? { slack: 'none' } : {});
    for (const { name, result, go } of rows) {
      const [events, audits] = [scene.events(), scene.audits().length];
      await go(scene);
      await scene.settled();
      const more = scene.audits().slice(audits);
      const answers = more.flatMap(({ code }) => code ?? []).filter((code) => code !== 'silent');
      expect([name, scene.events()]).toEqual([name, events]);
      expect([name, [...new Set(answers)]]).toEqual([name, result === 'ignored' ? [] : [result]]);
    }
    // The same words by Sam are a vote: what was refused was refused for who spoke.
    const before = scene.events();
    scene.rig.voices[platform === 'Telegram' ? 'telegram' : 'slack'].say('sam', VOTE);
    await scene.settled();
    expect(scene.events()).toBeGreaterThan(before);
    expect(scene.audits().at(-1)?.code).toBe('voted');
    tally('bad input', 'a name like somebody’s of OPS', rows.length);
  });
});

test('a GitHub login that somebody else has by now, people who left, and a second vote by another account', async () => {
  const scene = await voting({ slack: 'none' });
  const handle = async (as: string, text: string, more: object = {}) => {
    const via = as.split(':')[0] ?? '';
    const answer = await scene.rig.bot().engine.handle({ as, via, place: null, text, pressed: false, ...more });
    return { code: answer.code, text: answer.text };
  };
  expect(await handle('github:lea-gh', '/bug minor The door is red', { number: '77' })).toMatchObject({
    code: 'logged',
  });
  const logged = scene.events();
  // The login was given up, and taken by somebody else: another number behind the same name, however it is spelled.
  for (const login of ['lea-gh', 'LEA-GH'])
    expect((await handle(`github:${login}`, '/bug minor Let me in', { number: '78' })).code).toBe('forbidden');
  expect(scene.events()).toBe(logged);
  expect((await handle('github:lea-gh', '/bug minor Still me', { number: '77' })).code).toBe('logged');
  // The same for whom an admin takes out and adds anew.
  await handle('ada', '/person remove lea');
  expect((await handle('github:lea-gh', '/bug minor Once more', { number: '77' })).code).toBe('forbidden');
  await handle('ada', '/person add lea Lea roles dev-lead github lea-gh');
  expect((await handle('github:lea-gh', '/bug minor I am new', { number: '79' })).code).toBe('logged');

  // One person has one vote, from whichever account, and a linked account that is unlinked by leaving takes it along.
  const code = async () => /Your code is (\S+)\./.exec((await handle('sue', '/link-account')).text)?.[1] ?? '';
  const own = await code();
  expect((await handle('telegram:9801', `/iam ${own}`)).code).toBe('linked');
  expect((await handle('telegram:9801', '/abstain PROD-1')).code).toBe('voted');
  expect((await handle('sue', '/abstain PROD-1')).code).toBe('already');
  const aloud = await code();
  expect((await handle('telegram:9803', `/iam ${aloud}`, { place: 'general' })).code).toBe('refused');
  const before = scene.events();
  for (const [as, secret] of [
    ['telegram:9802', own],
    ['telegram:9802', 'AAAA-2222'],
    ['telegram:9802', ''],
    ['sol', await code()],
  ] as const)
    expect((await handle(as, `/iam ${secret}`)).code).toMatch(/^(already|not-found|usage|refused)$/);
  // Only that a code was issued.
  expect(scene.events()).toBe(before + 1);
  expect((await handle('telegram:9802', '/approve PROD-1')).code).toBe('forbidden');
  await handle('ada', '/person remove sue');
  for (const as of ['sue', 'telegram:9801', 'telegram:1004'])
    expect((await handle(as, '/approve PROD-1')).code).toBe('forbidden');
  expect(Object.keys(scene.rig.bot().engine.world().get('item', 'PROD-1')?.votes[0]?.ballots ?? {})).toEqual([]);
});

test('a name that every object has is nobody’s', async () => {
  const stage = createStage();
  stage.play('sam: /call open\nbea: /propose product Alpha');
  const before = JSON.stringify(stage.world().get('item', 'PROD-1'));
  for (const as of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'system'])
    for (const line of ['/status PROD-1', '/bug minor PROD-1 x', '/approve PROD-1', '/release PROD-1 mainnet', '/mine'])
      expect([as, line, stage.say(as, line).code]).toEqual([as, line, 'forbidden']);
  expect(stage.say('constructor', '/leave PROD-1').code).toBe('already');
  for (const id of ['constructor', '__proto__', 'toString', 'system'])
    expect([id, stage.say('ada', `/person add ${id} X roles ops`).code]).toEqual([id, 'usage']);
  expect(JSON.stringify(stage.world().get('item', 'PROD-1'))).toBe(before);
});
