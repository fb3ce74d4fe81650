import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { WebhookRequest, WebhookResponse } from '../ports.ts';
import { createConnections } from './connections.ts';
import { isLoopback } from './guard.ts';
import { type Admitted, createLimits, type Limits } from './limits.ts';

/** Time-outs and sizes, so that a slow or large request holds nothing up. */
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
  keepAliveTimeout: 5_000,
};
/** Each open page holds one for its event stream. */
const MOST_CONNECTIONS = 1_000;
/** The last of them are for this machine: whoever looks whether we are well is answered, however many strangers there are. */
const ROOM = { most: MOST_CONNECTIONS - 50, eachAddress: 50, grace: 500 };
/** A connection does not last for ever either: what stands before us spreads its requests anew. */
const MOST_REQUESTS_PER_CONNECTION = 1_000;

export interface WebServer {
  readonly port: number;
  /** Stops accepting and ends what is open. */
  close(): Promise<void>;
}

/** Listens; resolves once the address is known. Rejects when it can not be had. */
export async function listen(options: {
  readonly host: string;
  readonly port: number;
  fetch(port: number): (request: Request) => Response | Promise<Response>;
  /** What platforms call, by path: they get the raw bytes, for their signatures are over them, and nothing of the pages. */
  webhooks?: ReadonlyMap<string, Webhook> | undefined;
  /** What machines ask of the process itself, by path: whether it is well, and its figures. */
  probes?: ReadonlyMap<string, Probe> | undefined;
  /** How much one address may ask; without it, no more than is good for it, and no proxy is believed. */
  limits?: Limits | undefined;
}): Promise<WebServer> {
  let handler: ((request: Request) => Response | Promise<Response>) | undefined;
  const listener = getRequestListener(
    async (request) => (await handler?.(request)) ?? new Response('not ready\n', { status: 503 }),
    { overrideGlobalObjects: false },
  );
  const limits = options.limits ?? createLimits(() => false, steady);
  const connections = createConnections({ ...ROOM, steady });
  const server: Server = createServer(LIMITS, (incoming, outgoing) => {
    connections.asked(incoming.socket, incoming);
    outgoing.once('close', () => connections.answered(incoming.socket, incoming));
    const path = (incoming.url ?? '').replace(/\?.*/, '');
    const webhook = options.webhooks?.get(path);
    const probe = options.probes?.get(path);
    const admitted = limits.admit(incoming, webhook !== undefined);
    if (admitted === undefined) return refuse(outgoing);
    if (webhook !== undefined) return void answerWebhook(webhook, incoming, outgoing, admitted);
    outgoing.once('finish', () => {
      if (outgoing.statusCode >= 400 && outgoing.statusCode < 500) admitted.refused();
    });
    if (probe !== undefined) void answerProbe(probe, incoming, outgoing);
    else void listener(incoming, outgoing);
  });
  server.on('connection', (socket) => {
    socket.once('close', () => connections.closed(socket));
    connections.opened(socket, limits.addressOf(socket));
  });
  server.maxHeadersCount = 100;
  server.maxConnections = MOST_CONNECTIONS;
  server.maxRequestsPerSocket = MOST_REQUESTS_PER_CONNECTION;
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  handler = options.fetch(port);
  return {
    port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // Event streams were told to end; what still hangs after a moment is cut.
      const cut = setTimeout(() => server.closeAllConnections(), 500);
      await closed;
      clearTimeout(cut);
    },
  };
}

const steady = (): number => performance.now();

/** Unread: whoever asks too often costs no more than this. */
function refuse(outgoing: ServerResponse): void {
  const text = 'Too many requests from your address; try again in a minute.\n';
  outgoing.writeHead(429, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'retry-after': '60',
    'cache-control': 'no-store',
    connection: 'close',
  });
  outgoing.end(text);
}

type Webhook = (request: WebhookRequest) => Promise<WebhookResponse>;

/** Who asks: somebody on this machine, to whom details may be told, or anybody. */
interface ProbeRequest {
  readonly isLocal: boolean;
  readonly authorization: string | undefined;
}
export type Probe = (request: ProbeRequest) => Promise<WebhookResponse>;

/** What a proxy says of whom it asks for: then it is not somebody on this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** A page of another site that a browser here shows names that site as its host, and a proxy the address that it serves. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const from = socket.remoteAddress ?? '';
  const host = `http://${headers.host ?? ''}`;
  return (
    isLoopback(from.replace(/^::ffff:/, '')) &&
    URL.canParse(host) &&
    isLoopback(new URL(host).hostname) &&
    !FORWARDED.some((name) => headers[name] !== undefined)
  );
}

async function answerProbe(probe: Probe, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const isRead = incoming.method === 'GET' || incoming.method === 'HEAD';
  const { authorization } = incoming.headers;
  const { status, type, body } = isRead
    ? await probe({ isLocal: isLocal(incoming), authorization }).catch(() => BROKEN)
    : { status: 405, type: undefined, body: 'This is only read.\n' };
  const text = body ?? '';
  outgoing.writeHead(status, {
    'content-type': type ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  outgoing.end(incoming.method === 'HEAD' ? undefined : text);
}
const BROKEN: WebhookResponse = {
  status: 500,
  type: 'text/plain; charset=utf-8',
  body: 'It could not be looked at.\n',
};

/** No platform sends more. */
const MOST_BODY = 1_000_000;

/** What is answered to whoever did not show the secret. */
const STRANGER = new Set([401, 403, 404, 405, 413]);

async function answerWebhook(
  webhook: Webhook,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  admitted: Admitted,
): Promise<void> {
  const end = ({ status, type = 'text/plain; charset=utf-8', body = '', isUnsigned }: WebhookResponse): void => {
    if (isUnsigned || STRANGER.has(status)) admitted.refused();
    else if (status < 300) admitted.verified();
    outgoing.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    outgoing.end(body);
  };
  try {
    if (incoming.method !== 'POST') return end({ status: 405, body: 'A platform posts here.\n' });
    const body = await readBody(incoming);
    if (body === undefined) {
      outgoing.setHeader('connection', 'close');
      return end({ status: 413, body: 'That is more than any platform sends.\n' });
    }
    end(await webhook({ headers: incoming.headers, body }));
  } catch {
    // The platform sends it again, or it went away meanwhile.
    if (!outgoing.headersSent) end({ status: 500 });
  }
}

/** The raw bytes; undefined: too many. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > MOST_BODY) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
