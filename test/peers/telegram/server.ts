import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isObject, type Params } from './arguments.ts';
import { bad, Refusal, tooMany } from './refusal.ts';
import type { Call, Fault } from './types.ts';

/** HTTP on loopback: calls, their answers, and every way in which an answer may fail to come. */

export interface Methods {
  readonly token: string;
  readonly calls: Call[];
  now(): number;
  changed(): void;
  has(method: string): boolean;
  run(method: string, params: Params, signal: AbortSignal): unknown;
}

export interface PeerServer {
  readonly root: string;
  fault(method: string, fault: Fault, times: number): void;
  clearFaults(): void;
  /** Refuses connections, or takes them again on the same port. */
  away(gone: boolean): Promise<void>;
  close(): Promise<void>;
}

const MOST_BODY = 10_000_000;

export async function createPeerServer(methods: Methods): Promise<PeerServer> {
  const faults: { readonly method: string; readonly fault: Fault; left: number }[] = [];
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  const nextFault = (method: string): Fault | undefined => {
    const found = faults.find((entry) => entry.left > 0 && (entry.method === method || entry.method === '*'));
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  };
  const open = async () => {
    server = createServer((request, response) => void serve(methods, nextFault, request, response));
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
  const shut = async () => {
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server = undefined;
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open();
  return {
    root: `http://127.0.0.1:${port}`,
    fault: (method, fault, times) => void faults.push({ method, fault, left: times }),
    clearFaults: () => void faults.splice(0),
    away: async (gone) => {
      if (gone) await shut();
      else if (server === undefined) await open();
    },
    close: shut,
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly retryAfter?: number;
}

const refused = (refusal: Refusal): Answer => ({
  status: refusal.code,
  body: JSON.stringify({
    ok: false,
    error_code: refusal.code,
    description: refusal.description,
    ...(refusal.parameters === undefined ? {} : { parameters: refusal.parameters }),
  }),
});

async function serve(
  methods: Methods,
  nextFault: (method: string) => Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://peer');
  const [, token, name] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname.replaceAll('%3A', ':')) ?? [];
  const aborted = new AbortController();
  response.on('close', () => aborted.abort());
  let params: Params;
  try {
    params = { ...Object.fromEntries(url.searchParams), ...(await readBody(request)) };
  } catch (error) {
    if (!(error instanceof Refusal)) return void request.socket.destroy();
    return write(response, refused(error));
  }
  const call: Call = { method: name ?? url.pathname, params, at: methods.now(), status: 0 };
  methods.calls.push(call);
  methods.changed();
  const fault = nextFault(call.method);
  if (fault === 'hang-before') return;
  if (fault === 'reset-before') return reset(request);
  const instead = fault === undefined ? undefined : answerOf(fault);
  const answer = instead ?? (await handle(methods, call, token, name, aborted.signal));
  if (fault === 'hang-after') return methods.changed();
  if (fault === 'reset-after') {
    reset(request);
    return methods.changed();
  }
  if (!aborted.signal.aborted) {
    call.status = answer.status;
    write(response, answer);
  }
  methods.changed();
}

function reset(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

async function handle(
  methods: Methods,
  call: Call,
  token: string | undefined,
  name: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    if (token === undefined || name === undefined) throw new Refusal(404, 'Not Found');
    if (!token.includes(':')) throw new Refusal(401, 'Unauthorized: invalid token specified');
    if (token !== methods.token) throw new Refusal(401, 'Unauthorized');
    if (!methods.has(name)) throw new Refusal(404, 'Not Found: method not found');
    const result = await methods.run(name, call.params, signal);
    call.ok = true;
    call.result = result;
    return { status: 200, body: JSON.stringify({ ok: true, result }) };
  } catch (error) {
    call.ok = false;
    if (!(error instanceof Refusal)) {
      // A mistake of the peer's own: said loudly, so that nobody looks for it in the bot.
      call.description = `the peer itself failed: ${error instanceof Error ? error.stack : String(error)}`;
      return { status: 500, body: JSON.stringify({ ok: false, error_code: 500, description: call.description }) };
    }
    call.description = error.description;
    const wait = error.parameters?.retry_after;
    return { ...refused(error), ...(typeof wait === 'number' ? { retryAfter: wait } : {}) };
  }
}

/** What is answered in place of the method's own answer. */
function answerOf(fault: Fault): Answer | undefined {
  if (fault === 'html')
    return { status: 502, type: 'text/html', body: '<html><head><title>502 Bad Gateway</title></head></html>' };
  if (fault === 'empty') return { status: 200, body: '' };
  if (fault === 'huge') return { status: 200, body: `{"ok":true,"result":"${'x'.repeat(32_000_000)}"}` };
  if (typeof fault === 'string') return undefined;
  if ('status' in fault) {
    const usual = { ok: false, error_code: fault.status, description: 'Internal Server Error' };
    return { status: fault.status, body: fault.body ?? JSON.stringify(usual) };
  }
  if ('error' in fault) return refused(new Refusal(fault.error, fault.description, fault.parameters));
  if (typeof fault.retryAfter === 'number') return refused(tooMany(fault.retryAfter));
  const parameters = fault.retryAfter === null ? undefined : { retry_after: fault.retryAfter };
  return refused(new Refusal(429, 'Too Many Requests: retry later', parameters));
}

function write(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    'content-type': answer.type ?? 'application/json',
    'content-length': Buffer.byteLength(answer.body),
    ...(answer.retryAfter === undefined ? {} : { 'retry-after': String(answer.retryAfter) }),
  });
  response.end(answer.body);
}

async function readBody(request: IncomingMessage): Promise<Params> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BODY) throw new Refusal(413, 'Request Entity Too Large');
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  const type = request.headers['content-type'] ?? '';
  if (text === '') return {};
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  if (!type.startsWith('application/json')) throw bad('this peer takes JSON and forms, no files');
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Told below, as for JSON that is no object.
  }
  throw bad("can't parse request body as JSON object");
}
