import { type Context, type Outcome, reply } from './command.ts';
import { findReference, isEmbedded } from './reference.ts';
import { already, notFound, refuse } from './rule.ts';
import { bold, say } from './text.ts';
import { closeRef, reopenRef } from './tracking.ts';

/** Closing and reopening in the embedded tracker: what is kept on a platform is closed there. */
export function turn(context: Context<{ readonly ref: string }>, to: 'closed' | 'reopened'): Outcome {
  const { draft, world, actor, args } = context;
  const reference = findReference(world, args.ref);
  const state = reference === undefined ? undefined : world.get('ref', reference.ref);
  if (state === undefined) return notFound(say`I know no story or issue “${args.ref.slice(0, 80)}”.`);
  if (!isEmbedded(state.ref)) return refuse(say`${state.ref} is kept elsewhere: it is ${to} there, and I follow.`);
  const changed = to === 'closed' ? closeRef(draft, state.ref, actor.id) : reopenRef(draft, state.ref, actor.id);
  if (!changed) return already(say`${state.ref} is ${to === 'closed' ? 'closed already' : 'open'}.`);
  return reply(to, say`${bold(state.ref)} is ${to}.`, state.item ?? undefined);
}
