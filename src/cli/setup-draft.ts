import { existsSync } from 'node:fs';
import type { Organisation } from '../core/organisation.ts';
import { readValue, SETTINGS, type Settings } from '../settings.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { keepSecret } from '../shell/redact.ts';
import { type EnvironmentFile, withValues } from './environment-file.ts';
import { besideDatabase, freshOrganisation } from './organisation-file.ts';

/** What is set already, and what the setup would add to `.env`. Nothing is written here. */
export interface Draft {
  /** Set and not empty, in the environment, in `.env`, or by an answer. */
  value(name: string): string | undefined;
  set(name: string, value: string): void;
  /** Takes back what was answered. */
  unset(...names: readonly string[]): void;
  /** The names that were answered. */
  answered(): readonly string[];
  /** A value in `.env` counts for nothing beside one of the environment or of a file. */
  isOurs(name: string): boolean;
  settings(): Settings;
  /** What the next start will see. */
  environment(): NodeJS.ProcessEnv;
  /** The text of `.env` with the answers in it; undefined where one can not be written. */
  text(): string | undefined;
  readonly organisation: OrganisationDraft;
}

interface OrganisationDraft {
  readonly path: string;
  /** What is to be written there; undefined: a file is there, or none is wanted. */
  text(): string | undefined;
  begin(name: string, timezone: string): void;
  readonly read: Organisation | undefined;
  readonly problems: readonly string[];
}

const SECRET = new Set(SETTINGS.flatMap(({ name, secret }) => (secret === true ? [name] : [])));
export const isSecret = (name: string): boolean => SECRET.has(name);

/** Puts the environment and `.env` together, as a start with `npm start` would. */
export function createDraft(environment: NodeJS.ProcessEnv, file: EnvironmentFile): Draft {
  const answers = new Map<string, string>();
  const isOurs = (name: string): boolean =>
    environment[`${name}_FILE`] === undefined &&
    file.values[`${name}_FILE`] === undefined &&
    (environment[name] === undefined || environment[name] === file.values[name]);
  const merged = (): NodeJS.ProcessEnv => ({
    ...environment,
    ...Object.fromEntries(
      Object.entries({ ...file.values, ...Object.fromEntries(answers) }).filter(
        ([name]) => environment[name] === undefined || environment[name] === file.values[name],
      ),
    ),
  });
  const value = (name: string): string | undefined => {
    // What is wrong with NAME_FILE is told at the end, with everything that a start would refuse.
    const found = readValue(merged(), name, [])?.trim();
    return found === '' ? undefined : found;
  };
  const settings = (): Settings =>
    Object.fromEntries(
      SETTINGS.flatMap(({ name }) => {
        const found = value(name);
        if (found !== undefined && SECRET.has(name)) keepSecret(found);
        return found === undefined ? [] : [[name, found]];
      }),
    );
  return {
    value,
    set: (name, given) => {
      if (SECRET.has(name)) keepSecret(given);
      answers.set(name, given);
    },
    unset: (...names) => {
      for (const name of names) answers.delete(name);
    },
    answered: () => [...answers.keys()],
    isOurs,
    settings,
    environment: merged,
    text: () => withValues(file.text, answers),
    organisation: lookAtOrganisation(value),
  };
}

function lookAtOrganisation(value: Draft['value']): OrganisationDraft {
  const path = value('BATON_ORG') ?? besideDatabase(value('BATON_DB'));
  const read = existsSync(path) ? readOrganisation(path) : undefined;
  let text: string | undefined;
  return {
    path,
    text: () => text,
    begin: (name, timezone) => {
      text = freshOrganisation(name, timezone);
    },
    read: read !== undefined && 'organisation' in read ? read.organisation : undefined,
    problems: read !== undefined && 'problems' in read ? read.problems : [],
  };
}
