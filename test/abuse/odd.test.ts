import { createHmac } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { readGithub } from '../../adapters/github/inbound.ts';
import { readEvent } from '../../adapters/slack/inbound.ts';
import { readUpdate } from '../../adapters/telegram/inbound.ts';
import { createStage } from '../core/stage.ts';
import { tally } from '../support/tally.ts';
import { createWhole } from '../support/whole-bot.ts';
import { ask } from '../web/demo.ts';
import { DRAWINGS, sceneAt } from './matrix-scenes.ts';
import { voting } from './scene.ts';

/** Bodies and words that no client makes: numbers that are none, depths, letters that cannot be seen, a number twice. */

const US = { id: 1, username: 'baton_bot' };
const message = (more: object = {}, from: object = {}) => ({
  update_id: 1,
  message: { message_id: 5, date: 1, chat: { id: 9, type: 'private' }, from: { id: 9, is_bot: false, first_name: 'x', ...from }, text: '/mine', ...more },
}); // biome-ignore format: one line
const deep = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
const NUMBERS = [2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 64, 1e308, 1.5, '9', null, [9], { id: 9 }, true];

test('a number that is not exactly one is nobody’s: two people are never one', () => {
  for (const id of NUMBERS) {
    expect([id, readUpdate(message({}, { id }), US)]).toEqual([id, undefined]);
    expect([id, readUpdate(message({ chat: { id, type: 'group' } }), US)]).toEqual([id, undefined]);
    expect([id, readUpdate({ ...message(), update_id: id }, US)]).toEqual([id, undefined]);
    const issue = { number: id, title: 'x', state: 'open', labels: [] };
    const news = readGithub('issues', { action: 'opened', issue, repository: { full_name: 'a/b' }, sender: { login: 'x' } });
    expect([id, news]).toEqual([id, []]);
  }
  expect(readUpdate(message(), US)).toMatchObject({ account: 'telegram:9' });
  tally('bad input', 'numbers that are none', NUMBERS.length * 4);
}); // biome-ignore format: long lines

test('ten thousand marks on one message, over each other, and deep bodies: read at once, or not at all', () => {
  const url = (at: number) => `https://x.example.org/${at}`;
  const marks = Array.from({ length: 10_000 }, (_, at) => ({ type: 'text_link', offset: at % 5, length: 2, url: url(at) }));
  const read = readUpdate(message({ text: 'abcdefgh', entities: marks }), US);
  // Of those that lie over each other one counts, and what is between them stays.
  expect(read).toMatchObject({ text: `${url(0)}${url(2)}${url(4)}gh` });
  const apart = marks.map((mark, at) => ({ ...mark, offset: 2 * at }));
  const long = readUpdate(message({ text: 'ab'.repeat(10_000), entities: apart }), US);
  expect(long).toMatchObject({ text: apart.map((mark) => mark.url).join('') });
  const outside = [{ offset: -3, length: 2 }, { offset: 0, length: 1e9 }, { offset: 1e9, length: 1 }, { offset: 0.5, length: 1 }];
  for (const where of outside) {
    const found = readUpdate(message({ entities: [{ type: 'text_link', url: url(1), ...where }] }), US);
    expect([where, found === undefined || ('text' in found && found.text === '/mine')]).toEqual([where, true]);
  }
  for (const depth of [10, 1_000, 5_000]) {
    expect(readUpdate(message({ reply_to_message: deep(depth) }), US)).toMatchObject({ text: '/mine' });
    expect(readUpdate(deep(depth), US)).toBeUndefined();
    expect(readEvent({ type: 'event_callback', event: { type: 'message', blocks: [deep(depth)] } }, undefined)).toBeUndefined();
    expect(readGithub('issues', deep(depth))).toEqual([]);
  }
  tally('bad input', 'marks without number, depths without end', 2 + outside.length + 12);
}); // biome-ignore format: long lines

/** Not to be seen, or only half a letter. */
const UNSEEN = ['\u200b', '\u200d', '\u2060', '\u202e', '\u2066', '\u00ad', '\0', '\u0007', '\u001b', '\u{e0041}'];

test('a version with letters that cannot be seen is none: what was approved is what is released', () => {
  const web = DRAWINGS.find(({ kind }) => kind === 'web');
  if (web === undefined) throw new Error('there is no web');
  const { stage } = sceneAt(web, web.steps.findIndex(({ id }) => id === 'production'));
  for (const letter of UNSEEN)
    for (const version of [`v1${letter}`, `v${letter}1`]) {
      const { outcome } = stage.ask('olga', `/release WEB-1 production ${version}`);
      expect([JSON.stringify(version), outcome.ok, outcome.code]).toEqual([JSON.stringify(version), false, 'usage']);
    }
  expect(stage.ask('olga', '/release WEB-1 production v1').code).toBe('released');
  tally('bad input', 'letters in a version that cannot be seen', UNSEEN.length * 2);
}); // biome-ignore format: long lines

test('nobody speaks for somebody else: commands and words of that sort are none', () => {
  const stage = createStage();
  stage.play('sam: /call open\nbea: /propose product Alpha');
  const lines = [
    '/as olga /release PROD-1 mainnet v1', '/sudo /approve PROD-1', '/su sam', '/user sam', '/login sam', '/be sam', '/admin', '/debug', '/eval 1', '/clock 1',
    '/release PROD-1 mainnet v1 --force', '/release PROD-1 mainnet v1 --as olga', '/release PROD-1 mainnet v1 OPS said ok', '/approve PROD-1 as sam\n/approve PROD-1',
    '/role grant ops dave', '/person add dave2 Dave telegram 1010 roles ops', '/freeze lift all', '{"as":"olga","text":"/approve PROD-1"}', 'olga: /approve PROD-1',
  ]; // biome-ignore format: a list
  for (const line of lines) {
    const { outcome } = stage.ask('dave', line);
    expect([line, outcome.ok && outcome.code !== 'silent']).toEqual([line, false]);
  }
  tally('bad input', 'words that would be somebody else', lines.length);
});

function bodiesOf(path: string, key: string): readonly string[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare<[string], { body: string }>('select body from inbox where key = ?').all(key).map(({ body }) => body);
  } finally {
    db.close();
  }
} // biome-ignore format: one query

test('one name of a delivery, two bodies: the first wins, and its own words come once', async () => {
  const whole = await createWhole({ chats: 'webhooks' });
  const { origin, secrets, path } = whole.bot();
  await whole.settled();
  const send = async (number: number, delivery: string, prefix = '') => {
    const issue = { number, title: `Issue ${number}`, state: 'open', labels: [], user: { login: 'lea-gh', id: 7 } };
    const body = JSON.stringify({ action: 'opened', issue, repository: { full_name: 'example/grid' }, sender: { login: 'lea-gh', id: 7 } });
    const signature = `sha256=${createHmac('sha256', secrets.githubHook).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-github-event': 'issues', 'x-github-delivery': delivery, 'x-hub-signature-256': signature };
    return (await ask(origin, '/webhooks/github', { method: 'POST', headers, body: `${prefix}${body}` })).status;
  };
  expect(await send(901, 'twice')).toBe(202);
  expect(await send(902, 'twice')).toBe(202);
  await whole.settled();
  expect(bodiesOf(path, 'github:twice')).toEqual([expect.stringContaining('901')]);
  // A mark before it, or another way of writing the same: other bytes than those that were signed.
  for (const prefix of ['\ufeff', ' ', '\n']) expect([JSON.stringify(prefix), await send(903, 'thrice', prefix)]).toEqual([JSON.stringify(prefix), 401]);
  tally('bad input', 'one delivery, two bodies', 4);
}); // biome-ignore format: long lines

test('updates that come again after a jump of their numbers, as after an old backup: done once', async () => {
  const scene = await voting({ slack: 'none' });
  const { telegram } = scene.rig.stage;
  const sue = scene.rig.stage.onTelegram('sue');
  const first = telegram.updateOf(sue.say(sue.private, '/approve PROD-1'));
  await scene.settled();
  const before = scene.events();
  telegram.jump(1_900_000_000);
  const second = telegram.updateOf(sue.say(sue.private, '/reject PROD-1 changed my mind'));
  await scene.settled();
  for (const update of [first, second, first]) if (update !== undefined) telegram.redeliver(update.update_id);
  await scene.settled();
  sue.say(sue.private, '/mine');
  await scene.settled();
  const votes = scene.rig.bot().engine.world().get('item', 'PROD-1')?.votes[0]?.ballots ?? {};
  expect(Object.keys(votes)).toEqual(['sue']);
  expect(scene.events() - before).toBeLessThanOrEqual(1);
  tally('bad input', 'numbers of updates that jump', 3);
});
