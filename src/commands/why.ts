import { Nothing } from '../core/arguments.ts';
import { showInstant } from '../core/calendar.ts';
import { defineCommand, type ItemContext, type Outcome, reply } from '../core/command.ts';
import { isOpenItem } from '../core/item.ts';
import { openLinks } from '../core/needs.ts';
import { earliestRelease, outlook, standing } from '../core/outlook.ts';
import { membersOf, nameOf } from '../core/people.ts';
import { type Act, allRefusals, type Refusal } from '../core/rule.ts';
import { bold, enumerate, lines, list, say, type Text } from '../core/text.ts';

export default defineCommand({
  name: 'why',
  usage: '/why [KEY]',
  summary: 'Everything between an item and its next step, and its release; who can lift it.',
  who: 'anyone',
  examples: ['/why WEB-1'],
  question: true,
  on: 'item',
  args: Nothing,
  read: () => ({}),
  candidate: (world, actor, item) => membersOf(world, item.role, item).includes(actor),
  decide: (context) => explain(context),
});

function explain(context: ItemContext<unknown>): Outcome {
  const { world, item, process, step } = context;
  if (!isOpenItem(item))
    return reply('shown', say`${item.key} has ended: it is ${item.state}. Nothing stands in its way.`);
  const isLast = item.stepNumber === process.steps.length;
  // Asked as the person who would do it: what stays is what stands in the way of anybody.
  const doer = membersOf(world, step.kind === 'release' ? (step.performer ?? step.owner) : step.owner, item)[0] ?? '';
  const refusals = [
    ...allRefusals(world, doer, { act: 'close-step', step }, item, process),
    ...(isLast
      ? allRefusals(
          world,
          doer,
          { act: 'complete', releasing: step.kind === 'release' ? step.environment : null },
          item,
          process,
        )
      : []),
    ...(step.kind === 'release'
      ? allRefusals(
          world,
          doer,
          { act: 'release', environment: step.environment, emergency: false, isOwner: false },
          item,
          process,
        )
      : []),
    ...(step.kind === 'decide' ? allRefusals(world, doer, { act: 'prioritise' }, item, process) : []),
    ...(step.kind === 'vote' ? allRefusals(world, doer, { act: 'ballot', agree: step.on_call }, item, process) : []),
  ];
  refusals.push(...waiting(context, doer));
  const team = membersOf(world, item.role, item).map((id) => nameOf(world, id));
  const who: Text =
    team.length === 0
      ? say`Nobody holds the role ${bold(item.role)}; an admin grants it with /role grant.`
      : say`${bold(item.role)}: ${enumerate(team.slice(0, 8))}.`;
  const rules =
    refusals.length === 0
      ? say`No rule stands in its way now.`
      : say`Rules:${list(refusals.map((refusal) => refusal.text))}`;
  const release = earliestRelease(world, item);
  const when =
    release === undefined
      ? []
      : say`The earliest release on ${release.environment}: ${release.at <= world.now ? 'now, once its steps are done' : showInstant(world.organisation, release.at)}.`;
  return reply(
    'shown',
    lines(
      say`${bold(item.key)} is at ${bold(step.id)}, step ${item.stepNumber} of ${process.steps.length}.`,
      standing(world, item),
      who,
      rules,
      when,
      outlook(world, item),
    ),
  );
}

/** What the clocks say: an offer that nobody took, alerts that are held, issues that are past their time. */
function waiting({ world, item, process }: ItemContext<unknown>, doer: string): Refusal[] {
  const ask = (act: Act) => allRefusals(world, doer, act, item, process);
  const offer = item.offer === null ? [] : ask({ act: 'wait', role: item.offer.role, since: item.offer.at });
  const overdue = openLinks(world, item).flatMap((link) => {
    const ref = world.get('ref', link.ref);
    if (ref?.severity == null || ref.since === null) return [];
    const alert = ref.alert === null ? undefined : world.get('alert', ref.alert);
    if (alert?.state === 'held') return ask({ act: 'page', severity: alert.severity });
    const since = ref.severity === 'critical' ? (alert?.deliveredAt ?? ref.since) : ref.since;
    const acknowledged = ref.severity === 'critical' && alert?.state !== 'open';
    return ask({ act: 'leave-open', severity: ref.severity, since, acknowledged }).map((no) => ({
      ...no,
      text: say`${link.ref}: ${no.text}`,
    }));
  });
  return [...offer, ...overdue];
}
