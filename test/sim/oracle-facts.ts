import { DateTime } from 'luxon';
import type { Organisation } from '../../src/core/organisation.ts';
import type { EventRow } from '../../src/store/port.ts';

/** What was so when a release was made, worked out from the events alone, by hand: nothing of the product decides here. */

export type Fields = Readonly<Record<string, unknown>>;
export const fieldsOf = ({ data }: EventRow): Fields => data as Fields;
export type Ruled = Pick<Organisation, 'people' | 'timezone' | 'calendar' | 'on_call'>;

export interface Facts {
  hear(event: EventRow): void;
  holds(person: string, role: string): boolean;
  /** Whose login on GitHub it is. */
  personOf(login: string): string | undefined;
  /** When the freeze ends in which this instant lies, as things are known now; undefined: it lies in none. */
  frozenUntil(at: number): number | undefined;
  /** The name of a declared freeze, or of the weekly one. */
  freezeAt(at: number): string | undefined;
  onCall(at: number): string | undefined;
  isOpenCritical(ref: string): boolean;
  isLinked(stream: string, ref: string): boolean;
}

interface Window {
  readonly from: number;
  readonly until: number;
}

export function createFacts({ people, timezone, on_call: rotation }: Ruled): Facts {
  const roles = new Map(people.map(({ id, roles: held }) => [id, new Set<string>(held)]));
  const logins = new Map(
    people.flatMap(({ id, github }) => (github === undefined ? [] : [[github.toLowerCase(), id]])),
  );
  const freezes = new Map<string, Window>();
  const swaps = new Map<string, readonly string[]>();
  const refs = new Map<string, { open: boolean; severity: unknown }>();
  const links = new Map<string, Set<string>>();
  const local = (at: number): DateTime => DateTime.fromMillis(at, { zone: timezone });
  const isWeekly = (at: number): boolean => local(at).weekday >= 4;
  const declaredAt = (at: number) => [...freezes].find(([, { from, until }]) => from <= at && at < until);
  const holds = (person: string, role: string): boolean => roles.get(person)?.has(role) === true;

  function hearPeople({ type }: EventRow, { person, role, account }: Fields): void {
    if (type === 'role-granted') roles.get(String(person))?.add(String(role));
    if (type === 'role-revoked') roles.get(String(person))?.delete(String(role));
    if (type === 'person-removed') roles.delete(String(person));
    if (type === 'account-linked')
      logins.set(
        String(account)
          .replace(/^github:/, '')
          .toLowerCase(),
        String(person),
      );
    if (type !== 'person-added') return;
    const added = person as { id: string; roles: string[]; github?: string };
    roles.set(added.id, new Set(added.roles));
    if (added.github !== undefined) logins.set(added.github.toLowerCase(), added.id);
  }
  function hearCalendar({ type }: EventRow, { id, from, until, to, date }: Fields): void {
    if (type === 'freeze-declared') freezes.set(String(id), { from: Number(from), until: Number(until) });
    if (type === 'freeze-lifted') freezes.delete(String(id));
    if (type === 'duty-taken') swaps.set(String(date), [String(to), String(from)]);
  }
  function hearRef({ type, stream }: EventRow, { open, severity }: Fields): void {
    const name = stream.slice('ref/'.length);
    const ref = refs.get(name) ?? { open: true, severity: null };
    refs.set(name, ref);
    if (type === 'seen' || type === 'took-over') ref.open = open === true;
    if (type === 'closed') ref.open = false;
    if (type === 'reopened') ref.open = true;
    if (type === 'severity-set' || type === 'took-over' || type === 'imported') ref.severity = severity;
  }
  function hearItem({ type, stream }: EventRow, { ref, from, to }: Fields): void {
    const linked = links.get(stream) ?? new Set();
    links.set(stream, linked);
    if (type === 'linked') linked.add(String(ref));
    if (type === 'unlinked') linked.delete(String(ref));
    if (type === 'link-renamed' && linked.delete(String(from))) linked.add(String(to));
  }
  return {
    hear(event) {
      const [sort = ''] = event.stream.split('/');
      const hears = { people: hearPeople, calendar: hearCalendar, ref: hearRef, item: hearItem };
      if (sort in hears) hears[sort as keyof typeof hears](event, fieldsOf(event));
    },
    holds,
    personOf: (login) => logins.get(login.toLowerCase()),
    frozenUntil(at) {
      let until = at;
      for (let end: number | undefined = at; end !== undefined; until = end ?? until) {
        const monday = local(until).startOf('week').plus({ weeks: 1 });
        end = isWeekly(until) ? monday.toMillis() : declaredAt(until)?.[1].until;
      }
      return until === at ? undefined : until;
    },
    // Thursday to Sunday, where the organisation is.
    freezeAt: (at) => (isWeekly(at) ? 'the weekly freeze' : declaredAt(at)?.[0]),
    onCall(at) {
      if (rotation === undefined) return undefined;
      const day = local(at);
      const date = day.toISODate() ?? '';
      const starts = DateTime.fromISO(rotation.starts, { zone: timezone });
      const days = Math.round(day.startOf('day').diff(starts, 'days').days);
      const turn = rotation.rotates === 'weekly' ? Math.floor(days / 7) : days;
      const count = rotation.people.length;
      const turns = rotation.people.map(
        (_, after) => rotation.people[(((turn + after) % count) + count) % count] ?? '',
      );
      return [...(swaps.get(date) ?? []), ...turns].find((person) => holds(person, 'ops'));
    },
    isOpenCritical: (ref) => refs.get(ref)?.open === true && refs.get(ref)?.severity === 'critical',
    isLinked: (stream, ref) => links.get(stream)?.has(ref) === true,
  };
}
