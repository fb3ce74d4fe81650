import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Bounce } from '../forge-ports.ts';
import { createLinkCheck } from '../shell/link-check.ts';
import { mailSeal } from '../shell/mail-seal.ts';
import { takeBounce } from '../shell/mailbox.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { askProcess, silentWords } from './ask-process.ts';
import type { CliCommand, ExitCode, Invocation } from './cli.ts';
import { DB_OPTION, databasePath } from './database.ts';

/**
 * What came back to the sender's mailbox, from a pipe of the mail server there. Over the process's own socket, for a
 * public address would be one more door, with one more secret to keep: this one is kept by the owner of the file.
 */
export const bounceCommand: CliCommand = {
  usage: 'bounce < MESSAGE',
  summary:
    'Reads one message that came back to MAIL_FROM. A report that an address is gone parks mail to that address; anything else changes nothing. For a pipe in the .forward of the user that runs Baton.',
  options: DB_OPTION,
  run: async (invocation) => {
    const { stdin, words, complain, print } = invocation;
    if (words.length > 0) return complain('the message comes from the standard input: baton bounce < MESSAGE');
    const path = databasePath(invocation);
    if (path === undefined) return 2;
    const bounce = await invocation.readBounce(await readAll(stdin));
    if (bounce === undefined) {
      // An answer of a person, an absence note: nothing is wrong with that, and the mail server must not send it back.
      print('That is no report of a letter that was not delivered, so nothing was done.');
      return 0;
    }
    const said = existsSync(`${path}.sock`) ? await askProcess<Said>(path, { bounce }) : 'nobody';
    if (said === 'silent') return complain(silentWords(path));
    return said === 'nobody' ? alone(invocation, path, bounce) : tell(invocation, said);
  },
};

/** Longer than any report that is read. */
const MOST = 1_000_000;

async function readAll(stdin: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // All of it is taken from the pipe, for whoever writes into a closed one reports that in turn.
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    if (size >= MOST) continue;
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
  }
  return Buffer.concat(chunks).subarray(0, MOST);
}

interface Said {
  readonly ok: boolean;
  readonly text: string;
}
function tell({ print, complain }: Invocation, { ok, text }: Said): ExitCode {
  if (!ok) return complain(text);
  print(text);
  return 0;
}

/** No process runs: the store is opened for the one report. */
async function alone(invocation: Invocation, path: string, bounce: Bounce): Promise<ExitCode> {
  const { environment, machine, openEngine, createLog, complain, print } = invocation;
  const file = environment.BATON_ORG;
  if (file === undefined) return complain('nothing runs here, and BATON_ORG is not set; start Baton first, or set it');
  const read = readOrganisation(file);
  if ('problems' in read) return complain(...read.problems);
  const { organisation } = read;
  const opened = await openEngine({
    path,
    organisation,
    processes: organisation.processes === undefined ? undefined : resolve(dirname(file), organisation.processes),
    clock: machine,
    links: createLinkCheck({ hosts: organisation.link_hosts }),
    log: createLog('error'),
  });
  if ('problems' in opened) return complain(...opened.problems);
  const { engine } = opened;
  print(await takeBounce(engine, await mailSeal(engine.store), bounce));
  await engine.drained();
  await engine.store.close();
  return 0;
}
