import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { readCircles } from '../../adapters/circles/inbound.ts';
import { readGithub } from '../../adapters/github/inbound.ts';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { type BadLine, type Simulation, simulate } from '../../src/cli/simulate.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import { parseOrganisation, readOrganisation } from '../../src/shell/read-organisation.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

/** Plays scripts through the real simulator: real core, real store, real scheduler, in this process. */

export const TRANSCRIPTS = join(import.meta.dirname, '../transcripts');

/** A line as it is printed: an answer, a message that was sent, or a dump. Only what tests look at is named. */
export interface OutLine {
  readonly line?: number;
  readonly ok?: boolean;
  readonly code?: string;
  readonly rule?: string;
  readonly needs?: readonly string[];
  readonly key?: string;
  readonly completed?: boolean;
  readonly text?: string;
  readonly sent?: string;
  readonly to?: { readonly person?: string; readonly chat?: string; readonly email?: string };
  readonly at?: string;
  readonly late?: boolean;
  readonly item?: DumpedItem;
}

export interface DumpedItem {
  readonly key: string;
  readonly state: string;
  readonly step: string;
  readonly stepNumber: number;
  readonly holder: { readonly role: string; readonly person: string | null };
  readonly accepted: boolean;
  readonly environments: readonly string[];
  readonly links: readonly {
    readonly ref: string;
    readonly kind: string;
    readonly open: boolean | null;
    readonly severity: string | null;
    readonly pairedWith: readonly string[];
  }[];
  readonly votes: {
    readonly approve: readonly string[];
    readonly reject: readonly string[];
    readonly abstain: readonly string[];
    readonly missing: readonly string[];
    readonly needed: number;
  } | null;
  readonly rank: number | null;
  readonly round: number | null;
  readonly owner: string | null;
  readonly signatures: readonly string[];
}

export interface Played {
  readonly out: readonly OutLine[];
  /** The line that could not be played, if one could not. */
  readonly bad: BadLine | undefined;
  /** The answers alone, in order. */
  readonly answers: readonly OutLine[];
  readonly sent: readonly OutLine[];
}

export interface Stage {
  /** The organisation's file as text, or the path of one; the transcripts' own by default. */
  readonly organisation?: string | Organisation;
  /** A database file; in memory without one. */
  readonly db?: string;
}

/** Plays a script. `{{code}}` in a line is the code that was shown last: what a person would copy by hand. */
export async function play(script: string | readonly unknown[], stage: Stage = {}): Promise<Played> {
  const { organisation, folder } = organisationOf(stage.organisation ?? join(TRANSCRIPTS, 'organisation.yaml'));
  const out: OutLine[] = [];
  const prompter = createPrompter(linesOf(script));
  const path = stage.db ?? ':memory:';
  const bad = await simulate({
    organisation,
    input: Readable.from(prompter.lines()),
    output: new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        for (const text of chunk.toString().split('\n').filter(Boolean)) {
          const line = JSON.parse(text) as OutLine;
          out.push(line);
          prompter.heard(line);
        }
        done();
      },
    }),
    inMemory: path === ':memory:',
    machine: { now: () => 0 },
    github: readGithub,
    circles: (payload) => readCircles(payload, organisation.circles.closed_statuses),
    open: opener(path, organisation, folder),
  });
  return { out, bad, answers: out.filter((line) => line.sent === undefined), sent: out.filter((line) => line.sent) };
}

/** The answers as a table of words: the code, the rule behind it, what it needs, and whether the item is complete. */
export const outcomeOf = ({ code, rule, needs, completed }: OutLine): string =>
  [code, rule, needs?.join(','), completed === true ? 'completed' : undefined].filter(Boolean).join(' ');

/** The last dump of an item in what was played. */
export function itemIn(played: Played, key: string): DumpedItem {
  const dumps = played.out.flatMap((line) => (line.item?.key === key ? [line.item] : []));
  const last = dumps.at(-1);
  if (last === undefined) throw new Error(`nothing was dumped of ${key}`);
  return last;
}

const linesOf = (script: string | readonly unknown[]): string[] =>
  typeof script === 'string' ? script.split('\n') : script.map((line) => JSON.stringify(line));

/** Hands out one line at a time, and the next one when the last was answered: only so can a line quote an answer. */
function createPrompter(script: readonly string[]) {
  let code = '';
  let answered = () => {};
  return {
    async *lines() {
      for (const line of script) {
        const isAnswered = new Promise<void>((resolveAnswer) => {
          answered = resolveAnswer;
        });
        yield `${line.replaceAll('{{code}}', code)}\n`;
        if (line.trim() !== '') await isAnswered;
      }
    },
    heard: (line: OutLine) => {
      code = /Your code is (\S+)\./.exec(line.text ?? '')?.[1] ?? code;
      if (line.line !== undefined) answered();
    },
  };
}

function organisationOf(from: string | Organisation): { organisation: Organisation; folder: string } {
  if (typeof from !== 'string') return { organisation: from, folder: TRANSCRIPTS };
  const isPath = !from.includes('\n');
  const read = isPath ? readOrganisation(from) : parseOrganisation('organisation.yaml', from);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return { organisation: read.organisation, folder: isPath ? dirname(from) : TRANSCRIPTS };
}

/** Loaded once, when first asked for: a test that only wants a path must not leave an import behind. */
let kept: Promise<[Awaited<ReturnType<typeof loadCommands>>, Awaited<ReturnType<typeof loadRules>>]> | undefined;
const catalogues = () => (kept ??= Promise.all([loadCommands(), loadRules()]));

function opener(path: string, organisation: Organisation, folder: string): Simulation['open'] {
  const own = organisation.processes === undefined ? undefined : resolve(folder, organisation.processes);
  return async (clock, links) => {
    const loaded = loadProcesses(own);
    if ('problems' in loaded) return loaded;
    const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: 'test' });
    if ('refusal' in store) return { problems: [store.refusal] };
    const processOf = await createLibrary(store, loaded.processes);
    const [catalogue, rules] = await catalogues();
    const policies = { organisation, rules, processes: loaded.processes, processOf };
    const log = createLog('error');
    return startEngine({ store, clock, policies, catalogue, links, log });
  };
}

/** The names of all transcripts. */
export const transcripts: readonly string[] = readdirSync(TRANSCRIPTS)
  .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.out.jsonl'))
  .map((name) => name.replace('.jsonl', ''));

/** Reads a transcript's lines, or what was expected of it. */
export const readTranscript = (name: string): string => readFileSync(join(TRANSCRIPTS, name), 'utf8');
