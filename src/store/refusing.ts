import type { Database } from 'better-sqlite3';
import { asker } from './reading.ts';

/** A chat that refused the last message, and took none since. */
export interface Refusing {
  readonly chat: string;
  readonly address: string;
  readonly why: string;
}

const MOST_CHATS = 20;

/** The bot was thrown out there, say. What was only given up since is no sign that it was let in again. */
export function refusingChats(db: Database): readonly Refusing[] {
  const ask = asker(db);
  const refused = ask<[], Refusing & { id: number }>(
    `SELECT json_extract(destination, '$.chat') AS chat, address, coalesce(reason, 'no reason was given') AS why, max(id) AS id
     FROM outbox WHERE state IN ('failed', 'uncertain', 'expired') AND state = 'failed' AND address IS NOT NULL
       AND json_extract(destination, '$.chat') IS NOT NULL GROUP BY address ORDER BY address LIMIT ${MOST_CHATS}`,
  ).all();
  const since = ask<[number, string], { id: number }>(
    "SELECT id FROM outbox WHERE id > ? AND address = ? AND state = 'sent' AND coalesce(reason, '') <> 'discarded' LIMIT 1",
  );
  return refused.flatMap(({ chat, address, why, id }) =>
    since.get(id, address) === undefined ? [{ chat, address, why }] : [],
  );
}
