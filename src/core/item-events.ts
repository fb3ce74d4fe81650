import type { Priority } from './item.ts';
import type { Environment, Role } from './organisation.ts';
import type { LinkKind } from './reference.ts';
import type { Choice, Group, VoteResult, VoteSubject } from './vote.ts';

/** What can happen to a work item. Schemas grow by optional fields only; a new meaning is a new event. */
export type ItemEvent =
  | {
      type: 'proposed';
      key: string;
      kind: string;
      title: string;
      process: string;
      by: string;
      urgent: string | null;
      step: string;
      role: Role;
    }
  | { type: 'vote-opened'; vote: string; subject: VoteSubject; groups: readonly Group[]; version: string | null }
  | { type: 'vote-not-opened'; subject: VoteSubject; role: string }
  | { type: 'ballot-cast'; vote: string; person: string; choice: Choice; note: string | null }
  | { type: 'elector-left'; vote: string; person: string; role: string }
  | { type: 'vote-closed'; vote: string; subject: VoteSubject; result: VoteResult; why: string | null }
  | { type: 'vote-reminded'; vote: string }
  | { type: 'agreed' }
  | { type: 'rejected' }
  | { type: 'dropped'; by: string; reason: string }
  | {
      type: 'prioritised';
      rank: number;
      owner: string | null;
      team: readonly string[];
      round: number;
      by: string;
      call: string | null;
    }
  | { type: 'objected'; by: string; reason: string; priority: Priority }
  | { type: 'rank-moved'; rank: number }
  | { type: 'step-done'; step: string; by: string; note: string | null }
  | {
      type: 'step-began';
      step: string;
      number: number;
      role: Role;
      baton: 'stays' | 'nobody';
      why: 'next' | 'failed' | 'returned' | 'rejected' | 'objected';
    }
  | { type: 'offered'; role: Role; unheard?: boolean }
  | { type: 'offer-reminded'; role: Role }
  | { type: 'accepted'; person: string }
  | { type: 'released-holder'; person: string; why: string }
  | { type: 'handed-over'; to: Role; by: string; note: string | null }
  | { type: 'returned'; ref: string; by: string; reason: string; to: string }
  | {
      type: 'release-requested';
      environment: Environment;
      version: string | null;
      by: string;
      emergency: string | null;
    }
  | {
      type: 'released';
      environment: Environment;
      version: string | null;
      by: string;
      approvedBy: readonly string[];
      emergency: string | null;
      /** Nobody said it to the bot: the platform told it. */
      outside?: true;
      /** And the bot had let it go there. */
      admitted?: true;
    }
  | { type: 'passed'; by: string; note: string | null }
  | { type: 'failed'; by: string; ref: string; note: string | null; to: string }
  | { type: 'skip-requested'; by: string; reason: string }
  | { type: 'skipped'; by: string; confirmedBy: string; reason: string }
  | { type: 'invited'; by: string }
  | { type: 'joined'; person: string; mail: boolean; via: string }
  | { type: 'left'; person: string }
  | { type: 'linked'; ref: string; kind: LinkKind; by: string; from: string | null }
  | { type: 'paired'; story: string; issues: readonly string[] }
  | { type: 'unlinked'; ref: string; by: string; to: string | null }
  | { type: 'circle-recorded'; ref: string; by: string }
  | { type: 'environment-requested'; environment: Environment; by: string }
  | { type: 'environment-ready'; environment: Environment; by: string }
  | { type: 'environment-removed'; environment: Environment; by: string }
  | { type: 'owner-changed'; owner: string | null }
  | { type: 'item-role-granted'; role: Role; person: string }
  | { type: 'item-role-revoked'; role: Role; person: string }
  | { type: 'escalated'; rung: string; by: string; reason: string; people: readonly string[] }
  | { type: 'urgent-logged'; ref: string; by: string; title: string }
  | { type: 'reopened-link'; ref: string }
  | { type: 'link-renamed'; from: string; to: string }
  | { type: 'circle-requested'; by: string }
  | { type: 'circle-not-made'; why: string }
  /** What was decided about a deployment that waits. */
  | {
      type: 'deployment-decided';
      deployment: string;
      decision: 'approved' | 'rejected' | 'held';
      environment: string;
      version: string | null;
      sha: string | null;
      by: string | null;
      reason: string | null;
    }
  /** A deployment that was made, as the platform tells. */
  | { type: 'deployed'; environment: string; version: string; sha: string; by: string; note: string | null }
  | { type: 'completed' };
