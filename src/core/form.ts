import { toWords } from './arguments.ts';
import type { Catalogue, Command } from './command.ts';
import { keyOf, parse } from './decide.ts';
import { declaredFreezes, type World } from './draft.ts';
import { itemHere } from './place.ts';
import type { Step } from './process.ts';
import { CHOICES, exampleOf, type Laid, lay, linesOf, type Slot } from './usage.ts';

/** Forms: what a command still lacks, as fields; and the command line that a filled form makes. */

interface FormField {
  readonly name: string;
  readonly label: string;
  readonly optional: boolean;
  readonly sort: 'text' | 'long' | 'person' | 'choice';
  readonly choices?: readonly string[];
  readonly value?: string;
}

export interface FormOf {
  readonly command: string;
  /** What was said already, for `wordsOfForm`; nobody else reads it. */
  readonly given: string;
  readonly title: string;
  readonly example: string;
  readonly fields: readonly FormField[];
}

const LABELS: Readonly<Record<string, string>> = {
  KEY: 'Which item? (its key, such as WEB-1)', REF: 'Which story or issue? (org/repo#12, us:34, or its address)', 'KEY or REF': 'What is stuck? (a key, a story or an issue)',
  'REF or TITLE': 'What is broken?', REASON: 'Why?', NOTE: 'Anything to note?', TEXT: 'What should it say?', TITLE: 'What is it? (in a line)', URL: 'Which address? (with https://)',
  RANK: 'Which rank? (1 comes first)', ENV: 'On which environment?', SEVERITY: 'How bad is it?', TEAM: 'To which team?', ROLE: 'Which role?', KIND: 'Of which kind?', PERSON: 'Who?',
  VERSION: 'Which version? (a tag, a commit or an address)', DATE: 'On which day? (as 2026-12-15)', WHEN: 'When? (as Mon 14:00)', FROM: 'From when? (as 2026-12-24, with a time where you want one)',
  UNTIL: 'Until when?', ID: 'Which id?', CODE: 'Which code?', NAME: 'Which name?', CIRCLE: 'Which circle? (create, or its address)', ADDRESS: 'Which e-mail address?', LOGIN: 'Which login?', ALERT: 'Which alert?', COMMAND: 'Which command?',
}; // biome-ignore format: a table
const KEYWORD_LABELS: Readonly<Record<string, string>> = {
  owner: 'Who owns it?', team: 'Who is its team? (with spaces between them)', by: 'Promised for which day? (as 2026-12-15)', urgent: 'Urgent? (the story or issue of an open item that it belongs to)',
  roles: 'Which roles? (with commas between them)', telegram: 'Which Telegram id? (a number)', slack: 'Which Slack id?', github: 'Which GitHub login?', email: 'Which e-mail address?',
}; // biome-ignore format: a table

const ACT = 'act';
const LONG: ReadonlySet<string> = new Set(['REASON', 'NOTE', 'TEXT']);
const MOST_VALUE = 2000;

/** The form for a line that its command did not take as it is; undefined where there is nothing to ask for. */
export function formOf(
  catalogue: Catalogue,
  world: World,
  text: string,
  place: string | null = null,
): FormOf | undefined {
  const asSaid = parse(catalogue, text);
  const parsed = asSaid === 'no-command' ? parse(catalogue, `/${text.trim()}`) : asSaid;
  if (typeof parsed === 'string' || 'unknown' in parsed) return undefined;
  const { command, words } = parsed;
  const kinds = [...world.processes.keys()];
  const lines = linesOf(command.form ?? command.usage);
  const slots = lineFor(lines, words.all[0]);
  const laid = withItem(world, command, lay(slots, slots[0]?.name === ACT ? [] : words.all, kinds));
  const kept = stillToAsk(slots, laid).length > 0 ? laid : reopened(slots, laid);
  const asked = stillToAsk(slots, kept);
  const isHere = itemHere(world, place) !== undefined;
  const fields = asked.map((slot) => fieldOf(world, command, slot, kept, isHere, lines));
  if (fields.length === 0) return undefined;
  const title = [`/${command.name}`, ...said(slots, kept.given)].join(' ');
  return {
    command: command.name,
    given: JSON.stringify(kept.given),
    title,
    example: exampleOf(command, words.all[0]),
    fields,
  };
}

/** A key that names no item is asked for again, where it is an item that is wanted. */
function withItem(world: World, command: Command, laid: Laid): Laid {
  const { key, ...given } = laid.given;
  const item = command.on === 'item' && key !== undefined ? keyOf(world, key) : undefined;
  if (command.on !== 'item' || key === undefined || (item !== undefined && !('ok' in item))) return laid;
  return { ...laid, given, wrong: { ...laid.wrong, key } };
}

/** The command line that a form makes. Empty values are left out; words of a form that is not there are ignored. */
export function wordsOfForm(
  catalogue: Catalogue,
  command: string,
  given: string,
  values: Readonly<Record<string, string>>,
): string {
  const known = catalogue.commands.get(command);
  if (known === undefined) return `/${command}`;
  const kept = readGiven(given);
  const filled = Object.entries(values).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]]));
  const all: Record<string, string> = { ...kept, ...Object.fromEntries(filled) };
  const lines = linesOf(known.form ?? known.usage);
  const isNamed = (slots: readonly Slot[]) => slots[0]?.isWord === true && all[slots[0].name] !== undefined;
  const slots =
    lines.find((line) => line[0]?.isWord === true && line[0].of === all[ACT]) ??
    lines.find(isNamed) ??
    lines.find((line) => line[0]?.isWord !== true && line.length > 0) ??
    [];
  const [first] = slots;
  const act = first?.isWord === true ? { [first.name]: first.of } : {};
  return [`/${known.name}`, ...said(slots, { ...all, ...act })].join(' ');
}

function readGiven(given: string): Record<string, string> {
  try {
    const read: unknown = JSON.parse(given);
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(Object.entries(read).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}

/** Of several lines the one that was begun; where none was, all of them as one, and the first field says which. */
function lineFor(lines: readonly Slot[][], first: string | undefined): readonly Slot[] {
  const begun = lines.find(([slot]) => slot?.isWord === true && slot.of === first?.toLowerCase());
  const acts = lines.flatMap(([slot]) => (slot?.isWord === true ? [slot] : []));
  if (begun !== undefined || acts.length === 0) return begun ?? lines[0] ?? [];
  const act: Slot = { name: ACT, of: ACT, optional: false, isWord: false, isRest: false, isMany: false };
  const of = lines.filter(([slot]) => slot?.isWord === true).map((line) => line.slice(1));
  const names = [...new Set(of.flat().map((slot) => slot.name))];
  const merged = names.flatMap((name) => {
    const same = of.flatMap((line) => line.filter((slot) => slot.name === name));
    const isEverywhere = of.every((line) => line.some((slot) => slot.name === name && !slot.optional));
    return same[0] === undefined ? [] : [{ ...same[0], optional: !isEverywhere }];
  });
  return [act, ...merged];
}

const stillToAsk = (slots: readonly Slot[], { given, wrong, isTooMuch }: Laid): Slot[] => {
  const open = slots.filter((slot) => !slot.isWord && given[slot.name] === undefined);
  const isWanting = isTooMuch || open.some((slot) => !slot.optional || wrong[slot.name] !== undefined);
  return isWanting ? open : [];
};

/** Nothing is missing, and yet it was not taken: all but the item is asked again, with what was said. */
function reopened(slots: readonly Slot[], { given, wrong }: Laid): Laid {
  const isFixed = ([name]: readonly [string, string]) =>
    slots.some((slot) => slot.name === name && (slot.isWord || slot.of === 'KEY')) || name === 'about';
  const entries = Object.entries(given);
  const asked = entries.filter((entry) => !isFixed(entry)).map(([name, value]) => [name, value.slice(0, MOST_VALUE)]);
  const values = { ...wrong, ...Object.fromEntries(asked) };
  return { given: Object.fromEntries(entries.filter(isFixed)), wrong: values, isTooMuch: false };
}

function fieldOf(
  world: World,
  command: Command,
  slot: Slot,
  laid: Laid,
  isHere: boolean,
  lines: readonly Slot[][],
): FormField {
  const choices = choicesOf(world, command, slot, lines);
  const value = laid.wrong[slot.name] ?? likely(world, slot, laid);
  const mayLeaveOut = slot.of === 'KEY' && command.on === 'item' && (command.candidate !== undefined || isHere);
  const sort =
    choices !== undefined
      ? 'choice'
      : LONG.has(slot.of)
        ? 'long'
        : slot.of === 'PERSON' && !slot.isMany
          ? 'person'
          : 'text';
  const label = slot.name === ACT ? 'What?' : (KEYWORD_LABELS[slot.keyword ?? ''] ?? LABELS[slot.of] ?? slot.of);
  const isKnownValue = value !== undefined && (choices === undefined || choices.includes(value));
  return {
    name: slot.name,
    label: slot.isMany && slot.keyword === undefined ? `${label} (several with spaces between them)` : label,
    optional: (slot.optional || mayLeaveOut) && !isDecided(world, slot, laid),
    sort,
    ...(choices === undefined ? {} : { choices }),
    ...(isKnownValue ? { value } : {}),
  };
}

function choicesOf(
  world: World,
  command: Command,
  slot: Slot,
  lines: readonly Slot[][],
): readonly string[] | undefined {
  if (slot.name === ACT) return lines.flatMap(([first]) => (first?.isWord === true ? [first.of] : []));
  if (slot.keyword !== undefined) return undefined;
  if (slot.of === 'KIND') return [...world.processes.keys()];
  if (slot.of !== 'ID' || command.name !== 'freeze') return CHOICES[slot.of];
  const freezes = declaredFreezes(world).filter((freeze) => freeze.until > world.now);
  return freezes.length === 0 ? undefined : freezes.map(({ id }) => id);
}

/** What will most likely be said: the team that is due, the making of a circle that is not there. */
function likely(world: World, slot: Slot, { given }: Laid): string | undefined {
  if (slot.of === 'CIRCLE') return 'create';
  if (slot.of !== 'TEAM') return undefined;
  const step = stepsAhead(world, given.key).find((each) => each.kind === 'handover');
  return step?.kind === 'handover' ? step.to : undefined;
}

/** The present step of the item that is named, and the one after it. */
function stepsAhead(world: World, key: string | undefined): Step[] {
  const item = keyOf(world, key);
  if (item === undefined || 'ok' in item) return [];
  const process = world.processOf(item.process)?.process;
  return process === undefined ? [] : process.steps.slice(item.stepNumber - 1, item.stepNumber + 1);
}

/** Where the step decides who owns an item, or who is its team, they must be said. */
function isDecided(world: World, { keyword }: Slot, { given }: Laid): boolean {
  const [step] = stepsAhead(world, given.key);
  return step?.kind === 'decide' && step.decides.some((each) => each === keyword);
}

/** The words of a line, in its order, each keyword before what it stands for. */
function said(slots: readonly Slot[], values: Readonly<Record<string, string>>): string[] {
  return slots.flatMap((slot) => {
    const value = values[slot.name];
    if (value === undefined) return [];
    const about = slot.isRest && values.about !== undefined ? [values.about] : [];
    return [...about, ...(slot.keyword === undefined ? [] : [slot.keyword]), wordOf(slot, value)];
  });
}

function wordOf(slot: Slot, value: string): string {
  if (slot.isRest && !/^(NAME|TITLE)$/.test(slot.of)) return value;
  const words = toWords(value).all;
  if (slot.of === 'ROLE' && slot.keyword !== undefined) return words.join('').replaceAll(';', ',');
  // A platform's own choice of people gives an id of the platform: as a mention it is that account and nobody else.
  if (slot.of === 'PERSON') return words.map((word) => word.replace(/^([UW][A-Z0-9]{4,})$/, '<@$1>')).join(' ');
  return words.join(' ');
}
