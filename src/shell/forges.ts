import type { ForgeAdapter, ForgePlatform, Mail } from '../forge-ports.ts';
import type { Clock, WebhookRequest, WebhookResponse } from '../ports.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { Carrier } from './carrier.ts';
import type { Engine } from './engine.ts';
import { createForgeInbox, type ForgeInbox } from './forge-intake.ts';
import { createForgeJobs } from './forge-jobs.ts';
import type { ForgeWatch } from './forge-watch.ts';
import { createLetters, type LetterOf, type LettersParts } from './letters.ts';
import type { Log } from './log.ts';
import { mailSeal } from './mail-seal.ts';
import { createReconciler, type Reconciler } from './reconcile.ts';

/** The forges put together: what they send, what is done there, and the comparison that finds what was missed. */

interface ForgeState {
  readonly platform: ForgePlatform;
  readonly is: ReturnType<ForgeAdapter['state']>['is'];
  readonly line: string;
  readonly ok: boolean;
}

export interface ForgeConnections {
  start(): void;
  /** Takes nothing more in, finishes what is under way. */
  stop(): Promise<void>;
  states(): readonly ForgeState[];
  /** The public ways in, by path. */
  readonly webhooks: ReadonlyMap<string, (request: WebhookRequest) => Promise<WebhookResponse>>;
  /** For the delivery of the outbox: it hands them the rows that no chat takes. */
  readonly carriers: readonly Carrier[];
  /** Compares now with every platform; true: all is verified. */
  reconcile(): Promise<boolean>;
  breakers(): readonly { readonly platform: string; readonly isOpen: boolean }[];
}

export interface ForgesParts {
  readonly engine: Engine;
  /** What the engine's decisions ask: made of the same adapters. */
  readonly watch: ForgeWatch;
  readonly adapters: readonly ForgeAdapter[];
  readonly clock: Clock;
  readonly log: Log;
  /** Numbers from 0 to 1, for waits that should not all end at once. */
  chance(): number;
  readonly mail?: { readonly sender: Mail; readonly letterOf: LetterOf } & Pick<LettersParts, 'publicUrl'>;
}

/** What was received and could not be decided (a full disk, say) is looked at again so often. */
const RECOVER_EVERY = 2_000;

interface Connection {
  readonly adapter: ForgeAdapter;
  readonly inbox: ForgeInbox;
  readonly reconciler: Reconciler;
}

export async function createForges(parts: ForgesParts): Promise<ForgeConnections> {
  const { engine, clock, log, mail, chance } = parts;
  const adapters = new Map(parts.adapters.map((adapter) => [adapter.platform, adapter]));
  const breakers = new Map<ForgePlatform, Breaker>(
    parts.adapters.map(({ platform }) => [platform, createBreaker(chance)]),
  );
  const breakerOf = (platform: ForgePlatform): Breaker => breakers.get(platform) ?? createBreaker(chance);
  const connections = await Promise.all(parts.adapters.map((adapter) => connect(parts, adapter, chance)));
  const jobs = createForgeJobs({ engine, adapters, breakerOf, clock, log });
  const letters =
    mail === undefined
      ? []
      : [
          createLetters({
            engine, clock, chance,
            mail: mail.sender,
            letterOf: mail.letterOf,
            seal: await mailSeal(engine.store),
            publicUrl: mail.publicUrl,
          }),
        ]; // biome-ignore format: one value
  let timer: NodeJS.Timeout | undefined;
  return {
    carriers: [jobs, ...letters],
    webhooks: new Map(
      parts.adapters.map(({ webhook }) => [webhook.path, (request: WebhookRequest) => webhook.handle(request)]),
    ),
    start() {
      for (const { adapter, inbox, reconciler } of connections) {
        // What the last run received comes before what comes now.
        inbox.recover();
        adapter.start(inbox);
        reconciler.start();
      }
      timer = setInterval(() => {
        for (const { inbox } of connections) inbox.recover();
      }, RECOVER_EVERY);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      for (const { inbox } of connections) inbox.stop();
      await Promise.all(connections.map(({ adapter }) => adapter.stop()));
      await Promise.all(connections.flatMap(({ inbox, reconciler }) => [inbox.settled(), reconciler.stop()]));
      await mail?.sender.stop();
    },
    states: () =>
      parts.adapters.map((adapter) => {
        const { is, line } = adapter.state();
        return { platform: adapter.platform, is, line, ok: is === 'connected' || is === 'starting' };
      }),
    breakers: () => [...breakers].map(([platform, breaker]) => ({ platform, isOpen: breaker.isOpen() })),
    reconcile: async () => (await Promise.all(connections.map(({ reconciler }) => reconciler.run()))).every(Boolean),
  };
}

/** A platform's questions have a breaker of their own: what is done there must not keep the comparison waiting. */
async function connect(parts: ForgesParts, adapter: ForgeAdapter, chance: () => number): Promise<Connection> {
  const { engine, watch, clock, log } = parts;
  let inbox: ForgeInbox | undefined;
  const inboxNow = (): ForgeInbox => {
    inbox ??= createForgeInbox({ adapter, engine, clock, log, hinted: (ref) => reconciler.hinted(ref) });
    return inbox;
  };
  const reconciler: Reconciler = await createReconciler({
    adapter, engine, watch, clock, log, inbox: inboxNow, breaker: createBreaker(chance),
  }); // biome-ignore format: one value
  return { adapter, reconciler, inbox: inboxNow() };
}
