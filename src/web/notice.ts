import { type Message, type To, teamOf } from '../core/message.ts';
import { toPlain } from '../core/text.ts';
import { routeOf } from '../shell/address.ts';
import type { MessageBody } from '../shell/commit.ts';
import type { ConnectionState } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import { firstPlaces, rungsOfOps } from '../shell/ops-places.ts';
import type { OutboxDraft } from '../store/port.ts';

/**
 * A notice of the process's own for OPS, as rows of the outbox; past what is away, where OPS is anywhere else as well. What
 * must be known goes to its members where its chat can not be reached, and to the admins where none of them can.
 */
export function noticeRows(
  engine: Pick<Engine, 'world'>,
  states: readonly ConnectionState[],
  kind: 'late' | 'audit' | 'head',
  nodes: Message['text'],
): readonly OutboxDraft[] {
  const world = engine.world();
  const body: MessageBody = { text: toPlain(nodes), nodes };
  const row = (to: To) => ({ kind, lane: 'digest' as const, to, key: null, at: world.now, late: false, body });
  const chats = states.flatMap(({ platform, is }) =>
    platform === 'telegram' || platform === 'slack' ? [{ platform, is } as const] : [],
  );
  const all = chats.map(({ platform }) => platform);
  const there = chats.flatMap(({ platform, is }) => (is === 'connected' ? [platform] : []));
  // Nobody needs the head in private: it is posted where it stays.
  if (kind === 'head')
    return teamOf(world, 'ops').flatMap((to) => {
      const addresses = routeOf(there.length > 0 ? there : all, world, to);
      return addresses === undefined ? [row(to)] : addresses.map((address) => ({ ...row(to), address }));
    });
  // That a platform is away is no news once it is back.
  for (const platforms of kind === 'late' && there.length > 0 ? [there] : [there, all]) {
    const places = firstPlaces(world, platforms);
    if (places.length > 0) return places.map(({ to, address }) => ({ ...row(to), address }));
  }
  if (kind === 'late' && there.length > 0) return [];
  // The board shows it, or it is shown there that it reaches nobody.
  return (rungsOfOps(world).find((rung) => rung.length > 0) ?? []).map(row);
}
