import { z } from 'zod';
import type { Words } from './command.ts';
import { nearest } from './nearest.ts';
import {
  ENVIRONMENTS,
  Environment,
  ITEM_ROLES,
  ORGANISATION_ROLES,
  Role,
  SEVERITIES,
  Severity,
} from './organisation.ts';
import { oneLine } from './text.ts';

/** The arguments that several commands share, each with the words that a person reads when one is wrong. */

const MOST_TITLE = 200;
export const MOST_TEXT = 2000;

/** Titles, notes and reasons stand within a line of ours, so they have one; a text has the lines that its author gave it. */
const bounded = (what: string, most: number, shape: (text: string) => string = oneLine) =>
  z
    .string({ error: `${what} is missing` })
    .overwrite(shape)
    .min(1, `${what} is missing`)
    .max(most, `${what} has at most ${most} characters`);

export const Title = bounded('the title', MOST_TITLE);
const Note = bounded('the note', MOST_TEXT);
export const Reason = bounded('the reason', MOST_TEXT);
export const AnyText = bounded('the text', MOST_TEXT, (text) => text.trim());
export const OptionalNote = Note.optional();
export const Ref = z
  .string({ error: 'the reference is missing' })
  .min(1, 'the reference is missing')
  .max(500, 'a reference has at most 500 characters');
export const PersonWord = z
  .string({ error: 'the person is missing' })
  .min(1, 'the person is missing')
  .max(200, 'a person’s name has at most 200 characters');
export const Url = z
  .string({ error: 'the URL is missing' })
  .max(500, 'a URL has at most 500 characters')
  .refine((text) => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text), 'that is no URL; it begins with https://');
/** Two that look the same are the same: what was approved is what is released. */
export const Version = z
  .string()
  .max(200, 'a version has at most 200 characters')
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'a version has no letters that cannot be seen')
  .optional();
export const Nothing = z.object({});

const TEAM_SHORT: Readonly<Record<string, Role>> = { dev: 'developer', project: 'project-team' };
const TEAMS = [...ORGANISATION_ROLES, ...ITEM_ROLES, ...Object.keys(TEAM_SHORT)];

/** A word of a closed set; a mistyped one is answered with the nearest. */
const oneOf = <T extends string>(what: string, known: readonly string[], to: (word: string) => T | undefined) =>
  z.string({ error: `${what} is missing; it is one of ${known.join(', ')}` }).transform((word, context): T => {
    const value = to(word.toLowerCase());
    if (value !== undefined) return value;
    const guess = nearest(word, known);
    const hint = guess === undefined ? `it is one of ${known.join(', ')}` : `did you mean ${guess}?`;
    context.addIssue({ code: 'custom', message: `there is no ${what} “${word.slice(0, 40)}”; ${hint}` });
    return z.NEVER;
  });

export const Team = oneOf<Role>('team', TEAMS, (word) => TEAM_SHORT[word] ?? Role.safeParse(word).data);
export const RoleWord = oneOf<Role>(
  'role',
  [...ORGANISATION_ROLES, ...ITEM_ROLES],
  (word) => Role.safeParse(word).data,
);
export const EnvironmentWord = oneOf<Environment>(
  'environment',
  ENVIRONMENTS,
  (word) => Environment.safeParse(word).data,
);
export const SeverityWord = oneOf<Severity>('severity', SEVERITIES, (word) => Severity.safeParse(word).data);
export const choiceOf = <T extends string>(what: string, known: readonly T[]) =>
  oneOf<T>(what, known, (word) => known.find((each) => each === word));

/** The words without the first `count`, as they were written. */
export function rest(words: Words, count: number): string | undefined {
  let text = words.rest.trimStart();
  for (let n = 0; n < count; n += 1) text = text.replace(/^\S+\s*/, '');
  const trimmed = text.trim();
  return trimmed === '' ? undefined : unquoted(trimmed);
}

const unquoted = (text: string): string => /^["“«'](.*)["”»']$/su.exec(text)?.[1]?.trim() || text;

export const toWords = (text: string): Words => ({
  rest: text.trim(),
  all: text.trim() === '' ? [] : text.trim().split(/\s+/),
});
