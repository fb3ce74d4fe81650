import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { fc, runs } from '../../support/chance.ts';
import { tally } from '../../support/tally.ts';
import { play, withDatabase } from '../../time/play.ts';
import { site, toProduction } from '../../time/site.ts';
import { played } from '../../time/table.ts';
import { instantOf, type Span, spanAround } from '../../time/zones/local.ts';

/**
 * Nobody is there while a freeze begins, while it ends, over the whole of it, and over nights in which clocks are
 * changed. What each reminder should have come to is counted off the wall: on its minute, late, or never.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const USE_BY = 6 * HOUR;

/** The reminders of the default table that go out also when nothing waits, and one in the night. */
const REMINDERS: readonly (readonly [name: string, weekdays: readonly string[], time: string])[] = [
  ['wednesday-morning', ['Wed'], '09:00'],
  ['wednesday-afternoon', ['Wed'], '16:00'],
  ['thursday-morning', ['Thu'], '09:00'],
  ['monday-morning', ['Mon'], '09:00'],
  ['page-test', ['Thu'], '16:00'],
  ['on-call-roster', ['Thu'], '17:00'],
  ['on-call-begins', ['Fri', 'Sat'], '09:00'],
  ['on-call-ends', ['Sat'], '18:00'],
  ['on-call-held', ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], '02:30'],
];

/** When it was there: from a first to a last instant, in order. */
type Up = readonly [from: number, until: number];

const organisationOf = (timezone: string) =>
  site({ timezone, reminders: '{ on-call-held: "30 2 * * *", digest: off }' });

/** What came of each occurrence, as it is recorded. */
function recorded(path: string): string[] {
  const db = new Sqlite(path, { readonly: true });
  const rows = db
    .prepare<[], { type: string; at: number; data: string }>("select * from events where type like 'reminder-%'")
    .all();
  db.close();
  return rows
    .map(({ type, at, data }) => ({ type, at, ...(JSON.parse(data) as { name: string; due: number }) }))
    .map(({ type, at, name, due }) => show(name, due, type === 'reminder-dropped' ? undefined : at))
    .sort();
}

const show = (name: string, due: number, at: number | undefined): string =>
  `${new Date(due).toISOString()} ${name}: ${at === undefined ? 'never' : new Date(at).toISOString()}`;

/** What should come of it. */
function wanted(span: Span, ups: readonly Up[]): string[] {
  const [begin = 0, end = 0] = [ups[0]?.[0], ups.at(-1)?.[1]];
  return REMINDERS.flatMap(([name, weekdays, time]) =>
    [...span.dates].flatMap(([date, ticks]) => {
      const due = weekdays.includes(ticks[0]?.weekday ?? '') ? instantOf(span, date, time) : undefined;
      if (due === undefined || due < begin || due > end) return [];
      const up = ups.find(([, until]) => due <= until)?.[0] ?? end;
      return [show(name, due, up - due > USE_BY ? undefined : Math.max(due, up))];
    }),
  ).sort();
}

async function live(timezone: string, around: number, ups: readonly Up[]): Promise<void> {
  await withDatabase(async (path) => {
    const organisation = organisationOf(timezone);
    for (const [from, until] of ups)
      await play(organisation, [{ at: new Date(from).toISOString() }, { at: new Date(until).toISOString() }], path);
    expect(recorded(path)).toEqual(wanted(spanAround(timezone, around), ups));
  });
}

const at = (when: string): number => Date.parse(when);
const iso = (when: string): string => new Date(when).toISOString();
const SPRING = at('2026-03-29T01:00:00Z');
const AUTUMN = at('2026-10-25T01:00:00Z');

describe('each occurrence is said once, late, or never, as long as nobody was there', () => {
  test.each([
    ['the begin of a freeze', 'Europe/Brussels', AUTUMN, '2026-10-21T15:00+02:00', '2026-10-22T14:30+02:00'],
    ['the end of a freeze', 'Europe/Brussels', AUTUMN, '2026-10-25T20:00+01:00', '2026-10-26T14:59:59+01:00'],
    ['the whole of a freeze', 'Europe/Brussels', AUTUMN, '2026-10-21T08:00+02:00', '2026-10-26T15:00:01+01:00'],
    ['a night that lacks an hour', 'Europe/Brussels', SPRING, '2026-03-29T01:30+01:00', '2026-03-29T09:00+02:00'],
    [
      'a night that lacks an hour, too long',
      'Europe/Brussels',
      SPRING,
      '2026-03-29T01:30+01:00',
      '2026-03-29T09:00:01+02:00',
    ],
    ['a night with an hour twice', 'Europe/Brussels', AUTUMN, '2026-10-25T02:10+02:00', '2026-10-25T02:40+01:00'],
    ['the second of two hours alone', 'Europe/Brussels', AUTUMN, '2026-10-25T02:45+02:00', '2026-10-25T02:20+01:00'],
    [
      'half an hour that is skipped',
      'Australia/Lord_Howe',
      at('2026-10-03T15:30Z'),
      '2026-10-03T12:00Z',
      '2026-10-03T15:31Z',
    ],
    ['a day that begins at one', 'Africa/Cairo', at('2026-04-23T22:00Z'), '2026-04-23T12:00Z', '2026-04-23T23:59Z'],
    [
      'two hours that are skipped',
      'Antarctica/Troll',
      at('2026-03-29T01:00Z'),
      '2026-03-28T12:00Z',
      '2026-03-29T05:00Z',
    ],
  ])('over %s, in %s', async (_what, timezone, around, down, back) => {
    await live(timezone, around, [
      [around - 6 * DAY, at(down)],
      [at(back), around + 5 * DAY],
    ]);
    tally('fault', 'down over a freeze’s edge and a night whose hours change', 1);
  });

  test('over any hours, again and again', async () => {
    const nights = [
      ['Europe/Brussels', SPRING],
      ['Europe/Brussels', AUTUMN],
      ['America/St_Johns', at('2027-03-14T05:30Z')],
      ['Pacific/Chatham', at('2028-04-01T14:00Z')],
    ] as const;
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...nights),
        fc.uniqueArray(fc.integer({ min: 1, max: 10 * 1440 }), { minLength: 2, maxLength: 6 }),
        async ([timezone, around], minutes) => {
          const edges = [0, ...minutes.sort((a, b) => a - b), 11 * 1440].map(
            (minute) => around - 6 * DAY + minute * 60_000,
          );
          const ups = edges.flatMap((from, n): Up[] => (n % 2 === 0 ? [[from, edges[n + 1] ?? from]] : []));
          await live(timezone, around, ups);
          count += 1;
        },
      ),
      { numRuns: runs(12) },
    );
    tally('fault', 'down over a freeze’s edge and a night whose hours change', count);
  });
});

describe('nothing is released inside a freeze, whenever the bot comes back', () => {
  const release = { as: 'olga', say: '/release WEB-1 production' };
  test.each([
    ['a minute after its begin', '2026-11-25T23:59+01:00', '2026-11-26T00:01+01:00', 'refused'],
    ['as it begins', '2026-11-25T22:00+01:00', '2026-11-26T00:00:00+01:00', 'refused'],
    ['the second before its end', '2026-11-24T12:00+01:00', '2026-11-29T23:59:59+01:00', 'refused'],
    ['as it ends', '2026-11-24T12:00+01:00', '2026-11-30T00:00:00+01:00', 'released'],
    ['before it begins', '2026-11-25T12:00+01:00', '2026-11-25T23:59:59+01:00', 'released'],
  ])('back %s', async (_what, down, back, code) => {
    await withDatabase(async (path) => {
      await played({ organisation: site(), before: toProduction('Mon 23 Nov 10:00'), path }, '');
      await play(site(), [{ at: iso(down) }], path);
      const lines = await play(site(), [{ at: iso(back), ...release }], path);
      expect(lines.find(({ line }) => line === 1)?.code).toBe(code);
    });
    tally('fault', 'down over a freeze’s edge and a night whose hours change', 1);
  });

  test.each([
    ['3 hours', '2026-11-30T03:00:00+01:00', 1],
    ['7 hours', '2026-11-30T07:00:00+01:00', 0],
  ])(
    'whoever waits for its end hears of it once, when the bot is back after %s, or not at all',
    async (_long, back, told) => {
      await withDatabase(async (path) => {
        await played({ organisation: site(), before: toProduction('Mon 23 Nov 10:00'), path }, '');
        await play(site(), [{ at: iso('2026-11-26T10:00+01:00'), as: 'pia', say: '/remind WEB-1' }], path);
        const lines = await play(site(), [{ at: iso(back) }, { at: iso('2026-12-01T10:00+01:00') }], path);
        const opened = lines.filter(
          ({ sent, to, key }) => sent !== undefined && key === 'WEB-1' && to?.person === 'pia',
        );
        expect(opened.map(({ late }) => late)).toEqual(told === 1 ? [true] : []);
        expect(await play(site(), [{ at: iso('2026-12-01T10:01+01:00'), ...release }], path)).toMatchObject([
          { code: 'released' },
        ]);
      });
      tally('fault', 'down over a freeze’s edge and a night whose hours change', 1);
    },
  );
});
