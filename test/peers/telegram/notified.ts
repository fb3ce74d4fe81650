import type { Notified } from './types.ts';
import { isIn, type Kept, type World } from './world.ts';

/** Whom a message reaches: by its first version, for an edit wakes nobody. */
export function notifiedBy(world: World, kept: Kept): Notified {
  const { room } = kept;
  const isPrivate = room.chat.type === 'private';
  const reached = isPrivate ? [room.chat.id] : [...room.members.values()].filter(isIn).map(({ user }) => user.id);
  const people = reached.filter((id) => id !== kept.from.id && id !== world.bot.id);
  const readers = kept.visibleTo === undefined ? people : people.filter((id) => id === kept.visibleTo);
  const { text, entities } = kept.versions[0];
  const named = entities.flatMap((entity) => {
    if (entity.type === 'text_mention') return [entity.user.id];
    if (entity.type !== 'mention') return [];
    const name = text.slice(entity.offset + 1, entity.offset + entity.length).toLowerCase();
    const account = [...world.accounts.values()].find(({ user }) => user.username?.toLowerCase() === name);
    return account === undefined ? [] : [account.user.id];
  });
  const answered = kept.replyTo === undefined ? [] : [kept.replyTo.from.id];
  const mentioned = [...new Set([...named, ...answered])].filter((id) => readers.includes(id));
  return { mentioned, sounded: kept.silent ? [] : readers };
}
