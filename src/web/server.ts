import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** Time-outs and sizes, so that a slow or large request holds nothing up. */
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
  keepAliveTimeout: 5_000,
};

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
}): Promise<WebServer> {
  let handler: ((request: Request) => Response | Promise<Response>) | undefined;
  const listener = getRequestListener(
    async (request) => (await handler?.(request)) ?? new Response('not ready\n', { status: 503 }),
    { overrideGlobalObjects: false },
  );
  const server: Server = createServer(LIMITS, (incoming, outgoing) => void listener(incoming, outgoing));
  server.maxHeadersCount = 100;
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
