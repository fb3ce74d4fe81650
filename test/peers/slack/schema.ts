import { isJson, type Json, list, string } from './json.ts';

/** Small rules that say what a value of Block Kit may be; a breach is written down with the path to it. */

export interface Check {
  readonly problems: string[];
  /** Identifiers met so far; they are unique within a message or a view. */
  readonly actions: Set<string>;
  readonly blocks: Set<string>;
}
export type Rule = (value: unknown, at: string, check: Check) => void;

export const createCheck = (): Check => ({ problems: [], actions: new Set(), blocks: new Set() });

export const fail = (check: Check, what: string, at: string): void => {
  check.problems.push(`[ERROR] ${what} [json-pointer:${at}]`);
};

/** A string of so many characters. */
export const words =
  (most: number, least = 1): Rule =>
  (value, at, check) => {
    if (typeof value !== 'string') fail(check, 'must be a string', at);
    else if (value.length > most) fail(check, `must be less than ${most + 1} characters`, at);
    else if (value.length < least) fail(check, `must be more than ${least - 1} characters`, at);
  };

export const flag: Rule = (value, at, check) => {
  if (typeof value !== 'boolean') fail(check, 'must be a boolean', at);
};

export const whole =
  (least: number, most: number): Rule =>
  (value, at, check) => {
    if (!Number.isInteger(value) || Number(value) < least || Number(value) > most)
      fail(check, `must be an integer from ${least} to ${most}`, at);
  };

export const oneOf =
  (...values: readonly string[]): Rule =>
  (value, at, check) => {
    if (!values.includes(string(value))) fail(check, `must be one of ${values.join(', ')}`, at);
  };

export const matching =
  (pattern: RegExp): Rule =>
  (value, at, check) => {
    if (!pattern.test(string(value))) fail(check, `must match ${pattern.source}`, at);
  };

export const several =
  (rule: Rule, least: number, most: number): Rule =>
  (value, at, check) => {
    if (!Array.isArray(value)) return fail(check, 'must be an array', at);
    if (value.length > most) fail(check, `no more than ${most} items allowed`, at);
    if (value.length < least) fail(check, `no fewer than ${least} items allowed`, at);
    for (const [index, item] of list(value).entries()) rule(item, `${at}/${index}`, check);
  };

/** An object with these fields and no others. */
export const shape =
  (required: Readonly<Record<string, Rule>>, optional: Readonly<Record<string, Rule>> = {}): Rule =>
  (value, at, check) => {
    if (!isJson(value)) return fail(check, 'must be an object', at);
    for (const field of Object.keys(required))
      if (value[field] === undefined) fail(check, `missing required field: ${field}`, at);
    for (const [field, held] of Object.entries(value)) {
      const rule = required[field] ?? optional[field];
      if (rule === undefined) fail(check, `invalid additional property: ${field}`, at);
      else rule(held, `${at}/${field}`, check);
    }
  };

/** One of several objects, told apart by their `type`. */
export const byType =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value, at, check) => {
    if (!isJson(value)) return fail(check, 'must be an object', at);
    const rule = rules[string(value.type)];
    if (rule === undefined) return fail(check, `unsupported type: ${string(value.type)}`, `${at}/type`);
    rule(value, at, check);
  };

export const also =
  (rule: Rule, more: (value: Json, at: string, check: Check) => void): Rule =>
  (value, at, check) => {
    rule(value, at, check);
    if (isJson(value)) more(value, at, check);
  };

export const anything: Rule = () => undefined;

/** An identifier that may stand once. */
export const unique =
  (seen: 'actions' | 'blocks'): Rule =>
  (value, at, check) => {
    words(255)(value, at, check);
    if (check[seen].has(string(value)))
      fail(check, `${seen === 'actions' ? 'action_id' : 'block_id'} \`${string(value)}\` already exists`, at);
    check[seen].add(string(value));
  };
