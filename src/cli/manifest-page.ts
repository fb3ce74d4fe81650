import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The page on this machine from which a GitHub App is made, and to which GitHub leads back. Good once, and for a while. */

export interface ManifestPage {
  /** To be opened in a browser; nobody can guess it. */
  readonly address: string;
  /** The port, for a tunnel to it. */
  readonly port: number;
  /** GitHub's code, once somebody was led back with it; undefined: the time was over. */
  code(): Promise<string | undefined>;
  /** What the waiting browser is shown in the end; the page is closed with it. */
  close(title: string, text: string, link?: string): Promise<void>;
}

export interface ManifestPageOptions {
  /** GitHub's own pages: `https://github.com`. */
  readonly web: string;
  /** The account of an organisation; undefined: whoever is signed in. */
  readonly organisation: string | undefined;
  manifest(redirect: string): Promise<object>;
  /** How long it is there, in milliseconds. */
  readonly lasts: number;
}

export async function openManifestPage(options: ManifestPageOptions): Promise<ManifestPage> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const state = randomBytes(24).toString('base64url');
  const came = Promise.withResolvers<string | undefined>();
  const ended = Promise.withResolvers<string>();
  let isUsed = false;
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const manifest = JSON.stringify(await options.manifest(`${origin}${path}/done`));
  const timer = setTimeout(() => came.resolve(undefined), options.lasts);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    // A name that leads here is some other page's.
    const isOurs = request.headers.host === `127.0.0.1:${port}` && request.method === 'GET';
    if (!isOurs || (url.pathname !== path && url.pathname !== `${path}/done`))
      return send(response, 404, htmlOf('Not here', 'There is nothing at this address.'), options.web);
    if (isUsed)
      return send(response, 410, htmlOf('Used already', 'This page was good once. Begin again.'), options.web);
    if (url.pathname === path) return send(response, 200, formOf(options, state, manifest), options.web);
    const code = url.searchParams.get('code') ?? '';
    if (!isSame(url.searchParams.get('state') ?? '', state) || !/^[\w-]{1,200}$/.test(code))
      return send(
        response,
        400,
        htmlOf('Not taken', 'This did not come from the page that was opened here. Open that one again.'),
        options.web,
      );
    isUsed = true;
    came.resolve(code);
    return send(response, 200, await ended.promise, options.web);
  }

  return {
    address: `${origin}${path}`,
    port,
    code: () => came.promise,
    close: async (title, text, link) => {
      clearTimeout(timer);
      ended.resolve(htmlOf(title, text, link));
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function send(response: ServerResponse, status: number, html: string, web: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action ${web}; base-uri 'none'`,
      connection: 'close',
    })
    .end(html);
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`);

function formOf({ web, organisation }: ManifestPageOptions, state: string, manifest: string): string {
  const account = organisation === undefined ? '' : `/organizations/${encodeURIComponent(organisation)}`;
  const action = `${web}${account}/settings/apps/new?state=${state}`;
  const where = organisation === undefined ? 'your own account' : `the organisation ${organisation}`;
  return page(
    'A GitHub App for Baton',
    `<p>The button opens GitHub, where everything is filled in. Press “Create GitHub App” there, for ${escaped(where)}; GitHub then leads you back here.</p>
<form method="post" action="${escaped(action)}"><input type="hidden" name="manifest" value="${escaped(manifest)}"><button>Go to GitHub</button></form>`,
  );
}

const htmlOf = (title: string, text: string, link?: string): string =>
  page(
    title,
    `<p>${escaped(text)}</p>${link === undefined ? '' : `<p><a href="${escaped(link)}">${escaped(link)}</a></p>`}`,
  );

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}button{font:inherit;padding:.5rem 1rem}</style><h1>${escaped(title)}</h1>${body}</html>`;
