import type { ChatAdapter, Clock, Intake, Platform, Sent, WebhookRequest, WebhookResponse } from '../ports.ts';
import { createArrivals } from './arrivals.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { createButtons } from './buttons.ts';
import type { Carrier } from './carrier.ts';
import { createDelivery } from './deliver-outbox.ts';
import type { Engine } from './engine.ts';
import { type ChatIntake, createIntake } from './intake.ts';
import { createLiveCards } from './live-cards.ts';
import type { Log } from './log.ts';
import { createMenus } from './menus.ts';
import { createMoves } from './moves.ts';
import { createPacer } from './pacer.ts';
import { createRefusals } from './refusals.ts';

/** The chats put together: what comes in, what goes out, what changes; without a platform the board is where all is said. */

interface ChatState {
  readonly platform: Platform;
  readonly line: string;
  readonly is: ReturnType<ChatAdapter['state']>['is'];
  readonly ok: boolean;
}

export interface Chats {
  /** Begins to take in and to speak. */
  start(): void;
  /** Takes nothing more in, finishes what is under way. */
  stop(): Promise<void>;
  states(): readonly ChatState[];
  /** The public ways in, by path. */
  readonly webhooks: ReadonlyMap<string, (request: WebhookRequest) => Promise<WebhookResponse>>;
  /** Messages sent once more because nobody knew whether they had arrived. */
  repeated(): number;
  /** Pins a message of ours, or takes its pin off; undefined: its platform has no pins, or is not connected. */
  pin(platform: string, id: string, yes: boolean): Promise<Sent> | undefined;
  /** When something came in last and was stored; nothing of those that were not heard yet. */
  heard(): readonly { readonly platform: string; readonly at: number }[];
  /** Is it held back that a platform is written to, because it is away? */
  breakers(): readonly BreakerState[];
}

export interface BreakerState {
  readonly platform: string;
  readonly isOpen: boolean;
}

export interface ChatsParts {
  readonly engine: Engine;
  readonly adapters: readonly ChatAdapter[];
  readonly clock: Clock;
  readonly log: Log;
  /** Numbers from 0 to 1, for waits that should not all end at once. */
  chance(): number;
  /** What takes the rows that are for no chat. */
  readonly carriers?: readonly Carrier[];
}

/** How often it is looked whether something may go now that could not before. */
const TICK = 250;
/** What was received and could not be decided (a full disk, say) is looked at again so often. */
const RECOVER_EVERY = 8;
/** And whether what is urgent waits for a platform that is away. */
const LOOK_EVERY = 4;

export async function createChats(parts: ChatsParts): Promise<Chats> {
  const { engine, clock, log } = parts;
  const adapters = new Map(parts.adapters.map((adapter) => [adapter.platform, adapter]));
  const breakers = new Map<Platform, Breaker>(
    parts.adapters.map(({ platform }) => [platform, createBreaker(parts.chance)]),
  );
  const breakerOf = (platform: Platform): Breaker => breakers.get(platform) ?? createBreaker(parts.chance);
  const pacer = createPacer((platform) => adapters.get(platform)?.pace);
  const buttons = await createButtons(engine.store);
  const moves = createMoves(engine.store);
  const shared = { engine, adapters, pacer, breakerOf, buttons, moves, clock, log };
  const cards = createLiveCards(shared);
  const refusals = createRefusals({ ...parts, breakerOf });
  const delivery = createDelivery({
    ...shared,
    cards,
    onRefused: refusals.refused,
    carriers: parts.carriers,
  });
  const arrivals = createArrivals(shared);
  const menus = createMenus(shared);
  const intakes = new Map<Platform, ChatIntake>(
    parts.adapters.map((adapter) => [
      adapter.platform,
      createIntake({ adapter, engine, buttons, moves, arrivals, clock, log, met: menus.met }),
    ]),
  );
  engine.onMessages(delivery.pump);
  engine.onChanges((streams) => {
    cards.changed(streams);
    menus.changed(streams);
  });

  const heard = new Map<Platform, number>();
  let ticks = 0;
  let timer: NodeJS.Timeout | undefined;
  let following: Promise<void> = Promise.resolve();
  function tick(): void {
    ticks += 1;
    delivery.pump();
    cards.pump();
    if (ticks % RECOVER_EVERY === 0) for (const intake of intakes.values()) intake.recover();
    if (ticks % LOOK_EVERY === 0) refusals.look();
    if (ticks % 240 === 0) pacer.rest(clock.now());
  }

  return {
    start() {
      for (const [platform, intake] of intakes) {
        // What the last run received comes before what comes now.
        intake.recover();
        adapters.get(platform)?.start(noting(intake, () => heard.set(platform, clock.now())));
      }
      following = refusals.follow().catch((error: unknown) => {
        log.fault('what follows from a page that was refused could not be done', error);
      });
      menus.start();
      timer = setInterval(tick, TICK);
      tick();
    },
    async stop() {
      clearInterval(timer);
      for (const intake of intakes.values()) intake.stop();
      await Promise.all(parts.adapters.map((adapter) => adapter.stop()));
      await Promise.all([...intakes.values()].map((intake) => intake.settled()));
      await menus.stop();
      await following;
      await Promise.all([delivery.stop(), cards.stop()]);
      await refusals.settled();
    },
    states: () =>
      parts.adapters.map((adapter) => {
        const { is, line } = adapter.state();
        return { platform: adapter.platform, line, is, ok: is === 'connected' || is === 'starting' };
      }),
    webhooks: new Map(
      parts.adapters.flatMap(({ webhook }) => (webhook === undefined ? [] : [[webhook.path, webhook.handle]])),
    ),
    repeated: delivery.repeated,
    heard: () => [...heard].map(([platform, at]) => ({ platform, at })),
    pin: (platform, id, yes) => parts.adapters.find((each) => each.platform === platform)?.pin?.(id, yes),
    breakers: () => [...breakers].map(([platform, breaker]) => ({ platform, isOpen: breaker.isOpen() })),
  };
}

/** Told of each time at which something was taken in. */
const noting = (intake: ChatIntake, note: () => void): Intake => ({
  ...intake,
  async receive(bodies, bookmark) {
    const result = await intake.receive(bodies, bookmark);
    if (result === 'stored') note();
    return result;
  },
  async decide(incoming, id) {
    const reply = await intake.decide(incoming, id);
    note();
    return reply;
  },
});
