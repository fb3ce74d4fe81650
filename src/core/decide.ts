import { Nothing, toWords } from './arguments.ts';
import type { Actor, Catalogue, Command, Context, ItemCommand, Outcome, Words } from './command.ts';
import { reply } from './command.ts';
import { createDraft, type Draft, type World } from './draft.ts';
import { processOf, stepOf } from './flow.ts';
import { type ItemState, isOpenItem } from './item.ts';
import { nearest } from './nearest.ts';
import { findPerson, hasRole, isKnown, nameOf, personOfAccount } from './people.ts';
import { itemHere, placeIn } from './place.ts';
import { already, checkRules, forbid, notFound, type Refusal, usage } from './rule.ts';
import { bold, buttons, code, enumerate, item as itemNode, list, say } from './text.ts';

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
}

const SILENT = reply('silent', []);

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
  const id = isPerson ? as : (personOfAccount(world, account) ?? as);
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

/** On Slack a private message can not begin with a slash (Slack keeps it for itself), so there a command's name is enough. */
function understand(catalogue: Catalogue, { text, via, place }: Input): ReturnType<typeof parse> {
  const parsed = parse(catalogue, text);
  if (parsed !== 'no-command' || via !== 'slack' || place !== null) return parsed;
  const bare = parse(catalogue, `/${text.trim()}`);
  return typeof bare === 'object' && 'command' in bare ? bare : parsed;
}

function answer(draft: Draft, catalogue: Catalogue, input: Input): Outcome {
  const actor = identify(draft, input.as, input.via);
  const parsed = understand(catalogue, input);
  if (parsed === 'another-bot') return SILENT;
  if (parsed === 'no-command') return chatter(draft, actor, input);
  const tester = !actor.known && draft.open('item').some((item) => item.testers[actor.id] !== undefined);
  const command = 'unknown' in parsed ? undefined : parsed.command;
  if (!actor.known && command?.open !== true && !(tester && command?.testers === true)) return wayIn(actor);
  if (command === undefined || 'unknown' in parsed)
    return unknown(catalogue, 'unknown' in parsed ? parsed.unknown : '');
  const outcome = run(draft, catalogue, actor, input, command, parsed.words);
  const lacksRule =
    !outcome.ok && outcome.code === 'forbidden' && outcome.rule === undefined && command.rule !== undefined;
  return lacksRule ? { ...outcome, rule: command.rule ?? '' } : outcome;
}

/** An admin needs the id to add somebody by; it is theirs, so they may read it. */
function wayIn({ id, account }: Actor): Refusal {
  const which = id === account ? ` (your account is ${account})` : '';
  return forbid(
    say`I do not know you here. Ask an admin of the organisation to add you${which}, or say ${code('/link-account')} where I know you and ${code('/iam CODE')} here.`,
  );
}

function unknown(catalogue: Catalogue, name: string): Refusal {
  const guess = nearest(name, catalogue.names);
  const hint = guess === undefined ? say`${code('/help')} lists them.` : say`Did you mean ${code(`/${guess}`)}?`;
  return { ok: false, code: 'unknown-command', text: say`There is no command /${name.slice(0, 40)}. ${hint}` };
}

/** Words that are no command: silence in a group, help in private, and R3's quiet hint where a developer is mentioned. */
function chatter(draft: Draft, actor: Actor, input: Input): Outcome {
  if (input.place === null) {
    if (!actor.known) return wayIn(actor);
    return {
      ok: false,
      code: 'unknown-command',
      text: say`I only understand commands. ${code('/mine')} shows what waits for you, ${code('/help')} what you can say.`,
    };
  }
  const chat = draft.organisation.chats.find((each) => each.name === input.place);
  if (chat?.watch_mentions !== true || !actor.known) return SILENT;
  const mentioned = [...input.text.matchAll(/<@[^>\s]+>|@([\p{L}\p{N}._-]+)/gu)].flatMap(
    ([whole, word]) => findPerson(draft, word?.replace(/[._-]+$/, '') ?? whole) ?? [],
  );
  const developers = [...new Set(mentioned.map((person) => person.id))].filter(
    (id) => id !== actor.id && hasRole(draft, id, 'developer'),
  );
  const place = draft.get('place', input.place);
  const item = place?.item == null ? undefined : draft.get('item', place.item);
  const names = developers.map((id) => nameOf(draft, id));
  const no = checkRules(
    draft,
    actor.id,
    { act: 'mention', developers: names, lastHintAt: place?.hints[actor.id] },
    item,
  );
  if (no !== undefined) draft.emit('place', input.place, { type: 'hinted', person: actor.id, names });
  return SILENT;
}

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
  if (named !== undefined && 'ok' in named) return actor.known ? named : nothingThere(words);
  const args = read(command, rest, draft);
  if ('refusal' in args) return args.refusal;
  if (command.args === Nothing && rest.all.length > 0)
    return usage(`“${rest.rest.slice(0, 40)}” is too much. It goes ${command.usage}.`, command.examples[0]);
  const item = named ?? place(draft, command, context, rest);
  if ('ok' in item) return item;
  if (!isOpenItem(item) && command.question !== true && command.ended !== true)
    return already(
      mayKnow(actor, item)
        ? say`${itemNode(item.key, item.title)} has ended: it is ${item.state}.`
        : say`There is nothing to do on ${item.key} any more.`,
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

/** What a stranger hears of a key that names nothing: never what else there is. */
export const nothingThere = (words: Words): Refusal =>
  notFound(say`There is no ${(words.all[0] ?? '').slice(0, 20).toUpperCase()}.`);

function read(command: Command, words: Words, world: World): { value: unknown } | { refusal: Refusal } {
  const parsed = command.args.safeParse(command.read(words, world));
  if (parsed.success) return { value: parsed.data };
  const problems = [...new Set(parsed.error.issues.map((issue) => issue.message))];
  return { refusal: usage(`${sentence(problems.join('; '))} It goes ${command.usage}.`, command.examples[0]) };
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
  const more = candidates.length > shown.length ? ` and ${candidates.length - shown.length} more` : '';
  return {
    ok: false,
    code: 'ambiguous',
    text: say`Which one? ${enumerate(
      shown.map((item) => item.key),
      'or',
    )}${more}:${rows}${choices}`,
  };
}

/** The pages that must be looked at before this input is decided. */
export function pagesToCheck(world: World, catalogue: Catalogue, input: Input): readonly string[] {
  const parsed = understand(catalogue, input);
  if (typeof parsed === 'string' || 'unknown' in parsed || parsed.command.probes === undefined) return [];
  const { command, words } = parsed;
  const named = keyOf(world, words.all[0]);
  const rest = named === undefined ? words : toWords(words.rest.replace(/^\S+\s*/, ''));
  const actor = identify(world, input.as, input.via);
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
  const parsed = understand(catalogue, input);
  if (typeof parsed === 'string' || 'unknown' in parsed) return parsed === 'another-bot';
  return parsed.command.question === true;
}

/** The words that a button stands for. */
export function wordsOfPress(catalogue: Catalogue, command: string, on: string, args: string): string {
  return catalogue.commands.get(command.toLowerCase())?.press?.(on, args) ?? `/${command} ${on} ${args}`.trim();
}
