import { decideDeployments } from '../core/deploying.ts';
import type { Draft } from '../core/draft.ts';
import { follow } from '../core/incoming.ts';
import { made } from '../core/made.ts';
import { keeperOf } from '../core/reference.ts';
import type { Changes, ForgeAdapter, ForgeNews, TrackerNews } from '../forge-ports.ts';
import type { Clock } from '../ports.ts';
import type { Breaker } from './breaker.ts';
import type { Engine } from './engine.ts';
import type { ForgeInbox } from './forge-intake.ts';
import type { ForgeWatch } from './forge-watch.ts';
import type { Log } from './log.ts';

/**
 * What webhooks missed, doubled or brought late: every five minutes the platform is asked what changed since, and what
 * a webhook said and the platform did not confirm is looked at by itself. Then all that we know of it is verified.
 */

const EVERY = 5 * 60_000;
const MOST_PAGES = 100;
const MOST_LOOKS = 200;

export interface ReconcilerParts {
  readonly adapter: ForgeAdapter;
  readonly engine: Engine;
  readonly inbox: () => ForgeInbox;
  readonly watch: ForgeWatch;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Reconciler {
  start(): void;
  /** Compares now; one comparison at a time. True: all is verified. */
  run(): Promise<boolean>;
  hinted(ref: string): void;
  stop(): Promise<void>;
}

/** What was told of since the last comparison, and when in the order of things: an older page says nothing about it. */
interface Memory {
  readonly hints: Map<string, number>;
  order: number;
  stopped: boolean;
}

type Name = 'cursor' | 'verified' | 'hints' | 'since';
const nameOf = ({ adapter }: ReconcilerParts, name: Name): string => `${adapter.platform}.${name}`;
const kept = (parts: ReconcilerParts, name: Name): string | undefined => parts.engine.store.meta(nameOf(parts, name));
const keep = (parts: ReconcilerParts, name: Name, value: string): Promise<void> =>
  parts.engine.store.setMeta(nameOf(parts, name), value);

export async function createReconciler(parts: ReconcilerParts): Promise<Reconciler> {
  const { platform } = parts.adapter;
  const memory: Memory = { hints: new Map(), order: 0, stopped: false };
  const hinted = (ref: string): void => {
    memory.order += 1;
    memory.hints.set(ref, memory.order);
  };
  const verified = Number(kept(parts, 'verified') ?? Number.NaN);
  if (Number.isFinite(verified)) parts.watch.verified(platform, verified);
  for (const ref of [...(await begin(parts)), ...toldSince(parts, verified)]) hinted(ref);
  let running: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const run = (): Promise<boolean> => {
    running ??= compare(parts, memory)
      .catch((error: unknown) => {
        parts.log.fault(`${platform} could not be compared with what is known of it`, error);
        return false;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  return {
    run,
    hinted,
    start() {
      void run();
      timer = setInterval(() => void run(), EVERY);
      timer.unref();
    },
    async stop() {
      memory.stopped = true;
      clearInterval(timer);
      await running;
      await keepHints(parts, memory);
    },
  };
}

const keepHints = (parts: ReconcilerParts, { hints }: Memory): Promise<void> =>
  keep(parts, 'hints', JSON.stringify([...hints.keys()]));

async function compare(parts: ReconcilerParts, memory: Memory): Promise<boolean> {
  const { engine, watch, clock, adapter } = parts;
  const began = clock.now();
  const before = memory.order;
  let state = await page(parts, memory);
  for (let pages = 1; state === 'more' && pages < MOST_PAGES; pages += 1) state = await page(parts, memory);
  const isWhole = state === 'done' && (await looks(parts, memory, before));
  await keepHints(parts, memory);
  if (!isWhole) return false;
  watch.verified(adapter.platform, began);
  await keep(parts, 'verified', String(began));
  // What was held for want of this word has it now.
  if (engine.store.open('deployment').length > 0) await engine.act('forges', 'system', decideDeployments);
  return true;
}

/** One page of what changed; `done`: there is no more. */
async function page(parts: ReconcilerParts, { hints, order, stopped }: Memory): Promise<'more' | 'done' | 'failed'> {
  const cursor = kept(parts, 'cursor');
  const changes = stopped ? undefined : await askChanges(parts, cursor, Number(kept(parts, 'since')));
  if (changes === undefined) return 'failed';
  const fresh = changes.news.filter((news) => news.news !== 'tracker' || (hints.get(news.of.ref) ?? 0) <= order);
  if (fresh.length > 0 && !(await parts.inbox().follow(fresh))) return 'failed';
  for (const news of fresh)
    if (news.news === 'tracker' && (hints.get(news.of.ref) ?? 0) <= order) hints.delete(news.of.ref);
  if (changes.cursor !== cursor) await keep(parts, 'cursor', changes.cursor);
  if (changes.more) return 'more';
  // What could be asked is told; that nothing is lacking nobody can say.
  return (changes.lacking ?? []).length > 0 ? 'failed' : 'done';
}

/** Looks at what webhooks spoke of and no page did; true: nothing of before is left. */
async function looks(parts: ReconcilerParts, memory: Memory, before: number): Promise<boolean> {
  const { hints } = memory;
  for (const [ref, at] of [...hints].slice(0, MOST_LOOKS)) {
    if (memory.stopped) return false;
    const found = await parts.adapter.look(ref).catch(() => undefined);
    if (found === undefined) return false;
    // Something newer came while it was looked at.
    if (hints.get(ref) !== at) continue;
    const news = newsOf(parts, ref, found);
    if (news.length > 0 && !(await parts.inbox().follow(news))) return false;
    if (found !== null && found.ref !== ref)
      await parts.engine.act('forges', 'system', (draft) => moved(draft, ref, found));
    if (hints.get(ref) === at) hints.delete(ref);
  }
  return ![...hints.values()].some((at) => at <= before);
}

/** What it is now. One that is gone is over; what nobody has spoken of there stays as people said it. */
function newsOf({ engine }: ReconcilerParts, ref: string, found: TrackerNews | null): readonly ForgeNews[] {
  if (found !== null) return [{ news: 'tracker', of: found }];
  const known = engine.world().get('ref', ref);
  const keeper = keeperOf(ref);
  if (known?.confirmed !== true || !known.open || keeper === undefined) return [];
  return [{ news: 'tracker', of: { platform: keeper.platform, ref, kind: known.kind, open: false } }];
}

/** It has another name there: all that was held of the old one goes over. */
function moved(draft: Draft, ref: string, found: TrackerNews): void {
  const before = draft.get('ref', ref);
  if (before === undefined || before.became !== undefined || ref.toLowerCase() === found.ref.toLowerCase()) return;
  // What is so now is so under both names: nothing is to be opened or closed by the change of its name.
  follow(draft, { ...found, ref });
  made(draft, ref, found.ref);
}

/** Asks for a page; undefined: the platform is away, or wants to be left alone for a while. */
async function askChanges(
  { adapter, breaker, clock, log }: ReconcilerParts,
  cursor: string | undefined,
  since: number,
): Promise<Changes | undefined> {
  if (!breaker.may(clock.now())) return undefined;
  breaker.begin();
  const result = await adapter.changes(cursor, since).catch((error: unknown) => {
    log.fault(`${adapter.platform} could not be asked what changed`, error);
    return { is: 'away', why: 'our own error' } as const;
  });
  if (!('is' in result)) {
    breaker.succeeded();
    return result;
  }
  if (result.is === 'later') breaker.pause(clock.now(), result.after);
  else breaker.failed(clock.now());
  return undefined;
}

/** So many webhooks may have come since the last comparison that was whole; more of them the pages have to do for. */
const MOST_TOLD = 2_000;

/** What webhooks spoke of since all was verified last: a process that was killed could not write its hints down. */
function toldSince({ engine, adapter }: ReconcilerParts, verified: number): readonly string[] {
  if (!Number.isFinite(verified)) return [];
  const told = engine.store.receivedSince(adapter.platform, verified, MOST_TOLD);
  return told.flatMap(({ body }) =>
    adapter.read(body).flatMap((news) => (news.news === 'tracker' ? [news.of.ref] : [])),
  );
}

/**
 * What the last run still had to look at. At the very first, all that open items are linked to; where that is too much
 * to look at one by one, the pages begin with the oldest.
 */
async function begin(parts: ReconcilerParts): Promise<readonly string[]> {
  const { engine, adapter, clock } = parts;
  const hints = kept(parts, 'hints');
  if (kept(parts, 'since') !== undefined) return hints === undefined ? [] : (JSON.parse(hints) as string[]);
  const links = engine
    .world()
    .open('item')
    .flatMap((item) => item.links.map(({ ref }) => ref));
  const refs = [...new Set(links)].filter((ref) => keeperOf(ref)?.platform === adapter.platform);
  const isMuch = refs.length > MOST_LOOKS;
  await keep(parts, 'since', String(isMuch ? 0 : clock.now()));
  return isMuch ? [] : refs;
}
