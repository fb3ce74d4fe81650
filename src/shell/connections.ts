import type { Documents, ForgeAdapter } from '../forge-ports.ts';
import type { ChatAdapter, Clock, WebhookRequest, WebhookResponse } from '../ports.ts';
import { createChats } from './chats.ts';
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
  return {
    start() {
      forges.start();
      chats.start();
    },
    stop: async () => {
      await Promise.all([chats.stop(), forges.stop()]);
    },
    states: () => [...chats.states(), ...forges.states()],
    webhooks: new Map([...chats.webhooks, ...forges.webhooks]),
  };
}
