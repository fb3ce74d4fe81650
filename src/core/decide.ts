import { Nothing, toWords } from './arguments.ts';
import { addressed, chatter, SILENT, unknown, wayIn } from './chatter.ts';
import type { Actor, Catalogue, Command, Context, ItemCommand, Outcome, Words } from './command.ts';
import { aboutCredentials, removedFrom } from './credentials.ts';
import { createDraft, type Draft, type World } from './draft.ts';
import { processOf, stepOf } from './flow.ts';
import { type ItemState, isOpenItem } from './item.ts';
import { nearest } from './nearest.ts';
import { isKnown, personOfAccount, seeHandle, seeNumber } from './people.ts';
import { itemHere, placeIn } from './place.ts';
import { already, notFound, type Refusal, usage } from './rule.ts';
import { bold, buttons, code, item as itemNode, list, oneLine, say } from './text.ts';
import { exampleOf } from './usage.ts';

/** What came in: words, from somebody, somewhere. A button is the words that it stands for. */
export interface Input {
  /** A person's id, or an account of a platform: `telegram:1001`, `slack:U0OLGA`. */
  readonly as: string;
  readonly via: string;
  /** The chat's name in the organisation's file, or its address where the file does not list it; null in private. */
  readonly place: string | null;
  /** The Slack thread in that chat. */
  readonly thread?: string;
  readonly text: string;
  readonly pressed: boolean;
  /** What the platform calls the speaker at present, without the sign: people mention them by it. Never an identity. */
  readonly handle?: string;
  /** What stays when the account's name goes to somebody else, where accounts are called by a name. */
  readonly number?: string;
}

/** Decides one input: the answer, and in the draft all that follows from it. A refusal leaves nothing behind. */
export function decide(world: World, catalogue: Catalogue, input: Input): { outcome: Outcome; draft: Draft } {
  const draft = createDraft(world);
  const outcome = answer(draft, catalogue, input);
  return { outcome, draft };
}

/**
 * The person behind an account: the organisation's file first, then what was linked by a code. What has a colon is an
 * account and never a person's id; a plain word is a person's id, or a stranger's on that platform.
 */
export function identify(world: World, as: string, via: string): Actor {
  const isAccount = as.includes(':');
  const account = isAccount ? as : `${via}:${as}`;
  const isPerson = !isAccount && isKnown(world, as);
  // What is kept by person is an object's fields: a stranger called like one that every object has is their account.
  const stranger = as in Object.prototype ? account : as;
  const id = isPerson ? as : (personOfAccount(world, account) ?? stranger);
  return { id, known: isKnown(world, id), via, account };
}

interface Parsed {
  readonly command: Command;
  readonly words: Words;
}

/** Finds the command in a line: `/name …`, `/name@baton …`, `/baton name …`, `@baton name …`. */
export function parse(
  catalogue: Catalogue,
  text: string,
): Parsed | 'no-command' | 'another-bot' | { readonly unknown: string } {
  const line = text.trim().replace(/^(?:\/baton(?:@\w+)?|@baton\w*)\s+\/?/i, '/');
  const found = /^\/([\p{L}][\p{L}\d_-]*)(?:@(\w+))?(?=\s|$)/u.exec(line);
  if (/^(?:\/baton(?:@\w+)?|@baton\w*)$/i.test(line)) return parse(catalogue, '/help');
  if (found === null) return 'no-command';
  if (found[2] !== undefined && !/^baton/i.test(found[2])) return 'another-bot';
  const name = (found[1] ?? '').toLowerCase().replaceAll('_', '-');
  const command = catalogue.commands.get(name);
  return command === undefined ? { unknown: name } : { command, words: toWords(line.slice(found[0].length)) };
}

/** In private a command's name is enough: Slack keeps the slash for itself, and nobody else is meant there. */
function understand(catalogue: Catalogue, { text, place }: Input): ReturnType<typeof parse> {
  const parsed = parse(catalogue, text);
  if (parsed !== 'no-command' || place !== null) return parsed;
  const bare = parse(catalogue, `/${text.trim()}`);
  return typeof bare === 'object' && 'command' in bare ? bare : parsed;
}

function answer(draft: Draft, catalogue: Catalogue, input: Input): Outcome {
  const actor = identify(draft, input.as, input.via);
  const taken = input.number === undefined ? undefined : seeNumber(draft, actor, input.number);
  if (taken !== undefined) return taken;
  const credentials = removedFrom(input.text);
  if (credentials.length > 0) return isOurs(draft, actor, input) ? aboutCredentials(credentials) : SILENT;
  const parsed = understand(catalogue, input);
  if (actor.known && input.handle !== undefined) seeHandle(draft, actor.account, input.handle);
  if (parsed === 'another-bot') return SILENT;
  if (parsed === 'no-command') return chatter(draft, catalogue, actor, input);
  const tester = !actor.known && draft.open('item').some((item) => item.testers[actor.id] !== undefined);
  const command = 'unknown' in parsed ? undefined : parsed.command;
  if (!actor.known && command?.open !== true && !(tester && command?.testers === true)) return wayIn(draft, actor);
  if (command === undefined || 'unknown' in parsed) {
    const name = 'unknown' in parsed ? parsed.unknown : '';
    return /^\s*@/.test(input.text) ? addressed(catalogue, name, input) : unknown(catalogue, name);
  }
  const outcome = run(draft, catalogue, actor, input, command, parsed.words);
  const lacksRule =
    !outcome.ok && outcome.code === 'forbidden' && outcome.rule === undefined && command.rule !== undefined;
  return lacksRule ? { ...outcome, rule: command.rule ?? '' } : outcome;
}

/** Is it said by somebody of ours, or where the organisation is? In a stranger's chat nobody is taught. */
const isOurs = ({ organisation }: World, actor: Actor, { place }: Input): boolean =>
  actor.known || place === null || organisation.chats.some(({ name }) => name === place);

function run(draft: Draft, catalogue: Catalogue, actor: Actor, input: Input, command: Command, words: Words): Outcome {
  const { pressed } = input;
  const context = { draft, world: draft, now: draft.now, actor, place: placeIn(input), pressed, catalogue };
  const early = command.first?.({ ...context, args: words });
  if (early !== undefined) return early;
  if (command.on === 'nothing') {
    const args = read(command, words, draft);
    return 'refusal' in args ? args.refusal : command.decide({ ...context, args: args.value });
  }
  const named = keyOf(draft, words.all[0]);
  const rest = named === undefined ? words : toWords(words.rest.replace(/^\S+\s*/, ''));
  if (named !== undefined && 'ok' in named) return actor.known ? named : nothingThere(words, command.nowhere);
  const args = read(command, rest, draft);
  if ('refusal' in args) return args.refusal;
  if (command.args === Nothing && rest.all.length > 0)
    return usage(`“${oneLine(rest.rest).slice(0, 40)}” is too much. It goes ${command.usage}.`, command.examples[0]);
  const item = named ?? place(draft, command, context, rest);
  if ('ok' in item) return item;
  if (!isOpenItem(item) && command.question !== true && command.ended !== true)
    return already(
      mayKnow(actor, item)
        ? say`${itemNode(item.key, item.title)} has ended: it is ${item.state}.`
        : nothingThere(words, command.nowhere).text,
      item.key,
    );
  const outcome = command.decide({
    ...context,
    args: args.value,
    item,
    process: processOf(draft, item),
    step: stepOf(draft, item),
  });
  return outcome.key === undefined ? { ...outcome, key: item.key } : outcome;
}

/** Testers know the items that they were invited to or test, by title; of everything else they hear nothing. */
const mayKnow = (actor: Actor, item: ItemState): boolean =>
  actor.known || item.testers[actor.id] !== undefined || (item.invited && isOpenItem(item));

/** What a stranger hears of a key that names nothing, or nothing for them: never what else there is, nor which of the two. */
function nothingThere(words: Words, nowhere: ItemCommand<unknown>['nowhere']): Refusal {
  const key = (words.all[0] ?? '').slice(0, 20).toUpperCase();
  return notFound(nowhere?.(key) ?? say`There is no ${key}.`);
}

function read(command: Command, words: Words, world: World): { value: unknown } | { refusal: Refusal } {
  const parsed = command.args.safeParse(command.read(words, world));
  if (parsed.success) return { value: parsed.data };
  const problems = [...new Set(parsed.error.issues.map((issue) => issue.message))];
  return { refusal: usage(sentence(problems.join('; ')), exampleOf(command, words.all[0])) };
}

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

/** The item that a word names; a word that looks like a key but names nothing is answered so. Undefined: no key at all. */
export function keyOf(world: World, word: string | undefined): ItemState | Refusal | undefined {
  if (word === undefined || !/^[A-Za-z]{2,8}-\d{1,9}$/.test(word)) return undefined;
  const key = word.toUpperCase();
  const item = world.get('item', key);
  if (item !== undefined) return item;
  const prefix = key.split('-')[0] ?? '';
  const prefixes = [...world.processes.values()].map((version) => version.process.prefix);
  // A word of that shape that is near no prefix is a word: UTF-8, say.
  const guess = nearest(prefix, prefixes);
  if (guess === undefined) return undefined;
  const meant = guess === prefix ? undefined : world.get('item', `${guess}-${key.split('-')[1]}`);
  const hint =
    meant === undefined
      ? say`${code('/board')} shows what there is.`
      : say`Did you mean ${itemNode(meant.key, meant.title)}?`;
  return notFound(say`There is no ${key}. ${hint}`);
}

/** The item that is meant without being named: the place's own, or the only one that the person could do this to. */
function place(
  draft: Draft,
  command: ItemCommand<unknown>,
  context: Omit<Context<unknown>, 'args'>,
  words: Words,
): ItemState | Refusal {
  const here = itemHere(draft, context.place);
  if (here !== undefined && mayKnow(context.actor, here)) return here;
  const candidates =
    command.candidate === undefined
      ? []
      : draft.open('item').filter((item) => command.candidate?.(draft, context.actor.id, item, words) === true);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  if (command.candidate === undefined) return usage(`Say which item. It goes ${command.usage}.`, command.examples[0]);
  if (only === undefined)
    return notFound(say`No item waits for your ${code(`/${command.name}`)}. Name one: ${code(command.usage)}.`);
  return ambiguous(command.name, candidates, words.rest);
}

const MOST_CANDIDATES = 8;

/** Several could be meant: each as a button. */
export function ambiguous(
  command: string,
  candidates: readonly { readonly key: string; readonly title?: string; readonly note?: string }[],
  args = '',
): Refusal {
  const shown = candidates.slice(0, MOST_CANDIDATES);
  const rows = list(
    shown.map(
      (item) =>
        say`${item.title === undefined ? bold(item.key) : itemNode(item.key, item.title)}${item.note === undefined ? '' : ` (${item.note})`}`,
    ),
  );
  const choices = buttons(
    ...shown.map((item) => ({ label: item.key, command, on: item.key, ...(args === '' ? {} : { args }) })),
  );
  const left = candidates.length - shown.length;
  const more = left > 0 ? `\nand ${left} more; name its key.` : '';
  return {
    ok: false,
    code: 'ambiguous',
    text: say`Which one?${rows}${more}${choices}`,
  };
}

/** The pages that must be looked at before this input is decided. */
export function pagesToCheck(world: World, catalogue: Catalogue, input: Input): readonly string[] {
  const parsed = understand(catalogue, input);
  if (typeof parsed === 'string' || 'unknown' in parsed || parsed.command.probes === undefined) return [];
  if (removedFrom(input.text).length > 0) return [];
  const { command, words } = parsed;
  const actor = identify(world, input.as, input.via);
  // Whom nobody knows has us call nobody: no forge for what it has, and no address of their own choosing.
  if (!actor.known) return [];
  const named = keyOf(world, words.all[0]);
  const rest = named === undefined ? words : toWords(words.rest.replace(/^\S+\s*/, ''));
  const context = {
    draft: createDraft(world),
    world,
    now: world.now,
    actor,
    place: placeIn(input),
    pressed: input.pressed,
    catalogue,
  };
  const item = named ?? (command.on === 'item' ? place(context.draft, command, context, rest) : undefined);
  return command.probes?.(world, rest, item === undefined || 'ok' in item ? undefined : item) ?? [];
}

/** Is this only a question? Questions change nothing and are not written down. */
export function isQuestion(catalogue: Catalogue, input: Input): boolean {
  // That somebody pasted a credential is written down, whatever they asked.
  if (removedFrom(input.text).length > 0) return false;
  const parsed = understand(catalogue, input);
  if (typeof parsed === 'string' || 'unknown' in parsed) return parsed === 'another-bot';
  return parsed.command.question === true;
}

/** The words that a button stands for. */
export function wordsOfPress(catalogue: Catalogue, command: string, on: string, args: string): string {
  return catalogue.commands.get(command.toLowerCase())?.press?.(on, args) ?? `/${command} ${on} ${args}`.trim();
}
