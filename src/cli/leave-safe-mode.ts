import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { ExitCode, Invocation } from './cli.ts';

/** Tells the process that runs on this database, over its local socket, that somebody has looked and it may go on. */
export async function leaveSafeMode({ print, complain }: Invocation, path: string): Promise<ExitCode> {
  const socket = connect(`${path}.sock`);
  try {
    await once(socket, 'connect');
    socket.write(`${JSON.stringify({ do: 'leave-safe-mode' })}\n`);
    for await (const line of createInterface({ input: socket })) {
      const { ok, text } = JSON.parse(line) as { ok: boolean; text: string };
      if (ok) print(text);
      else complain(text);
      return ok ? 0 : 1;
    }
  } catch {
    // Nobody listens there.
  } finally {
    socket.destroy();
  }
  return complain(`no process runs on ${path}: start it, and say this again if it is in safe mode still`);
}
