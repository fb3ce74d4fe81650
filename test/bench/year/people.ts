/** The organisation of the synthetic year: its people by role, and the file that describes it. */

export interface People {
  readonly stakeholder: readonly string[];
  readonly bizdev: readonly string[];
  readonly architect: readonly string[];
  readonly 'dev-lead': readonly string[];
  readonly developer: readonly string[];
  readonly qa: readonly string[];
  readonly ops: readonly string[];
  readonly promotion: readonly string[];
  readonly web: readonly string[];
  readonly admin: readonly string[];
  /** They own products and projects, and hold no role of the organisation. */
  readonly owners: readonly string[];
  /** They hold no role and own nothing. */
  readonly staff: readonly string[];
}

/** The share of each role in a hundred people; seven stakeholders, six of OPS and one admin at any size. */
const SHARES = {
  bizdev: 3, architect: 2, 'dev-lead': 4, developer: 40, qa: 12, promotion: 5, web: 8, owners: 10,
} as const; // biome-ignore format: a table

export function createPeople(size: number): People {
  const some = (name: string, count: number) =>
    Array.from({ length: Math.max(2, count) }, (_, n) => `${name}-${n + 1}`);
  const share = (name: keyof typeof SHARES) => some(name, Math.round((size * SHARES[name]) / 100));
  const people = {
    stakeholder: some('stakeholder', 7),
    bizdev: share('bizdev'),
    architect: share('architect'),
    'dev-lead': share('dev-lead'),
    developer: share('developer'),
    qa: share('qa'),
    ops: some('ops', 6),
    promotion: share('promotion'),
    web: share('web'),
    admin: ['admin-1'],
    owners: share('owners'),
  };
  const count = Object.values(people).reduce((sum, list) => sum + list.length, 0);
  return { ...people, staff: some('staff', size - count) };
}

export const FIRST_DAY = '2026-11-02';
export const TIMEZONE = 'Europe/Brussels';
export const HOLIDAYS = ['2026-12-25', '2027-01-01'];

/** The organisation's file, as JSON: a file in YAML may be written so. */
export function fileOf(people: People): unknown {
  const teams = ['stakeholder', 'architect', 'dev-lead', 'developer', 'qa', 'ops', 'promotion', 'web'];
  const rows = Object.entries(people).flatMap(([role, ids]: [string, readonly string[]]) =>
    ids.map((id) => ({
      id,
      name: id.replace(/^./, (letter) => letter.toUpperCase()),
      roles: role === 'owners' || role === 'staff' ? [] : [role],
      email: `${id}@example.org`,
    })),
  );
  return {
    organisation: 'Synthetic Year',
    timezone: TIMEZONE,
    people: rows.map((person, n) => ({ ...person, telegram: 1001 + n, slack: `U${String(n).padStart(4, '0')}` })),
    chats: [
      ...teams.map((team, n) => ({ name: team, team, slack: `C${n}` })),
      { name: 'general', team: 'everyone', telegram: -1001, watch_mentions: true },
      { name: 'testers', team: 'testers', telegram: -1002 },
    ],
    calendar: { holidays: HOLIDAYS, sprint: { starts: FIRST_DAY, days: 14 } },
    on_call: { rotates: 'weekly', starts: FIRST_DAY, people: people.ops },
    github: { repositories: ['example/grid'] },
    announcements: { slack: 'CNEWS' },
  };
}
