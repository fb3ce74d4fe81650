import { MINUTE } from '../core/calendar.ts';
import { teamOf } from '../core/message.ts';
import { code, say, type Text } from '../core/text.ts';
import type { Clock, Platform, Sent } from '../ports.ts';
import { routeOf } from '../shell/address.ts';
import { toJob } from '../shell/commit.ts';
import type { Connections } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import type { Log } from '../shell/log.ts';
import type { OutboxDraft } from '../store/port.ts';
import { noticeRows } from './notice.ts';

/**
 * The history's head, where nobody who changes the file can change it too: in OPS's chats, where the newest is pinned, and at
 * an issue on GitHub, where the organisation's file names one.
 */
export interface HeadPost {
  /** Posts it where that is due, and pins what was posted. */
  look(): Promise<void>;
}

export interface HeadPostParts {
  readonly engine: Engine;
  readonly connections: Pick<Connections, 'states'> & Partial<Pick<Connections, 'pin'>>;
  readonly clock: Clock;
  readonly log: Log;
}

const DAY = 24 * 60 * MINUTE;
const HEAD = 'audit.head';
const PINS = 'head.pins';
const MOST_EVENTS = 5_000;

/** What is kept of each chat, for the next head and for `baton doctor`. */
interface Pin {
  /** The newest head that was posted there. */
  readonly id: string;
  /** The one that is pinned. */
  readonly pinned?: string;
  /** Why the newest one is not. */
  readonly why?: string;
}

export function createHeadPost(parts: HeadPostParts): HeadPost {
  /** How far the history was looked through for releases. */
  const looked = { seq: 0 };
  return {
    async look() {
      await post(parts, looked);
      await pinAll(parts);
    },
  };
}

/** Once a day, and after each release on mainnet or production. */
async function post({ engine, connections, clock }: HeadPostParts, looked: { seq: number }): Promise<void> {
  const { store } = engine;
  const now = clock.now();
  const head = store.head();
  const kept = store.meta(HEAD);
  // The day begins with the first look: a fresh history has nothing to show.
  const posted = kept === undefined ? { at: now, seq: head.seq } : (JSON.parse(kept) as { at: number; seq: number });
  if (kept === undefined) await store.setMeta(HEAD, JSON.stringify(posted));
  const events = store.events(Math.max(looked.seq, posted.seq), MOST_EVENTS);
  looked.seq = events.at(-1)?.seq ?? looked.seq;
  const isDue = now - posted.at >= DAY && head.seq > posted.seq;
  if (!isDue && !events.some(({ type, data }) => type === 'released' && isLast(data))) return;
  const chats = noticeRows(engine, connections.states(), 'head', headWords(head));
  const rows = chats.map((row) => ('address' in row ? { ...row, key: keyOf(row.address) } : row));
  await engine.settle(`head:${head.seq}:${head.hash}`, [...rows, ...anchorRows({ engine, connections }, head)]);
  await store.setMeta(HEAD, JSON.stringify({ at: now, seq: head.seq }));
}

const isLast = (data: unknown): boolean => {
  const { environment } = data as { environment?: unknown };
  return environment === 'mainnet' || environment === 'production';
};

interface Head {
  readonly seq: number;
  readonly hash: string;
}

const headLine = ({ seq, hash }: Head): string => `baton verify --head ${seq} ${hash}`;
const headWords = (head: Head): Text =>
  say`The history stands at event ${head.seq}. ${code(headLine(head))} proves later that nothing up to here was changed or cut off.`;

/** A comment of its own each time: an edited one would take the earlier heads away. */
function anchorRows({ engine, connections }: Pick<HeadPostParts, 'engine' | 'connections'>, head: Head): OutboxDraft[] {
  const { anchor } = engine.policies.organisation.github;
  const isThere = connections.states().some(({ platform }) => platform === 'github');
  if (anchor === undefined || !isThere) return [];
  const body = `The history stands at event ${head.seq}. "${headLine(head)}" proves later that nothing up to here was changed or cut off.`;
  const job = { do: 'comment', ref: anchor, body, status: false } as const;
  const where = anchor.split('#')[0] ?? '';
  return [toJob(engine.world(), { platform: 'github', where, job, marker: `head-${head.seq}`, of: 'head' })];
}

const keyOf = (address: string | undefined): string | null => (address === undefined ? null : `head/${address}`);

/** Pins the newest head in each of OPS's chats, and takes the pin off the one before it. */
async function pinAll({ engine, connections, log }: HeadPostParts): Promise<void> {
  const { store } = engine;
  const world = engine.world();
  const chats = connections.states().flatMap(({ platform }) => (isChat(platform) ? [platform] : []));
  const pins = JSON.parse(store.meta(PINS) ?? '{}') as Record<string, Pin>;
  let isNew = false;
  for (const to of teamOf(world, 'ops'))
    for (const address of routeOf(chats, world, to) ?? []) {
      const id = store.sentAs(to, `head/${address}`);
      const kept = pins[address];
      if (id === undefined || kept?.id === id) continue;
      const platform = address.split(':')[0] ?? '';
      const sent = await connections.pin?.(platform, id, true);
      const next = pinOf(id, kept, sent);
      // The platform is away, say: it is asked again at the next look.
      if (next === undefined) continue;
      if (next.why !== undefined) log.warn('the head of the history could not be pinned', { address, why: next.why });
      else if (kept?.pinned !== undefined) await connections.pin?.(platform, kept.pinned, false);
      pins[address] = next;
      isNew = true;
    }
  if (isNew) await store.setMeta(PINS, JSON.stringify(pins));
}

function pinOf(id: string, before: Pin | undefined, sent: Sent | undefined): Pin | undefined {
  if (sent?.is === 'sent') return { id, pinned: id };
  const why = sent === undefined ? 'there are no pins' : sent.is === 'refused' ? sent.why : undefined;
  const pinned = before?.pinned === undefined ? {} : { pinned: before.pinned };
  return why === undefined ? undefined : { id, ...pinned, why };
}

const isChat = (platform: string): platform is Platform => platform === 'telegram' || platform === 'slack';
