import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { tally } from '../../support/tally.ts';
import type { Launch } from '../bot-process.ts';
import { createHouse, type House, type HouseOptions } from './house.ts';
import { newTalk, nothingLost, speak, speakFor } from './talk.ts';

/** What a machine does to a process: it stands still, hangs, has no memory left, no files, no turn. */

let house: House | undefined;
afterEach(async () => house?.close());
const opened = async (options?: HouseOptions): Promise<House> => {
  house = await createHouse(options);
  return house;
};

/** Longer than Slack waits, than a platform's call, than a lease. */
test.each([5, 20, 75])(
  'the process stands still for %i seconds, then goes on',
  { timeout: 300_000 },
  async (seconds) => {
    const bot = await opened();
    const talk = newTalk();
    await speakFor(bot, talk, 1_000, 50);
    const { pid } = bot.bot;
    if (pid === undefined) throw new Error('it does not run');
    process.kill(pid, 'SIGSTOP');
    try {
      const speaking = speakFor(bot, talk, 1_000, 100);
      await after(seconds * 1_000);
      process.kill(pid, 'SIGCONT');
      await speaking;
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await speak(bot, talk);
    expect(await bot.healthy()).toBe(200);
    expect(bot.bot.pid).toBe(pid);
    const all = await nothingLost(bot, talk);
    console.log(`stood still for ${seconds} s: ${all} kept, ${talk.refused} refused to Slack meanwhile`);
    tally('fault', 'a process that stands still', 1);
  },
);

test('the event loop hangs for five seconds', { timeout: 120_000 }, async () => {
  const bot = await opened();
  const talk = newTalk();
  for (let time = 0; time < 3; time += 1) {
    const speaking = speakFor(bot, talk, 3_000, 100);
    await after(500);
    bot.bot.tell({ block: 5_000 });
    await speaking;
  }
  expect(await bot.healthy()).toBe(200);
  const all = await nothingLost(bot, talk);
  console.log(`hung three times: ${all} kept, ${talk.refused} refused to Slack meanwhile`);
  tally('fault', 'an event loop that hangs', 3);
});

test('the heap is too small: it dies in the middle, and is started again', { timeout: 240_000 }, async () => {
  const bot = await opened({
    launch: { through: ['bash', '-c', 'ulimit -c 0; exec "$@"', 'bash'], options: ['--max-old-space-size=96'] },
  });
  const talk = newTalk();
  for (let death = 0; death < 3; death += 1) {
    await bot.bot.start();
    bot.bot.tell({ hoard: true });
    const dead = { is: false };
    const over = bot.bot.ended().then(() => {
      dead.is = true;
    });
    while (!dead.is) await speakFor(bot, talk, 300, 100);
    await over;
  }
  expect(bot.bot.complaints.join('')).toMatch(/heap out of memory/);
  const all = await nothingLost(bot, talk);
  console.log(`ran out of memory three times: ${all} kept, ${talk.refused} refused to Slack meanwhile`);
  tally('fault', 'a heap that is too small', 3);
});

test('few files may be open', { timeout: 180_000 }, async () => {
  const launch: Launch = {};
  const bot = await opened({ launch });
  const open = readdirSync(`/proc/${bot.bot.pid}/fd`).length;
  await bot.bot.kill();
  launch.through = ['bash', '-c', `ulimit -n ${open + 6}; exec "$@"`, 'bash'];
  await bot.bot.start();
  const talk = newTalk();
  // Each speaks on a connection of its own, more than there are files left.
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 12 }, () => speak(bot, talk)));
  expect(await bot.healthy()).toBe(200);
  expect((await bot.say('ada', '/status'))?.ok).toBe(true);
  const all = await nothingLost(bot, talk);
  console.log(`with ${open + 6} files: ${all} kept, ${talk.refused} refused to Slack`);
  tally('fault', 'few files may be open', 1);
});

test('the least turn on a machine that is busy', { timeout: 400_000 }, async () => {
  const bot = await opened();
  const hogs = Array.from({ length: availableParallelism() }, () =>
    spawn('nice', ['-n', '10', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    setPriority(Number(bot.bot.pid), 19);
    const talk = newTalk();
    await speakFor(bot, talk, 8_000, 200);
    const delay = await bot.figure('nodejs_eventloop_lag_p99_seconds');
    await bot.drained(240_000);
    const all = await nothingLost(bot, talk);
    console.log(
      `nice 19 beside ${hogs.length} hogs: ${all} kept, ${talk.refused} refused to Slack, loop p99 ${delay} s`,
    );
    tally('fault', 'the least turn on a busy machine', 1);
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
  }
});
