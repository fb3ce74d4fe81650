import { test } from 'vitest';
import {
  addHours,
  addWorkingDays,
  closesAt,
  dayAt,
  daytimeOf,
  frozenUntil,
  HOUR,
  instantAt,
  isoInstant,
  nextStart,
  showDay,
  sprintEnd,
  weeklyFreeze,
  workingHoursOf,
} from '../../src/core/calendar.ts';
import { momentAt } from '../../src/core/moment.ts';
import { nearest } from '../../src/core/nearest.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import { circleSlug, keeperOf, ownCircle, readReference } from '../../src/core/reference.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { same } from './pictures.ts';
import { createStage } from './stage.ts';

/** Tables of what is read and worked out: references, moments, days and freezes, and the nearest word. */

function organisationOf(text: string): Organisation {
  const read = parseOrganisation(
    'organisation.yaml',
    `organisation: Example\npeople: [{ id: ada, roles: [admin] }]\n${text}`,
  );
  if ('problems' in read) throw new Error(read.problems.join());
  return read.organisation;
}

const PLACES: Readonly<Record<string, Organisation>> = {
  here: createStage().organisation,
  bare: organisationOf('timezone: UTC'),
  'below a path': organisationOf(
    'timezone: UTC\nlink_hosts: [wiki.inside, "pad.inside:8080"]\ncircles: { url: "http://circles.inside/tree/" }\ngithub: { repositories: [Example/Web] }',
  ),
};

const REFERENCES = `#3 #0003 #0 #1234567890 baton#3 BATON#3 xbaton#3 example/grid#3 EXAMPLE/GRID#3 other/thing#9 example/grid#x a#3 a/b/c#3 #3x x#3
  us:5 US:05 issue:7 grid/us:5 grid/ISSUE:7 baton/us:1 us: us:x xus:5 us:5x a/b/us:5 us:1234567890
  <https://example.org/a|the\u00a0page> <#3> <#3|x> (#3) "#3", “#3” #3. #3, #3; #3: #3! #3? #3] [#3 ((#3)) #3) https://example.org/a_(b) (https://example.org/a) 'us:5' «us:5»
  https://github.com/example/grid/issues/3 http://github.com/example/grid/issues/3 github.com/example/grid/issues/3 www.github.com/EXAMPLE/grid/pull/4
  https://api.github.com/repos/example/grid/issues/3 https://github.com/api/v3/repos/example/grid/pulls/3 https://ghe.example.org/example/web/pull/12/files https://ghe.example.org/api/v3/repos/Example/Web/issues/12
  https://ghe.example.org/other/thing/issues/1 https://github.com/example/grid/milestone/2 https://github.com/example/grid/milestones/2 https://github.com/example/grid/issues/x https://github.com/example/grid/issues/3x
  https://github.com/orgs/example/projects/1?issue=example|grid|7 https://github.com/orgs/example/projects/1?issue=example|grid|7x https://github.com/orgs/example/projects/1?issue=x|example|grid|7
  https://github.com/example/grid/wiki/3 https://notgithub.com/example/grid/pull/3x https://xgithub.com/o/r/issues/3 https://github.com.evil.org/o/r/issues/3
  https://circles.example.org/project/grid/us/5 https://circles.example.org/project/grid/us/5-a-title https://circles.example.org/project/grid/issue/7 https://circles.example.org/project/grid/us/x5 https://circles.example.org/project/grid/us/5x
  https://circles.example.org/project/grid/taskboard/sprint-1 https://circles.example.org/project/grid/taskboard https://circles.example.org/project/grid/task/9 https://circles.example.org/project/grid/epic/9 https://circles.example.org/project/grid/wiki/home
  https://circles.example.org/project/grid https://circles.example.org/project/grid/ https://circles.example.org/project/grid/timeline/a/b https://circles.example.org/projects/grid https://circles.example.org/ https://circles.elsewhere.org/project/grid/us/5
  http://circles.inside/tree/project/grid/us/5 http://circles.inside/tree/project/grid/backlog http://circles.inside/project/grid/us/5 http://circles.inside/treetop/project/grid/us/5 http://wiki.inside/a http://pad.inside:8080/a http://pad.inside/a http://example.org/a
  https://user@example.org/a https://:secret@example.org/a https:// https://a b ftp://example.org/a example.org/a https://example.org/a. HTTPS://Example.org/A xhttps://example.org/a`;

test('references, as they are read by different organisations', () =>
  same(
    'references',
    REFERENCES.split(/[ \n]+/).flatMap((words) => {
      const read = Object.entries(PLACES).map(([name, organisation]) => {
        const [plain, own] = [undefined, 'own'].map((circle) => readReference(organisation, words, circle));
        const kept = plain === undefined ? undefined : keeperOf(plain.ref);
        const differs = own?.ref === plain?.ref ? '' : `, in its own circle ${own?.ref}`;
        return `  ${name}: ${plain === undefined ? 'none' : `${plain.ref} (${plain.kind})`}${differs}${kept === undefined ? '' : `, ${kept.platform} ${kept.where}`}`;
      });
      const slug = [`  as a circle: ${circleSlug(words)}, ${ownCircle(words)}`];
      return [
        words,
        ...(new Set(read.map((line) => line.replace(/^ +[^:]+/, ''))).size === 1 ? read.slice(0, 1) : read),
        ...slug,
      ];
    }),
  ));

const MOMENTS = [
  ...[
    '2026-12-24',
    '2026-02-30',
    '2026-12-24x',
    'x2026-12-24',
    '2026-12-24T18:00',
    '2026-12-24 8:05',
    '2026-12-24T8:05',
    '2026-12-24T25:00',
  ],
  ...[
    '2026-12-24T18:00:30+03:00',
    '2026-12-24T18:00Z',
    'a 2026-12-24T18:00',
    'Mon 09:00',
    'monday 9:00',
    'mon 24:00',
    'Mon 10:00',
    'Mon 10:01',
    'Sun 23:59',
  ],
  ...[
    'tue 9h30',
    'wed 09:60',
    'THU 09:00',
    'fri 09:00',
    'sat 09:00',
    'today 09:00',
    'today 11:00',
    'tomorrow 14:00',
    'tomorrow',
    '14:00',
    '9:00',
    '09:00',
    '10:00',
    '23h59',
  ],
  ...[
    '24 Nov',
    '23 Nov',
    '22 Nov',
    'Sun 22 Nov',
    'Mon 22 Nov',
    'Mon 23 Nov 10:00',
    'Tue 24 Nov 10:00',
    'Tue, 24 November, 10:05',
    '31 Feb',
    '29 Feb',
    '29 Feb 12:00',
    'Sat 29 Feb',
  ],
  ...[
    '1 jan',
    '1 feb',
    '1 mar',
    '1 apr',
    '1 may',
    '1 jun',
    '1 jul',
    '1 aug',
    '1 sep',
    '1 oct',
    '1 nov',
    '1 dec',
    '1 december 23:00',
    '1 foo',
    '32 dec',
    '24 Nov 10:00 and more',
    'Mon 30 Nov 09:00 and more words',
  ],
  ...[
    '2026-11-30 09:00 in the office',
    '14:00 please',
    'please 14:00',
    '',
    '  14:00  ',
    'x 24 Nov',
    '24 Nov x',
    'someday 09:00',
    '2027-03-28T02:30',
    '2026-10-25T02:30',
  ],
];

test('moments, as people write them', () =>
  same(
    'moments',
    MOMENTS.map((words) => {
      const at = [Date.parse('2026-11-23T10:00:00+01:00'), Date.parse('2027-03-31T00:30:00+02:00')];
      const { here = PLACES.bare as Organisation } = PLACES;
      const read = at.map((now) => {
        const [moment, left] = momentAt(here, words.split(' '), now);
        const rest = left.length === 0 ? '' : `, and “${left.join(' ')}”`;
        return moment === undefined
          ? 'none'
          : `${isoInstant(here, moment.at)}${moment.wholeDay ? ' (the day)' : ''}${rest}`;
      });
      return `${words}: ${read.join(' | ')}`;
    }),
  ));

const CALENDARS: Readonly<Record<string, Organisation>> = {
  here: createStage().organisation,
  'a freeze within a day': organisationOf(
    'timezone: America/Sao_Paulo\ncalendar: { release_freeze: { from: Fri 18:00, until: Fri 22:00 }, ops_hours: { days: [Mon, Tue], from: "08:00", until: "23:00" } }',
  ),
  'a freeze of nearly a week': organisationOf(
    'timezone: Asia/Beirut\ncalendar: { release_freeze: { from: Sun 18:00, until: Sun 17:00 }, holidays: [2026-10-26] }',
  ),
  'a freeze over the end of the week': organisationOf(
    'timezone: Australia/Lord_Howe\ncalendar: { release_freeze: { from: Sat 00:00, until: Tue 06:30 }, sprint: { starts: 2026-01-05, days: 14 } }',
  ),
};

/** Days on which clocks change, years begin and freezes end. */
const DAYS = [
  '2026-03-28',
  '2026-03-29',
  '2026-10-03',
  '2026-10-24',
  '2026-10-26',
  '2026-11-25',
  '2026-11-27',
  '2026-11-30',
  '2026-12-24',
  '2026-12-31',
];
const DECLARED = ['2026-11-29', '2026-12-03', '2026-12-24'].map((date, n) => ({
  from: Date.parse(`${date}T00:00:00+01:00`),
  until: Date.parse(`${date}T00:00:00+01:00`) + (n + 1) * 24 * HOUR,
}));

test.each(Object.entries(CALENDARS))('days, hours, freezes and sprints: %s', (name, organisation) =>
  same(
    `calendar-${name.replaceAll(/\W+/g, '-')}`,
    DAYS.flatMap((date) =>
      [0, 7.5, 17.75, 23.99].flatMap((hour) => {
        const at = Date.parse(`${date}T00:00:00Z`) + hour * HOUR;
        const shown = (instant: number | undefined): string =>
          instant === undefined ? '–' : isoInstant(organisation, instant);
        const day = dayAt(organisation, at);
        const hours = (['ops', 'onCall', 'working'] as const).map((sort) => {
          const window = day[sort];
          return `${sort} ${window === undefined ? '–' : `${shown(window.from)}/${shown(window.until)}`}`;
        });
        const freeze = weeklyFreeze(organisation, at);
        const next = (['ops', 'onCall', 'working'] as const).map((sort) =>
          shown(nextStart(organisation, at, [sort])?.at),
        );
        const first = nextStart(organisation, at, ['working', 'onCall', 'ops']);
        return [
          `${shown(at)}: ${day.date} ${day.weekday}${day.holiday ? ', a holiday' : ''}, ${showDay(organisation, day.date)}, ${shown(day.from)}/${shown(day.until)}`,
          `  ${hours.join(', ')}; next ${next.join(', ')}; first ${first?.sort} ${shown(first?.at)}`,
          `  freeze ${shown(freeze.from)}/${shown(freeze.until)}, until ${shown(frozenUntil(organisation, DECLARED, at))}, closes ${shown(closesAt(organisation, DECLARED, at))}, sprint ${shown(sprintEnd(organisation, at))}`,
          `  after 3 and 20 hours of daytime ${[3, 20].map((n) => shown(addHours(organisation, at, n * HOUR, daytimeOf))).join(', ')}, after 0, 1 and 5 days ${[0, 1, 5].map((n) => shown(addWorkingDays(organisation, at, n, workingHoursOf(n === 5 ? 'ops' : 'web')))).join(', ')}, on the wall ${shown(instantAt(organisation.timezone, at))}`,
        ];
      }),
    ),
  ),
);

test('the nearest word, for what was mistyped', () => {
  const known = [
    'approve',
    'abstain',
    'accept',
    'ack',
    'board',
    'bug',
    'call',
    'close',
    'done',
    'status',
    'story',
    'mainnet',
    'testnet',
    'us',
  ];
  const typed =
    'aprove approev approvee apprvoe xpprove abstian acept akc ak bord baord bg gub cal clal closed dnoe doen sttaus stauts stroy sotry mainet tesnet tsetnet u s xx statusstatus APPROVE'.split(
      ' ',
    );
  same(
    'nearest',
    ['', ...typed].map((word) => `${word}: ${nearest(word, known)}`),
  );
});
