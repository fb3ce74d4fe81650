import { z } from 'zod';
import { Environment, type Mistake, Role } from './organisation.ts';

/** A process is data: the steps that a work item of its kind goes through. Code knows step kinds, never step names. */

const Ident = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes, beginning with a letter');

const NEED_NAMES = [
  'statement-link', 'circle', 'roadmap-story', 'story', 'stories-paired', 'stories-implemented', 'documentation',
  'monitoring', 'no-serious-issue', 'architect-sign-off',
] as const; // biome-ignore format: one glance
export const NeedName = z.enum(NEED_NAMES);
export type NeedName = z.infer<typeof NeedName>;

/** A need that is more than a name: a release that must have happened. */
const ReleasedNeed = z.strictObject({ released: Environment });
export const StepNeed = z.union([NeedName, ReleasedNeed], {
  error: `one of ${NEED_NAMES.join(', ')}, or { released: ENVIRONMENT }`,
});
export type StepNeed = z.infer<typeof StepNeed>;

const Mark = z.enum(['stories', 'development']);
const Place = z.enum(['circles', 'github', 'cryptpad', 'gitea', 'telegram', 'email']);

const common = {
  id: Ident,
  owner: Role,
  title: z.string().min(1).max(80).optional(),
  needs: z.array(StepNeed).default([]),
  marks: z.array(Mark).default([]),
  logged_in: z.array(Place).default([]),
  /** The environment on which the work of this step happens. */
  on: Environment.optional(),
};

export const Step = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ ...common, kind: z.literal('vote'), majority: Role, on_call: z.boolean().default(false) }),
    z.strictObject({ ...common, kind: z.literal('decide'), decides: z.array(z.enum(['owner', 'team'])).default([]) }),
    z.strictObject({ ...common, kind: z.literal('work') }),
    z.strictObject({ ...common, kind: z.literal('handover'), to: Role }),
    z.strictObject({
      ...common,
      kind: z.literal('release'),
      environment: Environment,
      performer: Role.optional(),
      /** A vote that opens when the step begins, on what is released on `review_of`. */
      review: z.strictObject({ majority: Role, of: Environment, on_reject: Ident }).optional(),
      /** The step may be skipped with a reason by its owner, confirmed by this role. */
      skip_confirmed_by: Role.optional(),
    }),
    z.strictObject({ ...common, kind: z.literal('test'), on_fail: Ident }),
    z.strictObject({ ...common, kind: z.literal('invite') }),
  ],
  { error: 'kind is one of vote, decide, work, handover, release, test, invite' },
);
export type Step = z.infer<typeof Step>;

export const Process = z.strictObject({
  kind: Ident,
  /** The letters before the number in an item's key. */
  prefix: z.string().regex(/^[A-Z]{2,8}$/, 'two to eight capital letters, such as WEB'),
  title: z.string().min(1).max(80),
  proposed_by: z.array(Role).min(1),
  /** The role that the item's owner holds when the process names one; else the proposer owns it. */
  owner: z.enum(['product-owner', 'project-owner', 'proposer']).default('proposer'),
  steps: z.array(Step).min(2),
});
export type Process = z.infer<typeof Process>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is wrong between the steps: ids said twice, ways back that lead nowhere, handovers to the wrong team. */
export function processMistakes(raw: unknown): Mistake[] {
  const process = (typeof raw === 'object' && raw !== null ? raw : {}) as Readonly<Record<string, unknown>>;
  const steps = (Array.isArray(process.steps) ? process.steps : []) as Readonly<Record<string, unknown>>[];
  const mistakes: Mistake[] = [];
  const add = (path: Mistake['path'], message: string) => mistakes.push({ path, message });
  if (['ALERT', 'ANN', 'FREEZE'].includes(text(process.prefix)))
    add(['prefix'], `${text(process.prefix)} is Baton's own; choose other letters`);
  steps.forEach((step, at) => {
    const ids = steps.slice(0, at).map((other) => text(other?.id));
    if (text(step?.id) !== '' && ids.includes(text(step.id)))
      add(['steps', at, 'id'], `the step ${text(step.id)} is there twice; give each an id of its own`);
    for (const { path, id } of waysBack(step))
      if (!ids.includes(id)) add(['steps', at, ...path], `${id} is no earlier step; name one of ${ids.join(', ')}`);
    if (step?.kind !== 'handover') return;
    const next = steps[at + 1];
    if (next === undefined)
      add(['steps', at], 'a handover can not be the last step; add the step of the team that receives it');
    else if (text(next.owner) !== text(step.to))
      add(['steps', at, 'to'], `the next step belongs to ${text(next.owner)}; hand over to ${text(next.owner)}`);
  });
  for (const mark of ['development', 'stories']) {
    const marked = steps.flatMap((step, at) => (Array.isArray(step?.marks) && step.marks.includes(mark) ? [at] : []));
    if (marked.length > 1) add(['steps', marked[1] ?? 0, 'marks'], `only one step may be marked ${mark}`);
  }
  if (
    steps.length > 0 &&
    !steps.some((step) => step?.kind === 'release' && ['mainnet', 'production'].includes(text(step.environment)))
  )
    add(['steps'], 'a process must release on mainnet or production (R9); add a release step');
  return mistakes;
}

function waysBack(step: Readonly<Record<string, unknown>> | undefined): { path: (string | number)[]; id: string }[] {
  const review = (typeof step?.review === 'object' && step.review !== null ? step.review : {}) as {
    on_reject?: unknown;
  };
  return [
    ...(text(step?.on_fail) === '' ? [] : [{ path: ['on_fail'], id: text(step?.on_fail) }]),
    ...(text(review.on_reject) === '' ? [] : [{ path: ['review', 'on_reject'], id: text(review.on_reject) }]),
  ];
}

/** A process with the hash of its text: the version that an item remembers. */
export interface ProcessVersion {
  readonly hash: string;
  readonly process: Process;
}

export const isGatedEnvironment = (environment: Environment): boolean =>
  environment === 'mainnet' || environment === 'production';

/** The environment on which items of this process finish. */
export function finalEnvironment(process: Process): Environment | undefined {
  return process.steps
    .flatMap((step) => (step.kind === 'release' && isGatedEnvironment(step.environment) ? [step.environment] : []))
    .at(-1);
}

export function stepAt(process: Process, number: number): Step | undefined {
  return process.steps[number - 1];
}

export function stepNumber(process: Process, id: string): number {
  return process.steps.findIndex((step) => step.id === id) + 1;
}

/** Is the step with this number past the one that carries the mark? False where no step carries it. */
export function isPastMark(process: Process, mark: 'stories' | 'development', number: number): boolean {
  const at = process.steps.findIndex((step) => step.marks.includes(mark)) + 1;
  return at > 0 && number > at;
}
