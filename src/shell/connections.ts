import type { Documents, ForgeAdapter } from '../forge-ports.ts';
import type { ChatAdapter, Clock, WebhookRequest, WebhookResponse } from '../ports.ts';
import { type BreakerState, createChats } from './chats.ts';
import { createDocumentInbox } from './document-inbox.ts';
import type { Engine } from './engine.ts';
import type { ForgeWatch } from './forge-watch.ts';
import { createForges, type ForgesParts } from './forges.ts';
import type { Log } from './log.ts';

/** Everything outside as one: the chats, and the places where work is kept. */

export interface ConnectionState {
  readonly platform: string;
  readonly is: ReturnType<ChatAdapter['state']>['is'];
  readonly line: string;
  readonly ok: boolean;
}

export interface Connections {
  start(): void;
  stop(): Promise<void>;
  states(): readonly ConnectionState[];
  readonly webhooks: ReadonlyMap<string, (request: WebhookRequest) => Promise<WebhookResponse>>;
  /** Compares now with every place where work is kept; true: all is verified. */
  reconcile(): Promise<boolean>;
  /** What is held back at present because its platform is away. */
  breakers(): readonly BreakerState[];
  /** When all that is known of a place was compared with it last; only of those that are connected. */
  verified(): readonly { readonly platform: string; readonly at: number | undefined }[];
}

/** Where work is kept outside, and how letters go out. */
export interface Outside {
  readonly adapters: readonly ForgeAdapter[];
  readonly mail?: NonNullable<ForgesParts['mail']>;
  readonly documents?: Documents;
}

export interface ConnectionsParts {
  readonly engine: Engine;
  readonly watch: ForgeWatch;
  readonly chats: readonly ChatAdapter[];
  readonly outside: Outside;
  readonly clock: Clock;
  readonly log: Log;
  chance(): number;
}

export async function createConnections(parts: ConnectionsParts): Promise<Connections> {
  const { engine, watch, outside, clock, log, chance } = parts;
  const forges = await createForges({ engine, watch, clock, log, chance, ...outside });
  const chats = await createChats({ engine, adapters: parts.chats, clock, log, chance, carriers: forges.carriers });
  const { documents } = outside;
  const pages = documents === undefined ? undefined : createDocumentInbox({ documents, engine, log });
  const { webhook } = documents ?? {};
  const ofPages = webhook === undefined ? [] : [[webhook.path, webhook.handle] as const];
  return {
    start() {
      if (pages !== undefined) documents?.start?.(pages);
      forges.start();
      chats.start();
    },
    stop: async () => {
      await Promise.all([chats.stop(), forges.stop(), pages?.stop()]);
    },
    states: () => [...chats.states(), ...forges.states()],
    webhooks: new Map([...chats.webhooks, ...forges.webhooks, ...ofPages]),
    reconcile: forges.reconcile,
    breakers: () => [...chats.breakers(), ...forges.breakers()],
    verified: () => outside.adapters.map(({ platform }) => ({ platform, at: watch.verifiedAt(platform) })),
  };
}
