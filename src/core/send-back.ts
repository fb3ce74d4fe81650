import type { ItemContext } from './command.ts';
import { touch } from './flow.ts';
import { findReference, ownCircle, type Reference } from './reference.ts';
import { checkRules, type Refusal, usage } from './rule.ts';
import { joinLink } from './tracking.ts';

/** Sending an item back wants the reference of what is wrong (R4); it joins the item's links. */
export function readSendBack(context: ItemContext<unknown>, word: string, command: string): Reference | Refusal {
  const { world, item } = context;
  const reference = findReference(world, word, ownCircle(item.circle));
  if (reference !== undefined) return reference;
  return usage(
    `“${word.slice(0, 80)}” is no reference; log it first with /bug SEVERITY TITLE.`,
    `/${command} ${item.key} org/repo#12`,
  );
}

export function joinSendBack(context: ItemContext<unknown>, reference: Reference): Refusal | undefined {
  const { draft, actor, item } = context;
  const no = checkRules(draft, actor.id, { act: 'send-back', ref: reference.ref }, item);
  if (no !== undefined) return no;
  touch(draft, item.key, actor.id);
  joinLink(draft, item.key, reference);
  return undefined;
}
