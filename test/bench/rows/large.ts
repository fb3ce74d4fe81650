import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ItemState } from '../../../src/core/item.ts';
import type { Commit } from '../../../src/store/port.ts';
import { type Bench, compare, inFolder, quantile, type Row, showBoth, showRatio } from '../harness.ts';
import { type Conversation, type Office, openOffice, people, prepare, START } from '../workload.ts';
import { commandsPerSecond, IN_FLIGHT } from './command.ts';
import { NOTHING, openStore } from './outbox.ts';

/** C6: a file with a hundred times as much in it. */

export interface Amount {
  readonly events: number;
  readonly items: number;
  /** So many of the items are still open. */
  readonly open: number;
}

/** Fills a file through the store: items that have ended, and some that have not, each with its events. */
export async function fill(path: string, { events, items, open }: Amount): Promise<void> {
  const template = await templateOf(path);
  const store = openStore(path, () => START);
  const each = Math.max(1, Math.round(events / items));
  const [web = ''] = people.web;
  const commitOf = (from: number, until: number): Commit => {
    const rows = Array.from({ length: until - from }, (_, n) => from + n).map((n) => {
      const key = `WEB-${n + 1}`;
      const ended = n >= open;
      const state: ItemState = {
        ...template,
        key,
        title: `The work that is called ${key}`,
        rank: 100_000 + 2 * n,
        state: ended ? 'completed' : 'active',
      };
      return { stream: `item/${key}`, type: 'item', version: each, open: !ended, state };
    });
    const happened = rows.flatMap(({ stream }) =>
      Array.from({ length: each }, (_, n) => ({
        stream,
        version: n + 1,
        type: 'accepted',
        at: START,
        actor: web,
        via: 'web',
        data: { person: web, note: 'x'.repeat(120) },
      })),
    );
    return { ...NOTHING, events: happened, states: rows };
  };
  for (let n = 0; n < items; n += 200) await store.write([{ decide: () => commitOf(n, Math.min(items, n + 200)) }]);
  await store.close();
}

/** What an item looks like, from one that went a few steps. */
async function templateOf(path: string): Promise<ItemState> {
  const office = await openOffice(path);
  await prepare(office, 1);
  const state = office.engine.world().get('item', 'SVC-1');
  for (const key of ['SVC-1', 'SVC-2'])
    await office.say(people.stakeholder[0] ?? '', `/drop ${key} it was only made to be copied`);
  await office.close();
  if (state === undefined) throw new Error('there is no item to go by');
  const web = [...office.engine.policies.processes.values()].find(({ process }) => process.kind === 'web');
  return { ...state, kind: 'web', process: web?.hash ?? '', step: 'build', stepNumber: 6, role: 'web', round: null };
}

const ASKED = 300;

async function p99(office: Office, text: (n: number) => string, asked = ASKED): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < asked; n += 1) {
    const started = performance.now();
    await office.engine.handle({ as: people.staff[0] ?? '', via: 'web', place: null, text: text(n), pressed: false });
    times.push(performance.now() - started);
  }
  return quantile(times, 0.99);
}

interface Side {
  readonly office: Office;
  readonly conversations: readonly Conversation[];
  readonly items: number;
}

async function sideOf(path: string, amount: Amount, talks = IN_FLIGHT): Promise<Side> {
  await fill(path, amount);
  const office = await openOffice(path);
  return { office, conversations: await prepare(office, talks), items: amount.items };
}

const status = ({ office, items }: Side) => p99(office, (n) => `/status WEB-${1 + ((n * 7_919) % items)}`);
const board = ({ office }: Side, asked?: number) => p99(office, () => '/board', asked);

export const large: Bench = {
  name: 'C6',
  run: () =>
    inFolder(async (folder) => {
      const small = await sideOf(join(folder, 'small.db'), { events: 10_000, items: 1_000, open: 1_000 });
      const big = await sideOf(join(folder, 'big.db'), { events: 1_000_000, items: 100_000, open: 1_000 });
      const rates = await compare(
        () => commandsPerSecond(big.office, big.conversations, 16),
        () => commandsPerSecond(small.office, small.conversations, 16),
      );
      const statuses = await compare(
        () => status(big),
        () => status(small),
      );
      const boards = await compare(
        () => board(big),
        () => board(small),
      );
      const all = await sideOf(join(folder, 'all.db'), { events: 100_000, items: 100_000, open: 100_000 }, 0);
      const crowded = await compare(
        () => board(all, 15),
        () => board(small, 15),
      );
      for (const { office } of [small, big, all]) await office.close();
      const row = (id: string, what: string, goal: string, met: boolean, measured: string): Row => ({
        id,
        what,
        goal,
        measured,
        met,
      });
      return [
        row(
          'C6',
          'rate at 1M events and 100,000 items beside 10,000 and 1,000',
          '≥ 0.8×',
          rates.median >= 0.8,
          `${showRatio(rates)}: ${showBoth(rates, 'commands/s')}`,
        ),
        row(
          'C6-status',
          '/status p99 at 1M events and 100,000 items (1,000 of them open) beside 1,000',
          '≤ 2×',
          statuses.median <= 2,
          `${showRatio(statuses)}: ${showBoth(statuses, 'ms')}`,
        ),
        row(
          'C6-board',
          '/board p99 there',
          '≤ 2×',
          boards.median <= 2,
          `${showRatio(boards)}: ${showBoth(boards, 'ms')}`,
        ),
        {
          id: 'C6-open',
          what: '/board p99 with 100,000 items that are all open, beside 1,000',
          goal: 'none',
          measured: `${showRatio(crowded)}: ${showBoth(crowded, 'ms')}`,
          met: undefined,
        },
      ];
    }),
};
