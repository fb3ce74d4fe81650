import { join } from 'node:path';
import { FOLD_VERSION } from '../../../src/core/streams.ts';
import type { Commit } from '../../../src/store/port.ts';
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite.ts';
import { type Bench, compare, inFolder, ROUNDS, rate, showBoth, showRatio } from '../harness.ts';
import { createRaw } from '../raw.ts';

/** H7: messages claimed and marked as sent, fifty at a time. */

const AT_ONCE = 50;
const TIMES = 40;
export const NOTHING: Commit = {
  events: [],
  states: [],
  outbox: [],
  timers: [],
  cleared: [],
  mirrors: [],
  outcome: null,
};

export function openStore(path: string, now: () => number = () => 1): SqliteStore {
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now, productVersion: '0.0.0' });
  if ('refusal' in store) throw new Error(store.refusal);
  return store;
}

export const outbox: Bench = {
  name: 'H7',
  run: () =>
    inFolder(async (folder) => {
      const store = openStore(join(folder, 'ours.db'));
      const raw = await createRaw(join(folder, 'raw.db'));
      const rounds = ROUNDS + 1;
      const messages = rounds * TIMES * AT_ONCE;
      const body = { text: 'x'.repeat(300), nodes: [] };
      for (let n = 0; n < messages; n += 500)
        await store.write([
          {
            decide: () => ({
              ...NOTHING,
              outbox: Array.from({ length: 500 }, (_, at) => ({
                kind: 'offer',
                lane: 'answer' as const,
                to: { person: `p${(n + at) % 200}` },
                key: null,
                at: 1,
                late: false,
                body,
              })),
            }),
          },
        ]);
      raw.db.exec('begin');
      for (let n = 0; n < messages; n += 2)
        raw.db
          .prepare(
            `insert into outbox (kind, lane, destination, key, at, late, body, state, attempts, due, created) values ('offer', 'answer', 'person:p', null, 1, 0, ?, 'new', 0, 1, 1), ('offer', 'answer', 'person:p', null, 1, 0, ?, 'new', 0, 1, 1)`,
          )
          .run(JSON.stringify(body), JSON.stringify(body));
      raw.db.exec('commit');
      const claim = raw.db.prepare(
        `update outbox set state = 'sending', attempts = attempts + 1, lease = 2 where id in (select id from outbox where state in ('new', 'sending') and state = 'new' order by id limit ${AT_ONCE}) returning id, body`,
      );
      const mark = raw.db.prepare(`update outbox set state = 'sent', lease = null where id = ?`);
      const markAll = raw.db.transaction((rows: readonly { id: number }[]) => {
        for (const { id } of rows) mark.run(id);
      });
      const compared = await compare(
        () =>
          rate(AT_ONCE * TIMES, async () => {
            for (let n = 0; n < TIMES; n += 1) {
              const rows = await store.claim(2, AT_ONCE);
              if (rows.length !== AT_ONCE) throw new Error(`${rows.length} rows were claimed`);
              await Promise.all(rows.map(({ id }) => store.mark(id, 'sent')));
            }
          }),
        () =>
          rate(AT_ONCE * TIMES, () => {
            for (let n = 0; n < TIMES; n += 1) markAll(claim.all() as { id: number }[]);
          }),
      );
      await store.close();
      raw.close();
      return [
        {
          id: 'H7',
          what: 'outbox: claim and mark, beside raw `UPDATE … RETURNING` of 50',
          goal: '≥ 0.5×',
          measured: `${showRatio(compared)}: ${showBoth(compared, 'messages/s')}`,
          met: compared.median >= 0.5,
        },
      ];
    }),
};
