import { MINUTE } from './calendar.ts';
import type { Happening, World } from './draft.ts';
import type { ItemState, Link } from './item.ts';
import { type Effects, peopleOf, teamOf, tell } from './message.ts';
import { isConnected, markerOf, order, orderOn, reachable } from './orders.ts';
import { SEVERITIES, type Severity } from './organisation.ts';
import { nowAt } from './outlook.ts';
import { isKnown, nameOf, ownersOf } from './people.ts';
import { type Step, stepAt, stepNumber } from './process.ts';
import { isTracked, keeperOf } from './reference.ts';
import { bold, enumerate, item as itemNode, say, toPlain } from './text.ts';
import { type RefState, severityOf } from './tracked.ts';

/** What an event has done on GitHub and Circles, where these are connected. */

export function orderFromRef(world: World, { event, after }: Happening<'ref'>, effects: Effects): void {
  const { ref } = after;
  switch (event.type) {
    case 'logging':
      return orderLog(world, event, ref, effects);
    case 'not-logged':
      return tell(
        effects,
        'hint',
        teamOf(world, 'ops'),
        after.item,
        say`${bold(ref)} “${after.title}” could not be logged in ${after.making?.where ?? ''}: ${event.why}. It is kept here under ${ref}.`,
      );
    case 'severity-set':
      return relabel(world, after, effects);
    case 'took-over':
      relabel(world, after, effects);
      if (!event.open) orderOn(world, effects, ref, ref, { do: 'turn', ref, to: 'closed' });
      return;
    case 'closed':
      return closeWith(world, after, effects);
    default:
  }
}

function orderLog(
  world: World,
  event: Extract<Happening<'ref'>['event'], { type: 'logging' }>,
  ref: string,
  effects: Effects,
): void {
  const state = world.get('ref', ref);
  if (state === undefined) return;
  const { platform, where, sort, by } = event;
  const { severity, title } = state;
  const label = severity === null ? undefined : world.organisation.severities[severity][0];
  const item = state.item === null ? undefined : world.get('item', state.item);
  const who = isKnown(world, by) ? nameOf(world, by) : by === 'system' ? 'Baton' : 'a tester';
  const about = item === undefined ? '' : `, for ${item.key} “${item.title}”`;
  order(effects, {
    platform,
    where,
    of: ref,
    marker: markerOf(world, ref),
    job: {
      do: 'log',
      where,
      sort,
      title,
      body: `Logged through Baton by ${who}${about}.`,
      labels: [...event.labels, ...(label === undefined ? [] : [label])],
      severity,
    },
  });
}

/** A severity that was set in a chat is set on the issue as well; what labels said themselves is there already. */
function relabel(world: World, { ref, severity, labels }: RefState, effects: Effects): void {
  const { organisation } = world;
  if (severityOf(organisation, labels) === severity) return;
  const namesOf = (each: Severity): string[] => organisation.severities[each].map((name) => name.toLowerCase());
  const wanted = severity === null ? [] : organisation.severities[severity];
  const others = new Set(SEVERITIES.flatMap((each) => (each === severity ? [] : namesOf(each))));
  // One that says it already stays, however it is spelled.
  const isSaid = severity !== null && labels.some((label) => namesOf(severity).includes(label.toLowerCase()));
  const remove = labels.filter((label) => others.has(label.toLowerCase()));
  orderOn(world, effects, ref, ref, { do: 'label', ref, add: isSaid ? [] : wanted.slice(0, 1), remove });
}

/** Where the organisation wants it, a story closes with the last of its issues, and its issues close with it. */
function closeWith(world: World, { ref, item: key }: RefState, effects: Effects): void {
  const { circles, github } = world.organisation;
  const item = key === null ? undefined : world.get('item', key);
  const own = item?.links.find((link) => link.ref === ref);
  if (item === undefined || own === undefined) return;
  const isOpen = (other: string): boolean => world.get('ref', other)?.open ?? true;
  const close = (other: string) => orderOn(world, effects, other, item.key, { do: 'turn', ref: other, to: 'closed' });
  if (own.kind === 'issue' && circles.close === true)
    for (const story of item.links)
      if (
        story.kind === 'story' &&
        story.pairedWith.includes(ref) &&
        isOpen(story.ref) &&
        !story.pairedWith.some(isOpen)
      )
        close(story.ref);
  // A bug with a severity is closed by whoever looked at it, and by nobody else.
  if (own.kind === 'story' && github.close === true)
    for (const issue of own.pairedWith)
      if (isOpen(issue) && (world.get('ref', issue)?.severity ?? null) === null) close(issue);
}

export function orderFromItem(world: World, { event, before, after }: Happening<'item'>, effects: Effects): void {
  const { key } = after;
  switch (event.type) {
    case 'step-done':
      return tellStatus(world, after, stepById(world, after, event.step), effects);
    case 'step-began':
      moveStories(world, after, event.step, effects);
      if (event.why !== 'next') tellStatus(world, after, stepById(world, after, before?.step ?? ''), effects);
      return;
    case 'completed':
      moveStories(world, after, 'completed', effects);
      return tellEverywhere(world, after, effects);
    case 'rejected':
    case 'dropped':
      return tellEverywhere(world, after, effects);
    case 'failed':
    case 'returned': {
      const why = event.type === 'failed' ? event.note : event.reason;
      const body = `${key} went back to ${event.to} because of this${why === null ? '' : `: ${why}`}.`;
      return orderOn(world, effects, event.ref, key, { do: 'comment', ref: event.ref, body, status: false });
    }
    case 'paired': {
      const known = before?.links.find(({ ref }) => ref === event.story)?.pairedWith ?? [];
      for (const issue of event.issues) if (!known.includes(issue)) orderPair(world, key, event.story, issue, effects);
      return;
    }
    case 'link-renamed': {
      const link = after.links.find(({ ref }) => ref === event.to);
      for (const other of link?.pairedWith ?? [])
        if (link?.kind === 'story') orderPair(world, key, event.to, other, effects);
        else orderPair(world, key, other, event.to, effects);
      return;
    }
    default:
      return circleEvents(world, event, after, effects);
  }
}

function circleEvents(world: World, event: Happening<'item'>['event'], item: ItemState, effects: Effects): void {
  const { key, title } = item;
  const owners = peopleOf(ownersOf(world, item));
  const named = itemNode(key, title);
  if (event.type === 'circle-requested')
    return order(effects, {
      platform: 'circles',
      where: 'circles',
      of: key,
      marker: markerOf(world, 'circle', key),
      job: { do: 'circle', name: `${key} ${title}`, description: `The circle of ${key} “${title}”.` },
    });
  if (event.type === 'circle-not-made')
    return tell(effects, 'hint', owners, key, say`The circle of ${named} was not made: ${event.why}.`);
  if (event.type === 'circle-recorded' && event.by === 'system') {
    const asked = world.history('item', key).findLast(({ type }) => type === 'circle-requested');
    // Whoever has just asked is still looking at the answer, which shows it.
    const sees = asked !== undefined && world.now - asked.at < A_GLANCE ? asked.actor : undefined;
    const others = ownersOf(world, item).filter((person) => person !== sees);
    return tell(effects, 'hint', peopleOf(others), key, say`The circle of ${named} is there: ${event.ref}`);
  }
}

/** Kept on both sides. Both must have their real names: a pair with a placeholder is ordered when that is over. */
function orderPair(world: World, of: string, story: string, issue: string, effects: Effects): void {
  if (keeperOf(story)?.platform !== 'circles' || keeperOf(issue)?.platform !== 'github') return;
  const keeper = reachable(world, story);
  if (keeper !== undefined)
    order(effects, { ...keeper, of, job: { do: 'pair', story, issue }, marker: markerOf(world, 'pair', story, issue) });
  orderOn(world, effects, issue, of, {
    do: 'comment',
    ref: issue,
    body: `Story: ${pageOf(world, story)}`,
    status: false,
  });
}

/** Where people read a story. */
function pageOf({ organisation }: World, story: string): string {
  const base = organisation.circles.url?.replace(/\/+$/, '');
  return base === undefined ? story : `${base}/project/${story.replace('us:', 'us/').replace('issue:', 'issue/')}`;
}

const stepById = (world: World, item: ItemState, id: string): Step | undefined => {
  const process = world.processOf(item.process)?.process;
  return process === undefined ? undefined : stepAt(process, stepNumber(process, id));
};

/** So long somebody who asked for something still looks at the answer. */
const A_GLANCE = 2 * MINUTE;

const trackedLinks = (item: ItemState): Link[] => item.links.filter((link) => isTracked(link.kind));

/** It has ended: no comment anywhere goes on saying that it is at some step. */
const tellEverywhere = (world: World, item: ItemState, effects: Effects): void =>
  tellOn(world, item, ['github', 'circles'], effects);

/** Where the item stands now, on its stories and issues in the places in which the step is kept. */
const tellStatus = (world: World, item: ItemState, step: Step | undefined, effects: Effects): void =>
  tellOn(world, item, step?.logged_in ?? [], effects);

/** One comment for each story or issue, that is edited. */
function tellOn(world: World, item: ItemState, platforms: Step['logged_in'], effects: Effects): void {
  if (world.forges === undefined) return;
  // Several steps may close in one decision: what is said is how it stands at its end.
  const now = world.get('item', item.key) ?? item;
  const on = now.environments.map(
    ({ environment, version }) => `${environment}${version === null ? '' : ` (${version})`}`,
  );
  const where = on.length === 0 ? '' : `\nOn ${enumerate(on)}.`;
  const body = `${now.key} “${now.title}”. ${toPlain(nowAt(world, now))}${where}`;
  for (const { ref } of trackedLinks(now)) {
    const keeper = keeperOf(ref);
    if (keeper !== undefined && platforms.includes(keeper.platform))
      orderOn(world, effects, ref, now.key, { do: 'comment', ref, body, status: true });
  }
}

/** The organisation's map says which status a story has while its item is at a step. */
function moveStories(world: World, item: ItemState, step: string, effects: Effects): void {
  const status = world.organisation.circles.statuses?.[step];
  if (status === undefined || !isConnected(world, 'circles')) return;
  for (const link of item.links)
    if (link.kind === 'story') orderOn(world, effects, link.ref, item.key, { do: 'move', ref: link.ref, status });
}
