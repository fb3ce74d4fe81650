import { expect } from 'vitest';
import { loadRules } from '../../src/catalogue.ts';
import type { World } from '../../src/core/draft.ts';
import type { ItemState } from '../../src/core/item.ts';
import type { Environment } from '../../src/core/organisation.ts';
import type { Process } from '../../src/core/process.ts';
import type { Act } from '../../src/core/rule.ts';
import { type Node, toPlain } from '../../src/core/text.ts';
import { createStage } from '../core/stage.ts';

/**
 * Each rule asked alone, without the commands that would have said no before: it holds by itself, for its own acts and for
 * no others, and offers what can be done instead.
 */

const rules = new Map((await loadRules()).map((rule) => [rule.id, rule]));
export const HOUR = 3_600_000;
export const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');
export const THURSDAY = Date.parse('2026-11-26T10:00:00+01:00');

/** PROD-1 waits for its priority and PROD-2 was agreed on a call that is over; nobody is on a call. */
const stage = createStage();
stage.play(`
  sam: /call open
  bea: /propose product A new grid
  bea: /propose product A map
  sam: /approve PROD-1
  sue: /approve PROD-1
  sam: /approve PROD-2
  sue: /approve PROD-2
  sam: /prioritise PROD-2 1 owner pia
  lea: /link PROD-2 example/grid#12
  sam: /call close`);
const itemOf = (key: string): ItemState => {
  const found = stage.world().get('item', key);
  if (found === undefined) throw new Error(`${key} is not there`);
  return found;
};
const processOfIt: Process = await Promise.resolve(stage.world().processOf(itemOf('PROD-1').process)).then((found) => {
  if (found === undefined) throw new Error('there is no process');
  return found.process;
});
const [step] = processOfIt.steps;
if (step === undefined) throw new Error('there is no step');

export interface Asked {
  readonly who?: string;
  readonly now?: number;
  /** What is otherwise with PROD-1; null where it is about no item. */
  readonly item?: Partial<ItemState> | null;
  readonly world?: Partial<World>;
}

export function ask(id: string, act: Act, { who = 'tom', now = THURSDAY, item = {}, world = {} }: Asked = {}) {
  const context = { world: { ...stage.world(who), now, ...world }, now, actor: who, act };
  const about = { ...itemOf('PROD-1'), ...item };
  return rules.get(id)?.check(item === null ? context : { ...context, item: about, process: processOfIt });
}

/** What is refused in words, and what each button would say. */
export function answer(id: string, act: Act, asked?: Asked): string {
  const no = ask(id, act, asked);
  if (no === undefined) return 'passes';
  expect(no.rule).toBe(id);
  const presses = no.text.flatMap((node: Node) =>
    typeof node !== 'string' && node.node === 'buttons' ? node.buttons : [],
  );
  const would = presses.map((each) => [each.command, each.on, each.args].filter(Boolean).join(' '));
  return [no.code, no.needs?.join(), toPlain(no.text), ...would].filter(Boolean).join(' | ');
}

export const release = (environment: Environment, more: { emergency?: boolean; isOwner?: boolean } = {}): Act => ({
  act: 'release',
  environment,
  emergency: false,
  isOwner: false,
  ...more,
});
export const open = (severity: 'critical' | 'major' | 'minor', since: number, acknowledged = false): Act => ({
  ...({ act: 'leave-open', severity, since, acknowledged } as const),
});
export const publish = (approved: boolean, date: string | null): Act => ({
  ...({ act: 'publish', approved, missing: ['Sue', 'Arno'], date } as const),
});
export const mention = (lastHintAt?: number, ...developers: string[]): Act => ({
  act: 'mention',
  developers,
  lastHintAt,
});
export const COMPLETE: Act = { act: 'complete', releasing: null };
export const CLOSE: Act = { act: 'close-step', step };
export const PRIORITISE: Act = { act: 'prioritise' };
export const AGREE: Act = { act: 'ballot', agree: true };
export const LAST = processOfIt.steps.length;
export const issue = { ref: 'ISSUE-1', kind: 'issue', pairedWith: [] } as const;

export const ACTS: Readonly<Record<string, Act>> = {
  release: release('mainnet'),
  'release elsewhere': release('staging'),
  'close a step': CLOSE,
  complete: COMPLETE,
  agree: AGREE,
  'vote on something else': { act: 'ballot', agree: false },
  prioritise: PRIORITISE,
  publish: publish(false, null),
  'set up': { act: 'prepare-environment', environment: 'staging', sort: 'ready' },
  'take down': { act: 'prepare-environment', environment: 'staging', sort: 'remove' },
  mention: mention(undefined, 'dave'),
  'send back': { act: 'send-back', ref: null },
  page: { act: 'page', severity: 'minor' },
  wait: { act: 'wait', role: 'developer', since: 0 },
  critical: open('critical', 0),
  major: open('major', 0),
  minor: open('minor', 0),
};

export const NO_TIME = 'passes';
const marked = (mark: string): number =>
  processOfIt.steps.findIndex((each) => each.marks.some((own) => own === mark)) + 1;
export const [STORIES, DEVELOPMENT] = [marked('stories'), marked('development')];
export const page = { ref: 'https://docs.example.org/a', kind: 'document', pairedWith: [] } as const;
export const onGithub = { ref: 'example/grid#12', kind: 'issue', pairedWith: [] } as const;
export const SET_UP = { act: 'prepare-environment', environment: 'staging', sort: 'ready' } as const;
/** GitHub is connected, and was never asked. */
export const never: NonNullable<World['forges']> = {
  connected: (platform) => platform === 'github',
  verifiedAt: () => undefined,
};
/** GitHub said long ago that it was closed. */
export const closedLongAgo: Partial<World> = {
  forges: never,
  get: (type, id) => {
    const state = stage.world().get(type, id);
    return state !== undefined && 'since' in state && 'open' in state ? { ...state, open: false } : state;
  },
};
export const released = (environment: Environment) => ({ environment, version: null, at: 0, by: 'olga', n: 1 });
/** PROD-2 as it is, but for this. */
export const others = (change: Partial<ItemState>): World['open'] => {
  const { open } = stage.world();
  return (type) => open(type).map((each) => ('key' in each && each.key === 'PROD-2' ? { ...each, ...change } : each));
};
export const calls = (call: { readonly planned?: number; readonly open?: boolean }): Partial<World> => {
  const { get } = stage.world();
  const planned = call.planned === undefined ? null : { at: call.planned, by: 'sam' };
  const now = call.open === true ? { id: 'CALL-2', at: THURSDAY, by: 'sam', round: 2 } : null;
  return {
    get: (type, id) => {
      const state = get(type, id);
      return state !== undefined && 'planned' in state ? { ...state, planned, open: now } : state;
    },
  };
};
