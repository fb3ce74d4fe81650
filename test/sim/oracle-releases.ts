import { DateTime } from 'luxon';
import type { Engine } from '../../src/shell/engine.ts';
import type { EventRow } from '../../src/store/port.ts';

/** I5: who released was of OPS then, it was approved, and there was no freeze: worked out from the events alone. */
export function checkReleases(engine: Engine, violation: (what: string) => Error): void {
  const { organisation } = engine.policies;
  const roles = new Map(organisation.people.map(({ id, roles: held }) => [id, new Set<string>(held)]));
  const freezes = new Map<string, { readonly from: number; readonly until: number }>();
  const approved = new Set<string>();
  let before = 0;
  for (const event of engine.store.events(0, 1_000_000)) {
    const data = event.data as Readonly<Record<string, unknown>>;
    if (event.at < before) throw violation(`event ${event.seq} is dated before the one before it`);
    before = event.at;
    if (event.type === 'role-granted') roles.get(String(data.person))?.add(String(data.role));
    if (event.type === 'role-revoked') roles.get(String(data.person))?.delete(String(data.role));
    if (event.type === 'freeze-declared')
      freezes.set(String(data.id), { from: Number(data.from), until: Number(data.until) });
    if (event.type === 'freeze-lifted') freezes.delete(String(data.id));
    if (event.type === 'vote-opened') approved.delete(event.stream);
    if (event.type === 'vote-closed' && data.result === 'approved') approved.add(event.stream);
    if (event.type !== 'released' || (data.environment !== 'mainnet' && data.environment !== 'production')) continue;
    const problem = whatIsWrong(event, String(data.by));
    if (problem !== undefined)
      throw violation(`${event.stream} was released on ${String(data.environment)} ${problem}`);
  }

  function whatIsWrong({ at, stream }: EventRow, by: string): string | undefined {
    if (roles.get(by)?.has('ops') !== true) return `by ${by}, who is not of OPS`;
    if (!approved.has(stream)) return 'without its approvals';
    // Thursday to Sunday, where the organisation is.
    if (DateTime.fromMillis(at, { zone: organisation.timezone }).weekday >= 4) return 'inside the weekly freeze';
    const frozen = [...freezes].find(([, { from, until }]) => from <= at && at < until);
    return frozen === undefined ? undefined : `inside ${frozen[0]}`;
  }
}
