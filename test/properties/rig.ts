import type { TrackerNews } from '../../src/ports.ts';
import type { Answer, Engine } from '../../src/shell/engine.ts';
import type { EventRow, OutboxRow } from '../../src/store/port.ts';
import { openEngine, organisationOf, type Wiring } from './engine.ts';
import type { Act } from './model.ts';
import { createModel, file, type Model } from './model-state.ts';

/** The real engine on a clock that stands still, and all that it did. */
export interface Rig {
  readonly engine: Engine;
  now: number;
  /** Said so far, by id: to say it again. */
  readonly said: Map<string, { readonly as: string; readonly text: string; readonly answer: Answer }>;
  readonly messages: OutboxRow[];
  /** The state row of each stream at each version at which a commit left it. */
  readonly snapshots: Map<string, Map<number, string>>;
  seen: number;
}

export type Plant = Pick<Wiring, 'rules' | 'store' | 'processes'>;

/** Monday 23 November 2026, 09:00 in Brussels. */
const START = Date.parse('2026-11-23T09:00:00+01:00');
const organisation = organisationOf(file);

export async function createRig(plant: Plant = {}): Promise<{ model: Model; rig: Rig }> {
  const clock = { now: () => rig?.now ?? START };
  let rig: Rig | undefined;
  const engine = await openEngine({ organisation, clock, ...plant });
  rig = { engine, now: START, said: new Map(), messages: [], snapshots: new Map(), seen: 0 };
  const { messages } = rig;
  engine.onMessages((rows) => void messages.push(...rows));
  rig.seen = engine.store.figures().events;
  return { model: createModel(START), rig };
}

export async function say(rig: Rig, as: string, text: string): Promise<Answer> {
  const id = `said:${rig.said.size + 1}`;
  const answer = await rig.engine.handle({ as, via: 'web', place: null, text, pressed: false }, id);
  rig.said.set(id, { as, text, answer });
  return answer;
}

/** The events since the last look; the states that they left are kept for the replay. */
export function news(rig: Rig): readonly EventRow[] {
  const { store } = rig.engine;
  const events = store.events(rig.seen, 10_000);
  rig.seen = events.at(-1)?.seq ?? rig.seen;
  for (const { stream } of events) {
    const row = store.state(stream);
    if (row === undefined) continue;
    const kept = rig.snapshots.get(stream) ?? new Map<number, string>();
    rig.snapshots.set(stream, kept.set(row.version, JSON.stringify({ open: row.open, state: row.state })));
  }
  return events;
}

/** Moves the clock; what falls due on the way happens at its own instant. */
export async function waitUntil(rig: Rig, until: number): Promise<void> {
  for (let due = rig.engine.nextDue(); due !== undefined && due <= until; due = rig.engine.nextDue()) {
    rig.now = Math.max(rig.now, due);
    await rig.engine.fireDue();
  }
  rig.now = until;
}

/** The words of an act; undefined where there is nothing that it could be said of. */
export function wordsOf(model: Model, rig: Rig, { as, verb, item: index, n }: Act): string | undefined {
  const item = model.items[index];
  const key = item?.key ?? 'WEB-99';
  const isAlive = item?.state === 'proposed' || item?.state === 'active';
  const state = rig.engine.world().get('item', key);
  switch (verb) {
    case 'propose-web':
    case 'propose-service':
      return model.items.length >= 5 ? undefined : `/propose ${verb.slice(8)} Work ${n}`;
    case 'call-open':
    case 'call-close':
      return `/call ${verb.slice(5)}`;
    case 'prioritise':
      return `/prioritise ${key} ${1 + (n % 9)}`;
    case 'state':
      return `/link ${key} https://cryptpad.example.org/pad/${key}`;
    case 'reject':
    case 'drop':
      return `/${verb} ${key} because of ${n}`;
    case 'story':
    case 'bug':
      return isAlive ? `/${verb === 'bug' ? 'bug major' : 'story'} ${key} It is told` : undefined;
    case 'pair': {
      const bare = state?.links.find((link) => link.kind === 'story' && link.pairedWith.length === 0);
      return bare === undefined ? undefined : `/link ${key} ${bare.ref} example/grid#${Number(bare.ref.split(':')[1])}`;
    }
    case 'hand-web':
    case 'hand-ops':
    case 'hand-qa':
      return `/handover ${key} ${verb.slice(5)}`;
    case 'testnet':
    case 'staging':
    case 'mainnet':
    case 'production':
      return `/release ${key} ${verb}`;
    case 'fail':
      return `/fail ${key} example/grid#${1000 * (index + 1) + (item?.issues.size ?? 0)}`;
    case 'docs':
    case 'monitor':
      return `/${verb} ${key} https://docs.example.org/${verb}/${key}`;
    case 'declare':
      return `/freeze declare ${stamp(model.now)} ${stamp(model.now + (1 + (n % 60)) * 3_600_000)} an incident`;
    case 'lift':
      return `/freeze lift FREEZE-${1 + (n % 4)}`;
    case 'grant':
    case 'revoke':
      return `/role ${verb} stakeholder s4`;
    case 'nonsense':
      return `/xyzzy ${as}`;
    case 'board':
      return '/board';
    case 'close-refs':
      return undefined;
    default:
      return `/${verb} ${key}`;
  }
}

const stamp = (at: number): string => new Date(at).toISOString();

/** Every open story and issue of an item is closed: ours by a command, GitHub's by its webhook. */
export async function closeRefs(rig: Rig, as: string, key: string): Promise<boolean> {
  const world = rig.engine.world();
  const refs = (world.get('item', key)?.links ?? []).flatMap(({ ref }) =>
    world.get('ref', ref)?.open === true ? [ref] : [],
  );
  for (const ref of refs) {
    if (ref.startsWith('baton')) await say(rig, as, `/close ${ref}`);
    else
      await rig.engine.follow(
        [{ ref, kind: 'issue', platform: 'github', open: false } satisfies TrackerNews],
        'github',
        `hook:${ref}:${rig.now}`,
      );
  }
  return refs.length > 0;
}
