import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { toPlain } from '../core/text.ts';
import type { Answer } from '../shell/engine.ts';
import { mailSeal } from '../shell/mail-seal.ts';
import { takeBounce } from '../shell/mailbox.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
import type { Hub } from './hub.ts';

/**
 * The local socket of `baton say`: JSON lines, `{"as","text"}` in and the answer out, for whoever owns the database. And
 * `{"do":"leave-safe-mode"}`, of `baton doctor`; `{"bounce"}`, of `baton bounce`.
 */

const Line = z.strictObject({ as: z.string().min(1).max(64), text: z.string().max(10_000) });
const Order = z.strictObject({ do: z.literal('leave-safe-mode') });
const Returned = z.strictObject({
  bounce: z.object({
    id: z.string().max(300).optional(),
    to: z.string().max(300),
    permanent: z.boolean(),
    isGone: z.boolean(),
    why: z.string().max(1_000),
  }),
});
const MOST_LINE = 100_000;

export interface SaySocket {
  readonly path: string;
  close(): Promise<void>;
}

/** Listens on a socket that only this user may use. The database's lock says that nobody else does. */
export async function openSaySocket(hub: Hub, path: string, safe?: Pick<SafeMode, 'leave'>): Promise<SaySocket> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    // Whoever went away before the answer is no reason to end.
    converse(hub, socket, safe).catch(() => socket.destroy());
  });
  // The socket has its mode from its first moment: bound under a mask, then set once more.
  const mask = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(mask);
  }
  await once(server, 'listening');
  chmodSync(path, 0o600);
  return {
    path,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function converse(hub: Hub, socket: Socket, safe: Pick<SafeMode, 'leave'> | undefined): Promise<void> {
  let waiting = 0;
  socket.on('data', (data: Buffer) => {
    waiting = data.includes('\n') ? 0 : waiting + data.length;
    if (waiting > MOST_LINE) socket.destroy();
  });
  for await (const line of createInterface({ input: socket })) {
    if (line.trim() === '') continue;
    const answer = await answerTo(hub, line, safe);
    if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
  }
}

async function answerTo(hub: Hub, line: string, safe: Pick<SafeMode, 'leave'> | undefined): Promise<Answer> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return notUnderstood('a line is one JSON object: {"as":"olga","text":"/status"}');
  }
  if (Order.safeParse(json).success && safe !== undefined) {
    const { ok, text } = await safe.leave('shell');
    return { ok, code: ok ? 'left' : 'forbidden', text, nodes: [text] };
  }
  const returned = Returned.safeParse(json).data;
  if (returned !== undefined) return take(hub, returned.bounce);
  const read = Line.safeParse(json);
  if (!read.success) return notUnderstood('a line has "as" and "text", and nothing else');
  const { as, text } = read.data;
  const answer = await hub.say({ as, via: 'shell', place: null, text, pressed: false }, `shell:${randomUUID()}`);
  const nodes = hub.engine.policies.wayIn?.reveal(answer.nodes) ?? answer.nodes;
  return { ...answer, nodes, text: toPlain(nodes) };
}

/** A letter that came back. */
async function take({ engine, fault }: Hub, { id, ...rest }: z.infer<typeof Returned>['bounce']): Promise<Answer> {
  try {
    const text = await takeBounce(engine, await mailSeal(engine.store), {
      ...rest,
      ...(id === undefined ? {} : { id }),
    });
    return { ok: true, code: 'taken', text, nodes: [text] };
  } catch (error) {
    const why = engine.readOnly() ?? `reference ${fault(error)}`;
    const text = `It could not be written down (${why}); hand it in again later.`;
    return { ok: false, code: 'unavailable', text, nodes: [text] };
  }
}

const notUnderstood = (text: string): Answer => ({ ok: false, code: 'usage', text, nodes: [text] });
