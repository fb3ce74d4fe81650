import type { EventRow } from '../../src/store/port.ts';
import { createDeployments, isGated } from './oracle-deployments.ts';
import { createEmergencies } from './oracle-emergencies.ts';
import { createFacts, fieldsOf, type Ruled } from './oracle-facts.ts';

/**
 * I5: who released was of OPS then, it was approved, and there was no freeze, or it was an emergency that was signed; what
 * was deployed was let go when all that held, or closes nothing. Worked out from the events alone; `made` is what the
 * platform knows of when a commit was deployed.
 */
export function checkReleases(
  organisation: Ruled,
  events: readonly EventRow[],
  violation: (what: string) => Error,
  made: (sha: string) => readonly number[] = () => [],
): void {
  const facts = createFacts(organisation);
  const approved = new Set<string>();
  const emergencies = createEmergencies(organisation, facts);
  const deployments = createDeployments(facts, (stream) => approved.has(stream), made);
  const steps = new Map<string, string>();
  let released: EventRow | undefined;
  let before = 0;
  for (const event of events) {
    const { type, stream } = event;
    const data = fieldsOf(event);
    // Whoever ends safe mode may have set the clock back.
    if (event.at < before && type !== 'safe-mode-left')
      throw violation(`event ${event.seq} is dated before the one before it`);
    before = event.at;
    facts.hear(event);
    // Signatures of an emergency are no approval of anything else.
    if (type === 'vote-opened' && data.subject !== 'emergency') approved.delete(stream);
    if (type === 'vote-closed' && data.subject !== 'emergency' && data.result === 'approved') approved.add(stream);
    const problem = problemOf(event);
    if (problem !== undefined) throw violation(`${stream} ${problem}`);
    emergencies.hear(event);
    const wrong = deployments.hear(event);
    if (wrong !== undefined) throw violation(`${stream}: ${wrong}`);
    if (type === 'step-began') steps.set(stream, String(data.role));
    if (stream === released?.stream || type === 'released') released = type === 'released' ? event : undefined;
  }

  function problemOf(event: EventRow): string | undefined {
    const { type, stream, at } = event;
    if (type === 'step-done' && stream === released?.stream) return closedBy(released);
    if (type !== 'released') return undefined;
    const { environment, emergency, outside, admitted, by } = fieldsOf(event);
    if (!isGated(environment)) return undefined;
    const on = `was released on ${String(environment)}`;
    if (outside === true) {
      const wrong = admitted === true ? deployments.whyNotAdmitted(event) : undefined;
      return wrong === undefined ? undefined : `${on} ${wrong}`;
    }
    const wrong = emergency === null ? whatIsWrong(stream, String(by), at) : emergencies.whatIsWrong(event);
    if (wrong === undefined) return undefined;
    return `${on} ${emergency === null ? '' : 'as an emergency '}${wrong}`;
  }

  /** What somebody did past the bot is written down, whatever it was; the step goes on where it was theirs to do. */
  function closedBy(release: EventRow): string | undefined {
    const { environment, outside, admitted, by } = fieldsOf(release);
    if (outside !== true) return undefined;
    const { stream } = release;
    const went = `went on by a release past the bot on ${String(environment)}`;
    if (admitted === true) return approved.has(stream) ? undefined : `${went} without its approvals`;
    const role = steps.get(stream) ?? '';
    if (!isGated(environment))
      return facts.holds(String(by), role) ? undefined : `${went} by ${String(by)}, no ${role}`;
    const wrong = whatIsWrong(stream, String(by), deployments.madeAt(release));
    return wrong === undefined ? undefined : `${went} ${wrong}`;
  }

  function whatIsWrong(stream: string, by: string, at: number): string | undefined {
    if (!facts.holds(by, 'ops')) return `by ${by}, who is not of OPS`;
    if (!approved.has(stream)) return 'without its approvals';
    const freeze = facts.freezeAt(at);
    return freeze === undefined ? undefined : `inside ${freeze}`;
  }
}
