import type { Documents, ForgeAdapter } from '../forge-ports.ts';
import type { ChatAdapter, Clock, Sent, WebhookRequest, WebhookResponse } from '../ports.ts';
import { type BreakerState, createChats } from './chats.ts';
import type { DocumentGate } from './document-gate.ts';
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
  /** How what only answers us is: documents and mail. */
  readonly services: () => readonly ConnectionState[];
  readonly webhooks: ReadonlyMap<string, (request: WebhookRequest) => Promise<WebhookResponse>>;
  /** Compares now with every place where work is kept; true: all is verified. */
  reconcile(): Promise<boolean>;
  /** What is held back at present because its platform is away. */
  breakers(): readonly BreakerState[];
  /** When something came in last from a chat and was stored. */
  heard(): readonly { readonly platform: string; readonly at: number }[];
  /** Pins a message of ours in its chat, or takes its pin off; undefined: there is no such thing there. */
  pin(platform: string, id: string, yes: boolean): Promise<Sent> | undefined;
  /** When all that is known of a place was compared with it last; only of those that are connected. */
  verified(): readonly { readonly platform: string; readonly at: number | undefined }[];
}

/** Where work is kept outside, and how letters go out. */
export interface Outside {
  readonly adapters: readonly ForgeAdapter[];
  readonly mail?: NonNullable<ForgesParts['mail']>;
  readonly documents?: Documents;
  /** Behind it are the documents. */
  readonly gate?: DocumentGate;
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
  const { documents, gate } = outside;
  const pages = documents === undefined ? undefined : createDocumentInbox({ documents, engine, log });
  const { webhook } = documents ?? {};
  const ofPages = webhook === undefined ? [] : [[webhook.path, webhook.handle] as const];
  return {
    start() {
      if (pages !== undefined) documents?.start?.(pages);
      gate?.start();
      forges.start();
      chats.start();
    },
    stop: async () => {
      gate?.stop();
      await Promise.all([chats.stop(), forges.stop(), pages?.stop()]);
    },
    states: () => [...chats.states(), ...forges.states()],
    services: () => servicesOf(outside),
    webhooks: new Map([...chats.webhooks, ...forges.webhooks, ...ofPages]),
    reconcile: forges.reconcile,
    breakers: () => [...chats.breakers(), ...forges.breakers()],
    pin: chats.pin,
    heard: chats.heard,
    verified: () => outside.adapters.map(({ platform }) => ({ platform, at: watch.verifiedAt(platform) })),
  };
}

function servicesOf({ gate, mail }: Outside): readonly ConnectionState[] {
  const documents = gate?.state();
  return [
    ...(documents === undefined ? [] : [{ platform: 'gitea', ...documents, ok: documents.is === 'connected' }]),
    // Each letter is a connection of its own; those that wait are in the outbox.
    ...(mail === undefined
      ? []
      : [{ platform: 'mail', is: 'connected' as const, line: 'Letters go out by the mail server', ok: true }]),
  ];
}
