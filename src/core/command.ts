import type { z } from 'zod';
import type { Draft, World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { Live } from './message.ts';
import type { Process, Step } from './process.ts';
import type { Refusal } from './rule.ts';
import type { Text } from './text.ts';

/** Who speaks, and where from. `person` is an id of the organisation; a stranger has the id that the platform gave. */
export interface Actor {
  readonly id: string;
  readonly known: boolean;
  readonly via: string;
  /** The account that they speak from: `telegram:1001`. */
  readonly account: string;
}

export interface Context<A> {
  readonly draft: Draft;
  readonly world: World;
  readonly now: number;
  readonly actor: Actor;
  /** The chat or thread that it was said in (`place.ts` knows its item); null in private. */
  readonly place: string | null;
  readonly pressed: boolean;
  readonly args: A;
  readonly catalogue: Catalogue;
}

export interface ItemContext<A> extends Context<A> {
  readonly item: ItemState;
  readonly process: Process;
  readonly step: Step;
}

export interface Reply {
  readonly ok: true;
  readonly code: string;
  readonly key?: string;
  readonly completed?: true;
  readonly text: Text;
  /** Set where the answer shows something else later. */
  readonly live?: Live;
}
export type Outcome = Reply | Refusal;

export const reply = (code: string, text: Text, key?: string): Reply => ({
  ok: true,
  code,
  text,
  ...(key === undefined ? {} : { key }),
});

/** The words after a command, before they are understood. */
export interface Words {
  readonly all: readonly string[];
  readonly rest: string;
}

interface Common {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  /** What a form asks for, where that is not as the usage says it. */
  readonly form?: string;
  readonly summary: string;
  readonly examples: readonly [string, ...string[]];
  /** Who may say it, for people to read. */
  readonly who: string;
  /** The rule that its row names: a `forbidden` of this command carries it. */
  readonly rule?: string;
  /** Everyone, also a stranger, may say it. */
  readonly open?: boolean;
  /** Testers may say it of the items that they joined. */
  readonly testers?: boolean;
  /** Its answer is of use to the asker alone: in a chat nobody else is shown it. */
  readonly personal?: boolean;
  /** Changes nothing: it is not written down. */
  readonly question?: boolean;
  /** The pages that must be looked at before it is decided. */
  probes?(world: World, words: Words, item: ItemState | undefined): readonly string[];
  /** What is said before an item is looked for, where the words alone decide it. */
  first?(context: Context<Words>): Refusal | undefined;
  /** The words that a button stands for; `/NAME ON ARGS` unless the command says otherwise. */
  press?(on: string, args: string): string;
}

/** A command that is not about one item, or finds its own. */
export interface PlainCommand<A> extends Common {
  readonly on: 'nothing';
  readonly args: z.ZodType<A>;
  /** Turns words into the arguments' raw form; the schema judges them. */
  read(words: Words, world: World): unknown;
  decide(context: Context<A>): Outcome;
}

/** A command about one item, whose KEY may be left out where it is clear. */
export interface ItemCommand<A> extends Common {
  readonly on: 'item';
  readonly args: z.ZodType<A>;
  read(words: Words, world: World): unknown;
  /** Could this person carry it out on this item? Where exactly one such item exists, KEY may be left out. */
  candidate?(world: World, actor: string, item: ItemState, words: Words): boolean;
  /** Ended items are answered by the command itself, not by the common refusal. */
  readonly ended?: boolean;
  /** What a stranger hears of a key that is none, or none for them: the same of both. */
  nowhere?(key: string): Text;
  decide(context: ItemContext<A>): Outcome;
}

export type Command = PlainCommand<unknown> | ItemCommand<unknown>;

export interface Catalogue {
  readonly commands: ReadonlyMap<string, Command>;
  /** Aliases included. */
  readonly names: readonly string[];
}

/** Makes a catalogue entry; the type demands help, examples and who may say it. */
export function defineCommand<A>(command: PlainCommand<A> | ItemCommand<A>): Command {
  return command;
}
