import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createDesk } from './setup-rig.ts';

/** What `baton doctor` says of a chat that takes nothing any more. */

const organisation = join(import.meta.dirname, '../../docs/example/organisation.yaml');

test('a chat that refused the last message is named, until it takes one again', async () => {
  const desk = createDesk({});
  try {
    const script = readFileSync(join(import.meta.dirname, '../../docs/example/try.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(await desk.run(['simulate', '--org', organisation, '--db', 'baton.db'], script)).toMatchObject({ code: 0 });
    const db = new Sqlite(join(desk.folder, 'baton.db'));
    const ids = db.prepare<[], number>('select id from outbox order by id').pluck().all();
    const mark = db.prepare('update outbox set state = ?, reason = ?, destination = ?, address = ? where id = ?');
    const set = (n: number, state: string, reason: string | null): void =>
      void mark.run(state, reason, '{"chat":"ops"}', 'telegram:-2001', ids[n]);
    const REFUSED = 'the chat ops (telegram:-2001) refused the last message: 403 kicked\n  → let the bot back in there';
    const doctor = async () => (await desk.run(['doctor', '--db', 'baton.db'])).out;
    set(0, 'sent', null);
    expect(await doctor()).not.toContain('refused the last message');
    set(1, 'failed', '403 kicked');
    expect(await doctor()).toContain(REFUSED);
    set(2, 'sent', 'discarded');
    expect(await doctor()).toContain(REFUSED);
    set(3, 'sent', null);
    expect(await doctor()).not.toContain('refused the last message');
    db.close();
  } finally {
    desk.remove();
  }
});
