import type { World } from '../core/draft.ts';
import { dutyNow } from '../core/duty.ts';
import { peopleOf } from '../core/message.ts';
import { recordTaken } from '../core/system.ts';
import { bold, code, say, type Text } from '../core/text.ts';
import type { ChatAdapter, Clock } from '../ports.ts';
import { type OutboxDraft, type OutboxRow, OVERTAKEN, type Reader } from '../store/port.ts';
import { routeOf } from './address.ts';
import type { MessageBody } from './commit.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';
import { rungsOfOps } from './ops-places.ts';
import type { Doubt, SafeMode } from './safe-mode.ts';
import { createLadder } from './safe-mode-ladder.ts';
import { createSafeLane, type SafeLane } from './safe-mode-lane.ts';
import { type Held, lostWords } from './safe-mode-taken.ts';

/** Safe mode speaks: OPS's chat, the person on call and standard error hear of it, and pages go on. */

export interface SafeVoice {
  start(): void;
  stop(): Promise<void>;
}

export interface SafeVoiceParts {
  readonly safe: SafeMode;
  readonly engine: Engine;
  readonly adapters: readonly ChatAdapter[];
  readonly clock: Clock;
  readonly log: Log;
  /** Standard error, past the log and its level. */
  shout(line: string): void;
}

const TICK = 1_000;
/** While all is well, what pages stand on is read so often. */
const READ_EVERY = 60;
const MOST_LEFT = 1_000;
/** Nobody else has to hear of it. */
const FOR_ONE: ReadonlySet<string> = new Set(['hint', 'page-test']);

export function createSafeVoice(parts: SafeVoiceParts): SafeVoice {
  const { safe, engine, clock, log } = parts;
  const connected = parts.adapters.map(({ platform }) => platform);
  const lane = createSafeLane(parts);
  const route = (world: World, to: Parameters<typeof routeOf>[2]) => routeOf(connected, world, to);
  const ladder = createLadder({ ...engine, route, log });
  let contacts: Contacts = { now: [], members: [], chats: [], admins: [] };
  let isRead = false;
  let recording: Promise<unknown> = Promise.resolve();
  let ticks = 0;
  let timer: NodeJS.Timeout | undefined;

  /** What can not be read stays as it was read last; where it never was, whom the organisation's file names is told. */
  function read(): void {
    try {
      contacts = contactsOf(engine.world(), route);
      isRead = true;
      ladder.read();
    } catch (error) {
      if (!isRead) contacts = contactsOf(engine.world('system', READS_NOTHING), route);
      log.warn('who is told in safe mode could not be read anew', { why: String(error) });
    }
  }

  function changed(doubt: Doubt | undefined): void {
    if (doubt !== undefined) read();
    else recording = Promise.all([recording, ...ladder.taken().map(note)]);
    const [line, nodes] = wordsOf(doubt);
    parts.shout(line);
    lane.send(rungsFrom(contacts.now, contacts), nodes, doubt !== undefined);
    if (doubt !== undefined) page(pagesLeft());
  }

  /** Before anything else is decided: what was taken pages nobody any more, also not by what waits in the outbox. */
  async function note(held: Held): Promise<void> {
    const { key, by, words } = held;
    try {
      const waiting = pagesLeft().filter((row) => row.key === key);
      const given = waiting.map(({ id }) => engine.store.mark(id, 'expired', { reason: OVERTAKEN.over }));
      await Promise.all([engine.act('safe-mode', by, (draft) => recordTaken(draft, held), words), ...given]);
    } catch (error) {
      log.fault('what was taken in safe mode could not be noted', error);
      lane.send(rungsFrom([...contacts.now, ...addressesOf(by)], contacts), lostWords(held, by), true);
    }
  }

  function addressesOf(person: string): readonly string[] {
    try {
      return peopleOf([person]).flatMap((to) => route(engine.world(), to) ?? []);
    } catch {
      return [];
    }
  }

  /** Pages that wait in the outbox, which nothing leaves now. Afterwards they may go out once more. */
  function pagesLeft(): readonly OutboxRow[] {
    try {
      const rows = engine.store.late(Number.MAX_SAFE_INTEGER, MOST_LEFT, { lane: 'page', key: 'ALERT-' });
      return rows.filter(({ kind, lane: each, state }) => (each === 'page' || kind === 'task') && state !== 'sending');
    } catch {
      return [];
    }
  }

  const page = (rows: readonly OutboxDraft[]): void => sayAll(rows, { lane, contacts, shout: parts.shout });

  const asked: SafeMode['asked'] = (input, id, isLater) => {
    try {
      const taken = ladder.take(input, id, isLater, clock.now());
      page(taken?.said ?? []);
      return taken?.answer;
    } catch (error) {
      log.fault('an alert could not be taken in safe mode', error);
      return undefined;
    }
  };

  function tick(): void {
    ticks += 1;
    void safe.look();
    lane.pump();
    if (safe.doubt() !== undefined) page(ladder.climb(clock.now()));
    else if (ticks % READ_EVERY === 0) read();
  }

  return {
    start() {
      read();
      safe.onChange(changed);
      safe.onAsked(asked);
      const doubt = safe.doubt();
      if (doubt !== undefined) changed(doubt);
      timer = setInterval(tick, TICK);
    },
    async stop() {
      clearInterval(timer);
      await recording;
      await lane.settled();
    },
  };
}

/** Where nothing can be read at all: whom to tell stands in the organisation's file alone. */
export const READS_NOTHING: Reader = {
  state: () => undefined,
  open: () => [],
  mirror: () => undefined,
  history: () => [],
};

const ASIDE: Text = ['I am in safe mode: nothing is decided until it is over.'];
const onPage = (key: string): Text =>
  say`I am in safe mode: ${code(`/ack ${key}`)} stops these pages; nothing else is decided until it is over.`;

interface Saying {
  readonly lane: SafeLane;
  readonly contacts: Contacts;
  shout(line: string): void;
}

/** What is said to several, or over several platforms, is one message: it goes further where none of them gets it. */
function sayAll(rows: readonly OutboxDraft[], { lane, contacts, shout }: Saying): void {
  const textOf = (row: OutboxDraft): string => (row.body as MessageBody).text;
  for (const all of Map.groupBy(rows, (row) => JSON.stringify([row.kind, row.key, row.at, textOf(row)])).values()) {
    const [row] = all;
    if (row === undefined) continue;
    const aside = row.key === null || row.kind !== 'page' ? ASIDE : onPage(row.key);
    const first = all.flatMap(({ address }) => address ?? []);
    const rungs = FOR_ONE.has(row.kind) ? [first] : rungsFrom(first, contacts);
    lane.send(rungs, [...(row.body as MessageBody).nodes, '\n', ...aside], row.lane === 'page');
    for (const { kind } of all) shout(`${kind} in safe mode: ${textOf(row).split('\n')[0] ?? ''}`);
  }
}

const REMEDY = 'baton doctor says what is wrong, and baton doctor --leave-safe-mode ends it';

function wordsOf(doubt: Doubt | undefined): [string, Text] {
  if (doubt === undefined)
    return ['safe mode is over', say`${bold('Safe mode is over.')} Everything goes on; what waited is done now.`];
  const { why, cause } = doubt;
  const end =
    cause === 'full'
      ? say`It ends by itself when there is room.`
      : say`On the machine, ${code('baton doctor')} says what is wrong, and ${code('baton doctor --leave-safe-mode')} ends it.`;
  return [
    `SAFE MODE: ${why}. Nothing is decided. ${cause === 'full' ? 'It ends by itself when there is room.' : `${REMEDY}.`}`,
    say`${bold('I am in safe mode')}: ${why}. I decide nothing and take nothing in; questions such as ${code('/status')} are answered from the last rows, and critical alerts page on. ${end}`,
  ];
}

/** Addresses that are known while all else may be gone. */
interface Contacts {
  /** OPS's chat, and whoever is on call today; where nobody is, all of OPS. */
  readonly now: readonly string[];
  readonly members: readonly string[];
  readonly chats: readonly string[];
  readonly admins: readonly string[];
}

export function contactsOf(
  world: World,
  route: (world: World, to: Parameters<typeof routeOf>[2]) => readonly string[] | undefined,
): Contacts {
  const { first } = dutyNow(world);
  const [chats, members, admins] = rungsOfOps(world).map((rung) => rung.flatMap((to) => route(world, to) ?? []));
  const onCall = first === undefined ? members : peopleOf([first]).flatMap((to) => route(world, to) ?? []);
  return {
    now: [...(chats ?? []), ...(onCall ?? [])],
    members: members ?? [],
    chats: chats ?? [],
    admins: admins ?? [],
  };
}

/** Who hears of it in turn, where those who should can not be reached. */
export const rungsFrom = (
  first: readonly string[],
  { members, chats, admins }: Contacts,
): readonly (readonly string[])[] => [first, members, chats, admins];
