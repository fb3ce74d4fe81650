import type { EventRow } from '../../src/store/port.ts';

/** What the events tell of emergencies and deployments. */

const LAPSED: readonly (readonly [why: RegExp, situation: string])[] = [
  [/is no open critical issue/, 'emergency: no issue'],
  [/is not of OPS any more/, 'emergency: not of OPS'],
  [/was dropped/, 'emergency: dropped'],
  [/the freeze in which it was asked for is over/, 'emergency: freeze over'],
];
type Met = (situation: string) => void;
type Fields = Readonly<Record<string, unknown>>;

export function noteReleases(events: readonly EventRow[], met: Met): void {
  const urgent = new Set<string>();
  const held = new Set<string>();
  const last = new Map<string, EventRow>();
  for (const event of events) {
    // The platform told of what had been said before.
    if (event.type === 'release-done') met('deployment: said');
    if (!event.stream.startsWith('item/')) continue;
    noteEmergency(event, last.get(event.stream), urgent, met);
    noteDeployment(event, last.get(event.stream), held, met);
    last.set(event.stream, event);
  }
}

function noteEmergency(
  { type, stream, data }: EventRow,
  before: EventRow | undefined,
  urgent: Set<string>,
  met: Met,
): void {
  const { emergency = null, subject, result, why } = data as Fields;
  if (type === 'release-requested' && emergency !== null) {
    urgent.add(stream);
    met('emergency: asked for');
  } else if (type === 'released' && emergency !== null) {
    urgent.delete(stream);
    met('emergency: released');
  } else if (type === 'vote-closed' && subject === 'emergency' && result !== 'approved') {
    urgent.delete(stream);
    if (result === 'rejected') met('emergency: rejected');
    for (const [words, situation] of LAPSED) if (words.test(String(why))) met(situation);
  } else if (type === 'step-done') {
    if (urgent.delete(stream)) met('emergency: overtaken');
    const data = before?.data as Fields | undefined;
    if (before?.type === 'released' && data?.emergency != null) met('emergency: step goes on');
  }
}

function noteDeployment({ type, data }: EventRow, before: EventRow | undefined, held: Set<string>, met: Met): void {
  const { deployment, decision, outside, admitted, note = null } = data as Fields;
  if (type === 'deployment-decided' && decision === 'held') {
    held.add(String(deployment));
    met('deployment: held');
  }
  if (type === 'deployment-decided' && decision === 'approved') {
    met('deployment: let go');
    if (held.has(String(deployment))) met('deployment: held, then let go');
  }
  if (type === 'released' && admitted === true) met('deployment: admitted');
  else if (type === 'released' && outside === true) met('deployment: past the bot, stays');
  if (type === 'deployed' && /^(by somebody|inside)/.test(String(note))) met('deployment: wrong');
  const earlier = before?.data as Fields | undefined;
  if (type === 'step-done' && before?.type === 'released' && earlier?.outside === true && earlier.admitted !== true)
    met('deployment: past the bot, closes');
}
