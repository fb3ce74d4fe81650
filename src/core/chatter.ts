import type { Actor, Catalogue, Outcome } from './command.ts';
import { reply } from './command.ts';
import type { Draft, World } from './draft.ts';
import { nearest } from './nearest.ts';
import { hasRole, nameOf, personMentioned } from './people.ts';
import { checkRules, forbid, type Refusal } from './rule.ts';
import { code, enumerate, oneLine, say, type Text } from './text.ts';

/** Words that are no command: silence in a group, help in private, and R3's quiet hint where a developer is mentioned. */

export const SILENT = reply('silent', []);

interface Spoken {
  readonly via: string;
  readonly place: string | null;
  readonly text: string;
}

export function chatter(draft: Draft, catalogue: Catalogue, actor: Actor, spoken: Spoken): Outcome {
  const { place: name, text, via } = spoken;
  if (name === null) {
    if (!actor.known) return wayIn(draft, actor);
    return { ok: false, code: 'unknown-command', text: friendly(catalogue, text) };
  }
  const chat = draft.organisation.chats.find((each) => each.name === name);
  if (chat?.watch_mentions !== true || !actor.known) return SILENT;
  const mentioned = (text.match(MENTION) ?? []).flatMap((words) => personMentioned(draft, words, via) ?? []);
  const developers = [...new Set(mentioned.map((person) => person.id))].filter(
    (id) => id !== actor.id && hasRole(draft, id, 'developer'),
  );
  const place = draft.get('place', name);
  const item = place?.item == null ? undefined : draft.get('item', place.item);
  const names = developers.map((id) => nameOf(draft, id));
  const no = checkRules(
    draft,
    actor.id,
    { act: 'mention', developers: names, lastHintAt: place?.hints[actor.id] },
    item,
  );
  if (no !== undefined)
    draft.emit('place', name, { type: 'hinted', person: actor.id, names, said: reportOf(draft, spoken) });
  return SILENT;
}

const MENTION = /<@[^>\s]+>|@[\p{L}\p{N}._-]+/gu;
const ADDRESSED = /^(?:(?:hey|hi|hello)\s+)?(?:(?:<@[^>\s]+>|@[\p{L}\p{N}._-]+)[\s,:;!]*)+/iu;
const MOST_SAID = 200;

/** What was said, as the title of a report: to whom it was said is no part of that. */
function reportOf(world: World, { text, via }: Spoken): string {
  const words = oneLine(text)
    .replace(ADDRESSED, '')
    .replaceAll(/<@[^>\s]+>/g, (words) => personMentioned(world, words, via)?.name ?? 'somebody');
  return words.slice(0, MOST_SAID).toWellFormed().trim();
}

/** What is answered in private to words that are no command: a guess where they are near one. */
function friendly(catalogue: Catalogue, text: string): Text {
  const guess = meantCommand(catalogue, text);
  if (guess !== undefined) return say`Did you mean ${code(`/${guess}`)}?`;
  if (/^\W*(thanks?|thank you|thx|ty|cheers|merci|great|perfect|ok(ay)?)\b/i.test(text)) return say`You are welcome.`;
  return say`I only understand commands. ${code('/mine')} shows what waits for you, ${code('/help')} what you can say.`;
}

/** The command that a line without a slash seems to mean: a word alone, or one before a key. */
function meantCommand(catalogue: Catalogue, text: string): string | undefined {
  const [first = '', second] = text.trim().toLowerCase().split(/\s+/, 2);
  const isShort = second === undefined || /^[a-z]{2,8}-\d{1,9}$/.test(second);
  return isShort ? nearest(first.replace(/^\W+|\W+$/g, ''), catalogue.names) : undefined;
}

export function unknown(catalogue: Catalogue, name: string): Refusal {
  const guess = nearest(name, catalogue.names);
  const hint = guess === undefined ? say`${code('/help')} lists them.` : say`Did you mean ${code(`/${guess}`)}?`;
  return { ok: false, code: 'unknown-command', text: say`There is no command /${name.slice(0, 40)}. ${hint}` };
}

/** Words said to the bot by its name, of which the first is no command: thanks, mostly. Nobody waits for an answer in a group. */
export function addressed(catalogue: Catalogue, name: string, spoken: Spoken): Outcome {
  if (nearest(name, catalogue.names) !== undefined) return unknown(catalogue, name);
  const text = friendly(catalogue, spoken.text.replace(/^\S+\s*/, ''));
  return spoken.place === null ? { ok: false, code: 'unknown-command', text } : SILENT;
}

/** For whom we do not know: testers hear what they can say; to add a stranger, an admin needs the id, and it is theirs to read. */
export function wayIn(world: World, { id, account }: Actor): Refusal {
  const tested = world.open('item').filter((item) => item.testers[id] !== undefined);
  const [only] = tested;
  if (only !== undefined) {
    const keys = enumerate(tested.slice(0, 8).map(({ key }) => key));
    const key = tested.length === 1 ? only.key : 'KEY';
    const bug = code(`/bug SEVERITY ${tested.length === 1 ? '' : 'KEY '}TITLE`);
    return forbid(say`You test ${keys}: say ${bug}, ${code(`/status ${key}`)} or ${code(`/leave ${key}`)}.`);
  }
  const which = id === account ? ` (your account is ${account})` : '';
  return forbid(
    say`I do not know you here. Ask an admin of the organisation to add you${which}, or say ${code('/link-account')} where I know you and ${code('/iam CODE')} here.`,
  );
}
