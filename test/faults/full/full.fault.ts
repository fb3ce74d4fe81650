import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { tally } from '../../support/tally.ts';
import { canTrace } from '../disk/trace.ts';
import { createHouse, type House } from '../process/house.ts';
import { newTalk, nothingLost, speak, speakFor, type Talk } from '../process/talk.ts';

/** The real process on a disk that is full, and on one that says no at the k-th write: safe mode, and the way out of it. */

let house: House | undefined;
let unmount = (): void => undefined;
afterEach(async () => {
  await house?.close();
  unmount();
});

const MINUTES = 60_000;

/** In safe mode: health says so, questions are answered on every way in, pages climb on. */
async function checkSafeMode(bot: House): Promise<void> {
  await vi.waitFor(async () => expect(await bot.healthy()).toBe(503), { timeout: 15_000, interval: 200 });
  await bot.heard(/^I am in safe mode: the disk/);
  expect(await bot.say('ada', '/status')).toMatchObject({ ok: true });
  expect(bot.bot.complaints.join('')).toMatch(/SAFE MODE: the disk/);
}

/** Nobody takes the alert, so the next ones are paged although nothing can be written. */
async function checkLadder(bot: House): Promise<void> {
  const before = bot.said(/Nobody acknowledged this/);
  for (let step = 0; step < 8 && bot.said(/Nobody acknowledged this/) === before; step += 1) {
    bot.bot.tell({ ahead: 4 * MINUTES });
    await after(1_500);
  }
  await bot.heard(/Nobody acknowledged this.*I am in safe mode: nothing/);
}

const isWell = (bot: House) =>
  vi.waitFor(async () => expect(await bot.healthy(), doubtsOf(bot).join('; ')).toBe(200), {
    timeout: 20_000,
    interval: 200,
  });

test('a small file system that is full, then has room, three times', { timeout: 300_000 }, async ({ skip }) => {
  const disk = mkdtempSync(join(tmpdir(), 'baton-full-'));
  mkdirSync(disk, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]).status === 0;
  unmount = () => {
    if (mounted) spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  };
  if (!mounted) return skip('no file system can be mounted here: the k-th write is failed by strace below');
  house = await createHouse({ disk });
  const bot = house;
  const talk = newTalk();
  expect(await bot.say('sam', '/alert critical The site is down')).toMatchObject({ ok: true });
  for (let time = 0; time < 3; time += 1) {
    await speakFor(bot, talk, 1_000, 50);
    const filler = join(disk, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
    // A journal that is there already has room of its own, so it takes a while.
    while ((await bot.healthy()) === 200) await speakFor(bot, talk, 300, 30);
    await checkSafeMode(bot);
    if (time === 0) await checkLadder(bot);
    await speak(bot, talk);
    rmSync(filler);
    await isWell(bot);
    await bot.heard(/^Safe mode is over/);
  }
  const all = await nothingLost(bot, talk);
  console.log(`full three times: ${all} kept, ${talk.refused} refused to Slack meanwhile`);
  tally('fault', 'a full disk', 3);
});

interface No {
  readonly call: 'pwrite64' | 'fsync';
  readonly error: 'ENOSPC' | 'EIO';
  readonly k: number;
  readonly lasts: 'once' | 'for ever';
}

/** From now on the process's disk says no, until the one that is returned is called. */
async function sayNo(bot: House, { call, error, k, lasts }: No): Promise<() => Promise<void>> {
  const files = ['', '-wal'].flatMap((end) => ['-P', `${bot.database}${end}`]);
  const inject = `inject=${call}:error=${error}:when=${k}${lasts === 'once' ? '' : '+'}`;
  const tracer = spawn('strace', ['-f', '-p', String(bot.bot.pid), ...files, '-e', `trace=${call}`, '-e', inject], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((done) => void tracer.once('exit', () => done()));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  tracer.stderr.on('data', (data: Buffer) => {
    said += data.toString();
    if (/attached/.test(said)) resolve();
  });
  tracer.once('exit', () => reject(new Error(said)));
  await promise;
  return async () => {
    tracer.kill('SIGINT');
    await ended;
  };
}

/** What the process said of its doubts, in their order. */
const doubtsOf = (bot: House): readonly string[] =>
  [...bot.bot.complaints.join('').matchAll(/SAFE MODE: ([^.]*)/g)].map(([, why]) => String(why));

/** A full disk goes over by itself; what was broken somebody looks at. */
async function recover(bot: House, before: number): Promise<'by itself' | 'by hand' | 'was not'> {
  const doubt = doubtsOf(bot).slice(before).at(-1);
  if (doubt === undefined) return 'was not';
  if (doubt === 'the disk is full') {
    await isWell(bot);
    return 'by itself';
  }
  expect(await bot.baton('doctor', '--leave-safe-mode')).toMatchObject({ code: 0 });
  await isWell(bot);
  return 'by hand';
}

async function endure(bot: House, talk: Talk, no: No): Promise<string> {
  const before = doubtsOf(bot).length;
  const stop = await sayNo(bot, no);
  try {
    for (let n = 0; n < 4; n += 1) await speak(bot, talk);
    if (no.lasts === 'for ever') await checkSafeMode(bot);
  } finally {
    await stop();
  }
  return recover(bot, before);
}

const NOS = (['pwrite64', 'fsync'] as const).flatMap((call) =>
  (['ENOSPC', 'EIO'] as const).flatMap((error) =>
    (['once', 'for ever'] as const).flatMap((lasts) => [1, 2, 5].map((k): No => ({ call, error, k, lasts }))),
  ),
);

test.skipIf(!canTrace)('at the k-th write of the real process, once and for ever', { timeout: 580_000 }, async () => {
  house = await createHouse();
  const bot = house;
  const talk = newTalk();
  expect(await bot.say('sam', '/alert critical The site is down')).toMatchObject({ ok: true });
  const ends: string[] = [];
  for (const no of NOS) {
    const end = await endure(bot, talk, no);
    ends.push(`${no.call} ${no.error} from ${no.k} ${no.lasts}: ${end}`);
    // Full is not broken: nobody has to come. What was not written down in doubt is somebody's to look at.
    if (no.error === 'ENOSPC' && no.call === 'pwrite64') expect(end, ends.at(-1)).not.toBe('by hand');
    if (no.lasts === 'for ever') expect(end, ends.at(-1)).not.toBe('was not');
  }
  // And once more, for as long as the ladder takes.
  const before = doubtsOf(bot).length;
  const stop = await sayNo(bot, { call: 'fsync', error: 'EIO', k: 1, lasts: 'for ever' });
  await speak(bot, talk);
  await checkSafeMode(bot);
  await checkLadder(bot);
  await stop();
  expect(await recover(bot, before)).toBe('by hand');
  const all = await nothingLost(bot, talk);
  console.log(`${ends.join('\n')}\n${all} kept, ${talk.refused} refused to Slack meanwhile`);
  tally('fault', 'a full or broken disk at the k-th write', ends.length + 1);
});
