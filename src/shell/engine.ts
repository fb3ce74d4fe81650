import type { Catalogue, Outcome } from '../core/command.ts';
import { decide, type Input, identify, isQuestion, pagesToCheck } from '../core/decide.ts';
import { createDraft, type Draft, type World } from '../core/draft.ts';
import type { ForgeNews } from '../core/forge-news.ts';
import { follow, type TrackerNews } from '../core/incoming.ts';
import { refOfPage } from '../core/looks.ts';
import type { Live } from '../core/message.ts';
import { hasRole } from '../core/people.ts';
import { type Text, toPlain } from '../core/text.ts';
import type { Clock, LinkCheck } from '../ports.ts';
import {
  type OutboxDraft,
  type OutboxRow,
  type Reader,
  type Receipt,
  type Store,
  TurnFailed,
  type Work,
} from '../store/port.ts';
import { answeredBefore } from './answered-before.ts';
import type { Route } from './commit.ts';
import { type Core, createCore, NOTHING } from './engine-core.ts';
import { type Heard, hear } from './hear.ts';
import type { Log } from './log.ts';
import { purge } from './redact.ts';
import type { SafeMode } from './safe-mode.ts';
import { fireDue, prepare } from './timers.ts';
import { type Found, NOTHING_FOUND, type Policies, probeKey } from './world.ts';

/** An answer as it is stored and shown. */
export interface Answer {
  readonly ok: boolean;
  readonly code: string;
  readonly rule?: string;
  readonly needs?: readonly string[];
  readonly key?: string;
  readonly completed?: true;
  readonly text: string;
  readonly nodes: Text;
  /** Set where it shows something else later. */
  readonly live?: Live;
}

/** How an answer is given where it is not the response: what it leaves in the outbox. */
interface Answering {
  rows(answer: Answer, world: World): readonly OutboxDraft[];
  /** A hint about what was just said: for its writer alone, and where they wrote it. */
  whisper?(hint: OutboxDraft): OutboxDraft;
}

/** Words that were answered past the tables: brought again, they get the same answer and change nothing. */
interface Words {
  readonly id: string;
  readonly answer: Answer;
}

export interface Engine {
  /**
   * Decides, commits, then answers. With an id, a redelivery changes nothing and gets the same answer. With `answering`
   * the answer is a row of the outbox in the same commit, also a question's: it is never written twice.
   */
  handle(input: Input, id?: string, answering?: Answering): Promise<Answer>;
  /** Stores raw bodies before they are confirmed to whoever sent them; false: it could not, and nothing is stored. */
  receive(receipt: Receipt): Promise<boolean>;
  /** Ends what was received and needs no decision of the core; what it leaves in the outbox goes with it. */
  settle(id: string, rows: readonly OutboxDraft[]): Promise<void>;
  /** Follows verified news of stories and issues. */
  follow(news: readonly TrackerNews[], via: string, id: string): Promise<void>;
  /** Follows what the forges tell: stories, issues, deployments; with an id, what was received under it. */
  hear(news: readonly ForgeNews[], via: string, id?: string): Promise<Heard>;
  /** Records what a part of the shell itself decides (a sign-in, a chat that moved): in one commit, by whom and over what. */
  act<T>(via: string, actor: string, decide: (draft: Draft) => T, words?: Words): Promise<T>;
  /** Looks at pages anew, and keeps how they answered: what shows a need that asks for them shows it so. */
  lookAgain(urls: readonly string[]): Promise<void>;
  /** Fires what is due now, in order. Resolves to how many timers there were. */
  fireDue(): Promise<number>;
  nextDue(): number | undefined;
  /** The recorded world, for questions; for pages as the handle for reading shows it. */
  world(actor?: string, read?: Reader): World;
  /** Told which streams changed, right after their commit. */
  onChanges(listener: (streams: readonly string[]) => void): void;
  /** Is too much waiting to take in more? */
  isFull(): boolean;
  /** Told of every message right after its commit. */
  onMessages(listener: (rows: readonly OutboxRow[]) => void): void;
  /** Why nothing is written at present; undefined when all is well. */
  readOnly(): string | undefined;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly policies: Policies;
  drained(): Promise<void>;
}

export interface EngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly policies: Policies;
  readonly catalogue: Catalogue;
  readonly links: LinkCheck;
  /** What one story or issue is now, as its platform says: null, that it is not there; undefined: nobody could tell. */
  readonly look?: ((ref: string) => Promise<TrackerNews | null | undefined>) | undefined;
  readonly log: Log;
  /** Where messages go; without it they stay on the board. */
  readonly route?: Route | undefined;
  /** What watches over the store, where something does. */
  readonly safe?: (Pick<SafeMode, 'why' | 'onChange'> & Partial<Pick<SafeMode, 'asked'>>) | undefined;
}

/** Puts the parts together, and reads the roster and the reminders into the store. */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const core = createCore(parts);
  await prepareOnceSure(core);
  const { store, clock, policies, catalogue } = parts;
  return {
    store,
    catalogue,
    policies,
    // Here all ways in meet: what is stored, decided on and shown holds no credential from here on.
    handle: (input, id, answering) => handle(core, purge(input), id, answering),
    receive: (receipt) => receive(core, { ...receipt, receive: purge(receipt.receive) }),
    settle: (id, rows) => settle(core, id, rows),
    follow: (news, via, id) => followNews(core, purge(news), via, id),
    hear: (news, via, id) => hear(core, purge(news), via, id),
    act: (via, actor, decide, words) => act(core, via, actor, decide, words),
    lookAgain: (urls) => lookAgain(core, urls),
    fireDue: () => fireDue(core),
    nextDue: () => store.nextTimer()?.due,
    world: (actor = 'system', read: Reader = store) => core.worldOf(read, clock.now(), actor),
    onChanges: (listener) => void core.watchers.push(listener),
    isFull: core.isFull,
    onMessages: (listener) => void core.listeners.push(listener),
    readOnly: core.trouble,
    drained: core.drained,
  };
}

/** In doubt nothing is written: the roster and the reminders are read in when it is over, by the clock that is right then. */
async function prepareOnceSure(core: Core): Promise<void> {
  const { safe, log } = core.parts;
  safe?.onChange((doubt) => {
    if (doubt !== undefined) return;
    prepare(core).catch((error: unknown) => log.fault('the roster and the reminders could not be read in', error));
  });
  try {
    if (safe?.why() === undefined) return await prepare(core);
  } catch (error) {
    if (!(error instanceof TurnFailed) || safe?.why() === undefined) throw error;
  }
}

/** Decides, commits, then answers; timers that are due come first. */
async function handle(core: Core, input: Input, id?: string, answering?: Answering): Promise<Answer> {
  const { parts, submit, worldOf, record } = core;
  const { store, clock, catalogue } = parts;
  try {
    const isSure = parts.safe?.why() === undefined;
    if (isSure && (store.nextTimer()?.due ?? Number.POSITIVE_INFINITY) <= clock.now()) await fireDue(core);
    const found = await lookOutside(core, input);
    if (answering === undefined && isQuestion(catalogue, input))
      return toAnswer(decide(worldOf(store, clock.now(), actorOf(core, input), found), catalogue, input).outcome);
    const work: Work = {
      ...(id === undefined ? {} : { inbox: { id, body: input } }),
      decide: (read, now) => {
        const actor = identify(worldOf(read, now, input.as), input.as, input.via).id;
        const { outcome, draft } = decide(worldOf(read, now, actor, found), catalogue, input);
        const mirrors = [...found.pages].map(([url, status]) => ({ key: probeKey(url), at: now, data: { status } }));
        // A refusal leaves nothing behind but its own record.
        const kept = outcome.ok ? draft : createDraft(worldOf(read, now, actor));
        const answer = toAnswer(outcome);
        // Who was just linked, say, is answered in the world that the decision made.
        const said = answering?.rows(answer, kept) ?? [];
        const whisper = answering?.whisper;
        return record(read, core.commitOf(kept, { via: input.via, outcome: answer, mirrors, said, whisper }));
      },
    };
    const result = await submit(work, isOfOps(core, input));
    return result.result === 'fault' ? fault(parts.log, result.error) : (result.outcome as Answer);
  } catch (error) {
    const trouble = core.trouble();
    const before = answering === undefined ? answeredBefore(store, id) : undefined;
    if (before !== undefined) return before;
    const taken = trouble === undefined ? undefined : parts.safe?.asked?.(input, id, answering !== undefined);
    // What was received before is answered when it is decided on, for its answer goes with that.
    if (taken !== undefined && answering === undefined) return taken;
    return error instanceof TurnFailed || trouble !== undefined
      ? unavailable(trouble ?? 'too much waits at once')
      : fault(parts.log, error);
  }
}

/** OPS is heard before everybody else: see the writer's lanes. */
function isOfOps({ parts, worldOf }: Core, { as, via }: Input): boolean {
  const world = worldOf(parts.store, parts.clock.now(), as);
  return hasRole(world, identify(world, as, via).id, 'ops');
}

/** The person behind the account, for what reads who acts. */
const actorOf = ({ parts, worldOf }: Core, { as, via }: Input): string =>
  identify(worldOf(parts.store, parts.clock.now(), as), as, via).id;

/** Pages, stories and issues that the decision will ask about: nothing waits for the network inside a transaction. */
async function lookOutside({ parts, worldOf }: Core, input: Input): Promise<Found> {
  const names = pagesToCheck(worldOf(parts.store, parts.clock.now(), input.as), parts.catalogue, input);
  if (names.length === 0) return NOTHING_FOUND;
  const urls = names.filter((name) => refOfPage(name) === undefined);
  const refs = names.flatMap((name) => refOfPage(name) ?? []);
  const [pages, seen] = await Promise.all([
    Promise.all(urls.map(async (url) => [url, await parts.links.check(url)] as const)),
    Promise.all(refs.map(async (ref) => [ref, await parts.look?.(ref)] as const)),
  ]);
  return {
    pages: new Map(pages),
    refs: new Map(seen.flatMap(([ref, news]) => (news === undefined ? [] : [[ref, news] as const]))),
  };
}

async function lookAgain({ parts, submit }: Core, urls: readonly string[]): Promise<void> {
  const seen = await Promise.all(urls.map(async (url) => [url, await parts.links.check(url)] as const));
  await submit({
    decide: (_read, now) => ({
      ...NOTHING,
      mirrors: seen.map(([url, status]) => ({ key: probeKey(url), at: now, data: { status } })),
    }),
  });
}

function fault(log: Log, error: unknown): Answer {
  const reference = log.fault('a command could not be carried out', error);
  const text = `That went wrong on my side, and nothing was changed. Say it again later; if it stays so, tell the people who run me: reference ${reference}.`;
  return { ok: false, code: 'fault', text, nodes: [text] };
}

async function followNews(
  { parts, submit, worldOf, record, commitOf }: Core,
  news: readonly TrackerNews[],
  via: string,
  id: string,
): Promise<void> {
  const result = await submit({
    inbox: { id, body: news },
    decide: (read, now) => {
      const draft = createDraft(worldOf(read, now, 'system'));
      for (const each of news) follow(draft, each);
      return record(read, commitOf(draft, { via, outcome: null }));
    },
  });
  if (result.result === 'fault') parts.log.fault('an event could not be followed', result.error);
}

/** Rejects where it could not be recorded: what it decided must not be acted on then. */
async function act<T>(
  { submit, worldOf, record, commitOf }: Core,
  via: string,
  actor: string,
  decide: (draft: Draft) => T,
  words?: Words,
): Promise<T> {
  let decided: { readonly value: T } | undefined;
  const work: Work = {
    ...(words === undefined ? {} : { inbox: { id: words.id, body: null } }),
    decide: (read, now) => {
      const draft = createDraft(worldOf(read, now, actor));
      decided = { value: decide(draft) };
      return record(read, commitOf(draft, { via, outcome: words?.answer ?? null }));
    },
  };
  // In one order with the timers: what is noted now is known to what falls due after it.
  const result = await submit(work, true);
  if (result.result === 'fault' || decided === undefined) throw new Error('not recorded', { cause: result });
  return decided.value;
}

async function receive({ submit, parts }: Core, receipt: Receipt): Promise<boolean> {
  try {
    const received = await submit(receipt);
    const others =
      received.result === 'done' ? (received.outcome as { others?: readonly string[] } | null)?.others : [];
    if (others?.length)
      parts.log.warn('something else came under a name that is known; the first stays', { ids: others });
    return received.result !== 'fault';
  } catch (error) {
    // The engine has said already that nothing is written.
    if (!(error instanceof TurnFailed)) parts.log.fault('what came in could not be stored', error);
    return false;
  }
}

async function settle({ submit }: Core, id: string, outbox: readonly OutboxDraft[]): Promise<void> {
  await submit({ inbox: { id, body: null }, decide: () => ({ ...NOTHING, outbox }) });
}

const unavailable = (why: string): Answer => {
  const text = `Not done, nothing was changed: ${why}. Say it again later; questions still work.`;
  return { ok: false, code: 'unavailable', text, nodes: [text] };
};

function toAnswer(outcome: Outcome): Answer {
  const { text, ...rest } = outcome;
  return { ...rest, text: toPlain(text), nodes: text };
}
