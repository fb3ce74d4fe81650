import { DateTime } from 'luxon';
import type { Organisation } from '../../src/core/organisation.ts';
import type { EventRow } from '../../src/store/port.ts';

/** I5: who released was of OPS then, it was approved, and there was no freeze: worked out from the events alone. */
export function checkReleases(
  { people, timezone }: Pick<Organisation, 'people' | 'timezone'>,
  events: readonly EventRow[],
  violation: (what: string) => Error,
): void {
  const roles = new Map(people.map(({ id, roles: held }) => [id, new Set<string>(held)]));
  const freezes = new Map<string, { readonly from: number; readonly until: number }>();
  const approved = new Set<string>();
  /** The streams whose last event is that an emergency was approved. */
  const emergencies = new Set<string>();
  let before = 0;
  for (const event of events) {
    const data = event.data as Readonly<Record<string, unknown>>;
    // Whoever ends safe mode may have set the clock back.
    if (event.at < before && event.type !== 'safe-mode-left')
      throw violation(`event ${event.seq} is dated before the one before it`);
    before = event.at;
    if (event.type === 'role-granted') roles.get(String(data.person))?.add(String(data.role));
    if (event.type === 'role-revoked') roles.get(String(data.person))?.delete(String(data.role));
    if (event.type === 'freeze-declared')
      freezes.set(String(data.id), { from: Number(data.from), until: Number(data.until) });
    if (event.type === 'freeze-lifted') freezes.delete(String(data.id));
    if (event.type === 'vote-opened') approved.delete(event.stream);
    if (event.type === 'vote-closed' && data.result === 'approved') approved.add(event.stream);
    const isEmergency = emergencies.delete(event.stream);
    if (event.type === 'vote-closed' && data.subject === 'emergency' && data.result === 'approved')
      emergencies.add(event.stream);
    if (event.type !== 'released' || (data.environment !== 'mainnet' && data.environment !== 'production')) continue;
    // What somebody did past the bot is written down, whatever it was.
    if (data.outside === true) continue;
    if (data.emergency !== null && !isEmergency)
      throw violation(`${event.stream} was released as an emergency that nobody approved just before`);
    const problem = whatIsWrong(event, String(data.by), data.emergency === null);
    if (problem !== undefined)
      throw violation(`${event.stream} was released on ${String(data.environment)} ${problem}`);
  }

  function whatIsWrong({ at, stream }: EventRow, by: string, isOrdinary: boolean): string | undefined {
    if (roles.get(by)?.has('ops') !== true) return `by ${by}, who is not of OPS`;
    if (!approved.has(stream)) return 'without its approvals';
    if (!isOrdinary) return undefined;
    // Thursday to Sunday, where the organisation is.
    if (DateTime.fromMillis(at, { zone: timezone }).weekday >= 4) return 'inside the weekly freeze';
    const frozen = [...freezes].find(([, { from, until }]) => from <= at && at < until);
    return frozen === undefined ? undefined : `inside ${frozen[0]}`;
  }
}
