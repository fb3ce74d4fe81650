import { z } from 'zod';
import { Reason, rest } from '../core/arguments.ts';
import { type Context, defineCommand, type Outcome, reply } from '../core/command.ts';
import { keyOf } from '../core/decide.ts';
import { looseRungs, nextRung } from '../core/escalation.ts';
import type { ItemState } from '../core/item.ts';
import { nameOf } from '../core/people.ts';
import { keyHere } from '../core/place.ts';
import { itemOfRef } from '../core/react-tracked.ts';
import { findReference } from '../core/reference.ts';
import { already, notFound, usage } from '../core/rule.ts';
import { enumerate, say } from '../core/text.ts';
import { see } from '../core/tracking.ts';
import { toRung } from '../core/words.ts';

const Args = z.object({ on: z.string({ error: 'say what to escalate: a KEY or a reference' }), reason: Reason });
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'escalate',
  usage: '/escalate KEY or REF REASON',
  summary: 'Climb one rung: the team, the circle owner, the owner, the stakeholders.',
  who: 'anyone known',
  examples: ['/escalate WEB-1 nobody answers since Monday'],
  rule: 'R6',
  on: 'nothing',
  args: Args,
  read: (words, world) => {
    const first = words.all[0];
    const isNamed =
      first !== undefined && (keyOf(world, first) !== undefined || findReference(world, first) !== undefined);
    return {
      on: isNamed ? first : first === undefined ? undefined : '',
      reason: isNamed ? rest(words, 1) : rest(words, 0),
    };
  },
  decide: (context) => escalate(context),
});

function escalate(context: Context<Args>): Outcome {
  const { world, place, args } = context;
  const bound = keyHere(world, place);
  const named = keyOf(world, args.on === '' ? bound : args.on);
  if (named !== undefined && 'ok' in named) return named;
  if (named !== undefined) return onItem(context, named);
  const reference = findReference(world, args.on);
  if (reference === undefined)
    return usage('Say what to escalate: a KEY or a reference.', '/escalate WEB-1 nobody answers');
  const state = world.get('ref', reference.ref);
  const item = state === undefined ? undefined : itemOfRef(world, state);
  if (item !== undefined) return onItem(context, item);
  if (reference.kind !== 'story' && reference.kind !== 'issue')
    return notFound(say`${reference.ref} is no story or issue.`);
  return onLoose(context, reference.ref, reference.kind);
}

function onItem({ draft, actor, args }: Context<Args>, item: ItemState): Outcome {
  if (item.state !== 'active' && item.state !== 'proposed')
    return already(say`${item.key} has ended: it is ${item.state}.`, item.key);
  const rung = nextRung(draft, item, false);
  if (rung === undefined) return already(say`Everyone up to the stakeholders was told of ${item.key}.`, item.key);
  draft.emit('item', item.key, {
    type: 'escalated',
    rung: rung.rung,
    by: actor.id,
    reason: args.reason,
    people: rung.people,
  });
  return reply(
    'escalated',
    say`${item.key} is escalated to ${toRung(rung.rung)} (${enumerate(rung.people.slice(0, 5).map((id) => nameOf(draft, id))) || 'nobody holds it'}).`,
    item.key,
  );
}

function onLoose({ draft, actor, args }: Context<Args>, ref: string, kind: 'story' | 'issue'): Outcome {
  const state = see(draft, ref, kind);
  const rung = looseRungs(draft).find((each) => !state.told.includes(each.rung));
  if (rung === undefined) return already(say`The dev leads and the stakeholders were told of ${ref}.`);
  draft.emit('ref', ref, {
    type: 'ref-escalated',
    rung: rung.rung,
    by: actor.id,
    reason: args.reason,
    people: rung.people,
  });
  return reply('escalated', say`${ref} is escalated to ${toRung(rung.rung)}.`);
}
