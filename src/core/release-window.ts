import { frozenUntil } from './calendar.ts';
import { calendarOf, type Draft, declaredFreezes, type World } from './draft.ts';
import { type ItemState, isOpenItem } from './item.ts';
import type { Environment } from './organisation.ts';
import { isKnown } from './people.ts';
import { finalEnvironment, isGatedEnvironment } from './process.ts';
import { ONLY } from './streams.ts';

/** Who waits for the release window, and what happens when it opens. */

/** Where the item will be released inside a window; undefined when it was, or when it has ended. */
export function awaitedRelease(world: World, item: ItemState): Environment | undefined {
  const process = world.processOf(item.process)?.process;
  const wasReleased = item.environments.some(({ environment }) => isGatedEnvironment(environment));
  return process === undefined || wasReleased || !isOpenItem(item) ? undefined : finalEnvironment(process);
}

/** The window should be open now: who waited hears of it, unless it is frozen anew or there is nothing left to release. */
export function openWindow(draft: Draft, key: string, tooLate: boolean): void {
  const waiting = calendarOf(draft)?.awaited[key] ?? [];
  const item = draft.get('item', key);
  if (waiting.length === 0 || item === undefined) return;
  const until = frozenUntil(draft.organisation, declaredFreezes(draft), draft.now);
  const isWanted = awaitedRelease(draft, item) !== undefined && !tooLate;
  if (isWanted && until !== undefined)
    return void draft.emit('calendar', ONLY, { type: 'window-postponed', item: key, until });
  const people = isWanted ? waiting.filter((person) => isKnown(draft, person)) : [];
  draft.emit('calendar', ONLY, { type: 'window-opened', item: key, people });
}
