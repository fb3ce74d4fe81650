import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** A decision waits for pages that are looked at; a process that says nothing for so long hangs. */
const PATIENCE = 60_000;

/**
 * Says one line to the process that runs on this database, over its local socket. `nobody` listens there: a process that was
 * killed leaves its socket behind. `silent`: somebody does, and does not answer.
 */
export async function askProcess<T>(
  database: string,
  line: object,
  patience = PATIENCE,
): Promise<T | 'nobody' | 'silent'> {
  const socket = connect(`${database}.sock`);
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    socket.destroy();
  }, patience);
  try {
    await once(socket, 'connect');
    socket.write(`${JSON.stringify(line)}\n`);
    for await (const answer of createInterface({ input: socket })) return JSON.parse(answer) as T;
  } catch {
    // Nobody listens there, or it ended before it answered.
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
  return isSilent ? 'silent' : 'nobody';
}

/** What to do about a process that is silent. */
export const silentWords = (database: string): string =>
  `the process that runs on ${database} does not answer; see its log, and start it anew. What was said may still be done`;
