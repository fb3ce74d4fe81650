import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { Environment, Severity } from './organisation.ts';
import type { Process, Step } from './process.ts';
import { say, type Text } from './text.ts';

/** A rule's no, or a need's: why not, and what can be done instead. A value, never an exception. */
export interface Refusal {
  readonly ok: false;
  readonly code:
    | 'refused'
    | 'forbidden'
    | 'usage'
    | 'unknown-command'
    | 'not-found'
    | 'ambiguous'
    | 'already'
    | 'conflict';
  readonly rule?: string;
  readonly needs?: readonly string[];
  readonly key?: string;
  readonly text: Text;
}

/** What somebody is about to do, as the rules see it. */
export type Act =
  | {
      readonly act: 'release';
      readonly environment: Environment;
      readonly emergency: boolean;
      readonly isOwner: boolean;
    }
  | { readonly act: 'close-step'; readonly step: Step }
  | { readonly act: 'complete'; readonly releasing: Environment | null }
  | { readonly act: 'ballot'; readonly agree: boolean }
  | { readonly act: 'prioritise' }
  | {
      readonly act: 'publish';
      readonly approved: boolean;
      readonly missing: readonly string[];
      readonly date: string | null;
    }
  | { readonly act: 'prepare-environment'; readonly environment: Environment; readonly sort: 'ready' | 'remove' }
  | { readonly act: 'mention'; readonly developers: readonly string[]; readonly lastHintAt: number | undefined }
  | { readonly act: 'send-back'; readonly ref: string | null }
  | { readonly act: 'page'; readonly severity: Severity }
  | { readonly act: 'wait'; readonly role: string; readonly since: number }
  | { readonly act: 'leave-open'; readonly severity: Severity; readonly since: number; readonly acknowledged: boolean };

interface RuleContext {
  readonly world: World;
  readonly now: number;
  readonly actor: string;
  readonly act: Act;
  readonly item?: ItemState;
  readonly process?: Process;
}

/** One rule of the organisation: a positive sentence, its source in the requirements, and one pure check. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  /** Where it comes from: the requirement's number. */
  readonly source: string;
  readonly statement: string;
  check(context: RuleContext): Refusal | undefined;
}

/** Makes a catalogue entry; the type demands the sentence and its source. */
export const defineRule = (rule: Rule): Rule => rule;

export const refuse = (text: Text, more: { rule?: string; needs?: readonly string[]; key?: string } = {}): Refusal => ({
  ok: false,
  code: 'refused',
  text,
  ...more,
});
export const forbid = (text: Text, rule?: string): Refusal => ({
  ok: false,
  code: 'forbidden',
  text,
  ...(rule === undefined ? {} : { rule }),
});
export const already = (text: Text, key?: string): Refusal => ({
  ok: false,
  code: 'already',
  text,
  ...(key === undefined ? {} : { key }),
});
export const notFound = (text: Text): Refusal => ({ ok: false, code: 'not-found', text });

/** One rule alone, where it decides before the others are worth asking. */
export function checkRule(
  world: World,
  id: string,
  actor: string,
  act: Act,
  item?: ItemState,
  process?: Process,
): Refusal | undefined {
  return checkRules({ ...world, rules: world.rules.filter((rule) => rule.id === id) }, actor, act, item, process);
}

/** Asks every rule; the first that says no is the answer. */
export function checkRules(
  world: World,
  actor: string,
  act: Act,
  item?: ItemState,
  process?: Process,
): Refusal | undefined {
  const context = {
    world,
    now: world.now,
    actor,
    act,
    ...(item === undefined ? {} : { item }),
    ...(process === undefined ? {} : { process }),
  };
  for (const rule of world.rules) {
    const refusal = rule.check(context);
    if (refusal !== undefined) return item === undefined ? refusal : { key: item.key, ...refusal };
  }
  return undefined;
}

/** Asks every rule and keeps every no: for `/why`. */
export function allRefusals(world: World, actor: string, act: Act, item: ItemState, process: Process): Refusal[] {
  return world.rules.flatMap((rule) => rule.check({ world, now: world.now, actor, act, item, process }) ?? []);
}

export const usage = (text: string, example: string): Refusal => ({
  ok: false,
  code: 'usage',
  text: say`${text}${/[.?!]$/.test(text) ? '' : '.'} For example: ${{ node: 'code', text: example }}`,
});
