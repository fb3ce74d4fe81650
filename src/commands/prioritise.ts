import { z } from 'zod';
import { defineCommand, type ItemContext, type Outcome, reply } from '../core/command.ts';
import { rolesMoved } from '../core/departures.ts';
import { callsOf } from '../core/draft.ts';
import { closeStep, itemOf } from '../core/flow.ts';
import { lacksRole, unknownPerson } from '../core/guards.ts';
import { hears, teamOf } from '../core/message.ts';
import { nowAt } from '../core/outlook.ts';
import { findPerson, membersOf, nameOf } from '../core/people.ts';
import { makeRoom, roundOf } from '../core/priorities.ts';
import { checkRule, checkRules, refuse, usage } from '../core/rule.ts';
import { enumerate, item as itemNode, lines, say } from '../core/text.ts';

const Args = z.object({
  rank: z.coerce
    .number({ error: 'the rank is missing; it is a number, 1 is first' })
    .int('the rank is a whole number')
    .min(1, 'the rank begins at 1')
    .max(9999, 'the rank has at most four digits'),
  owner: z.string().optional(),
  team: z.array(z.string()),
});
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'prioritise',
  aliases: ['prioritize'],
  usage: '/prioritise KEY RANK [owner PERSON] [team PERSON…]',
  summary: 'Decide an item’s rank, and its owner and team where the process names them.',
  who: 'stakeholder, on a call',
  examples: ['/prioritise PROD-1 1 owner pia', '/prioritise PRJ-1 2 owner pia team tom tina'],
  on: 'item',
  args: Args,
  read: (words) => {
    const all = words.all.slice(1);
    const at = (name: string) => all.findIndex((word) => word.toLowerCase() === name);
    const [ownerAt, teamAt] = [at('owner'), at('team')];
    const team =
      teamAt < 0
        ? []
        : all
            .slice(teamAt + 1, ownerAt > teamAt ? ownerAt : undefined)
            .flatMap((word) => word.split(','))
            .filter(Boolean);
    return { rank: words.all[0], owner: ownerAt < 0 ? undefined : (all[ownerAt + 1] ?? ''), team };
  },
  candidate: (world, _actor, item) =>
    world.processOf(item.process)?.process.steps[item.stepNumber - 1]?.kind === 'decide',
  decide: (context) => prioritise(context),
});

function prioritise(context: ItemContext<Args>): Outcome {
  const { draft, actor, args, item, step, process } = context;
  const no = lacksRole(context, ['stakeholder']);
  if (no !== undefined) return no;
  // Whether it counts at all comes before whether it is its turn.
  const rule =
    checkRule(draft, 'R12', actor.id, { act: 'prioritise' }, item, process) ??
    (step.kind === 'decide' ? checkRules(draft, actor.id, { act: 'prioritise' }, item, process) : undefined);
  if (rule !== undefined) return rule;
  if (item.state === 'proposed')
    return refuse(
      say`${item.key} is not agreed on yet: it is at ${item.step}. The stakeholders vote first, with /approve ${item.key}.`,
    );
  if (item.pending !== null)
    return refuse(
      say`The priority of ${item.key} was objected to; its vote decides. Say /approve ${item.key} or /reject ${item.key} REASON.`,
    );
  const people = [...(args.owner === undefined ? [] : [args.owner]), ...args.team].map((word) => ({
    word,
    person: findPerson(draft, word),
  }));
  const stranger = people.find(({ person }) => person === undefined);
  if (stranger !== undefined) return unknownPerson(context, stranger.word);
  const ids = people.flatMap(({ person }) => person?.id ?? []);
  const owner = args.owner === undefined ? null : (ids[0] ?? null);
  const team = args.owner === undefined ? ids : ids.slice(1);
  const isDeciding = step.kind === 'decide';
  const example = `/prioritise ${item.key} ${args.rank} owner PERSON${process.kind === 'project' ? ' team PERSON PERSON' : ''}`;
  if (isDeciding && step.decides.includes('owner') && owner === null)
    return usage(`${process.title} needs its ${process.owner} with its rank.`, example);
  if (
    isDeciding &&
    step.decides.includes('team') &&
    team.length === 0 &&
    membersOf(draft, 'project-team', item).length === 0
  )
    return usage(`${process.title} needs its team with its rank.`, example);
  makeRoom(draft, item.key, args.rank);
  const call = callsOf(draft)?.open;
  const round = isDeciding
    ? roundOf(draft, item.urgent !== null)
    : (item.round ?? roundOf(draft, item.urgent !== null));
  draft.emit('item', item.key, {
    type: 'prioritised',
    rank: args.rank,
    owner,
    team,
    round,
    by: actor.id,
    // A rank that is only changed later is nothing that an objection could take back.
    call: isDeciding ? (call?.id ?? null) : null,
  });
  rolesMoved(draft, item);
  if (isDeciding) closeStep(draft, item.key, actor.id);
  const after = itemOf(draft, item.key);
  const who = owner === null ? '' : `, owner ${nameOf(draft, owner)}`;
  const mates = team.length === 0 ? '' : `, team ${enumerate(team.map((id) => nameOf(draft, id)))}`;
  // Where the card that can be objected to is shown, the answer does not say the same again.
  const isSaidHere = isDeciding && call != null && hears(teamOf(draft, 'stakeholder'), context);
  return reply(
    'prioritised',
    lines(
      isSaidHere ? [] : say`${itemNode(item.key, item.title)} has rank ${args.rank}${who}${mates}.`,
      nowAt(draft, after),
    ),
  );
}
