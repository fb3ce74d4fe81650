import Sqlite from 'better-sqlite3';

/**
 * Loaded into a bot's process before anything else: ends it, as `kill -9` would or in good order, before or after its k-th commit from now,
 * and lets its clock run ahead. A commit is where everything that is kept is kept, so the moments between two of them
 * are all the moments that there are for the database.
 */

interface Armed {
  readonly side: 'before' | 'after';
  left: number;
}
let armed: Armed | undefined;

const isArmed = (message: unknown): message is Armed =>
  typeof message === 'object' && message !== null && 'side' in message && 'left' in message;

/** It was asked to end once: a second time would end it without a word. */
let isEnding = false;

process.on('message', (message) => {
  if (isEnding) return;
  armed = isArmed(message) ? { ...message } : undefined;
});
// The channel alone keeps no process alive.
process.channel?.unref();

const ahead = Number(process.env.CLOCK_AHEAD ?? 0);
const machine = Date.now;
Date.now = () => machine() + ahead;

function dieOn(side: Armed['side']): void {
  if (armed?.side !== side) return;
  armed.left -= 1;
  if (armed.left !== 0) return;
  // Where it is only asked to end it goes on for a while, and whoever arms it should know.
  isEnding = true;
  process.send?.('ending');
  process.kill(process.pid, process.env.CRASH_SIGNAL ?? 'SIGKILL');
}

const { prepare } = Sqlite.prototype;
Sqlite.prototype.prepare = function (this: Sqlite.Database, source: string) {
  const statement: Sqlite.Statement<unknown[]> = prepare.call(this, source);
  if (source !== 'commit') return statement;
  const run: (...bound: unknown[]) => Sqlite.RunResult = statement.run.bind(statement);
  statement.run = (...bound: unknown[]) => {
    dieOn('before');
    const result = run(...bound);
    dieOn('after');
    return result;
  };
  return statement;
} as typeof prepare;
