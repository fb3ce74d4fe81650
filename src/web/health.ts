import type { WebhookResponse } from '../ports.ts';
import type { Connections } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
import type { Probe } from './server.ts';

/** Whether the process lives, and whether it can do its work. Strangers hear yes or no; who is on the machine hears why. */

export interface HealthParts {
  readonly engine: Engine;
  readonly safe: SafeMode | undefined;
  readonly connections: Pick<Connections, 'states'>;
  /** For how many milliseconds the event loop has not come round. */
  lag(): number;
  /** A clock that never jumps. */
  steady(): number;
}

/** A loop that has not come round for so long hangs, or did until now. */
const HUNG = 10_000;
/** So often at most it is tried whether something can be written: a stranger may ask as often as they like. */
const TRY_EVERY = 10_000;
const TRIED = 'health.tried';

interface Finding {
  readonly problems: readonly string[];
  readonly details?: Readonly<Record<string, unknown>>;
}

export function createHealth(parts: HealthParts): ReadonlyMap<string, Probe> {
  const { engine, safe, connections } = parts;
  let tried: { readonly at: number; readonly result: Promise<string | undefined> } | undefined;

  function alive(): Finding {
    const lag = parts.lag();
    const doubt = safe?.why();
    return {
      problems: [
        ...(lag > HUNG ? [`the event loop did not come round for ${Math.round(lag / 1_000)} seconds`] : []),
        ...(doubt === undefined ? [] : [doubt]),
      ],
    };
  }

  const write = async (): Promise<string | undefined> => {
    try {
      await engine.store.setMeta(TRIED, String(Math.round(parts.steady())));
      return undefined;
    } catch (error) {
      return `nothing can be written: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  async function ready(): Promise<Finding> {
    const { problems } = alive();
    const now = parts.steady();
    if (tried === undefined || now - tried.at > TRY_EVERY) tried = { at: now, result: write() };
    const unwritten = problems.length > 0 ? undefined : await tried.result;
    const states = connections.states();
    const chats = states.filter(({ platform }) => platform === 'telegram' || platform === 'slack');
    const isDeaf = chats.length > 0 && chats.every(({ is }) => is !== 'connected');
    return {
      problems: [
        ...problems,
        ...(unwritten === undefined ? [] : [unwritten]),
        ...(engine.isFull() ? ['too much waits at once'] : []),
        ...(isDeaf ? ['no chat is connected'] : []),
      ],
      details: { platforms: Object.fromEntries(states.map(({ platform, is }) => [platform, is])) },
    };
  }

  const health: Probe = async ({ isLocal }) => respond(alive(), isLocal);
  return new Map<string, Probe>([
    ['/health', health],
    ['/healthz', health],
    ['/readyz', async ({ isLocal }) => respond(await ready(), isLocal)],
  ]);
}

function respond({ problems, details }: Finding, isLocal: boolean): WebhookResponse {
  const ok = problems.length === 0;
  const body = isLocal ? { ok, ...(ok ? {} : { problems }), ...details } : { ok };
  return { status: ok ? 200 : 503, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` };
}
