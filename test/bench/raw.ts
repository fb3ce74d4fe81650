import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

/**
 * The baseline: the record of one typical update by better-sqlite3 with prepared statements, on the same tables, in WAL with
 * `synchronous=FULL`, with a chain of hashes and no logic at all.
 */
export interface Raw {
  readonly db: Database.Database;
  /** So many records in one transaction. */
  commit(records: number): void;
  close(): void;
}

const text = (size: number): string => JSON.stringify({ text: 'x'.repeat(size - 11) });

export async function createRaw(path: string, streams = 64): Promise<Raw> {
  const made = openSqliteStore({ path, fold: FOLD_VERSION, now: () => 0, productVersion: '0.0.0' });
  if ('refusal' in made) throw new Error(made.refusal);
  await made.close();
  const db = new Database(path);
  for (const setting of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on']) db.pragma(setting);
  const begin = db.prepare('begin immediate');
  const end = db.prepare('commit');
  const known = db.prepare('select outcome from inbox where key = ?');
  const head = db.prepare<[string], { id: number; version: number; state: string }>(
    'select id, version, state from states where stream = ?',
  );
  const inbox = db.prepare('insert into inbox (key, at, body, outcome) values (?, ?, ?, ?)');
  const event = db.prepare(
    'insert into events (seq, stream, version, type, at, actor, via, data, digest, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insert = db.prepare('insert into states (stream, type, version, open, fold, state) values (?, ?, ?, 1, 1, ?)');
  const update = db.prepare('update states set version = ?, state = ? where id = ?');
  const outbox = db.prepare(
    `insert into outbox (kind, lane, destination, key, at, late, body, state, attempts, due, created) values ('offer', 'answer', ?, ?, ?, 0, ?, 'new', 0, ?, ?)`,
  );
  const timer = db.prepare('insert or replace into timers (key, due, body) values (?, ?, ?)');
  const [body, payload, state, message] = [text(600), text(256), text(1_400), text(320)];
  for (let n = 0; n < streams; n += 1) insert.run(`item/RAW-${n}`, 'item', 1, state);
  let seq = 0;
  let chain = '0'.repeat(64);
  let count = 0;

  function record(): void {
    count += 1;
    const stream = `item/RAW-${count % streams}`;
    known.get(`raw:${count}`);
    const before = head.get(stream);
    if (before === undefined) throw new Error(`no state of ${stream}`);
    JSON.parse(before.state);
    for (let n = 1; n <= 2; n += 1) {
      seq += 1;
      const digest = hash('sha256', payload);
      chain = hash(
        'sha256',
        JSON.stringify([chain, seq, stream, before.version + n, 'accepted', count, 'someone', 'web', digest]),
      );
      event.run(seq, stream, before.version + n, 'accepted', count, 'someone', 'web', payload, digest, chain);
    }
    update.run(before.version + 2, state, before.id);
    for (let n = 0; n < 2; n += 1) outbox.run('person:someone', stream, count, message, count, count);
    timer.run(`${stream}/offer/remind`, count, '{}');
    inbox.run(`raw:${count}`, count, body, '{"ok":true}');
  }

  return {
    db,
    commit(records) {
      begin.run();
      for (let n = 0; n < records; n += 1) record();
      end.run();
    },
    close: () => void db.close(),
  };
}
