import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { toPlain } from '../core/text.ts';
import type { Answer } from '../shell/engine.ts';
import type { Hub } from './hub.ts';

/** The local socket of `baton say`: JSON lines, `{"as","text"}` in and the answer out, for whoever owns the database. */

const Line = z.strictObject({ as: z.string().min(1).max(64), text: z.string().max(10_000) });
const MOST_LINE = 100_000;

export interface SaySocket {
  readonly path: string;
  close(): Promise<void>;
}

/** Listens on a socket that only this user may use. The database's lock says that nobody else does. */
export async function openSaySocket(hub: Hub, path: string): Promise<SaySocket> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    void converse(hub, socket);
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

async function converse(hub: Hub, socket: Socket): Promise<void> {
  let waiting = 0;
  socket.on('data', (data: Buffer) => {
    waiting = data.includes('\n') ? 0 : waiting + data.length;
    if (waiting > MOST_LINE) socket.destroy();
  });
  for await (const line of createInterface({ input: socket })) {
    if (line.trim() === '') continue;
    const answer = await answerTo(hub, line);
    if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
  }
}

async function answerTo(hub: Hub, line: string): Promise<Answer> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return notUnderstood('a line is one JSON object: {"as":"olga","text":"/status"}');
  }
  const read = Line.safeParse(json);
  if (!read.success) return notUnderstood('a line has "as" and "text", and nothing else');
  const { as, text } = read.data;
  const answer = await hub.say({ as, via: 'shell', place: null, text, pressed: false }, `shell:${randomUUID()}`);
  const nodes = hub.engine.policies.wayIn?.reveal(answer.nodes) ?? answer.nodes;
  return { ...answer, nodes, text: toPlain(nodes) };
}

const notUnderstood = (text: string): Answer => ({ ok: false, code: 'usage', text, nodes: [text] });
