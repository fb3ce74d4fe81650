import type { EventRow } from '../../src/store/port.ts';
import { type Facts, type Fields, fieldsOf } from './oracle-facts.ts';

/** Deployments: what was let go when its gates held, and what was done past the bot. */

interface LetGo {
  readonly stream: string;
  readonly environment: unknown;
  readonly sha: unknown;
  readonly at: number;
}
interface Told {
  readonly sha: unknown;
  readonly environment: unknown;
  /** What had been let go of it until then. */
  readonly letGo: readonly LetGo[];
}

const HOUR = 3_600_000;
const HOLDS_FOR = 6 * HOUR;
/** So long a release that was said in a chat waits for its deployment. */
const SAID_FOR = 24 * HOUR;
export const isGated = (environment: unknown): boolean => environment === 'mainnet' || environment === 'production';

export interface Deployments {
  /** What was wrong with what was let go by this. */
  hear(event: EventRow): string | undefined;
  /** Why a release that says so was not by a deployment that was let go. */
  whyNotAdmitted(release: EventRow): string | undefined;
  /** When the deployment behind this release was made, as far as somebody knows. */
  madeAt(release: EventRow): number;
}

/** `made`: when each commit was deployed, as the platform knows it; where nobody tells, it is when we heard of it. */
export function createDeployments(
  facts: Facts,
  isApproved: (stream: string) => boolean,
  made: (sha: string) => readonly number[],
): Deployments {
  const letGo = new Map<string, LetGo>();
  const told = new Map<string, Told>();
  const said = new Map<string, { readonly at: number; readonly isEmergency: boolean }>();

  function wrongDecision({ stream, at }: EventRow, { by, environment }: Fields): string | undefined {
    if (!isGated(environment)) return undefined;
    const person = facts.personOf(String(by));
    if (person === undefined || !facts.holds(person, 'ops')) return `by ${String(by)}, who is not of OPS`;
    const before = said.get(`${stream} ${String(environment)}`);
    const isSaid = before !== undefined && at - before.at <= SAID_FOR;
    if (!isSaid && !isApproved(stream)) return 'without its approvals';
    const freeze = isSaid && before.isEmergency ? undefined : facts.freezeAt(at);
    return freeze === undefined ? undefined : `inside ${freeze}`;
  }

  function decided(event: EventRow, data: Fields): string | undefined {
    const { deployment, decision, environment, sha } = data;
    letGo.delete(String(deployment));
    if (decision !== 'approved') return undefined;
    letGo.set(String(deployment), { stream: event.stream, environment, sha, at: event.at });
    const wrong = wrongDecision(event, data);
    return wrong === undefined ? undefined : `a deployment to ${String(environment)} was let go ${wrong}`;
  }

  const instantsOf = (release: EventRow): readonly number[] => {
    const known = made(String(told.get(release.stream)?.sha)).filter((at) => at <= release.at);
    return known.length === 0 ? [release.at] : known;
  };
  return {
    hear(event) {
      const { type, stream, at } = event;
      const data = fieldsOf(event);
      // It was started anew: what was decided before is of no use.
      if (type === 'deployment-asked') letGo.delete(String(data.id));
      if (type === 'deployment-decided') return decided(event, data);
      if (type === 'released' && data.outside !== true)
        said.set(`${stream} ${String(data.environment)}`, { at, isEmergency: data.emergency !== null });
      if (type === 'deployed') {
        const { sha, environment } = data;
        const its = [...letGo].filter(([, each]) => each.stream === stream && each.sha === sha);
        for (const [id] of its) letGo.delete(id);
        told.set(stream, { sha, environment, letGo: its.map(([, each]) => each) });
      }
      return undefined;
    },
    whyNotAdmitted(release) {
      const { sha, environment, letGo: before = [] } = told.get(release.stream) ?? {};
      const its = before.filter((each) => each.environment === environment);
      if (its.length === 0 || fieldsOf(release).environment !== environment)
        return `by a deployment of ${String(sha)} that nobody had let go`;
      const inTime = its.some((each) => instantsOf(release).some((at) => at - each.at <= HOLDS_FOR));
      return inTime ? undefined : `by a deployment that was let go too long before`;
    },
    madeAt: (release) => Math.max(...instantsOf(release)),
  };
}
