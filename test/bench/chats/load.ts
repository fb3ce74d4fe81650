import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/**
 * Many connections that each wait for their answer before they ask again. Written on bare sockets: a client library would
 * want more of the machine than the server that is measured.
 */

export interface Loaded {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds of every request. */
  readonly times: readonly number[];
}

export interface Wanted {
  readonly address: string;
  readonly path: string;
  readonly connections: number;
  readonly turns: number;
  /** What a connection asks next: its headers and its body. */
  next(connection: number): { readonly headers: string; readonly body: string };
}

export async function load(wanted: Wanted): Promise<Loaded> {
  const { hostname, port, host } = new URL(wanted.address);
  const sockets = Array.from({ length: wanted.connections }, () =>
    connect({ host: hostname, port: Number(port), noDelay: true }),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(
    sockets.map(async (socket, connection) => {
      const ask = asker(socket);
      for (let turn = 0; turn < wanted.turns; turn += 1) {
        const { headers, body } = wanted.next(connection);
        const length = Buffer.byteLength(body);
        const sent = performance.now();
        await ask(
          `POST ${wanted.path} HTTP/1.1\r\nhost: ${host}\r\n${headers}content-length: ${length}\r\n\r\n${body}`,
        );
        times.push(performance.now() - sent);
      }
    }),
  );
  const rate = (times.length * 1_000) / (performance.now() - started);
  for (const socket of sockets) socket.destroy();
  return { rate, times };
}

/** One request after the other over one socket; whatever is no 200 ends the run. */
function asker(socket: Socket): (request: string) => Promise<void> {
  let text = '';
  let waiting: { resolve(): void; reject(error: Error): void } | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
    if (!isWhole(text)) return;
    const answer = text;
    text = '';
    if (answer.startsWith('HTTP/1.1 200')) waiting?.resolve();
    else waiting?.reject(new Error(`the server answered ${answer.slice(0, 400)}`));
  });
  for (const event of ['close', 'error'])
    socket.on(event, () => waiting?.reject(new Error('the server closed the connection')));
  return (request) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      socket.write(request);
    });
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2))?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= end + 4 + Number(length);
}
