import { z } from 'zod';
import { Environment, Role } from './organisation.ts';

/** A process is data: the steps that a work item of its kind goes through. Code knows step kinds, never step names. */

const Ident = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes, beginning with a letter');

export const NEED_NAMES = [
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

export const Process = z
  .strictObject({
    kind: Ident,
    /** The letters before the number in an item's key. */
    prefix: z.string().regex(/^[A-Z]{2,8}$/, 'two to eight capital letters, such as WEB'),
    title: z.string().min(1).max(80),
    proposed_by: z.array(Role).min(1),
    /** The role that the item's owner holds when the process names one; else the proposer owns it. */
    owner: z.enum(['product-owner', 'project-owner', 'proposer']).default('proposer'),
    steps: z.array(Step).min(2),
  })
  .superRefine((process, context) => {
    const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (['ALERT', 'ANN', 'FREEZE'].includes(process.prefix))
      issue(['prefix'], `${process.prefix} is Baton's own; choose other letters`);
    const at = new Map(process.steps.map((step, index) => [step.id, index]));
    process.steps.forEach((step, index) => {
      if (at.get(step.id) !== index)
        issue(['steps', index, 'id'], `the step ${step.id} is there twice; give each an id of its own`);
      const back = step.kind === 'test' ? step.on_fail : step.kind === 'release' ? step.review?.on_reject : undefined;
      if (back !== undefined && (at.get(back) ?? index) >= index)
        issue(
          ['steps', index, step.kind === 'test' ? 'on_fail' : 'review'],
          `${back} is no earlier step; name one of ${process.steps
            .slice(0, index)
            .map((other) => other.id)
            .join(', ')}`,
        );
      const next = process.steps[index + 1];
      if (step.kind === 'handover' && next === undefined)
        issue(['steps', index], 'a handover can not be the last step; add the step of the team that receives it');
      if (step.kind === 'handover' && next !== undefined && next.owner !== step.to)
        issue(['steps', index, 'to'], `the next step belongs to ${next.owner}; hand over to ${next.owner}`);
    });
    if (process.steps.filter((step) => step.marks.includes('development')).length > 1)
      issue(['steps'], 'only one step may be marked development');
    if (process.steps.filter((step) => step.marks.includes('stories')).length > 1)
      issue(['steps'], 'only one step may be marked stories');
    if (
      !process.steps.some(
        (step) => step.kind === 'release' && (step.environment === 'mainnet' || step.environment === 'production'),
      )
    )
      issue(['steps'], 'a process must release on mainnet or production (R9); add a release step');
  });
export type Process = z.infer<typeof Process>;

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
