import { nobodyReached, pageRefused } from '../core/alerting.ts';
import { calendarOf, type World } from '../core/draft.ts';
import { bold, say, toPlain } from '../core/text.ts';
import type { ChatAdapter, Clock, Platform } from '../ports.ts';
import type { OutboxRow } from '../store/port.ts';
import { readAddress } from './address.ts';
import type { Breaker } from './breaker.ts';
import type { MessageBody } from './commit.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';
import { firstPlaces, type Place, placesOf, rungsOfOps } from './ops-places.ts';

/**
 * What does not get through is passed on: a page to the next person of the ladder, what OPS's chat is told to its members in
 * private, and to the admins where none of them can be reached. Each message falls once from each of these.
 */
export interface Refusals {
  /** It was refused for good at its address. */
  refused(row: OutboxRow, why: string): Promise<void>;
  /** May have been refused in the very moment in which the last run ended: whoever is next hears of it now. */
  follow(): Promise<void>;
  /** Passes on what waits for a platform that is away, and what could not be passed on before. */
  look(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface RefusalsParts {
  readonly engine: Engine;
  readonly adapters: readonly ChatAdapter[];
  readonly breakerOf: (platform: Platform) => Breaker;
  readonly clock: Clock;
  readonly log: Log;
}

/** A message that fell: from which row, and how far down. */
interface Fallen extends MessageBody {
  readonly fell?: { readonly of: number; readonly rung: number };
}

const DAY = 24 * 3_600_000;
const MOST_PARKED = 10_000;
const MOST_LATE = 500;
/** What a platform has not taken for so long is passed on: the sooner where the platform is known to be away. */
const LATE_AFTER = 60_000;
const LATE_WHERE_AWAY = 5_000;
const URGENT = { lane: 'page', key: 'ALERT-' } as const;

const isPage = ({ kind, to }: OutboxRow): boolean => (kind === 'page' || kind === 'page-test') && 'person' in to;
/** The process's own words about itself are for OPS alone, and so is an alert that is no page, or that nobody takes. */
const isForOps = ({ kind, key }: OutboxRow): boolean =>
  ['held-alert', 'late', 'audit', 'undelivered'].includes(kind) ||
  ((kind === 'task' || kind === 'escalation') && key?.startsWith(URGENT.key) === true);
const nameOf = ({ address, to }: OutboxRow): string => address ?? ('person' in to ? to.person : JSON.stringify(to));
const fellOf = ({ body }: OutboxRow): Fallen['fell'] => (body as Fallen | null)?.fell;
const textOf = ({ body }: OutboxRow): string | undefined => (body as Fallen | null)?.text;

/** What all of it asks. */
interface Reach extends RefusalsParts {
  readonly platforms: readonly Platform[];
  /** Those by which something gets through now, as far as is known. */
  there(): readonly Platform[];
  /** Not taken at its address, or not in time. */
  isLost(row: OutboxRow): boolean;
  /** What fell already: it is looked at again for as long as it waits. */
  readonly fallen: Set<string>;
}

function createReach(parts: RefusalsParts): Reach {
  const platforms = parts.adapters.map(({ platform }) => platform);
  const isAway = (platform: Platform): boolean => {
    const is = parts.adapters.find((each) => each.platform === platform)?.state().is;
    return is === 'away' || is === 'refused' || parts.breakerOf(platform).isOpen();
  };
  return {
    ...parts,
    platforms,
    fallen: new Set(),
    there: () => platforms.filter((platform) => !isAway(platform)),
    isLost({ state, at, address }) {
      if (state === 'sent') return false;
      if (state === 'failed' || state === 'expired') return true;
      const age = parts.clock.now() - at;
      const platform = readAddress(address ?? '')?.platform;
      const isWaiting = state !== 'sending' && platform !== undefined && isAway(platform);
      return age >= (isWaiting ? LATE_WHERE_AWAY : LATE_AFTER);
    },
  };
}

export function createRefusals(parts: RefusalsParts): Refusals {
  const { engine, clock, log } = parts;
  const { store } = engine;
  const reach = createReach(parts);
  let again: { readonly row: OutboxRow; readonly why: string }[] = [];
  let looking: Promise<void> | undefined;

  async function refused(row: OutboxRow, why: string): Promise<void> {
    try {
      if (isPage(row)) return await passPage(reach, row);
      await fall(reach, row);
      await notice(reach, row, why);
    } catch (error) {
      // Too much waits at once, say: nobody would hear of it otherwise.
      again.push({ row, why });
      log.fault('what was refused could not be passed on yet', error);
    }
  }

  async function look(): Promise<void> {
    if (engine.readOnly() !== undefined) return;
    const before = again;
    again = [];
    for (const { row, why } of before) await refused(row, why);
    const world = engine.world();
    // What waits may be much, and is asked for where it can matter.
    if (!world.open('alert').some(({ state }) => state === 'open')) return;
    const late = store.late(clock.now() - LATE_WHERE_AWAY, MOST_LATE, URGENT).filter(reach.isLost);
    for (const row of late) {
      if (!isNobodys(world, row)) continue;
      if (!isPage(row)) await fall(reach, row);
      else if (row.kind === 'page' && isLatestPage(world, row) && canReachAnother(reach, world, row))
        await passPage(reach, row);
    }
  }

  return {
    async refused(row, why) {
      log.warn('a message could not be delivered', { to: nameOf(row), kind: row.kind, why });
      await refused({ ...row, state: 'failed' }, why);
    },
    async follow() {
      const world = engine.world();
      for (const row of store.parked(MOST_PARKED)) {
        if (row.state !== 'failed') continue;
        if (isPage(row) && isLatestPage(world, row)) await passPage(reach, row);
        else if (!isPage(row) && clock.now() - row.at < DAY) await fall(reach, row);
      }
    },
    look() {
      looking ??= look()
        .catch((error: unknown) => void log.fault('what waits for long could not be passed on', error))
        .finally(() => {
          looking = undefined;
        });
    },
    settled: async () => await looking,
  };
}

/** Of pages the ladder knows who is next. */
async function passPage({ engine, isLost }: Reach, row: OutboxRow): Promise<void> {
  const { key, to } = row;
  if (!('person' in to) || !engine.store.copies(row).every(isLost)) return;
  const { person } = to;
  await engine.act('delivery', 'system', (draft) =>
    row.kind === 'page-test' || key === null ? nobodyReached(draft, person) : pageRefused(draft, key, person),
  );
}

/** What somebody has by now, or was passed on before, wakes nobody more. */
function isNobodys(world: World, { key, to }: OutboxRow): boolean {
  const alert = key === null ? undefined : world.get('alert', key);
  return alert === undefined || (alert.state === 'open' && !('person' in to && alert.unreached.includes(to.person)));
}

/** To wake more people is of use only where one of them can be reached now. */
function canReachAnother({ there }: Reach, world: World, { key }: OutboxRow): boolean {
  const { paged = [] } = (key === null ? undefined : world.get('alert', key)) ?? {};
  const [, members, admins] = rungsOfOps(world);
  const others = [...members, ...admins].filter((to) => 'person' in to && !paged.includes(to.person));
  return placesOf(world, there(), others).length > 0;
}

/** The same message to these, at each of their addresses. */
const alikeAt = ({ store }: Engine, row: OutboxRow, to: OutboxRow['to']): readonly OutboxRow[] =>
  store.copies({ ...row, to }).filter((each) => textOf(each) === textOf(row) && fellOf(each)?.of === fellOf(row)?.of);

interface Next {
  readonly of: number;
  readonly from: number;
  readonly rung: number;
  readonly places: readonly Place[];
}

/** Where it goes next; undefined: there is nobody, or somebody got it or may get it still. */
function nextOf({ engine, platforms, there, isLost }: Reach, row: OutboxRow): Next | undefined {
  const world = engine.world();
  const from = rungOf(world, row);
  if (from === undefined) return undefined;
  const rungs = rungsOfOps(world);
  const fell = fellOf(row);
  const alike = (to: OutboxRow['to']) => alikeAt(engine, row, to);
  const all = new Map([row.to, ...(rungs[from] ?? [])].flatMap(alike).map((each) => [each.id, each]));
  if (![...all.values()].every(isLost)) return undefined;
  for (const over of row.state === 'failed' ? [there(), platforms] : [there()])
    for (let rung = from + 1; rung < rungs.length; rung += 1) {
      const places = placesOf(world, over, rungs[rung] ?? []).filter(({ to }) => alike(to).length === 0);
      if (places.length > 0) return { of: fell?.of ?? Math.min(row.id, ...all.keys()), from, rung, places };
    }
  return undefined;
}

async function fall(reach: Reach, row: OutboxRow): Promise<void> {
  const { engine, clock, log, fallen } = reach;
  const next = nextOf(reach, row);
  if (next === undefined) return;
  const { of, from, rung, places } = next;
  const id = `fallen:${of}:${from}`;
  if (fallen.has(id)) return;
  if (fallen.size > MOST_PARKED) fallen.clear();
  fallen.add(id);
  const { kind, lane, key, late } = row;
  const body: Fallen = { ...(row.body as MessageBody), fell: { of, rung } };
  const at = clock.now();
  log.warn('a message for OPS is passed on', { from: nameOf(row), to: places.map(({ address }) => address), kind });
  await engine.settle(
    id,
    places.map(({ to, address }) => ({ kind, lane, to, address, key, at, late, body })),
  );
}

/** OPS hears that a message could not be delivered, once a day for each place. */
async function notice({ engine, clock, platforms }: Reach, row: OutboxRow, why: string): Promise<void> {
  if (['answer', 'hint', 'undelivered'].includes(row.kind)) return;
  const now = clock.now();
  const where = nameOf(row);
  const world = engine.world();
  const refusing = rungsOfOps(world)[0]
    .flatMap((to) => alikeAt(engine, row, to))
    .filter(({ state }) => state === 'failed');
  const past = new Set([row, ...refusing].flatMap(({ address }) => address ?? []));
  const places = firstPlaces(world, platforms, past);
  const nodes =
    isOfOps(world, row.to) && places.every(({ to }) => 'person' in to)
      ? say`${bold('OPS’s chat takes nothing from me')} (${where}): ${why}. Until it does, you get in private what is for it. Let me back in there, or name another chat in the organisation’s file.`
      : say`${bold('A message could not be delivered')} to ${where}: ${why}. The board’s outbox page shows it.`;
  const body: MessageBody = { text: toPlain(nodes), nodes };
  const said = { kind: 'undelivered', lane: 'digest', key: null, at: now, late: false, body } as const;
  await engine.settle(
    `undelivered:${where}:${Math.floor(now / DAY)}`,
    places.map((place) => ({ ...said, ...place })),
  );
}

const isOfOps = (world: World, to: OutboxRow['to']): boolean =>
  'chat' in to && rungsOfOps(world)[0].some((each) => 'chat' in each && each.chat === to.chat);

/** From which of OPS's rungs this would fall; undefined: it is not for OPS as such. An answer is for whoever asked. */
function rungOf(world: World, row: OutboxRow): number | undefined {
  const { kind, to } = row;
  const fell = fellOf(row);
  if (fell !== undefined) return fell.rung;
  if (kind === 'answer' || kind === 'head') return undefined;
  if (isOfOps(world, to)) return 0;
  if (!('person' in to) || !isForOps(row)) return undefined;
  const [, , admins] = rungsOfOps(world);
  return admins.some((each) => 'person' in each && each.person === to.person) ? 2 : 1;
}

/** Is this the page by which its person was called last? What came of older ones is long decided. */
function isLatestPage(world: World, { kind, key, to, at }: OutboxRow): boolean {
  if (!('person' in to)) return false;
  const { person } = to;
  if (kind === 'page-test') return calendarOf(world)?.tests[person]?.at === at;
  if (kind !== 'page' || key === null) return false;
  const called = world.get('alert', key)?.paged.includes(person) === true ? world.history('alert', key) : [];
  const isCall = ({ type, data }: (typeof called)[number]): boolean =>
    (type === 'paged' || type === 'page-refused') &&
    (data as { people?: readonly string[] }).people?.includes(person) === true;
  return called.findLast(isCall)?.at === at;
}
