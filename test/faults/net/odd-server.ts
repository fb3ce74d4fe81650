import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** Stands between an adapter and its platform, and answers some requests itself, in every way that is no answer. */

export interface Odd {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** So many bytes of blanks follow, as fast as they are taken; or so many once they are unpacked. */
  readonly flood?: { readonly bytes: number; readonly isPacked?: boolean };
}

export interface OddServer {
  readonly url: string;
  /** The next requests of which method and path (`POST /bot1:x/sendMessage`) match are answered so. */
  odd(answer: Odd, only: RegExp, times?: number): void;
  /** How many were answered so. */
  readonly answered: number;
  /** Every request that came. */
  readonly requests: number;
  /** Bytes of the last flood that were taken. */
  readonly taken: number;
}

const PIECE = 1_000_000;
const BLANKS = Buffer.alloc(PIECE, ' ');
/** There is room again, or nobody takes any more. */
function wake(response: ServerResponse, done: () => void): void {
  const end = (): void => {
    response.off('drain', end).off('close', end);
    done();
  };
  response.on('drain', end).on('close', end);
}
/** A file of gzip may hold many parts, one after the other. */
const PACKED = gzipSync(BLANKS);

export async function createOddServer(target: string): Promise<OddServer> {
  const there = new URL(target);
  let plan: { answer: Odd; only: RegExp; left: number } | undefined;
  const counts = { answered: 0, requests: 0, taken: 0 };

  async function flood(response: ServerResponse, { bytes, isPacked = false }: NonNullable<Odd['flood']>) {
    counts.taken = 0;
    const piece = isPacked ? PACKED : BLANKS;
    for (let sent = 0; sent < bytes && !response.destroyed; sent += PIECE) {
      counts.taken += piece.length;
      if (!response.write(piece)) await new Promise<void>((resolve) => wake(response, resolve));
    }
    response.end();
  }

  const server = createServer(async (request, response) => {
    counts.requests += 1;
    const { method = 'GET', url = '/', headers } = request;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    if (plan !== undefined && plan.left > 0 && plan.only.test(`${method} ${url}`)) {
      plan.left -= 1;
      counts.answered += 1;
      const { status, body, flood: more, headers: given } = plan.answer;
      const packed = more?.isPacked === true ? { 'content-encoding': 'gzip' } : {};
      response.writeHead(status, { 'content-type': 'application/json', ...packed, ...given });
      if (more === undefined) response.end(body);
      else await flood(response, more);
      return;
    }
    const kept = Object.entries(headers).filter(
      ([name, value]) =>
        typeof value === 'string' && !/^(?:host|connection|content-length|accept-encoding)$/.test(name),
    );
    const answer = await fetch(new URL(url, there.origin), {
      method,
      headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      redirect: 'manual',
      ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
    });
    const passed = [...answer.headers].filter(([name]) => !/^(?:connection|transfer-encoding|keep-alive)$/.test(name));
    response.writeHead(answer.status, Object.fromEntries(passed));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: target.replace(`:${there.port}`, `:${port}`),
    odd: (answer, only, times = 1) => {
      plan = { answer, only, left: times };
    },
    get answered() {
      return counts.answered;
    },
    get requests() {
      return counts.requests;
    },
    get taken() {
      return counts.taken;
    },
  };
}
