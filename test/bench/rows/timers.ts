import { hash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Commit } from '../../../src/store/port.ts';
import { type Bench, compare, inFolder, millisecondsOf, ROUNDS, rate, showBoth, showRatio } from '../harness.ts';
import { createRaw, type Raw } from '../raw.ts';
import { type Office, openOffice, prepare, START } from '../workload.ts';
import { NOTHING, openStore } from './outbox.ts';

/** C7: a million timers that wait. */

const PENDING = 1_000_000;
const DUE = 10_000;
const YEAR = 365 * 24 * 3_600_000;
const TICKS = 300;
const FIRED_AT_ONCE = 64;

async function setTimers(path: string, rows: (n: number) => Commit['timers'][number], count: number): Promise<void> {
  const store = openStore(path, () => START);
  for (let n = 0; n < count; n += 5_000)
    await store.write([
      {
        decide: () => ({
          ...NOTHING,
          timers: Array.from({ length: Math.min(5_000, count - n) }, (_, at) => rows(n + at)),
        }),
      },
    ]);
  await store.close();
}

const pendingRow = (n: number) => ({
  key: `item/WEB-${n}/offer/remind`,
  due: START + YEAR + ((n * 7_919) % PENDING) * 1000,
  body: { do: 'remind-offer', key: `WEB-${n}`, offer: 1 },
});

async function ticks(folder: string) {
  const path = join(folder, 'pending.db');
  const first = await openOffice(path);
  await first.close();
  await setTimers(path, pendingRow, PENDING);
  const office = await openOffice(path);
  const db = new Database(path, { readonly: true });
  const raw = db.prepare('select key, due, body from timers where due <= ? order by due, id limit 64');
  const compared = await compare(
    () =>
      millisecondsOf(async () => {
        for (let n = 0; n < TICKS; n += 1) await office.engine.fireDue();
      }),
    () =>
      millisecondsOf(() => {
        for (let n = 0; n < TICKS; n += 1) raw.all(START);
      }),
  );
  db.close();
  await office.close();
  return { ...compared, ours: (compared.ours * 1000) / TICKS, baseline: (compared.baseline * 1000) / TICKS };
}

/** Offers that nobody took, each to be said again: an event, a state and a message a timer. */
async function dueOffers(path: string, rounds: number): Promise<Office> {
  const office = await openOffice(path);
  const conversations = await prepare(office, FIRED_AT_ONCE);
  // What is handed over is offered to OPS, and nobody takes it.
  for (const conversation of conversations)
    for (let n = 0; n < 3; n += 1) {
      const { as, text } = conversation.next();
      await office.say(as, text);
    }
  const offers = conversations.map(({ item }) => ({
    key: item,
    offer: office.engine.world().get('item', item)?.offer?.id ?? 0,
  }));
  await office.close();
  await setTimers(
    path,
    (n) => {
      const { key, offer } = offers[n % offers.length] ?? { key: '', offer: 0 };
      return {
        key: `bench/${n}`,
        due: START + 10_000_000 + Math.floor(n / DUE) * 1_000_000,
        body: { do: 'remind-offer', key, offer },
      };
    },
    DUE * rounds,
  );
  return openOffice(path);
}

/** The same by hand: what is due is read, taken away, and an event, a state and a message are written for each. */
function rawFire(raw: Raw): number {
  const { db } = raw;
  const due = db.prepare('select key, due, body from timers where due <= ? order by due, id limit 64');
  const begin = db.prepare('begin immediate');
  const end = db.prepare('commit');
  const clear = db.prepare('delete from timers where key = ?');
  const head = db.prepare<[string], { id: number; version: number; state: string }>(
    'select id, version, state from states where stream = ?',
  );
  const last = db.prepare<[], { seq: number; hash: string }>('select seq, hash from events order by seq desc limit 1');
  const event = db.prepare(
    'insert into events (seq, stream, version, type, at, actor, via, data, digest, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const update = db.prepare('update states set version = ?, state = ? where id = ?');
  const outbox = db.prepare(
    `insert into outbox (kind, lane, destination, key, at, late, body, state, attempts, due, created) values ('offer', 'answer', 'chat:ops', ?, 1, 0, ?, 'new', 0, 1, 1)`,
  );
  const message = JSON.stringify({ text: 'x'.repeat(300) });
  let { seq, hash: chain } = last.get() ?? { seq: 0, hash: '' };
  let fired = 0;
  for (let rows = due.all(START) as { key: string }[]; rows.length > 0; rows = due.all(START) as { key: string }[]) {
    begin.run();
    for (const { key } of rows) {
      clear.run(key);
      const stream = `item/RAW-${fired % FIRED_AT_ONCE}`;
      const state = head.get(stream);
      if (state === undefined) throw new Error(`no state of ${stream}`);
      JSON.parse(state.state);
      seq += 1;
      const digest = hash('sha256', '{"role":"ops"}');
      chain = hash(
        'sha256',
        JSON.stringify([chain, seq, stream, state.version + 1, 'offer-reminded', 1, 'system', 'timer', digest]),
      );
      event.run(
        seq,
        stream,
        state.version + 1,
        'offer-reminded',
        1,
        'system',
        'timer',
        '{"role":"ops"}',
        digest,
        chain,
      );
      update.run(state.version + 1, state.state, state.id);
      outbox.run(stream, message);
      fired += 1;
    }
    end.run();
  }
  return fired;
}

async function firing(folder: string) {
  const rounds = ROUNDS + 1;
  const office = await dueOffers(join(folder, 'due.db'), rounds);
  const raw = await createRaw(join(folder, 'raw.db'));
  const insert = raw.db.prepare('insert into timers (key, due, body) values (?, ?, ?)');
  const setRaw = raw.db.transaction(() => {
    for (let n = 0; n < DUE; n += 1) insert.run(`bench/${n}`, START, '{"do":"remind-offer","key":"SVC-1","offer":1}');
  });
  office.clock.at = START + 10_000_000 - 1;
  while ((await office.engine.fireDue()) > 0);
  const compared = await compare(
    async () => {
      office.clock.at += office.clock.at < START + 10_000_000 ? 1 : 1_000_000;
      let fired = 0;
      const speed = await rate(DUE, async () => {
        for (let count = await office.engine.fireDue(); count > 0; count = await office.engine.fireDue())
          fired += count;
      });
      if (fired < DUE) throw new Error(`${fired} timers fired`);
      return 1 / speed;
    },
    async () => {
      setRaw();
      let fired = 0;
      const speed = await rate(DUE, () => {
        fired = rawFire(raw);
      });
      if (fired !== DUE) throw new Error(`${fired} timers fired by hand`);
      return 1 / speed;
    },
  );
  await office.close();
  raw.close();
  return { ...compared, ours: compared.ours * DUE, baseline: compared.baseline * DUE };
}

export const timers: Bench = {
  name: 'C7',
  run: () =>
    inFolder(async (folder) => {
      const idle = await ticks(folder);
      const fired = await firing(folder);
      return [
        {
          id: 'C7',
          what: '1M pending timers: one tick with nothing due, beside the raw statement',
          goal: '≤ 5×',
          measured: `${showRatio(idle)}: ${showBoth(idle, 'µs')}`,
          met: idle.median <= 5,
        },
        {
          id: 'C7-fire',
          what: 'firing 10,000 due, beside raw',
          goal: '≤ 2×',
          measured: `${showRatio(fired)}: ${showBoth(fired, 's')}`,
          met: fired.median <= 2,
        },
      ];
    }),
};
