import { isRefusal, openReadOnly } from './connection.ts';

/** The open items of a kind that run on another version of its process; read without the lock. */
export function runningItems(
  path: string,
  kind: string,
  version: string,
): { key: string; process: string; step: string }[] {
  const db = openReadOnly(path);
  if (isRefusal(db)) return [];
  try {
    const rows = db
      .prepare<[], { data: string }>(
        "SELECT state AS data FROM states WHERE type = 'item' AND open = 1 AND json_valid(state)",
      )
      .all();
    return rows
      .map(({ data }) => JSON.parse(data) as { key: string; kind: string; process: string; step: string })
      .filter((item) => item.kind === kind && item.process !== version)
      .map(({ key, process, step }) => ({ key, process, step }));
  } finally {
    db.close();
  }
}
