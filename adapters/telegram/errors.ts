import { GrammyError, HttpError } from 'grammy';
import type { Sent } from '../../src/ports.ts';

/**
 * What a failed call means. grammY's own errors hold the address of the call, and the token is in that: only what is
 * taken out here, word by word, may be shown or logged.
 */
export type Failure =
  | {
      readonly is: 'answered';
      readonly code: number;
      readonly why: string;
      readonly after?: number;
      readonly to?: string;
    }
  /** No connection was made. */
  | { readonly is: 'unreached'; readonly why: string }
  /** It may have been carried out. */
  | { readonly is: 'unknown'; readonly why: string };

const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Reads what a call threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof GrammyError && Number.isInteger(error.error_code)) {
    const { error_code: code, parameters } = error;
    const migrated: unknown = parameters?.migrate_to_chat_id;
    return {
      is: 'answered',
      code,
      why: `${code} ${String(error.description).slice(0, 300)}`,
      ...(code === 429 ? { after: waitOf(parameters?.retry_after) } : {}),
      ...(migrated === undefined ? {} : { to: String(migrated) }),
    };
  }
  if (error instanceof HttpError) {
    const code = codeOf(error.error);
    if (code !== undefined && UNREACHED.has(code)) return { is: 'unreached', why: `Telegram is not reached (${code})` };
    const hint = code === undefined ? 'no usable answer' : `no answer (${code})`;
    return { is: 'unknown', why: `Telegram gave ${hint}` };
  }
  return { is: 'unknown', why: 'Telegram gave an answer that is not understood' };
}

/** Only codes in capitals: they name a kind of failure and hold no address. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 3) return undefined;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  return 'cause' in error ? codeOf(error.cause, depth + 1) : undefined;
}

const LEAST_WAIT = 1_000;
const MOST_WAIT = 3_600_000;

/** Whatever `retry_after` holds, the wait is one to be reckoned with. */
function waitOf(seconds: unknown): number {
  const given = typeof seconds === 'number' || typeof seconds === 'string' ? Number(seconds) : Number.NaN;
  if (Number.isNaN(given)) return 5_000;
  return Math.min(MOST_WAIT, Math.max(LEAST_WAIT, Math.ceil(given * 1000)));
}

/** The same as the outbox reads it. */
export function sentOf(failure: Failure): Exclude<Sent, { is: 'sent' }> {
  if (failure.is === 'unreached') return { is: 'away', why: failure.why };
  if (failure.is === 'unknown') return { is: 'uncertain', why: failure.why };
  const { code, why, after, to } = failure;
  if (code === 429) return { is: 'later', after: after ?? LEAST_WAIT, why };
  if (to !== undefined) return { is: 'moved', to: { platform: 'telegram', chat: to } };
  if (code === 401) return { is: 'away', why: `${why}: the bot's token is not taken` };
  if (code >= 500 || code < 400) return { is: 'uncertain', why };
  return { is: 'refused', why, ...(code === 403 || isNoChat(failure) ? { unreachable: true as const } : {}) };
}

const isNoChat = ({ why }: Failure): boolean => /chat not found|user is deactivated|PEER_ID_INVALID/i.test(why);

/** Telegram calls it an error when a message shows already what it is to show. */
export const isNotModified = (failure: Failure): boolean =>
  failure.is === 'answered' && failure.code === 400 && /message is not modified/i.test(failure.why);
