import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isJson, type Json, parse, string } from './json.ts';
import type { Attempt, Kind, Retry, Way } from './ways.ts';
import { APP, type World } from './world.ts';

/** Socket Mode: tickets, `hello`, envelopes to one connection each, acknowledgements. */

const MOST = 10;
const PING_EVERY = 10_000;

export interface Sockets extends Way {
  readonly connections: number;
  /** A ticket for one connection. */
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Asks the bot to connect anew, as the service does every few hours. */
  refresh(reason?: string): void;
  /** Cuts the connections without a word. */
  drop(): void;
  /** Sends this text as it is to every connection. */
  raw(text: string): void;
  close(): void;
}

interface Open {
  readonly socket: WebSocket;
  readonly waiting: Map<string, (attempt: Attempt) => void>;
  /** Was asked to go: gets nothing new. */
  leaving: boolean;
}

export function createSockets(world: World, patience: number): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open = new Set<Open>();
  let turn = 0;

  const heard = (connection: Open, text: string): void => {
    const message = parse(text);
    const id = isJson(message) ? string(message.envelope_id) : '';
    const settle = connection.waiting.get(id);
    if (!isJson(message) || settle === undefined) {
      world.oddities.push(`an acknowledgement of no envelope: ${text.slice(0, 100)}`);
      return;
    }
    connection.waiting.delete(id);
    const payload = message.payload;
    settle({ acked: true, payload: isJson(payload) && Object.keys(payload).length > 0 ? payload : undefined });
  };

  const welcome = (socket: WebSocket): void => {
    const connection: Open = { socket, waiting: new Map(), leaving: false };
    if (open.size >= MOST) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'peer' } }));
      return socket.close();
    }
    open.add(connection);
    const pings = setInterval(() => socket.ping('peer'), PING_EVERY).unref();
    socket.on('message', (data) => heard(connection, String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      open.delete(connection);
      for (const settle of connection.waiting.values()) settle({ acked: false, reason: 'connection_failed' });
      connection.waiting.clear();
      world.changed();
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: open.size,
        debug_info: { host: 'peer', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: APP },
      }),
    );
    world.changed();
  };

  const push: Way['push'] = (kind, body, retry) => {
    const ready = [...open].filter((each) => !each.leaving);
    turn += 1;
    const connection = ready[turn % Math.max(ready.length, 1)];
    if (connection === undefined) return Promise.resolve({ acked: false, reason: 'connection_failed' });
    const { promise, resolve } = Promise.withResolvers<Attempt>();
    const envelope = randomUUID();
    const timer = setTimeout(() => {
      connection.waiting.delete(envelope);
      resolve({ acked: false, reason: 'timeout' });
    }, patience);
    connection.waiting.set(envelope, (attempt) => {
      clearTimeout(timer);
      resolve(attempt);
    });
    connection.socket.send(JSON.stringify(envelopeOf(envelope, kind, body, retry)));
    return promise;
  };

  return {
    get connections() {
      return open.size;
    },
    ticket: () => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    upgrade: (request, socket, head) => {
      const ticket = new URL(request.url ?? '/', 'http://peer').searchParams.get('ticket') ?? '';
      // A ticket opens one connection.
      if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      server.handleUpgrade(request, socket, head, welcome);
    },
    push,
    refresh: (reason = 'refresh_requested') => {
      for (const each of open) {
        each.leaving = true;
        each.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'peer' } }));
      }
    },
    drop: () => {
      for (const { socket } of open) socket.terminate();
    },
    raw: (text) => {
      for (const { socket } of open) socket.send(text);
    },
    close: () => {
      for (const { socket } of open) socket.terminate();
      server.close();
    },
  };
}

const envelopeOf = (id: string, kind: Kind, body: Json, retry: Retry | undefined): Json => ({
  envelope_id: id,
  type: kind,
  payload: body,
  accepts_response_payload: kind !== 'events_api',
  ...(kind === 'events_api' ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' } : {}),
});
