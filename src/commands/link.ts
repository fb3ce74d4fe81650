import { z } from 'zod';
import { Ref } from '../core/arguments.ts';
import { defineCommand, type ItemContext, type Outcome, reply } from '../core/command.ts';
import { itemOf, touch } from '../core/flow.ts';
import { mayLink } from '../core/guards.ts';
import { isAbsent, isUnverified, keepLook, nameThere, refsToLookAt } from '../core/looks.ts';
import { findReference, ownCircle, type Reference } from '../core/reference.ts';
import { already, forbid, notFound, usage } from '../core/rule.ts';
import { enumerate, lines, say } from '../core/text.ts';
import { joinLink } from '../core/tracking.ts';

const Args = z.object({
  refs: z.array(Ref).min(1, 'the reference is missing').max(50, 'at most 50 references at once'),
});
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'link',
  usage: '/link KEY REF [REF…]',
  summary: 'Join stories, issues or pages to an item; a story with issues after it pairs them.',
  who: 'the team that holds it, its proposer, its owner, dev-lead',
  examples: ['/link PROD-1 us:34', '/link PROD-1 us:34 example/grid#3 example/grid#4'],
  on: 'item',
  args: Args,
  read: (words) => ({ refs: words.all }),
  probes: (world, words, item) => refsToLookAt(world, words.all, ownCircle(item?.circle ?? null)),
  candidate: (_world, actor, item) => item.holder === actor || item.owner === actor,
  decide: (context) => link(context),
});

function link(context: ItemContext<Args>): Outcome {
  const { draft, world, actor, args, item } = context;
  if (!mayLink(context, item))
    return forbid(say`Links of ${item.key} are kept by the team that holds it, its proposer, its owner and dev leads.`);
  const circle = ownCircle(item.circle);
  const read = args.refs.map((word) => ({ word, reference: findReference(world, word, circle) }));
  const wrong = read.find(({ reference }) => reference === undefined);
  if (wrong !== undefined)
    return usage(
      `“${wrong.word.slice(0, 80)}” is no reference: write org/repo#12, #12, us:34, circle/us:34, issue:5, or an https URL.`,
      `/link ${item.key} us:34 org/repo#12`,
    );
  const absent = read.find(({ reference }) => reference !== undefined && isAbsent(world, reference));
  if (absent !== undefined)
    return notFound(
      say`There is no ${absent.reference?.ref ?? ''}. Look the number up and say it again, or make one with /bug or /story.`,
    );
  const references = read.flatMap(({ reference }) => (reference === undefined ? [] : nameThere(world, reference)));
  touch(draft, item.key, actor.id);
  const before = itemOf(draft, item.key);
  const results = references.map((reference) => ({ reference, ...joinLink(draft, item.key, reference) }));
  for (const { reference } of read) if (reference !== undefined) keepLook(draft, reference.ref);
  const paired = pairUp(references);
  for (const { story, issues } of paired) {
    const known = itemOf(draft, item.key).links.find((each) => each.ref === story)?.pairedWith ?? [];
    if (issues.some((ref) => !known.includes(ref))) draft.emit('item', item.key, { type: 'paired', story, issues });
  }
  const after = itemOf(draft, item.key);
  if (after.links === before.links || JSON.stringify(after.links) === JSON.stringify(before.links))
    return already(say`${item.key} has ${enumerate(references.map((each) => each.ref))}.`);
  const moved = results.flatMap(({ reference, from, along }) =>
    from === null ? [] : [`${enumerate([reference.ref, ...along])} moved here from ${from}`],
  );
  const unverified = references.flatMap(({ ref }) => (isUnverified(draft, ref) ? [ref] : []));
  const pairs = paired.map(({ story, issues }) => `${story} is paired with ${enumerate(issues)}`);
  return reply(
    'linked',
    lines(
      say`Linked to ${item.key}: ${enumerate(references.map((each) => each.ref))}.`,
      moved.length === 0 ? [] : say`${enumerate(moved)}.`,
      pairs.length === 0 ? [] : say`${enumerate(pairs)}.`,
      unverified.length === 0 ? [] : say`Not verified yet: ${enumerate(unverified)}; until then it counts as open.`,
    ),
  );
}

/** Issues after a story belong to that story. */
function pairUp(references: readonly Reference[]): { story: string; issues: string[] }[] {
  const pairs: { story: string; issues: string[] }[] = [];
  for (const { ref, kind } of references) {
    if (kind === 'story') pairs.push({ story: ref, issues: [] });
    else if (kind === 'issue') pairs.at(-1)?.issues.push(ref);
  }
  return pairs.filter((pair) => pair.issues.length > 0);
}
