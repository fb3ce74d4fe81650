import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import { oneLine } from './text.ts';

/** The organisation's file, checked. Page 5 of the contract names every key; an unknown one is an error. */

export const ORGANISATION_ROLES = [
  'bizdev', 'stakeholder', 'architect', 'dev-lead', 'developer', 'qa', 'ops', 'promotion', 'web', 'admin',
] as const; // biome-ignore format: one glance
export const ITEM_ROLES = ['product-owner', 'project-owner', 'project-team', 'circle-owner'] as const;
export const Role = z.enum([...ORGANISATION_ROLES, ...ITEM_ROLES]);
export type Role = z.infer<typeof Role>;

export const ENVIRONMENTS = ['devnet', 'testnet', 'staging', 'mainnet', 'production'] as const;
export const Environment = z.enum(ENVIRONMENTS);
export type Environment = z.infer<typeof Environment>;

export const SEVERITIES = ['critical', 'major', 'minor'] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day as "09:00"');
const WeekMoment = z
  .string()
  .regex(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d$/, 'write a moment of the week as "Thu 00:00"');
const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'write a day as 2026-11-02')
  .refine((day) => DateTime.fromISO(day).isValid, 'there is no such day');
const Name = z.string().overwrite(oneLine).min(1).max(200);
const Id = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, 'an id is letters, digits, dots, dashes, at most 64')
  // Much is kept by the ids of people, as the fields of an object; and what nobody says is by `system`.
  .refine((id) => !(id in Object.prototype) && id !== 'system', 'that word is taken; choose another id');
const Hours = (days: readonly Weekday[], from: string, until: string) =>
  z
    .strictObject({
      days: z.array(Weekday).default([...days]),
      from: TimeOfDay.default(from),
      until: TimeOfDay.default(until),
    })
    .refine((hours) => hours.from < hours.until, 'the hours must begin before they end')
    .prefault({});

export const Person = z.strictObject({
  id: Id,
  name: Name.optional(),
  roles: z.array(Role).default([]),
  telegram: z.union([z.number().int(), z.string()]).optional(),
  slack: z.string().optional(),
  github: z.string().optional(),
  email: z.email().optional(),
});
export type Person = z.infer<typeof Person>;

const Chat = z.strictObject({
  name: Name,
  team: z.union([Role, z.enum(['everyone', 'testers'])]).optional(),
  telegram: z.union([z.number().int(), z.string()]).optional(),
  topic: z.number().int().optional(),
  slack: z.string().optional(),
  watch_mentions: z.boolean().default(false),
});
export type Chat = z.infer<typeof Chat>;

const Calendar = z
  .strictObject({
    release_freeze: z
      .strictObject({
        from: WeekMoment.default('Thu 00:00'),
        until: WeekMoment.default('Mon 00:00'),
        emergency: z.boolean().default(false),
      })
      .prefault({}),
    critical_nights: z.boolean().default(true),
    ops_hours: Hours(['Sun', 'Mon', 'Tue', 'Wed', 'Thu'], '09:00', '18:00'),
    on_call_hours: Hours(['Fri', 'Sat'], '09:00', '18:00'),
    working_hours: Hours(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], '09:00', '18:00'),
    sprint: z
      .strictObject({ starts: Day.default('2026-11-02'), days: z.number().int().min(1).max(366).default(14) })
      .prefault({}),
    holidays: z
      .union([
        z.array(Day),
        z.strictObject({ country: z.string().length(2), state: z.string().optional(), region: z.string().optional() }),
      ])
      .default([]),
  })
  .prefault({});

export const OrganisationFile = z.strictObject({
  organisation: Name,
  timezone: z.string().refine((zone) => IANAZone.isValidZone(zone), 'an IANA timezone, such as Europe/Brussels'),
  people: z.array(Person).default([]),
  chats: z.array(Chat).default([]),
  calendar: Calendar,
  on_call: z
    .strictObject({ rotates: z.enum(['weekly', 'daily']).default('weekly'), starts: Day, people: z.array(Id) })
    .optional(),
  environments: z.strictObject({ shared: z.array(Environment).default([...ENVIRONMENTS]) }).prefault({}),
  severities: z
    .strictObject({
      critical: z.array(z.string()).default(['critical', 'priority_critical']),
      major: z.array(z.string()).default(['major']),
      minor: z.array(z.string()).default(['minor']),
    })
    .prefault({}),
  github: z
    .strictObject({
      repositories: z.array(z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'a repository is owner/name')).default([]),
      /** A story that closes closes its issues. */
      close: z.boolean().optional(),
      /** The issue where the head of the history is posted as well. */
      anchor: z
        .string()
        .regex(/^[\w.-]+\/[\w.-]+#[1-9]\d{0,8}$/, 'an issue is owner/name#12')
        .optional(),
    })
    .prefault({}),
  circles: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).optional(),
      template: z.string().optional(),
      default: z.string().optional(),
      closed_statuses: z.array(z.string()).default([]),
      /** The status, by its slug, that stories get when their item comes to a step, or is `completed`. */
      statuses: z.record(z.string(), z.string()).optional(),
      /** A story closes when all its issues are. */
      close: z.boolean().optional(),
      prefixes: z.union([z.record(z.string(), z.string()), z.array(z.string())]).optional(),
    })
    .prefault({}),
  gitea: z
    .strictObject({
      /** Where documentation is: `owner/repo`, or a folder in one. Nothing else is ever asked for. */
      documents: z.array(z.string()).default([]),
      /** Where credentials are: proved at the start not to be seen by the token. */
      forbidden: z.array(z.string()).default([]),
    })
    .prefault({}),
  announcements: z
    .strictObject({ telegram: z.union([z.number().int(), z.string()]).optional(), slack: z.string().optional() })
    .optional(),
  processes: z.string().optional(),
  reminders: z.record(z.string(), z.union([z.string(), z.literal(false)])).default({}),
  link_hosts: z.array(z.string()).default([]),
});
export type OrganisationFile = z.infer<typeof OrganisationFile>;

/** A mistake that no single value has: where it is, and what to write instead. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const rowsOf = (raw: unknown, name: string): Readonly<Record<string, unknown>>[] => {
  const rows = typeof raw === 'object' && raw !== null ? (raw as Readonly<Record<string, unknown>>)[name] : undefined;
  return Array.isArray(rows) ? rows.map((row) => (typeof row === 'object' && row !== null ? row : {})) : [];
};

/** What is said twice, or names somebody who is not there. Looks at the file as written, so that it speaks beside other mistakes. */
export function organisationMistakes(raw: unknown): Mistake[] {
  const people = rowsOf(raw, 'people');
  const chats = rowsOf(raw, 'chats');
  const twice = (
    rows: readonly Readonly<Record<string, unknown>>[],
    list: string,
    field: string,
    message: string,
  ): Mistake[] =>
    duplicates(rows.map((row) => row[field])).map((at) => ({
      path: [list, at, field],
      message: message.replace('%', String(rows[at]?.[field])),
    }));
  const rotation =
    typeof raw === 'object' && raw !== null && 'on_call' in raw
      ? (raw.on_call as { people?: unknown } | null)?.people
      : undefined;
  const absent = (Array.isArray(rotation) ? rotation : []).flatMap((id, at) =>
    people.some((person) => person.id === id)
      ? []
      : [{ path: ['on_call', 'people', at], message: `nobody has the id ${String(id)}; name a person of this file` }],
  );
  return [
    ...twice(people, 'people', 'id', 'the id % is used twice; give each person one of their own'),
    ...twice(chats, 'chats', 'name', 'the chat % is named twice; give each chat a name of its own'),
    ...['telegram', 'slack', 'github'].flatMap((field) =>
      twice(people, 'people', field, 'the account % belongs to two people; an account is one person’s'),
    ),
    ...absent,
  ];
}

/** Where a value stands in a list for the second time. */
function duplicates(values: readonly unknown[]): number[] {
  const seen = new Set<string>();
  return values.flatMap((value, at) => {
    if (value === undefined || value === null) return [];
    if (seen.has(String(value))) return [at];
    seen.add(String(value));
    return [];
  });
}
/** The file with the holidays resolved to days: the form in which the core reads it. */
export interface Organisation extends OrganisationFile {
  readonly holidayDays: ReadonlySet<string>;
}

export const PLACES = { announcements: 'announcements', testers: 'testers' } as const;
