import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { isoInstant } from '../core/calendar.ts';
import { wordsOfPress } from '../core/decide.ts';
import type { TrackerNews } from '../core/incoming.ts';
import type { Organisation } from '../core/organisation.ts';
import type { LinkCheck } from '../ports.ts';
import type { MessageBody } from '../shell/commit.ts';
import type { Answer, Engine } from '../shell/engine.ts';
import type { OutboxRow } from '../store/port.ts';
import { dump } from './dump.ts';

/** `baton simulate`: the real core, store and scheduler on a clock that the script moves. JSON lines in, JSON lines out. */

const At = z.iso.datetime({ offset: true, error: 'a moment is written as 2026-11-23T10:00:00+01:00' });
const Via = z.enum(['telegram', 'slack', 'web']);
const where = { via: Via.optional(), in: z.string().optional(), at: At.optional() };

const SCHEMAS = {
  say: z.strictObject({ as: z.string(), say: z.string(), ...where }),
  press: z.strictObject({
    press: z.string(),
    as: z.string(),
    on: z.string().optional(),
    args: z.string().optional(),
    ...where,
  }),
  event: z.strictObject({
    event: z.enum(['github', 'circles']),
    name: z.string().optional(),
    payload: z.unknown(),
    at: At.optional(),
  }),
  probe: z.strictObject({ probe: z.string(), answers: z.number().int(), at: At.optional() }),
  restart: z.strictObject({ restart: z.literal(true), at: At.optional() }),
  dump: z.strictObject({ dump: z.string(), at: At.optional() }),
  at: z.strictObject({ at: At }),
} as const;

export interface Simulation {
  readonly organisation: Organisation;
  readonly input: Readable;
  readonly output: Writable;
  /** Opens the store and starts an engine on this clock; called again by `restart`. */
  open(clock: { now(): number }, links: LinkCheck): Promise<Engine | { readonly problems: readonly string[] }>;
  /** A store in memory is kept over a `restart`: closing it would be forgetting it. */
  readonly inMemory: boolean;
  readonly github: (name: string, payload: unknown) => readonly TrackerNews[];
  readonly circles: (payload: unknown) => readonly TrackerNews[];
  /** The machine's clock, for a script that never sets one. */
  readonly machine: { now(): number };
}

/** A line that can not be played: the run stops there, and the lines before it stand. */
export interface BadLine {
  readonly line: number;
  readonly problem: string;
}

export async function simulate(simulation: Simulation): Promise<BadLine | undefined> {
  const player = createPlayer(simulation);
  let number = 0;
  for await (const text of createInterface({ input: simulation.input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() === '') continue;
    const read = readLine(text);
    try {
      const problem = 'problem' in read ? read.problem : await play(player, read, number);
      if (problem !== undefined) {
        await player.close();
        return { line: number, problem };
      }
    } catch (error) {
      if (error instanceof NotStarted) return { line: 0, problem: error.message };
      throw error;
    }
  }
  await player.close();
  return undefined;
}

/** The store could not be opened: nothing was played. */
class NotStarted extends Error {}

type Line = {
  [K in keyof typeof SCHEMAS]: { readonly kind: K; readonly value: z.infer<(typeof SCHEMAS)[K]> };
}[keyof typeof SCHEMAS];

function readLine(text: string): Line | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'this is no JSON; write one object a line' };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { problem: 'a line is one JSON object' };
  const kind = (Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[]).find((name) => name in json);
  if (kind === undefined) return { problem: `a line has one of ${Object.keys(SCHEMAS).join(', ')}` };
  const parsed = SCHEMAS[kind].safeParse(json);
  if (parsed.success) return { kind, value: parsed.data } as Line;
  const problems = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown field ${issue.keys.join(', ')}`
      : `${issue.path.join('.')}: ${issue.message}`,
  );
  return { problem: problems.join('; ') };
}

interface Player {
  readonly simulation: Simulation;
  readonly probes: Map<string, number>;
  started(): Promise<Engine>;
  moveTo(target: number): Promise<string | undefined>;
  /** Fires what the last line made due at once, so that it is printed before the line's answer. */
  settled(): Promise<void>;
  close(): Promise<void>;
  print(line: unknown): void;
  /** An inbox id that no line of this or an earlier run on the same file has. */
  idOf(line: number): string;
}

function createPlayer(simulation: Simulation): Player {
  const { organisation, output, machine } = simulation;
  const probes = new Map<string, number>();
  const links: LinkCheck = { check: async (url) => probes.get(url) ?? 200 };
  let now: number | undefined;
  const clock = { now: () => now ?? machine.now() };
  let engine: Engine | undefined;
  let turn = 0;
  const print = (line: unknown) => void output.write(`${JSON.stringify(line)}\n`);

  async function started(): Promise<Engine> {
    if (engine !== undefined) return engine;
    now ??= machine.now();
    const opened = await simulation.open(clock, links);
    if ('problems' in opened) throw new NotStarted(opened.problems.join('; '));
    engine = opened;
    engine.onMessages((rows) => {
      for (const row of rows) print(sent(organisation, row));
    });
    return engine;
  }

  /** Everything that falls due on the way happens in order, at its own instant. */
  async function moveTo(target: number): Promise<string | undefined> {
    if (now !== undefined && target < now) return 'the clock never goes backwards';
    if (engine === undefined) now = target;
    const running = await started();
    for (let due = running.nextDue(); due !== undefined && due <= target; due = running.nextDue()) {
      now = Math.max(now ?? due, due);
      await running.fireDue();
    }
    now = target;
    return undefined;
  }

  async function settled(): Promise<void> {
    for (let due = engine?.nextDue(); due !== undefined && due <= clock.now(); due = engine?.nextDue())
      await engine?.fireDue();
  }

  async function close(): Promise<void> {
    await engine?.drained();
    await engine?.store.close();
    engine = undefined;
  }

  const run = randomUUID();
  const idOf = (line: number) => {
    turn += 1;
    return `simulate:${run}:${turn}:${line}`;
  };
  return { simulation, probes, started, moveTo, settled, close, print, idOf };
}

/** Plays one line; a text is why it can not be played. */
async function play(player: Player, { kind, value }: Line, line: number): Promise<string | undefined> {
  const { simulation, print } = player;
  const problem = value.at === undefined ? undefined : await player.moveTo(Date.parse(value.at));
  if (problem !== undefined) return problem;
  const done = (code: string) => print({ line, ok: true, code });
  switch (kind) {
    case 'at':
      done('moved');
      break;
    case 'say':
    case 'press': {
      const engine = await player.started();
      const text =
        kind === 'say' ? value.say : wordsOfPress(engine.catalogue, value.press, value.on ?? '', value.args ?? '');
      const input = { as: value.as, via: value.via ?? 'web', place: value.in ?? null, text, pressed: kind === 'press' };
      const answer = await engine.handle(input, player.idOf(line));
      await player.settled();
      print(answered(line, answer));
      break;
    }
    case 'event': {
      const engine = await player.started();
      const news =
        value.event === 'github'
          ? simulation.github(value.name ?? 'issues', value.payload)
          : simulation.circles(value.payload);
      await engine.follow(news, value.event, player.idOf(line));
      await player.settled();
      done('received');
      break;
    }
    case 'probe':
      player.probes.set(value.probe, value.answers);
      done('noted');
      break;
    case 'restart':
      if (!simulation.inMemory) {
        await player.close();
        await player.started();
      }
      done('restarted');
      break;
    case 'dump': {
      const item = dump((await player.started()).world(), value.dump);
      print(
        item === undefined
          ? { line, ok: false, code: 'not-found', text: `There is no ${value.dump}.` }
          : { line, item },
      );
      break;
    }
    default:
      return kind satisfies never;
  }
  return undefined;
}

function answered(line: number, { nodes: _nodes, ok, code, rule, needs, key, completed, text }: Answer): unknown {
  if (code === 'silent') return { line, ok, code };
  return {
    line,
    ok,
    code,
    ...(rule === undefined ? {} : { rule }),
    ...(needs === undefined ? {} : { needs }),
    ...(key === undefined ? {} : { key }),
    ...(completed === undefined ? {} : { completed }),
    text,
  };
}

function sent(organisation: Organisation, row: OutboxRow): unknown {
  const { text } = row.body as MessageBody;
  return {
    sent: row.kind,
    to: row.to,
    at: isoInstant(organisation, row.at),
    ...(row.key === null ? {} : { key: row.key }),
    ...(row.late ? { late: true } : {}),
    text,
  };
}
