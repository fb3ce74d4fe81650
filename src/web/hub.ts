import type { Catalogue } from '../core/command.ts';
import type { Input } from '../core/decide.ts';
import type { World } from '../core/draft.ts';
import type { Clock } from '../ports.ts';
import type { Answer, Engine } from '../shell/engine.ts';
import type { Log } from '../shell/log.ts';
import type { Policies } from '../shell/world.ts';
import type { Reading } from '../store/port.ts';
import { type Changes, createChanges } from './changes.ts';
import type { DemoClock } from './demo-clock.ts';
import { createTranscript, type Transcript } from './transcript.ts';

export interface ChatLine {
  readonly platform: string;
  readonly line: string;
  readonly ok: boolean;
}

/** What pages are made from. Nothing of it decides or writes. */
export interface Sight {
  readonly reading: Reading;
  readonly isDemo: boolean;
  readonly transcript: Transcript;
  readonly database: string;
  /** The platforms whose tokens are set. */
  readonly platforms: readonly string[];
  /** How the connection to each chat is, in a line for people. */
  chats(): readonly ChatLine[];
  readonly catalogue: Catalogue;
  readonly policies: Policies;
  /** Why nothing is written at present; undefined when all is well. */
  readOnly(): string | undefined;
  /** The recorded world, read anew. */
  world(): World;
}

/** What all routes stand on: the engine, the clock, what was said, and who wants to hear of changes. */
export interface Hub {
  readonly engine: Engine;
  readonly sight: Sight;
  readonly clock: Clock;
  /** Only in the demonstration: its clock can be moved, and a visitor is anyone. */
  readonly demo: DemoClock | undefined;
  readonly changes: Changes;
  readonly transcript: Transcript;
  /** Logs what somebody did here that no event records. */
  note(message: string, details: Readonly<Record<string, unknown>>): void;
  /** Logs our own error; returns the reference that the visitor sees. */
  fault(error: unknown): string;
  /** Says something; the same id again changes nothing and gets the same answer. */
  say(input: Input, id: string): Promise<Answer>;
}

export interface HubParts {
  readonly engine: Engine;
  readonly log: Log;
  readonly clock: Clock;
  readonly demo?: DemoClock | undefined;
  readonly database: string;
  readonly platforms: readonly string[];
  readonly chats?: (() => readonly ChatLine[]) | undefined;
}

export function createHub(parts: HubParts): Hub {
  const { engine, clock, demo, database, platforms, log } = parts;
  const changes = createChanges();
  const transcript = createTranscript(engine.store.reading);
  // While the demonstration's clock moves, hundreds of messages may pass; pages hear of the move at its end.
  engine.onMessages(() => {
    if (demo?.isMoving() !== true) changes.tell();
  });

  async function say(input: Input, id: string): Promise<Answer> {
    const known = transcript.known(id);
    if (known !== undefined) return known;
    const at = clock.now();
    const answer = await engine.handle(input, id);
    // What could not be written is not remembered either: the same form may be sent again once the disk has room.
    if (answer.code !== 'unavailable' && answer.code !== 'fault') transcript.add(id, at, input, answer);
    changes.tell();
    return answer;
  }

  const fault = (error: unknown): string => log.fault('a page could not be shown', error);
  const { catalogue, policies, readOnly } = engine;
  const { reading } = engine.store;
  const sight: Sight = {
    reading, isDemo: demo !== undefined, transcript, database, platforms, catalogue, policies, readOnly,
    chats: parts.chats ?? (() => []), 
    world: () => engine.world('system', reading),
  }; // biome-ignore format: a list
  const note: Hub['note'] = (message, details) => log.info(message, details);
  return { engine, sight, clock, demo, changes, transcript, note, fault, say };
}
