import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../src/shell/log.ts';
import { type Auditor, createAuditor } from '../../src/web/auditor.ts';
import { ORGANISATION } from '../faults/rig.ts';
import { createWhole, type Whole } from '../support/whole-bot.ts';
import { runBaton } from '../web/demo.ts';
import { folder, HOUR, house } from './rig.ts';

/** P6: the head of the history stands outside, and by it is found what the chain alone does not show. */

const ANCHOR = 'example/grid#1';
const log = createLog('silent', { write: () => true });

async function scene(): Promise<{ whole: Whole; auditor: Auditor; nextDay(): Promise<void> }> {
  const organisation = { ...ORGANISATION, github: { ...ORGANISATION.github, anchor: ANCHOR } };
  const whole = await createWhole({ organisation, connected: ['telegram', 'slack', 'github'] });
  const { github } = whole;
  github.open(github.repo('example/grid'), github.user('olga-gh'), { title: 'Heads of the history' });
  await whole.settled();
  const { engine, connections } = whole.bot();
  const auditor = createAuditor({ engine, safe: undefined, connections, clock: { now: whole.now }, log });
  await auditor.audit();
  let day = 0;
  const nextDay = async (): Promise<void> => {
    day += 1;
    await engine.handle({ as: 'mia', via: 'web', place: null, text: `/propose web Of day ${day}`, pressed: false });
    await whole.advance(25 * HOUR);
    await auditor.audit();
    await whole.settled();
    // What was posted is pinned at the next look.
    await auditor.audit();
  };
  return { whole, auditor, nextDay };
}

const HEAD = /The history stands at event (\d+)\.\s+"?baton verify --head (\d+) ([0-9a-f]{64})"?\s+proves/;
const headIn = (text: string): readonly [string, string] => {
  const found = HEAD.exec(text);
  expect(found?.[1], text).toBe(found?.[2]);
  return [found?.[2] ?? '', found?.[3] ?? ''];
};
const onTelegram = ({ stage }: Whole) =>
  stage.telegram.fromBot({ id: stage.telegramChat('ops').id }).filter(({ text }) => HEAD.test(text));
const onSlack = ({ stage }: Whole) =>
  stage.slack.messages(stage.slackChannel('ops')).filter(({ text }) => HEAD.test(text));
const onGithub = ({ github }: Whole) =>
  github.repo('example/grid').issues[0]?.comments.flatMap(({ body }) => (HEAD.test(body) ? [body] : [])) ?? [];

test('posted in OPS’s chats and at an issue, the newest pinned; a cut tail and a swapped file are found by it', async () => {
  const { whole, nextDay } = await scene();
  const { telegram } = whole.stage;
  const ops = whole.stage.telegramChat('ops');
  telegram.addBot({ id: ops.id, title: 'ops', topics: {} }, whole.stage.onTelegram('olga'), { admin: true });
  const path = whole.bot().path;
  const files = folder();
  const baton = (...words: readonly string[]) => runBaton(files, { BATON_DB: path }, ...words);

  await nextDay();
  expect(onTelegram(whole).map(({ pinned }) => pinned)).toEqual([true]);
  expect(onSlack(whole).map(({ pinned }) => pinned)).toEqual([true]);
  const early = join(files, 'early.db');
  expect(await baton('backup', early)).toMatchObject({ code: 0 });
  await nextDay();
  expect(onTelegram(whole).map(({ pinned }) => pinned)).toEqual([false, true]);
  expect(onSlack(whole).map(({ pinned }) => pinned)).toEqual([false, true]);
  expect(onGithub(whole)).toHaveLength(2);

  const head = headIn(onTelegram(whole)[1]?.text ?? '');
  expect(headIn(onSlack(whole)[1]?.text ?? '')).toEqual(head);
  expect(headIn(onGithub(whole)[1] ?? '')).toEqual(head);
  await whole.stop();
  expect(await baton('verify', '--head', ...head)).toMatchObject({ code: 0 });
  // The tail is cut off, cleanly: chain and states are whole, and only the head tells.
  expect(await baton('verify', '--db', early)).toMatchObject({ code: 0 });
  expect(await baton('verify', '--db', early, '--head', ...head)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`event ${head[0]} was posted and is not here`),
  });
  // The file is another one, whole in itself and longer.
  const other = join(files, 'other.db');
  const stranger = await house({ path: other });
  for (let n = 0; stranger.raw.head().seq <= Number(head[0]); n += 1)
    await stranger.say('pam', `/propose web Other ${n}`, `other-${n}`);
  expect(await baton('verify', '--db', other)).toMatchObject({ code: 0 });
  expect(await baton('verify', '--db', other, '--head', ...head)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`event ${head[0]} is not the one that was posted`),
  });
  await whole.start();
});

test('where the bot may not pin, it posts plainly and the doctor says so', async () => {
  const { whole, nextDay } = await scene();
  await nextDay();
  expect(onTelegram(whole).map(({ pinned }) => pinned)).toEqual([false]);
  expect(onSlack(whole).map(({ pinned }) => pinned)).toEqual([true]);
  const told = await runBaton(folder(), {}, 'doctor', '--db', whole.bot().path);
  expect(told.code).toBe(1);
  expect(told.stdout).toMatch(
    /the head of the history is posted at telegram:-\d+ and could not be pinned there: 400 .*not enough rights.*\n {2}→ make the bot an administrator of that chat who may pin messages/,
  );
  expect(told.stdout).not.toMatch(/posted at slack/);
  const ops = { id: whole.stage.telegramChat('ops').id, title: 'ops', topics: {} };
  whole.stage.telegram.addBot(ops, whole.stage.onTelegram('olga'), { admin: true });
  await nextDay();
  expect(onTelegram(whole).map(({ pinned }) => pinned)).toEqual([false, true]);
  expect((await runBaton(folder(), {}, 'doctor', '--db', whole.bot().path)).stdout).not.toContain(
    'could not be pinned',
  );
});

test('a platform that is away when it is to be pinned is asked again, and pinned once', async () => {
  const { whole, auditor, nextDay } = await scene();
  const { slack } = whole.stage;
  slack.fault('pins.add', { error: 'internal_error' });
  await nextDay();
  expect(onSlack(whole).map(({ pinned }) => pinned)).toEqual([false]);
  await auditor.audit();
  await auditor.audit();
  expect(onSlack(whole).map(({ pinned }) => pinned)).toEqual([true]);
  expect(slack.calls.filter(({ method }) => method === 'pins.add')).toHaveLength(2);
});
