import { NOT_VERIFIED } from '../core/page-status.ts';
import type { Documents, Unproved } from '../forge-ports.ts';
import type { Log } from './log.ts';

/**
 * Documents behind a gate: until it is proved that no credentials can be seen, nothing is asked of Gitea but that proof.
 * A Gitea that is away keeps nothing else waiting: the proof is tried again.
 */

const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 10 * 60_000;

interface GateState {
  readonly is: 'connected' | 'away' | 'refused';
  readonly line: string;
}

export interface DocumentGate {
  /** What everything else gets. */
  readonly documents: Documents;
  /** The proof of the start; a string says why there may be none. */
  prove(): Promise<string | undefined>;
  /** Tries the proof again until it is decided. */
  start(): void;
  stop(): void;
  state(): GateState;
}

export interface DocumentGateParts {
  readonly documents: Documents;
  readonly log: Log;
  /** Says it where somebody looks. */
  shout(line: string): unknown;
}

export function createDocumentGate({ documents, log, shout }: DocumentGateParts): DocumentGate {
  let isProved = false;
  let trouble: Unproved | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let wait = FIRST_WAIT;

  async function prove(): Promise<string | undefined> {
    trouble = await documents.proveBlindness();
    isProved = trouble === undefined;
    return trouble === undefined || trouble.is === 'unknown' ? undefined : trouble.why;
  }

  async function again(): Promise<void> {
    try {
      const why = await prove();
      if (isProved) log.info('Gitea is asked from now on');
      if (why !== undefined) {
        log.warn('documents stay shut, and the next start is refused', { why });
        shout(`Gitea: ${why}; documents stay shut, then start again`);
      }
    } catch (error) {
      log.fault('Gitea could not be proved', error);
    }
    plan();
  }

  /** What can be seen stays so until somebody mends it and starts again. */
  function plan(): void {
    if (isOver || isProved || (trouble !== undefined && trouble.is !== 'unknown')) return;
    timer = setTimeout(() => void again(), wait).unref();
    wait = Math.min(LONGEST_WAIT, wait * 2);
  }

  return {
    documents: {
      ...documents,
      look: async (url) => (isProved ? documents.look(url) : { status: NOT_VERIFIED }),
      touched: (body, urls) => (isProved ? (documents.touched?.(body, urls) ?? []) : []),
    },
    prove,
    start: plan,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
    state() {
      if (isProved) return { is: 'connected', line: 'Gitea is connected' };
      const why = trouble?.why ?? 'it was not asked yet';
      return trouble === undefined || trouble.is === 'unknown'
        ? { is: 'away', line: `Gitea is not verified (${why}): documents are not asked after, and it is tried again` }
        : { is: 'refused', line: `Gitea is shut: ${why}` };
    },
  };
}
