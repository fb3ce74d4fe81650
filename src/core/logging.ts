import { capital, opsOr } from './alerting.ts';
import { showInstant } from './calendar.ts';
import { failButton, loggedCard } from './cards.ts';
import type { Context, Outcome } from './command.ts';
import { reply } from './command.ts';
import { keyOf } from './decide.ts';
import type { Draft } from './draft.ts';
import type { ItemState } from './item.ts';
import type { Severity } from './organisation.ts';
import { membersOf } from './people.ts';
import { itemHere } from './place.ts';
import { refuse, usage } from './rule.ts';
import { bold, say } from './text.ts';
import type { LogSort } from './tracked.ts';
import { joinLink, logRef, setSeverity } from './tracking.ts';

/** Logging stories and issues from a chat: they are made in the tracker and join the item that they are about. */

/** How far to look for the item that a report is about, beyond one that is named and the place's own. */
export type Reach = 'named' | 'own' | 'any';

/** The item that a report is about: named first, the place's own, the only one of the reporter's team, the only one open. */
export function itemMeant(
  context: Context<unknown>,
  title: string,
  reach: Reach,
): { item: ItemState | undefined; title: string } {
  const { world, actor, place } = context;
  const named = keyOf(world, title.split(/\s+/)[0]);
  if (named !== undefined && 'key' in named && 'links' in named) {
    const rest = title.replace(/^\S+\s*/, '');
    if (rest !== '' && isAlive(named)) return { item: named, title: rest };
  }
  const here = itemHere(world, place);
  if (here !== undefined && isAlive(here)) return { item: here, title };
  if (reach === 'named') return { item: undefined, title };
  const open = world.open('item').filter((item) => item.state === 'active');
  const tested = open.filter((item) => item.testers[actor.id] !== undefined);
  const own = actor.known ? open.filter((item) => membersOf(world, item.role, item).includes(actor.id)) : tested;
  for (const candidates of reach === 'any' ? [own, open] : [own])
    if (candidates.length === 1) return { item: candidates[0], title };
  return { item: undefined, title };
}

const isAlive = (item: ItemState): boolean => item.state === 'active' || item.state === 'proposed';

/** Makes an issue or a story, links it, and says under which name it can be found. */
export function log(
  context: Context<unknown>,
  sort: LogSort,
  title: string,
  severity: Severity | null,
  reach: Reach,
  labels: readonly string[] = [],
): Outcome {
  const { draft, actor } = context;
  if (!actor.known && isElsewhere(context, title)) return refuse(WHICH);
  if (!actor.known && severity === 'critical' && isCrying(context)) return refuse(ENOUGH);
  // A button says which item it is about, and nothing yet of what was found.
  const alone = keyOf(context.world, /^\S+$/.exec(title)?.[0]);
  if (alone !== undefined && 'links' in alone)
    return usage('The title is missing.', `/${sort === 'issue' ? 'bug minor' : sort} ${alone.key} What I found`);
  const meant = itemMeant(context, title, reach);
  if (!actor.known && meant.item?.testers[actor.id] === undefined) return refuse(WHICH);
  const reference = logRef(draft, sort, meant.title, { item: meant.item, labels });
  if (meant.item !== undefined) joinLink(draft, meant.item.key, reference);
  if (severity !== null) setSeverity(draft, reference.ref, severity, actor.id);
  // Where it is kept and what follows from it is the organisation's own business.
  if (!actor.known)
    return reply('logged', say`Thank you: “${meant.title}” is logged for ${meant.item?.key ?? ''}.`, meant.item?.key);
  const where =
    meant.item === undefined ? (sort === 'story' ? '; it waits as a proposal' : '') : `, linked to ${meant.item.key}`;
  const alert = draft.get('ref', reference.ref)?.alert;
  const raised = alert == null ? '' : raisedText(context, alert);
  const fails = isTestedBy(context, meant.item) ? { item: meant.item.key, title: meant.title } : undefined;
  return logged(draft, reference.ref, `: ${meant.title}${where}.${raised}`, meant.item?.key, fails);
}

const WHICH = say`Say which item it is about: its key first, then what you found.`;

const ENOUGH = say`What you called critical is being looked at. Until that is over, say it as major.`;
/** Each of them pages somebody, and testers are whoever pressed a button: of one of them so many are open at a time. */
const MOST_CRITICAL = 3;
const isCrying = ({ world, actor }: Context<unknown>): boolean =>
  world.open('alert').filter(({ reporter }) => reporter === actor.id).length >= MOST_CRITICAL;

/** Does a tester name an item that they do not test? One that is not there at all is answered alike. */
function isElsewhere({ world, actor }: Context<unknown>, title: string): boolean {
  const named = keyOf(world, title.split(/\s+/)[0]);
  return named !== undefined && !('links' in named && named.testers[actor.id] !== undefined);
}

/** Whoever tests an item and reports what they found may want to send it back for that. */
function isTestedBy({ world, actor }: Context<unknown>, item: ItemState | undefined): item is ItemState {
  if (item?.state !== 'active') return false;
  const step = world.processOf(item.process)?.process.steps[item.stepNumber - 1];
  return step?.kind === 'test' && membersOf(world, item.role, item).includes(actor.id);
}

/** The answer to a report. Where it is being made on a platform, the answer shows its real name once that is known. */
export function logged(
  draft: Draft,
  ref: string,
  says: string,
  key: string | undefined,
  fails?: { readonly item: string; readonly title: string },
): Outcome {
  const making = draft.get('ref', ref)?.making;
  const choices = fails === undefined ? [] : [failButton(fails.item, ref, fails.title)];
  if (making === undefined) return reply('logged', [...say`${bold(ref)} is logged${says}`, ...choices], key);
  const live = { of: 'logged', on: ref, where: making.where, says, ...(fails === undefined ? {} : { fails }) } as const;
  return { ...reply('logged', loggedCard(draft, live), key), live };
}

function raisedText({ draft }: Context<unknown>, key: string): string {
  const held = draft.get('alert', key)?.heldUntil;
  return held == null
    ? ` ${capital(opsOr(draft, 'is alerted', `(${key})`))}.`
    : ` ${key} is held (R7): ${opsOr(draft, 'gets it', showInstant(draft.organisation, held))}.`;
}
