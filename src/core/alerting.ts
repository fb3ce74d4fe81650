import type { AlertState } from './alert.ts';
import { addHours, dayAt, daytimeOf, HOUR, isIn, nextStart } from './calendar.ts';
import { calendarOf, type Draft, next, type World } from './draft.ts';
import { dutyNow } from './duty.ts';
import type { ItemState } from './item.ts';
import { peopleOf, type To, teamOf } from './message.ts';
import { watchAt } from './on-call.ts';
import type { Severity } from './organisation.ts';
import { membersOf } from './people.ts';
import { ONLY } from './streams.ts';

/** How an alert reaches somebody (R7): delivered, paged or held, by who watches at this hour. */

export type Route =
  | { readonly way: 'ops'; readonly page: boolean }
  | { readonly way: 'page' }
  | { readonly way: 'hold'; readonly until: number; readonly for: 'ops-hours' | 'on-call-hours' };

export function routeOf(world: World, severity: Severity): Route {
  const watch = watchAt(world.organisation, world.now);
  if (watch === 'ops-hours') return { way: 'ops', page: false };
  const critical = severity === 'critical';
  if (critical && watch === 'ops-night') return { way: 'ops', page: true };
  if (critical && watch === 'on-call-hours') return { way: 'page' };
  const start = nextStart(world.organisation, world.now, critical ? ['ops', 'onCall'] : ['ops']);
  // A calendar without any such hours holds nothing back: better one page too many than an alert that nobody gets.
  if (start === undefined) return { way: 'ops', page: critical };
  return { way: 'hold', until: start.at, for: start.sort === 'onCall' ? 'on-call-hours' : 'ops-hours' };
}

export interface Incident {
  readonly ref: string;
  readonly title: string;
  readonly severity: Severity;
  readonly item: string | null;
  readonly by: string;
}

/** Raises an alert and sends it on its way. One alert an issue: the caller has looked. */
export function raiseAlert(draft: Draft, incident: Incident): AlertState {
  const key = `ALERT-${next(draft, 'ALERT')}`;
  draft.emit('alert', key, { type: 'raised', key, ...incident });
  draft.emit('ref', incident.ref, { type: 'alert-opened', alert: key });
  return dispatch(draft, key, false);
}

/** Sends an alert on: at once, or again when the hours that it waited for begin. */
export function dispatch(draft: Draft, key: string, held: boolean): AlertState {
  const alert = alertOf(draft, key);
  const route = routeOf(draft, alert.severity);
  if (route.way === 'hold') return draft.emit('alert', key, { type: 'held', until: route.until, for: route.for });
  const delivered = draft.emit('alert', key, { type: 'delivered', to: route.way === 'page' ? 'on-call' : 'ops', held });
  return route.way === 'page' || route.page ? page(draft, key) : delivered;
}

export function alertOf(draft: Draft, key: string): AlertState {
  const alert = draft.get('alert', key);
  if (alert === undefined) throw new Error(`no alert ${key}`);
  return alert;
}

/** The item of its issue: that may be linked, or moved, after the alert was raised. */
export function itemOfAlert(world: World, alert: AlertState): ItemState | undefined {
  const key = world.get('ref', alert.ref)?.item ?? alert.item;
  return key === null ? undefined : world.get('item', key);
}

/** Whom an alert is for: OPS; where OPS has nobody, the admins, who can make somebody of it. */
function stewards(world: World): { readonly name: string; readonly people: readonly string[] } {
  const ops = membersOf(world, 'ops');
  return ops.length > 0 ? { name: 'OPS', people: ops } : { name: 'the admins', people: membersOf(world, 'admin') };
}

/**
 * Who it is that does what OPS does, in words: the admins where nobody is of OPS; where nobody is at all, that, and what to
 * do. `does` is said of one: it is, has or gets something.
 */
export function opsOr(world: World, does: string, then = ''): string {
  const { name, people } = stewards(world);
  const all = (who: string, verb: string): string => [who, verb, then].filter((words) => words !== '').join(' ');
  if (name === 'OPS') return all('OPS', does);
  if (people.length > 0)
    return `${all(
      'the admins',
      does
        .replace(/^is\b/, 'are')
        .replace(/^has\b/, 'have')
        .replace(/^gets\b/, 'get'),
    )}, as nobody is of OPS`;
  return teamOf(world, 'ops').length > 0
    ? `${all('OPS’s chat', does)}, but nobody is of OPS who could take it`
    : `${all('nobody', does)}: tell somebody yourself, and have OPS named in the organisation’s file`;
}

export const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** Who is told of an alert that pages nobody: OPS's chats, or its members; beside a chat of nobody's the admins. */
export function watchersOf(world: World): readonly To[] {
  const { name, people } = stewards(world);
  return name === 'OPS' ? teamOf(world, 'ops') : [...teamOf(world, 'ops'), ...peopleOf(people)];
}

/** One page of the ladder: 1 to 3 to the first on call, 4 to 6 to the second, then all of OPS and the circle owner. */
function page(draft: Draft, key: string): AlertState {
  const alert = alertOf(draft, key);
  const duty = dutyNow(draft);
  const number = alert.pages + 1;
  const everyone = stewards(draft).people;
  const person = number <= 3 ? duty.first : number <= 6 ? duty.second : undefined;
  if (person !== undefined)
    return draft.emit('alert', key, { type: 'paged', rung: number <= 3 ? 'first' : 'second', people: [person] });
  const item = itemOfAlert(draft, alert);
  const circle = number > 6 && item !== undefined ? membersOf(draft, 'circle-owner', item) : [];
  return draft.emit('alert', key, { type: 'paged', rung: 'all', people: [...new Set([...everyone, ...circle])] });
}

/**
 * No platform let the latest page through to this person. When that is so of everybody who was sent it, the next of the
 * ladder are paged at once: the second, then all of OPS and the admins. Nobody gets one page twice.
 */
export function pageRefused(draft: Draft, key: string, person: string): void {
  const alert = draft.get('alert', key);
  if (alert?.state !== 'open' || !alert.paged.includes(person) || alert.unreached.includes(person)) return;
  const { second } = dutyNow(draft);
  const isReached = alert.paged.some((each) => each !== person && !alert.unreached.includes(each));
  const isFresh = (each: string) => !alert.paged.includes(each);
  const others = [...new Set([...membersOf(draft, 'ops'), ...membersOf(draft, 'admin')])].filter(isFresh);
  const people = isReached ? [] : second !== undefined && isFresh(second) ? [second] : others;
  draft.emit('alert', key, { type: 'page-refused', person, people });
  if (!isReached && people.length === 0)
    draft.emit('alert', key, { type: 'nobody-reached', people: membersOf(draft, 'admin') });
}

/** No platform let the test page through to this person: the admins hear of it, once a test. */
export function nobodyReached(draft: Draft, person: string): void {
  const test = calendarOf(draft)?.tests[person];
  if (test === undefined || test.confirmed || test.refused === true) return;
  draft.emit('calendar', ONLY, { type: 'page-test-refused', person });
}

/** The next rung of the ladder, or what the hour makes of it: OPS's chat in its hours, a pause while nobody watches. */
export function pageAgain(draft: Draft, key: string): void {
  const watch = watchAt(draft.organisation, draft.now);
  const start = watch === 'nobody' ? nextStart(draft.organisation, draft.now, ['ops', 'onCall']) : undefined;
  if (watch === 'ops-hours') draft.emit('alert', key, { type: 'delivered', to: 'ops', held: true });
  // A calendar without any such hours has none to wait for.
  else if (start !== undefined) draft.emit('alert', key, { type: 'ladder-paused', until: start.at });
  else page(draft, key);
}

/** When an acknowledgement without news lapses: after two hours of daytime. */
export const lapsesAt = (world: World, since: number): number =>
  addHours(world.organisation, since, 2 * HOUR, daytimeOf) ?? since + 2 * HOUR;

/** The next full hour since the label was set that lies in daytime (R14). */
export function nextNews(world: World, since: number): number {
  const hours = Math.floor((world.now - since) / HOUR) + 1;
  for (let n = hours; n < hours + 24 * 30; n += 1) {
    const at = since + n * HOUR;
    if (isIn(daytimeOf(dayAt(world.organisation, at)), at)) return at;
  }
  return since + hours * HOUR;
}

/** The severity of the issue changed: what became critical goes on its way anew, what no longer is wakes nobody. */
export function changeSeverity(draft: Draft, key: string, severity: Severity, by: string): void {
  const alert = alertOf(draft, key);
  if (alert.state === 'resolved' || alert.severity === severity) return;
  const isCritical = severity === 'critical';
  draft.emit('alert', key, { type: 'severity-changed', severity, by, ...(isCritical ? { anew: true } : {}) });
  if (isCritical) dispatch(draft, key, false);
}

export function resolveAlert(draft: Draft, key: string, by: string, note: string | null): void {
  const alert = alertOf(draft, key);
  draft.emit('alert', key, { type: 'alert-resolved', by, note });
  if (draft.get('ref', alert.ref)?.alert === key) draft.emit('ref', alert.ref, { type: 'alert-closed', alert: key });
}
