import { performance } from 'node:perf_hooks';
import { Readable, Writable } from 'node:stream';
import { readCircles } from '../../../adapters/circles/inbound.ts';
import { readGithub } from '../../../adapters/github/inbound.ts';
import { simulate } from '../../../src/cli/simulate.ts';
import { openEngine, organisationOf } from '../../properties/engine.ts';
import { fileOf } from './people.ts';
import type { Script } from './script.ts';
import type { Expected, Line } from './stage.ts';

/** Plays a script through the real simulator, in this process, and compares every answer. */

export interface Played {
  readonly milliseconds: number;
  /** By command, the milliseconds of each line. */
  readonly times: ReadonlyMap<string, number[]>;
  readonly wrong: readonly string[];
  /** Messages by kind. */
  readonly sent: ReadonlyMap<string, number>;
}

const MOST_WRONG = 50;

export async function play(script: Script, path: string): Promise<Played> {
  const organisation = organisationOf(fileOf(script.people));
  const times = new Map<string, number[]>();
  const sent = new Map<string, number>();
  const wrong: string[] = [];
  let answered = 0;
  let last = performance.now();
  const output = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      const out = JSON.parse(chunk) as Record<string, unknown>;
      if (typeof out.sent === 'string') sent.set(out.sent, (sent.get(out.sent) ?? 0) + 1);
      else {
        const line = script.lines[answered];
        const now = performance.now();
        if (line !== undefined) note(times, line.command, now - last);
        const problem = line === undefined ? 'an answer too many' : difference(line, out, answered + 1);
        if (problem !== undefined && wrong.length < MOST_WRONG) wrong.push(problem);
        answered += 1;
        last = performance.now();
      }
      done();
    },
  });
  const started = performance.now();
  last = started;
  const bad = await simulate({
    organisation,
    input: Readable.from(script.lines.map(({ json }) => `${json}\n`)),
    output,
    inMemory: path === ':memory:',
    machine: { now: () => 0 },
    github: readGithub,
    circles: readCircles,
    open: (clock, links) => openEngine({ organisation, clock, links, path }),
  });
  const milliseconds = performance.now() - started;
  if (bad !== undefined) wrong.push(`line ${bad.line}: ${bad.problem}`);
  if (answered !== script.lines.length) wrong.push(`${script.lines.length} lines got ${answered} answers`);
  return { milliseconds, times, wrong, sent };
}

function note(times: Map<string, number[]>, command: string, time: number): void {
  const list = times.get(command);
  if (list === undefined) times.set(command, [time]);
  else list.push(time);
}

function difference({ json, expected }: Line, out: Record<string, unknown>, number: number): string | undefined {
  const same =
    out.line === number &&
    (Object.keys(expected) as (keyof Expected)[]).every((name) =>
      name === 'item' ? includes(out.item, expected.item ?? {}) : isSame(out[name], expected[name]),
    ) &&
    (out.completed === undefined || expected.completed === true) &&
    (out.rule === undefined || expected.code !== 'refused' || expected.rule === out.rule);
  return same
    ? undefined
    : `line ${number}: ${json}\n    expected ${JSON.stringify(expected)}\n    answered ${JSON.stringify(out)}`;
}

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
const includes = (out: unknown, wanted: Readonly<Record<string, unknown>>): boolean =>
  typeof out === 'object' &&
  out !== null &&
  Object.entries(wanted).every(([name, value]) => isSame(Reflect.get(out, name), value));
