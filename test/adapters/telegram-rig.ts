import { createTelegram, type TelegramOptions } from '../../adapters/telegram/index.ts';
import type { ChatAdapter, Intake, Outgoing, Text } from '../../src/ports.ts';
import { createTelegramPeer, type TelegramPeer } from '../peers/telegram/peer.ts';
import type { Options } from '../peers/telegram/types.ts';

/** The adapter before a peer, with an inbox in memory and waits that are over when the test says so. */

interface Inbox extends Intake {
  /** What was stored, in the order it came; a known id once. */
  readonly bodies: Map<string, unknown>;
  /** Every call of `receive`. */
  readonly batches: { readonly ids: readonly string[]; readonly bookmark: string | undefined }[];
  /** What `receive` does before it stores; throws, answers `full`, or waits. */
  before(): Promise<'stored' | 'full'>;
}

function createInbox(): Inbox {
  const bodies = new Map<string, unknown>();
  const batches: Inbox['batches'] = [];
  let kept: string | undefined;
  const never = (): never => {
    throw new Error('Telegram asks nothing of this kind');
  };
  const inbox: Inbox = {
    bodies,
    batches,
    before: async () => 'stored',
    receive: async (given, bookmark) => {
      if ((await inbox.before()) === 'full') return 'full';
      batches.push({ ids: given.map(({ id }) => id), bookmark });
      for (const { id, body } of given) if (!bodies.has(id)) bodies.set(id, body);
      kept = bookmark ?? kept;
      return 'stored';
    },
    bookmark: () => kept,
    decide: never,
    form: never,
    home: never,
  };
  return inbox;
}

interface Wait {
  readonly milliseconds: number;
  end(): void;
}

export interface Rig {
  readonly peer: TelegramPeer;
  readonly telegram: ChatAdapter;
  readonly inbox: Inbox;
  /** Every line that was logged, with its details. */
  readonly logged: string[];
  readonly waits: Wait[];
  /** Waits of this kind end only by hand. */
  holds(milliseconds: number): boolean;
  /** Another process with the same token and the same inbox. */
  another(more?: Partial<TelegramOptions>): ChatAdapter;
  close(): Promise<void>;
}

export async function createRig(options: Options = {}, more: Partial<TelegramOptions> = {}): Promise<Rig> {
  const peer = await createTelegramPeer(options);
  const adapters: ChatAdapter[] = [];
  const logged: string[] = [];
  const keep = (message: string, details: unknown): void => void logged.push(`${message} ${JSON.stringify(details)}`);
  const another = (other: Partial<TelegramOptions> = {}): ChatAdapter => {
    const made = createTelegram({
      token: peer.token,
      apiRoot: peer.root,
      clock: { now: Date.now },
      log: {
        info: keep,
        warn: keep,
        fault: (message, error) => {
          keep(message, String(error));
          return 'f00';
        },
      },
      pause,
      ...more,
      ...other,
    });
    adapters.push(made);
    return made;
  };
  const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      rig.waits.push({ milliseconds, end: resolve });
      signal.addEventListener('abort', () => resolve());
      if (signal.aborted || !rig.holds(milliseconds)) setImmediate(resolve);
    });
  const rig: Rig = {
    peer,
    telegram: another(),
    inbox: createInbox(),
    logged,
    waits: [],
    holds: (milliseconds) => milliseconds >= 30_000,
    another,
    close: async () => {
      await Promise.all(adapters.map((adapter) => adapter.stop()));
      await peer.close();
    },
  };
  return rig;
}

let serial = 0;

/** A message to send, with tokens that name the button. */
export function outgoing(chat: number, nodes: Text, more: Partial<Outgoing> = {}): Outgoing {
  serial += 1;
  return {
    id: `m${serial}`,
    address: { platform: 'telegram', chat: String(chat) },
    nodes,
    token: ({ command, on }) => `${command}:${on}`,
    loud: false,
    ...more,
  };
}
