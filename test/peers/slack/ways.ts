import type { Json } from './json.ts';

/** How something reaches the bot: over a socket, or as a signed request. */

export type Kind = 'events_api' | 'slash_commands' | 'interactive';

export interface Retry {
  readonly num: number;
  readonly reason: string;
}
export type Attempt =
  | { readonly acked: true; readonly payload: Json | undefined }
  | { readonly acked: false; readonly reason: string; readonly noRetry?: boolean };

export interface Way {
  /** Resolves once the bot has acknowledged it, or will not in time. */
  push(kind: Kind, body: Json, retry: Retry | undefined): Promise<Attempt>;
}
