import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** GitHub's own page for a new App, behind which somebody is signed in who agrees at once. */

export interface NewApp {
  /** The account's organisation; undefined: their own. */
  readonly organisation: string | undefined;
  readonly manifest: Readonly<Record<string, unknown>>;
}

const PATH = /^(?:\/organizations\/([\w-]+))?\/settings\/apps\/new$/;

export const isPageOfApps = (url: string): boolean => PATH.test(new URL(url, 'http://peer').pathname);

/** Takes the manifest, and leads back to where it says with a code that is good once. */
export async function servePageOfApps(
  request: IncomingMessage,
  response: ServerResponse,
  codes: Set<string>,
  apps: NewApp[],
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://peer');
  const form = new URLSearchParams(await text(request));
  const manifest = JSON.parse(form.get('manifest') ?? 'null') as Record<string, unknown> | null;
  const hook = manifest?.hook_attributes as { url?: unknown } | undefined;
  const isWhole = typeof manifest?.url === 'string' && typeof hook?.url === 'string';
  const back = manifest?.redirect_url;
  if (request.method !== 'POST' || !isWhole || typeof back !== 'string') {
    response.writeHead(422).end('The manifest is not valid.');
    return;
  }
  const code = randomBytes(20).toString('hex');
  codes.add(code);
  apps.push({ organisation: PATH.exec(url.pathname)?.[1], manifest });
  const to = new URL(back);
  to.searchParams.set('code', code);
  to.searchParams.set('state', url.searchParams.get('state') ?? '');
  response.writeHead(302, { location: to.href }).end();
}
