import { createPublicKey, createVerify, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { User, World } from './world.ts';

/** Who calls: the App by its signed token, an installation by the one that it was given, or a person by theirs. */

type Level = 'read' | 'write';
export type Caller =
  | { readonly is: 'app' }
  | { readonly is: 'installation' | 'person'; readonly user: User; readonly push: boolean };

export interface AccessOptions {
  readonly token?: string;
  readonly login?: string;
  readonly push?: boolean;
  readonly scopes?: string;
  readonly permissions?: Readonly<Record<string, Level>>;
  readonly events?: readonly string[];
}
interface Installation {
  id: number;
  repositories: Set<string>;
  suspended: boolean;
}

/** A key takes long to make, and all peers may have the same. */
let pair: { readonly privateKey: string; readonly publicKey: string } | undefined;
function keyPair() {
  pair ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return pair;
}

export const APP_ID = '4711';
export const SLUG = 'baton';
const HOUR = 3_600_000;

const ALL_PERMISSIONS: Readonly<Record<string, Level>> = {
  actions: 'read',
  checks: 'write',
  deployments: 'write',
  issues: 'write',
  metadata: 'read',
};
const ALL_EVENTS = ['issues', 'issue_comment', 'deployment_status', 'deployment_protection_rule'];

export function createAccess(world: World, options: AccessOptions) {
  const token = options.token ?? `ghp_${randomBytes(18).toString('hex')}`;
  const { privateKey, publicKey } = keyPair();
  const key = createPublicKey(publicKey);
  const tokens = new Map<string, { readonly expires: number; readonly installation: number }>();
  const installation: Installation = { id: world.id(), repositories: new Set(), suspended: false };
  const bot = world.user(`${SLUG}[bot]`, 'Bot');
  const person = world.user(options.login ?? 'baton-bot');
  let isRevoked = false;

  const ofJwt = (jwt: string): Caller => {
    const bad = new Refusal(401, 'A JSON web token could not be decoded');
    const [head = '', body = '', signature = ''] = jwt.split('.');
    const isSigned = createVerify('RSA-SHA256').update(`${head}.${body}`).verify(key, signature, 'base64url');
    if (!isSigned) throw bad;
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString());
    if (typeof claims !== 'object' || claims === null || !('iss' in claims && 'exp' in claims && 'iat' in claims))
      throw bad;
    // Tokens live by the real time: the client's library knows no other.
    const now = Date.now() / 1000;
    if (String(claims.iss) !== APP_ID) throw new Refusal(401, 'Integration must generate a public key');
    if (Number(claims.exp) < now || Number(claims.exp) > now + 660)
      throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
    if (Number(claims.iat) > now + 5)
      throw new Refusal(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    return { is: 'app' };
  };

  return {
    token,
    privateKey,
    installation,
    bot,
    person,
    permissions: { ...(options.permissions ?? ALL_PERMISSIONS) } as Record<string, Level>,
    events: options.events ?? ALL_EVENTS,
    scopes: options.scopes ?? 'repo',
    revoke: (revoked: boolean) => {
      isRevoked = revoked;
      if (revoked) tokens.clear();
    },
    issue: (): { token: string; expires: number } => {
      const fresh = `ghs_${randomBytes(18).toString('hex')}`;
      tokens.set(fresh, { expires: Date.now() + HOUR, installation: installation.id });
      return { token: fresh, expires: Date.now() + HOUR };
    },
    /** Throws 401 for whatever is not taken. */
    caller: (header: string | undefined): Caller => {
      const given = /^(?:bearer|token) (\S+)$/i.exec(header ?? '')?.[1];
      if (given === undefined) throw new Refusal(401, 'Requires authentication');
      if (isRevoked) throw new Refusal(401, 'Bad credentials');
      if (given.split('.').length === 3) return ofJwt(given);
      if (given === token) return { is: 'person', user: person, push: options.push ?? true };
      const known = tokens.get(given);
      if (known === undefined || known.expires < Date.now() || known.installation !== installation.id)
        throw new Refusal(401, 'Bad credentials');
      return { is: 'installation', user: bot, push: true };
    },
  };
}
export type Access = ReturnType<typeof createAccess>;
