import { z } from 'zod';
import { WEBHOOK_PATH } from './path.ts';

/** The GitHub App, made in one click: what it may do and what it hears of. */

export const PERMISSIONS = {
  actions: 'read',
  checks: 'write',
  deployments: 'write',
  issues: 'write',
  metadata: 'read',
} as const;
export const EVENTS = ['issues', 'issue_comment', 'deployment_status', 'deployment_protection_rule'] as const;

export interface AppManifest {
  readonly name: string;
  readonly url: string;
  readonly hook_attributes: { readonly url: string; readonly active: true };
  readonly redirect_url?: string;
  readonly public: false;
  readonly default_permissions: typeof PERMISSIONS;
  readonly default_events: typeof EVENTS;
}

const MOST_NAME = 34;

/** `url` is our public address; `redirect` is where GitHub leads back to with the code. */
export function githubManifest({
  url,
  name,
  redirect,
}: {
  readonly url: string;
  readonly name: string;
  readonly redirect?: string;
}): AppManifest {
  const base = url.replace(/\/+$/, '');
  return {
    name: name.slice(0, MOST_NAME),
    url: base,
    hook_attributes: { url: `${base}${WEBHOOK_PATH}`, active: true },
    ...(redirect === undefined ? {} : { redirect_url: redirect }),
    public: false,
    default_permissions: PERMISSIONS,
    default_events: EVENTS,
  };
}

const Conversion = z.object({
  id: z.number().int(),
  slug: z.string(),
  html_url: z.string(),
  pem: z.string(),
  webhook_secret: z.string().min(1),
});

/** What GitHub hands over once for the code: the App's number, its key and the secret of its webhook. */
export type Exchanged =
  | {
      readonly ok: true;
      readonly appId: string;
      readonly slug: string;
      readonly page: string;
      readonly privateKey: string;
      readonly webhookSecret: string;
    }
  | { readonly ok: false; readonly why: string };

const TIMEOUT = 10_000;
export const GITHUB_API = 'https://api.github.com';

/** Takes the code to GitHub; it is good once, and for an hour. */
export async function exchangeCode(code: string, apiUrl: string = GITHUB_API): Promise<Exchanged> {
  if (!/^[\w-]{1,200}$/.test(code)) return { ok: false, why: 'this is no code of GitHub’s' };
  const address = `${apiUrl.replace(/\/+$/, '')}/app-manifests/${code}/conversions`;
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'baton' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!answer.ok) return { ok: false, why: `GitHub does not take the code (${answer.status}): begin again` };
    const { id, slug, html_url: page, pem, webhook_secret: webhookSecret } = Conversion.parse(await answer.json());
    return { ok: true, appId: String(id), slug, page, privateKey: pem, webhookSecret };
  } catch {
    // Whatever was thrown may hold what was handed over.
    return { ok: false, why: 'GitHub gave no usable answer; look at the connection, and begin again' };
  }
}
