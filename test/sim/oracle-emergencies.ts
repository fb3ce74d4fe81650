import type { EventRow } from '../../src/store/port.ts';
import { type Facts, fieldsOf, type Ruled } from './oracle-facts.ts';

/** R2's emergency path: who asked for which release because of what, who signed it, and whether all of it held at the end. */

interface Asked {
  ref: string;
  readonly environment: unknown;
  readonly version: unknown;
  readonly by: string;
  readonly at: number;
  /** What was wrong with it from the beginning. */
  readonly wrong: string | undefined;
  vote: unknown;
  readonly signed: Map<string, unknown>;
  /** The last event of its item is that it has its signatures. */
  isApproved: boolean;
}

const SIGNATURES = 2;
const isGated = (environment: unknown): boolean => environment === 'mainnet' || environment === 'production';

export interface Emergencies {
  hear(event: EventRow): void;
  /** Why this release was not admitted as the emergency that it says it is. */
  whatIsWrong(release: EventRow): string | undefined;
}

export function createEmergencies({ calendar }: Ruled, facts: Facts): Emergencies {
  const all = new Map<string, Asked>();

  function wrongAtFirst({ at, stream }: EventRow, by: string, ref: string, environment: unknown): string | undefined {
    if (!calendar.release_freeze.emergency) return 'where the organisation has no emergency path';
    if (!isGated(environment)) return `for ${String(environment)}, which is never frozen`;
    if (!facts.holds(by, 'ops')) return `asked for by ${by}, who was not of OPS`;
    if (facts.onCall(at) !== by) return `asked for by ${by}, while ${String(facts.onCall(at))} was on call`;
    if (facts.frozenUntil(at) === undefined) return 'asked for outside any freeze';
    return wrongIssue(stream, ref);
  }
  const wrongIssue = (stream: string, ref: string): string | undefined => {
    if (!facts.isLinked(stream, ref)) return `because of ${ref}, which is no issue of it`;
    return facts.isOpenCritical(ref) ? undefined : `because of ${ref}, which is no open critical issue`;
  };

  function hearVote(
    { type }: EventRow,
    asked: Asked,
    { vote, subject, person, choice, result }: Readonly<Record<string, unknown>>,
  ) {
    if (type === 'vote-opened' && subject === 'emergency') {
      asked.vote = vote;
      asked.signed.clear();
    }
    if (vote !== asked.vote) return;
    if (type === 'ballot-cast') asked.signed.set(String(person), choice);
    if (type === 'elector-left') asked.signed.delete(String(person));
    if (type === 'vote-closed') asked.isApproved = result === 'approved';
  }

  return {
    hear(event) {
      const { type, stream, at } = event;
      const data = fieldsOf(event);
      if (type === 'release-requested' && data.emergency !== null) {
        const [by, ref] = [String(data.by), String(data.emergency)];
        const { environment, version } = data;
        const wrong = wrongAtFirst(event, by, ref, environment);
        all.set(stream, { ref, environment, version, by, at, wrong, vote: null, signed: new Map(), isApproved: false });
        return;
      }
      const asked = all.get(stream);
      if (asked === undefined) return;
      asked.isApproved = false;
      hearVote(event, asked, data);
      if (type === 'link-renamed' && data.from === asked.ref) asked.ref = String(data.to);
      const isVoid = type === 'vote-closed' && data.vote === asked.vote && data.result !== 'approved';
      const isOver = type === 'step-began' || type === 'completed' || type === 'dropped' || type === 'rejected';
      if (isVoid || isOver || (type === 'released' && data.emergency !== null)) all.delete(stream);
    },
    whatIsWrong(release) {
      const { stream, at } = release;
      const { by, environment, version, emergency, approvedBy } = fieldsOf(release);
      const asked = all.get(stream);
      if (asked?.isApproved !== true) return 'that nobody approved just before';
      const isIt = asked.by === by && asked.ref === emergency && asked.environment === environment;
      if (!isIt || asked.version !== version) return 'that is another one than was asked for';
      if (asked.wrong !== undefined) return asked.wrong;
      const signers = [...asked.signed].flatMap(([person, choice]) => (choice === 'approve' ? [person] : []));
      const stranger = signers.find((person) => !facts.holds(person, 'stakeholder'));
      if (stranger !== undefined) return `signed by ${stranger}, who is no stakeholder`;
      if (signers.length < SIGNATURES) return `signed by ${signers.join(', ') || 'nobody'} alone`;
      if (JSON.stringify([...(approvedBy as string[])].sort()) !== JSON.stringify(signers.sort()))
        return `of which it is written down that ${String(approvedBy)} signed it, and ${String(signers)} did`;
      if (!facts.holds(asked.by, 'ops')) return `asked for by ${asked.by}, who is not of OPS any more`;
      const until = facts.frozenUntil(at);
      if (until === undefined || until !== facts.frozenUntil(asked.at)) return 'of a freeze that is over';
      return wrongIssue(stream, asked.ref);
    },
  };
}
