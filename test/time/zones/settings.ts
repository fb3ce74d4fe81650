import type { Organisation } from '../../../src/core/organisation.ts';
import { site } from '../site.ts';

/** Organisations whose hours lie by day, in the nights in which clocks are changed, and around midnight. */

interface Hours {
  readonly days: readonly string[];
  readonly from: string;
  readonly until: string;
}

export interface Setting {
  readonly name: string;
  readonly freeze: { readonly from: readonly [string, string]; readonly until: readonly [string, string] };
  readonly ops: Hours;
  readonly onCall: Hours;
  readonly working: Hours;
  readonly rotates: 'weekly' | 'daily';
  readonly sprint: { readonly starts: string; readonly days: number };
}

const OPS_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu'];
const WORKING_DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'];

export const SETTINGS: readonly Setting[] = [
  {
    name: 'as it comes',
    freeze: { from: ['Thu', '00:00'], until: ['Mon', '00:00'] },
    ops: { days: OPS_DAYS, from: '09:00', until: '18:00' },
    onCall: { days: ['Fri', 'Sat'], from: '09:00', until: '18:00' },
    working: { days: WORKING_DAYS, from: '09:00', until: '18:00' },
    rotates: 'weekly',
    sprint: { starts: '2026-11-02', days: 14 },
  },
  {
    name: 'in the night',
    freeze: { from: ['Sat', '02:30'], until: ['Sun', '02:30'] },
    ops: { days: OPS_DAYS, from: '00:00', until: '05:00' },
    onCall: { days: ['Fri', 'Sat'], from: '01:30', until: '03:30' },
    working: { days: [...WORKING_DAYS, 'Sat', 'Sun'], from: '00:30', until: '02:30' },
    rotates: 'daily',
    sprint: { starts: '2026-11-01', days: 7 },
  },
  {
    name: 'around midnight',
    freeze: { from: ['Sat', '23:30'], until: ['Sun', '00:30'] },
    ops: { days: [...OPS_DAYS, 'Sat'], from: '21:00', until: '23:30' },
    onCall: { days: ['Fri'], from: '00:00', until: '23:45' },
    working: { days: ['Thu', 'Fri', 'Sat', 'Sun'], from: '20:15', until: '23:15' },
    rotates: 'daily',
    sprint: { starts: '2027-03-04', days: 3 },
  },
];

const hours = ({ days, from, until }: Hours): string =>
  `{ days: [${days.join(', ')}], from: "${from}", until: "${until}" }`;

const known = new Map<string, Organisation>();

export function organisationOf(timezone: string, setting: Setting): Organisation {
  const name = `${timezone} ${setting.name}`;
  const { freeze, sprint } = setting;
  const organisation =
    known.get(name) ??
    site({
      timezone,
      onCall: `{ rotates: ${setting.rotates}, starts: 2026-11-02, people: [olga, omar] }`,
      calendar: `  release_freeze: { from: ${freeze.from.join(' ')}, until: ${freeze.until.join(' ')} }
  ops_hours: ${hours(setting.ops)}
  on_call_hours: ${hours(setting.onCall)}
  working_hours: ${hours(setting.working)}
  sprint: { starts: ${sprint.starts}, days: ${sprint.days} }`,
    });
  known.set(name, organisation);
  return organisation;
}
