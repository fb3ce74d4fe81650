import type { AlertState } from './alert.ts';
import { showInstant } from './calendar.ts';
import type { World } from './draft.ts';
import type { TrackerNews } from './incoming.ts';
import { type ItemState, isOpenItem, type Link } from './item.ts';
import { isUnverified } from './looks.ts';
import { stateOf } from './needs.ts';
import { placeOf, standing } from './outlook.ts';
import { membersOf, nameOf } from './people.ts';
import { pullsOf, stateOfPull } from './pulls.ts';
import { isTracked, keeperOf, type LinkKind, type Reference } from './reference.ts';
import { bold, enumerate, item as itemNode, lines, list, oneLine, say, type Text } from './text.ts';
import { type RefState, severityOf } from './tracked.ts';
import { tallyOf } from './vote.ts';
import { VOTE_ON } from './words.ts';

/** What questions show: one item, the board, what waits for somebody. Reads only. */

export function describeItem(world: World, item: ItemState): Text {
  const place = placeOf(world, item);
  const show = (at: number) => showInstant(world.organisation, at);
  const isOld = [...world.processes.values()].every((version) => version.hash !== item.process);
  const who =
    item.holder !== null
      ? `held by ${nameOf(world, item.holder)} since ${show(item.holderSince)}`
      : item.offer !== null
        ? `offered to ${item.role} since ${show(item.offer.at)}`
        : `for ${item.role} since ${show(item.stepSince)}`;
  const where = item.environments.map(
    (release) =>
      `${release.environment}${release.version === null ? '' : ` ${release.version}`}${release.outside === true ? ' (outside the bot)' : ''}`,
  );
  const priority =
    item.rank === null
      ? []
      : say`Rank ${item.rank}, round ${item.round ?? 0}${item.owner === null ? '' : `, owner ${nameOf(world, item.owner)}`}.`;
  return lines(
    say`${bold(item.key)} “${item.title}” (${item.kind}, ${item.state})`,
    isOpenItem(item)
      ? say`Step ${item.stepNumber} of ${place?.steps ?? 0}: ${bold(item.step)}, ${who}.`
      : say`It ended at ${item.step}${item.skipped === null ? '' : `; nothing was released: ${item.skipped}`}.`,
    isOpenItem(item) ? standing(world, item) : [],
    votesOf(world, item),
    item.links.length === 0
      ? say`No links yet.`
      : say`Links:${list(item.links.map((link) => describeLink(world, link)))}`,
    where.length === 0 ? say`On no environment yet.` : say`On: ${enumerate(where)}.`,
    priority,
    isOpenItem(item) && place?.next !== undefined ? say`Next step: ${place.next.id} (${place.next.owner}).` : [],
    isOld ? say`It runs on an older version of its process (${item.process}).` : [],
  );
}

function votesOf(world: World, item: ItemState): Text {
  const open = item.votes.filter((vote) => vote.result === null);
  return lines(
    ...open.map((vote) => {
      const tally = tallyOf(vote);
      const names = (ids: readonly string[]) => enumerate(ids.map((id) => nameOf(world, id))) || '–';
      return say`Vote on ${VOTE_ON[vote.subject]}: for ${names(tally.approve)}; against ${names(tally.reject)}; missing ${names(tally.missing)}; needed ${tally.needed}.`;
    }),
  );
}

function describeLink(world: World, { ref, kind, pairedWith: paired }: Link): Text {
  const state = isTracked(kind) || kind === 'pull' ? stateOf(world, ref) : undefined;
  const title = state === undefined || state.title === '' ? '' : ` “${state.title}”`;
  return say`${ref}${title} (${linkInShort(world, ref, kind, state)})${paired.length === 0 ? '' : `, paired with ${enumerate(paired)}`}${pullsOf(world, ref)}`;
}

function linkInShort(world: World, ref: string, kind: LinkKind, state: RefState | undefined): string {
  if (kind === 'pull') return `pull request, ${stateOfPull(world, ref)}`;
  if (!isTracked(kind)) return kind;
  if (state === undefined) return 'open, not seen yet';
  return `${kind}, ${state.open ? 'open' : 'closed'}${state.severity === null ? '' : `, ${state.severity}`}${milestoneOf(state)}`;
}

/** Circles has sprints where GitHub has milestones. */
const milestoneOf = ({ ref, milestone }: Pick<RefState, 'ref' | 'milestone'>): string =>
  milestone == null ? '' : `, ${keeperOf(ref)?.platform === 'circles' ? 'sprint' : 'milestone'} “${milestone}”`;

/** What a tester sees: title, step and environments; no names, links or history. */
export function describeToTester(item: ItemState): Text {
  const where = item.environments.map((release) => release.environment);
  return lines(
    say`${bold(item.key)} “${item.title}”`,
    say`Step: ${item.step}.`,
    where.length === 0 ? say`On no environment yet.` : say`On: ${enumerate(where)}.`,
  );
}

/** A story, an issue or a pull request, whether an item has linked it or not. */
export function describeRef(world: World, ref: string): Text {
  const state = stateOf(world, ref);
  const found = world.looked?.(ref);
  if (state?.confirmed !== true && found) return describeFound(world, found, state);
  const unsure = isUnverified(world, ref)
    ? ` It could not be verified: ${keeperOf(ref)?.platform === 'circles' ? 'Circles' : 'GitHub'} did not answer.`
    : '';
  if (state === undefined) return say`${ref} was not seen here yet; it counts as open.${unsure}`;
  const title = state.title === '' ? '' : ` “${state.title}”`;
  if (state.kind === 'pull')
    return say`${bold(ref)}${title}: pull request, ${stateOfPull(world, ref)}${closing(state.pull?.closes)}.${unsure}`;
  const clock = state.since === null ? '' : `, since ${showInstant(world.organisation, state.since)}`;
  return say`${bold(ref)}${title}: ${state.open ? 'open' : 'closed'}${state.severity === null ? '' : `, ${state.severity}${clock}`}${milestoneOf(state)}${state.item === null ? ', linked to no item' : `, linked to ${state.item}`}${pullsOf(world, ref)}${state.alert === null ? '' : `, ${state.alert} is open`}.${unsure}`;
}

const closing = (issues: readonly string[] = []): string =>
  issues.length === 0 ? '' : `, closes ${enumerate(issues)}`;

/** What the platform says of it, which nobody has linked or logged here. */
function describeFound(world: World, found: TrackerNews, state: RefState | undefined): Text {
  const severity = severityOf(world.organisation, found.labels ?? []);
  const title = found.title === undefined ? '' : ` “${oneLine(found.title).slice(0, 300)}”`;
  if (found.kind === 'pull')
    return say`${bold(found.ref)}${title}: pull request, ${found.pull?.state ?? 'open'}${closing(found.pull?.closes)}.`;
  const linked = state?.item == null ? 'linked to no item' : `linked to ${state.item}`;
  return say`${bold(found.ref)}${title}: ${found.open === false ? 'closed' : 'open'}${severity === null ? '' : `, ${severity}`}${milestoneOf(found)}, ${linked}${pullsOf(world, found.ref)}.`;
}

const PAGES: { readonly [K in LinkKind]?: string } = {
  milestone: 'a milestone',
  document: 'a documentation page',
  monitoring: 'a monitoring page',
  circle: 'a circle',
};

/** A page, a circle or a milestone: which items have it. It is neither open nor closed. */
export function describePage(world: World, { ref, kind }: Reference): Text {
  const among = world.open('item').flatMap((item) => {
    const link = item.links.find((each) => each.ref === ref);
    return link === undefined ? [] : [{ item, kind: link.kind }];
  });
  const what = PAGES[among[0]?.kind ?? kind] ?? 'a page';
  const on = among.map(({ item }) => `${item.key} “${item.title}”`);
  return say`${ref} is ${what}, ${on.length === 0 ? 'linked to no open item' : `linked to ${enumerate(on)}`}.`;
}

const MOST_ROWS = 40;

/** All open items by step, in order of the step; long boards are cut, and say so. */
export function board(world: World, kind?: string): Text {
  const items = world.open('item').filter((item) => kind === undefined || item.kind === kind);
  if (items.length === 0)
    return say`Nothing is open${kind === undefined ? '' : ` of the kind ${kind}`}. Somebody may say /propose KIND TITLE.`;
  const shown = [...items]
    .sort((a, b) => a.kind.localeCompare(b.kind) || a.stepNumber - b.stepNumber || (a.rank ?? 9999) - (b.rank ?? 9999))
    .slice(0, MOST_ROWS);
  const groups = new Map<string, ItemState[]>();
  for (const item of shown)
    groups.set(`${item.kind}: ${item.stepNumber} ${item.step}`, [
      ...(groups.get(`${item.kind}: ${item.stepNumber} ${item.step}`) ?? []),
      item,
    ]);
  const rows = [...groups].map(
    ([step, each]) =>
      say`${bold(step)}: ${each.map((item) => `${item.key} “${item.title}”${item.holder === null ? '' : ` (${nameOf(world, item.holder)})`}`).join('; ')}`,
  );
  return lines(
    say`${items.length} open:${list(rows)}`,
    items.length > shown.length ? say`and ${items.length - shown.length} more; name a kind: /board web.` : [],
  );
}

/** What waits for a person: held items, offers, votes, pages. */
export function waitingFor(
  world: World,
  person: string,
): { held: ItemState[]; offered: ItemState[]; votes: Text[]; alerts: Text[]; alertStates: readonly AlertState[] } {
  const items = world.open('item');
  const votes = items.flatMap((item) =>
    item.votes
      .filter((vote) => vote.result === null && tallyOf(vote).missing.includes(person))
      .map((vote) => say`${itemNode(item.key, item.title)}: your vote on ${VOTE_ON[vote.subject]}`),
  );
  const signatures = world
    .open('announcement')
    .filter((each) => tallyOf(each.vote).missing.includes(person))
    .map((each) => say`${each.key}: your signature`);
  const alerts = world
    .open('alert')
    .filter(
      (alert) =>
        alert.acknowledgedBy === person || (alert.state === 'open' && membersOf(world, 'ops').includes(person)),
    );
  return {
    held: items.filter((item) => item.holder === person),
    offered: items.filter((item) => item.offer !== null && membersOf(world, item.role, item).includes(person)),
    votes: [...votes, ...signatures],
    alertStates: alerts,
    alerts: alerts.map((alert) => say`${alert.key} ${alert.severity}: ${alert.title} (${alert.state})`),
  };
}
