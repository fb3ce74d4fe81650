import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import type { Sent } from '../../src/ports.ts';

/** What a call that failed says about the message that it carried. */

/** Nothing gets through to this address at present, whatever the message says. */
const UNREACHABLE = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'user_not_found',
  'account_inactive',
  'cannot_dm_bot',
  'user_disabled',
  'user_not_visible',
  'restricted_action',
  'messages_tab_disabled',
]);
/** Our own token is not taken, or may not do this: no message is at fault, and each would fail alike. */
const TOKEN = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'org_login_required',
  'team_disabled',
  'user_removed_from_team',
  'two_factor_setup_required',
  'ekm_access_denied',
]);
/** Slack does not say whether it was done. */
const UNSURE = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable', 'unknown_error']);
/** The connection never came about, so nothing was sent. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
]);

const SOON = 1_000;
/** Whatever the header says, the wait is one to be reckoned with: an hour later the platform may be asked again. */
const MOST_WAIT = 3_600_000;
/** A platform that asks for a pause without saying how long gets the one that its tiers are counted in. */
const MINUTE = 60_000;

/** Is the token what is not taken? `account_inactive` is ours where no person is written to. */
export function refusesToken(error: unknown): boolean {
  const name = error instanceof WebAPIPlatformError ? error.data.error : undefined;
  return name !== undefined && (TOKEN.has(name) || name === 'account_inactive' || name === 'not_allowed_token_type');
}

/** The name of an error, for people: never its payload. */
export function nameOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError)
    return isName(error.data.error) ? error.data.error : 'an answer that is no answer';
  if (error instanceof WebAPIHTTPError) return `HTTP ${error.statusCode}`;
  if (error instanceof WebAPIRateLimitedError) return 'too many calls';
  if (error instanceof WebAPIRequestError) return codeOf(error.original) ?? 'no answer';
  return codeOf(error) ?? 'no answer';
}

export function toSent(error: unknown): Exclude<Sent, { is: 'sent' }> {
  const why = nameOf(error);
  if (error instanceof WebAPIRateLimitedError) return { is: 'later', after: waitOf(error.retryAfter), why };
  if (error instanceof WebAPIPlatformError) return ofPlatform(error.data.error, why);
  if (error instanceof WebAPIHTTPError) {
    // Behind a proxy a 4xx is a no to this call; what it is about can not be told, but nothing was posted.
    return error.statusCode >= 400 && error.statusCode < 500 && error.statusCode !== 408
      ? { is: 'refused', why }
      : { is: 'uncertain', why };
  }
  if (error instanceof WebAPIRequestError) {
    const code = codeOf(error.original);
    return code !== undefined && NEVER_LEFT.has(code) ? { is: 'away', why } : { is: 'uncertain', why };
  }
  // The client has no class for a 429 that names no time.
  if (error instanceof Error && error.message.startsWith('Retry header did not contain')) {
    return { is: 'later', after: MINUTE, why: 'too many calls' };
  }
  return { is: 'uncertain', why };
}

const waitOf = (seconds: number): number =>
  Number.isFinite(seconds) ? Math.min(MOST_WAIT, Math.max(SOON, Math.ceil(seconds * 1_000))) : MINUTE;

function ofPlatform(name: string, why: string): Exclude<Sent, { is: 'sent' }> {
  if (name === 'ratelimited' || name === 'rate_limited') return { is: 'later', after: MINUTE, why };
  if (TOKEN.has(name)) return { is: 'away', why };
  if (UNSURE.has(name) || !isName(name)) return { is: 'uncertain', why };
  return UNREACHABLE.has(name) ? { is: 'refused', why, unreachable: true } : { is: 'refused', why };
}

/** A page of HTML with status 200 arrives as an error whose name is that page; JSON of another shape, as one without a name. */
const isName = (name: unknown): boolean => typeof name === 'string' && /^[a-z_]{1,80}$/.test(name);

function codeOf(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth += 1) {
    if ('code' in each && typeof each.code === 'string') return each.code;
    if (each instanceof AggregateError) return codeOf(each.errors[0]);
    if (each.name === 'TimeoutError') return 'timeout';
  }
  return undefined;
}
