import { describe, expect, it } from 'vitest';
import { play, withDatabase } from './play.ts';
import { site } from './site.ts';
import { check } from './table.ts';

/** After a downtime: at most six hours late is sent once and marked; older ones are dropped; a restart fires nothing twice. */

const kinds = [
  'freeze',
  'on-call',
  'page-test',
  'page',
  'held-alert',
  'sla',
  'escalation',
  'agenda',
  'offer',
  'digest',
];
const table = (path: string, options: Parameters<typeof site>[0] = {}) => ({
  organisation: site(options),
  kinds,
  path,
});

async function twice(first: string, second: string, options: Parameters<typeof site>[0] = {}): Promise<void> {
  await withDatabase(async (path) => {
    await check(table(path, options), first);
    await check(table(path, options), second);
  });
}

describe('after a downtime', () => {
  it.each([
    ['Wed 25 Nov 09:01:01', 'a minute late'],
    ['Wed 25 Nov 12:00:00', 'three hours late'],
    ['Wed 25 Nov 15:00:00', 'six hours late'],
  ])('a reminder is sent once and marked: at %s, %s', async (when) => {
    await twice(
      `
      Tue 24 Nov 12:00  clock               -> moved
      `,
      `
      ${when}           bot    freeze late  -> ops
      ${when}           clock               -> moved
      Wed 25 Nov 15:30  clock               -> moved
      Wed 25 Nov 16:00  bot    freeze       -> ops
      Wed 25 Nov 16:00  clock               -> moved
      `,
    );
  });

  it('a reminder that is a minute late to the second is marked', async () => {
    await twice(
      'Tue 24 Nov 12:00  clock               -> moved',
      `
      Wed 25 Nov 09:01:00  bot    freeze late  -> ops
      Wed 25 Nov 09:01:00  clock               -> moved
      `,
    );
  });

  it('a reminder on its minute is not late', async () => {
    await twice(
      'Tue 24 Nov 12:00  clock               -> moved',
      `
      Wed 25 Nov 09:00:00  bot    freeze       -> ops
      Wed 25 Nov 09:00:00  clock               -> moved
      `,
    );
  });

  it('a reminder that is more than six hours late is dropped, and the next one comes', async () => {
    await twice(
      'Tue 24 Nov 12:00  clock                  -> moved',
      `
      Wed 25 Nov 15:00:01  clock               -> moved
      Wed 25 Nov 16:00:00  bot    freeze       -> ops
      Wed 25 Nov 16:00:00  clock               -> moved
      `,
    );
  });

  it('of three weeks only what is less than six hours old is said', async () => {
    await twice(
      'Tue 3 Nov 12:00  clock                   -> moved',
      `
      Thu 26 Nov 20:00:00  bot    page-test late  -> omar
      Thu 26 Nov 20:00:00  bot    on-call late    -> ops
      Thu 26 Nov 20:00:00  clock                  -> moved
      Fri 27 Nov 09:00:00  bot    on-call         -> omar
      Fri 27 Nov 09:00:00  clock                  -> moved
      `,
    );
  });

  it('an offer’s reminder is marked, too, and an old one dropped; its escalation is not lost', async () => {
    await twice(
      `
      Mon 23 Nov 10:00  @dev-gh  opened example/grid#3 major   -> received
      `,
      `
      Tue 24 Nov 15:00  bot      sla late                      -> lea
      Tue 24 Nov 15:00  clock                                  -> moved
      Wed 25 Nov 09:00  bot      freeze                        -> ops
      Wed 25 Nov 10:00  bot      escalation                    -> lea
      Wed 25 Nov 10:00  clock                                  -> moved
      `,
    );
    await twice(
      `
      Mon 23 Nov 10:00  @dev-gh  opened example/grid#3 major   -> received
      `,
      `
      Fri 27 Nov 08:00  bot      escalation late               -> lea
      Fri 27 Nov 08:00  clock                                  -> moved
      `,
    );
  });

  it('what was held is delivered by the hour it is, not by the hour it was', async () => {
    await twice(
      'Fri 27 Nov 08:00  dev    /alert critical It burns   -> held',
      `
      Fri 27 Nov 12:00  bot    on-call late                -> omar
      Fri 27 Nov 12:00  bot    page late                   -> omar
      Fri 27 Nov 12:00  clock                              -> moved
      Fri 27 Nov 12:10  bot    page                        -> omar
      Fri 27 Nov 12:10  clock                              -> moved
      `,
    );
    await twice(
      'Fri 27 Nov 08:00  dev    /alert critical It burns   -> held',
      `
      Fri 27 Nov 19:00  clock                              -> moved
      Sat 28 Nov 09:00  bot    on-call                     -> omar
      Sat 28 Nov 09:00  bot    page                        -> omar
      Sat 28 Nov 09:00  clock                              -> moved
      `,
    );
  });
});

describe('a restart', () => {
  it('fires nothing twice, at the very instant and after it', async () => {
    await withDatabase(async (path) => {
      await check(
        table(path),
        `
        Tue 24 Nov 12:00  clock                    -> moved
        Wed 25 Nov 09:00  bot    freeze            -> ops
        Wed 25 Nov 09:00  clock                    -> moved
        Wed 25 Nov 09:00  clock  restart           -> restarted
        Wed 25 Nov 09:00  clock                    -> moved
        Wed 25 Nov 09:30  clock  restart           -> restarted
        Wed 25 Nov 15:59:59  clock                 -> moved
        Wed 25 Nov 15:59:59  clock  restart        -> restarted
        Wed 25 Nov 16:00  bot    freeze            -> ops
        Wed 25 Nov 16:00  clock  restart           -> restarted
        Wed 25 Nov 17:00  clock                    -> moved
        `,
      );
      await check(
        table(path),
        `
        Wed 25 Nov 17:00  clock                    -> moved
        Thu 26 Nov 09:00  bot    freeze            -> ops, general
        Thu 26 Nov 09:00  clock                    -> moved
        `,
      );
    });
  });

  it('keeps the ladder, its rung and its minute', async () => {
    await withDatabase(async (path) => {
      await check(
        { ...table(path), kinds: ['page'] },
        `
        Fri 27 Nov 10:00  bot    page                      -> omar
        Fri 27 Nov 10:00  dev    /alert critical It burns  -> alerted
        Fri 27 Nov 10:10  bot    page                      -> omar
        Fri 27 Nov 10:15  clock  restart                   -> restarted
        Fri 27 Nov 10:20  bot    page                      -> omar
        Fri 27 Nov 10:25  clock  restart                   -> restarted
        Fri 27 Nov 10:30  bot    page                      -> olga
        Fri 27 Nov 10:30  clock                            -> moved
        `,
      );
    });
  });

  it('with another cron in the file follows the file', async () => {
    await withDatabase(async (path) => {
      await check(table(path), 'Tue 24 Nov 12:00  clock  -> moved');
      await check(
        table(path, { reminders: '{ wednesday-morning: "0 11 * * Wed", wednesday-afternoon: off }' }),
        `
        Wed 25 Nov 10:00  clock               -> moved
        Wed 25 Nov 11:00  bot    freeze       -> ops
        Wed 25 Nov 20:00  clock               -> moved
        `,
      );
    });
  });
});

describe('what is sent on the way', () => {
  it('comes in the order of its instants, before the answer of the line, and inside its span', async () => {
    const lines = await play(site(), [
      { at: '2026-11-23T08:00:00+01:00' },
      { at: '2026-11-23T10:00:00+01:00', as: 'dev', say: '/alert critical It burns' },
      { at: '2026-11-27T10:00:00+01:00', as: 'dev', say: '/bug major It is slow' },
      { at: '2026-12-09T10:00:00+01:00' },
    ]);
    let last = Date.parse('2026-11-23T08:00:00+01:00');
    const answered: number[] = [];
    for (const line of lines) {
      if (line.at !== undefined) {
        expect(Date.parse(line.at)).toBeGreaterThanOrEqual(last);
        last = Date.parse(line.at);
        expect(line.at).toMatch(/\+01:00$/);
      } else answered.push(line.line ?? 0);
    }
    expect(answered).toEqual([1, 2, 3, 4]);
    expect(lines.at(-1)?.line).toBe(4);
  });
});
