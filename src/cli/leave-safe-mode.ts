import { askProcess, silentWords } from './ask-process.ts';
import type { ExitCode, Invocation } from './cli.ts';

/** Tells the process that runs on this database, over its local socket, that somebody has looked and it may go on. */
export async function leaveSafeMode({ print, complain }: Invocation, path: string): Promise<ExitCode> {
  const answer = await askProcess<{ ok: boolean; text: string }>(path, { do: 'leave-safe-mode' });
  if (answer === 'silent') return complain(silentWords(path));
  if (answer === 'nobody')
    return complain(`no process runs on ${path}: start it, and say this again if it is in safe mode still`);
  if (answer.ok) print(answer.text);
  else complain(answer.text);
  return answer.ok ? 0 : 1;
}
