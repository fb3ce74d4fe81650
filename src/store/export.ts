import type { Database } from 'better-sqlite3';
import { isRefusal, type OpenRefusal, openReadOnly } from './connection.ts';
import type { EventRow } from './port.ts';
import { type StoredEvent, toEventRow } from './rows.ts';

export type ExportFormat = 'jsonl' | 'csv';

const BATCH = 1_000;
const COLUMNS = ['seq', 'stream', 'version', 'type', 'at', 'actor', 'via', 'data'];

/** Every event as lines of text, in order, read without the lock while the bot runs. */
export function exportEvents(
  path: string,
  format: ExportFormat,
  clean: (event: EventRow) => EventRow = (event) => event,
): Iterable<string> | OpenRefusal {
  const db = openReadOnly(path);
  return isRefusal(db) ? db : lines(db, format, clean);
}

/** In short statements, not through one open iterator: a slow receiver would keep the journal from being taken in. */
function* lines(db: Database, format: ExportFormat, clean: (event: EventRow) => EventRow): Iterable<string> {
  const batch = db.prepare<[number, number], StoredEvent>('select * from events where seq > ? order by seq limit ?');
  try {
    if (format === 'csv') yield `${COLUMNS.join(',')}\n`;
    for (let last = 0; ; ) {
      const rows = batch.all(last, BATCH);
      for (const row of rows) {
        const event = clean(toEventRow(row));
        yield `${format === 'csv' ? toCsv(event) : JSON.stringify(event)}\n`;
        last = row.seq;
      }
      if (rows.length < BATCH) return;
    }
  } finally {
    db.close();
  }
}

function toCsv(event: EventRow): string {
  const { seq, stream, version, type, at, actor, via, data } = event;
  const cells = [seq, stream, version, type, new Date(at).toISOString(), actor, via, JSON.stringify(data)];
  return cells.map(toCell).join(',');
}

/** A spreadsheet runs a cell that begins like a formula; the apostrophe makes it text. */
function toCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
