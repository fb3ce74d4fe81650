import { z } from 'zod';
import { OptionalNote, rest, Team } from '../core/arguments.ts';
import { defineCommand, type ItemContext, type Outcome, reply } from '../core/command.ts';
import { checkClose, closeStep, itemOf, stepOf, touch } from '../core/flow.ts';
import { notOwner, wayOn } from '../core/guards.ts';
import type { ItemState } from '../core/item.ts';
import { isReleasedOn, liftsOf, openNeeds, pagesOf } from '../core/needs.ts';
import type { Role } from '../core/organisation.ts';
import { nowAt, outlook } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { type Process, type Step, stepAt } from '../core/process.ts';
import { already, refuse } from '../core/rule.ts';
import { bold, lines, list, say } from '../core/text.ts';

const Args = z.object({ team: Team, note: OptionalNote });
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'handover',
  usage: '/handover [KEY] TEAM [NOTE]',
  summary: 'Pass the baton to the next team.',
  who: 'the team that holds it',
  examples: ['/handover qa', '/handover SVC-3 ops all tests are green'],
  on: 'item',
  args: Args,
  read: (words) => ({ team: words.all[0], note: rest(words, 1) }),
  probes: (world, _words, item) => (item === undefined ? [] : pagesOf(item, world.processOf(item.process)?.process)),
  candidate: (world, actor, item, words) => {
    const process = world.processOf(item.process)?.process;
    const target = process === undefined ? undefined : handoverOf(process, item);
    return (
      target !== undefined &&
      target.to === Team.safeParse(words.all[0]).data &&
      membersOf(world, item.role, item).includes(actor)
    );
  },
  decide: (context) => handOver(context),
});

type Handover = Extract<Step, { kind: 'handover' }>;

/** The handover that is due: the present step, or the next one where one command may close both. */
function handoverOf(process: Process, item: ItemState): Handover | undefined {
  const step = stepAt(process, item.stepNumber);
  if (step?.kind === 'handover') return step;
  const next = stepAt(process, item.stepNumber + 1);
  if (next?.kind !== 'handover' || next.owner !== step?.owner) return undefined;
  return step.kind === 'work' || (step.kind === 'release' && isReleasedOn(item, step.environment)) ? next : undefined;
}

function handOver(context: ItemContext<Args>): Outcome {
  const { draft, actor, args, item, step, process } = context;
  const target = handoverOf(process, item);
  if (target === undefined || target.to !== args.team) {
    if (received(process, item, args.team)) return already(say`${item.key} is with ${args.team} already.`);
    const right =
      target === undefined ? wayOn(item, step) : `it goes to ${target.to}: /handover ${item.key} ${target.to}`;
    return (
      notOwner(context) ??
      refuse(say`${item.key} is at ${bold(step.id)} and is not handed to ${args.team} from there; ${right}.`)
    );
  }
  const no = notOwner(context) ?? checkClose(draft, item, step) ?? missing(context, target);
  if (no !== undefined) return no;
  touch(draft, item.key, actor.id);
  if (step.kind !== 'handover') closeStep(draft, item.key, actor.id);
  draft.emit('item', item.key, { type: 'handed-over', to: target.to, by: actor.id, note: args.note ?? null });
  closeStep(draft, item.key, actor.id, args.note ?? null);
  const after = itemOf(draft, item.key);
  return reply(
    'handed-over',
    lines(say`${item.key} is handed to ${bold(target.to)}.`, nowAt(draft, after), outlook(draft, after)),
  );
}

/** What the handover itself needs, when it is closed together with the step before it. */
function missing({ draft, item, step }: ItemContext<Args>, target: Handover) {
  if (step.kind === 'handover') return undefined;
  const needs = openNeeds(draft, item, target);
  if (needs.length === 0) return checkClose(draft, item, stepOf(draft, item));
  return refuse(
    say`${item.key} can not be handed over yet. It needs:${list(needs.map((need) => need.text))}${liftsOf(needs)}`,
    {
      needs: needs.map((need) => need.name),
    },
  );
}

/** Did this team receive the item by the last handover? */
function received(process: Process, item: ItemState, team: Role): boolean {
  const before = stepAt(process, item.stepNumber - 1);
  return item.role === team && before?.kind === 'handover' && before.to === team;
}
