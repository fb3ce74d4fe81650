import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConnectionState } from '../../src/shell/connections.ts';
import { type AuditorParts, createAuditor } from '../../src/web/auditor.ts';
import { deliver, FRIDAY, fill, folder, HOUR, type House, house, MINUTE } from './rig.ts';

/** Whoever looks whether what should have happened did, and the history's head that goes outside. */

const state = (platform: string, is: ConnectionState['is']): ConnectionState => ({ platform, is, line: '', ok: true });

function auditing(bot: House, more: Partial<AuditorParts> = {}) {
  let pings = 0;
  const auditor = createAuditor({
    ...bot,
    connections: { states: () => [state('telegram', 'connected')] },
    ping: async () => {
      pings += 1;
    },
    ...more,
  });
  const notices = (kind: string) => bot.raw.messages([{ chat: 'ops' }], 100).filter((row) => row.kind === kind);
  return { audit: auditor.audit, pings: () => pings, notices };
}
const textOf = (row: { readonly body: unknown } | undefined) => (row?.body as { text: string } | undefined)?.text;

test('all is well: the dead man’s address hears it, and nobody else', async () => {
  const bot = await house({ at: FRIDAY });
  await bot.say('pam', '/alert critical The node is down', 'a');
  const { audit, pings, notices } = auditing(bot);
  expect(await audit()).toEqual([]);
  expect(pings()).toBe(1);
  expect(notices('audit')).toEqual([]);
});

test('a page whose next step is late, or is not there: OPS is told, once an hour, and the address hears nothing', async () => {
  const bot = await house({ at: FRIDAY });
  await bot.say('pam', '/alert critical The node is down', 'a');
  await deliver(bot);
  const { audit, pings, notices } = auditing(bot);
  bot.wait(10 * MINUTE + 59_000);
  expect(await audit()).toEqual([]);
  bot.wait(2 * MINUTE);
  expect(await audit()).toEqual(['the next step of ALERT-1 is 2 minutes late. Look after it by hand.']);
  bot.wait(MINUTE);
  await audit();
  await deliver(bot);
  expect(notices('audit').map(textOf)).toEqual([
    'Something is late: the next step of ALERT-1 is 2 minutes late. Look after it by hand. baton doctor on the machine says more.',
  ]);
  expect(notices('audit')[0]).toMatchObject({ lane: 'digest', address: 'telegram:-2001' });
  bot.db.exec("delete from timers where key = 'alert/ALERT-1/page'");
  expect(await audit()).toEqual([expect.stringContaining('ALERT-1 has no next step')]);
  bot.wait(HOUR);
  await audit();
  expect(notices('audit')).toHaveLength(2);
  expect(pings()).toBe(1);
});

test('what should have happened at its time, and a journal that is not taken in: told, and nothing is well', async () => {
  const bot = await house({ at: FRIDAY });
  await bot.say('pam', '/propose web First', 'a');
  const path = join(folder(), 'baton.db');
  const { audit, notices, pings } = auditing(bot, { database: path });
  const quiet = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('only '));
  expect(quiet(await audit())).toEqual([]);
  writeFileSync(`${path}-wal`, '');
  truncateSync(`${path}-wal`, 65 * 1024 * 1024);
  expect(quiet(await audit())).toEqual(['the journal of the database has 65 MB. Start me anew.']);
  expect(notices('audit').map(textOf)).toContainEqual(
    'Something needs you: the journal of the database has 65 MB. Start me anew. baton doctor on the machine says more.',
  );
  const before = pings();
  bot.wait((bot.engine.nextDue() ?? 0) - bot.clock.now() + 3 * MINUTE);
  expect(await audit()).toContain('what is to happen at its time is 3 minutes late. Start me anew.');
  expect(pings()).toBe(before);
});

test.each([
  ['taken', '/ack ALERT-1'],
  ['resolved', '/resolve ALERT-1'],
])('an alert that is %s has another step or none', async (_case, words) => {
  const bot = await house({ at: FRIDAY });
  await bot.say('pam', '/alert critical The node is down', 'a');
  await bot.say('otto', words, 'b');
  bot.wait(30 * MINUTE);
  const late = (await auditing(bot).audit()).filter((line) => line.includes('ALERT-1'));
  expect(late).toEqual([]);
});

test('a message that could not be sent for long: OPS hears of it before five minutes are over, past the platform that is away', async () => {
  const bot = await house();
  await bot.say('olga', '/alert major Something is slow', 'a');
  const [row] = await bot.raw.claim(bot.clock.now(), 1);
  const { audit, notices, pings } = auditing(bot, {
    connections: { states: () => [state('telegram', 'away'), state('slack', 'connected')] },
  });
  bot.wait(3 * MINUTE);
  // It is tried again and again, and each try puts the next one off.
  await bot.raw.mark(row?.id ?? 0, 'new', { dueAt: bot.clock.now() + 30_000, reason: 'away' });
  expect(await audit()).toEqual([]);
  bot.wait(MINUTE + 1_000);
  expect(await audit()).toEqual([expect.stringMatching(/^1 message for telegram could not be sent for four minutes/)]);
  expect(notices('late')).toEqual([]);
  expect(pings()).toBe(1);
});

test('the head goes outside once a day, and after a release on the last environment', async () => {
  const bot = await house();
  const { audit, notices } = auditing(bot);
  await audit();
  expect(notices('head')).toEqual([]);
  await bot.say('pam', '/propose web First', 'a');
  bot.wait(24 * HOUR);
  const { seq, hash } = bot.raw.head();
  await audit();
  expect(notices('head').map(textOf)).toEqual([
    `The history stands at event ${seq}. baton verify --head ${seq} ${hash} proves later that nothing up to here was changed or cut off.`,
  ]);
  await audit();
  expect(notices('head')).toHaveLength(1);
  const released = (environment: string) =>
    bot.raw.write([
      {
        decide: (read, at) => ({
          events: [
            {
              stream: 'store/test', version: (read.history('store/test', 1)[0]?.version ?? 0) + 1, type: 'released',
              at, actor: 'olga', via: 'test', data: { environment },
            },
          ],
          states: [], outbox: [], timers: [], cleared: [], mirrors: [], outcome: null,
        }),
      },
    ]); // biome-ignore format: an event
  await released('staging');
  await audit();
  expect(notices('head')).toHaveLength(1);
  await released('production');
  await audit();
  expect(notices('head')).toHaveLength(2);
  await audit();
  expect(notices('head')).toHaveLength(2);
  // A day on which nothing happened has nothing new to show.
  bot.wait(25 * HOUR);
  await audit();
  expect(notices('head')).toHaveLength(2);
});

test('in safe mode it goes on proving, tells nobody by the tables, and says nothing is well', async () => {
  const bot = await house();
  const { audit, pings } = auditing(bot);
  fill(bot.db);
  bot.safe.enter('chain', 'a test');
  expect(await audit()).toEqual(['I am in safe mode (a test)']);
  expect(pings()).toBe(0);
});

test('backups that fail for two hours: OPS is told once, and the address hears nothing', async () => {
  const bot = await house({ at: FRIDAY });
  const { audit, notices, pings } = auditing(bot);
  const found = async () => (await audit()).filter((line) => line.includes('no backup was made'));
  await bot.engine.store.setMeta('backup.since', String(bot.clock.now()));
  bot.wait(2 * HOUR - MINUTE);
  expect(await found()).toEqual([]);
  const before = pings();
  bot.wait(MINUTE);
  expect(await found()).toHaveLength(1);
  bot.wait(HOUR);
  expect(await found()).toHaveLength(1);
  expect(notices('audit').map(textOf)).toEqual([
    'Something needs you: for two hours or more no backup was made that could be restored. See what I log of them. baton doctor on the machine says more.',
  ]);
  expect(pings()).toBe(before);
  await bot.engine.store.setMeta('backup.good', String(bot.clock.now()));
  expect(await found()).toEqual([]);
  // A process that was down makes one as it starts, and is given the time for it.
  bot.wait(5 * HOUR);
  const anew = auditing(bot);
  expect((await anew.audit()).filter((line) => line.includes('no backup'))).toEqual([]);
});
