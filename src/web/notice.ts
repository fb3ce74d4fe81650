import { type Message, teamOf } from '../core/message.ts';
import { toPlain } from '../core/text.ts';
import { routeOf } from '../shell/address.ts';
import type { MessageBody } from '../shell/commit.ts';
import type { ConnectionState } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import type { OutboxDraft } from '../store/port.ts';

/** A notice of the process's own for OPS, as rows of the outbox; past what is away, where OPS is anywhere else as well. */
export function noticeRows(
  engine: Engine,
  states: readonly ConnectionState[],
  kind: 'late' | 'audit' | 'head',
  nodes: Message['text'],
): readonly OutboxDraft[] {
  const world = engine.world();
  const body: MessageBody = { text: toPlain(nodes), nodes };
  const chats = states.flatMap(({ platform, is }) =>
    platform === 'telegram' || platform === 'slack' ? [{ platform, is } as const] : [],
  );
  const there = chats.filter(({ is }) => is === 'connected');
  const connected = (there.length > 0 ? there : chats).map(({ platform }) => platform);
  return teamOf(world, 'ops').flatMap((to) => {
    const row = { kind, lane: 'digest' as const, to, key: null, at: world.now, late: false, body };
    const addresses = routeOf(connected, world, to);
    return addresses === undefined ? [row] : addresses.map((address) => ({ ...row, address }));
  });
}
