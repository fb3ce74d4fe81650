import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Row, rowOf } from './json.ts';

/** HTTP on loopback, and every way in which an answer may fail to come. */

type Fault =
  /** The connection goes: before anything was done, or after it was. */
  | { readonly reset: 'before' | 'after' }
  /** No answer while the connection stays. */
  | { readonly hang: 'before' | 'after' }
  | { readonly status: number; readonly after?: boolean; readonly wait?: string }
  /** A page of a proxy, with status 200. */
  | { readonly html: true }
  /** This instead of what there is, with status 200. */
  | { readonly shows: unknown };

export interface Seen {
  readonly method: string;
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  readonly body: Row;
  readonly authorization: string | undefined;
}

export interface Given {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PeerServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The next calls of this method whose path matches. */
  fault(method: string, path: RegExp, fault: Fault, times: number): void;
  clearFaults(): void;
  /** Refuses connections, or takes them again on the same port. */
  away(gone: boolean): Promise<void>;
  close(): Promise<void>;
}

type Handle = (call: Seen, headers: IncomingMessage['headers'], host: string) => Promise<Given>;

export async function createPeerServer(handle: Handle, now: () => number): Promise<PeerServer> {
  const seen: Seen[] = [];
  const faults: { readonly method: string; readonly path: RegExp; readonly fault: Fault; left: number }[] = [];
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    const path = url.replace(/^\/api\/v1/, '');
    const body = rowOf(parse(Buffer.concat(chunks).toString('utf8')));
    const call = { method, path, body, authorization: headers.authorization };
    seen.push(call);
    const found = faults.find((each) => each.left > 0 && each.method === method && each.path.test(path));
    if (found !== undefined) found.left -= 1;
    const fault = found?.fault;
    if (fault !== undefined && isBefore(fault)) return fail(fault, response);
    const given = await handle(call, headers, `http://127.0.0.1:${port}`);
    if (fault !== undefined) return fail(fault, response);
    response.writeHead(given.status, {
      'content-type': 'application/json',
      date: new Date(now()).toUTCString(),
      ...(given.status === 401 ? { 'www-authenticate': 'Bearer realm="api"' } : {}),
      ...given.headers,
    });
    response.end(given.body === null ? '' : JSON.stringify(given.body));
  };
  const open = async (): Promise<void> => {
    server = createServer((request, response) => void serve(request, response));
    // Never closes a connection by itself: a client that calls at that very moment would see a reset that nobody asked for.
    server.keepAliveTimeout = 0;
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const shut = async (): Promise<void> => {
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server = undefined;
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    fault: (method, path, fault, times) => void faults.push({ method, path, fault, left: times }),
    clearFaults: () => void faults.splice(0),
    away: (gone) => (gone ? shut() : open()),
    close: shut,
  };
}

const isBefore = (fault: Fault): boolean =>
  ('reset' in fault && fault.reset === 'before') ||
  ('hang' in fault && fault.hang === 'before') ||
  ('status' in fault && fault.after !== true);

function fail(fault: Fault, response: ServerResponse): void {
  if ('reset' in fault) response.socket?.resetAndDestroy();
  else if ('status' in fault) {
    const headers = fault.wait === undefined ? {} : { 'x-throttle-wait-seconds': fault.wait };
    response.writeHead(fault.status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ _error_message: 'Out of order' }));
  } else if ('html' in fault) response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Gateway</html>');
  else if ('shows' in fault)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(fault.shows));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
