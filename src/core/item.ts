import type { ItemEvent } from './item-events.ts';
import { evolveLinks } from './item-links.ts';
import type { Environment, Role } from './organisation.ts';
import type { LinkKind } from './reference.ts';
import { addBallot, castBallot, leaveElectorate, openVote, type Vote } from './vote.ts';

/** A work item: its events are the truth, its state is their fold. */

export interface Link {
  readonly ref: string;
  readonly kind: LinkKind;
  readonly pairedWith: readonly string[];
}
interface Release {
  readonly environment: Environment;
  readonly version: string | null;
  readonly at: number;
  readonly by: string;
  /** The item's version at this release; releases before the last `/fail` no longer count. */
  readonly n: number;
  /** Nobody said it to the bot: the platform told it. */
  readonly outside?: true;
}
/** A deployment that may go, and was not seen to arrive yet. */
interface Admitted {
  readonly deployment: string;
  readonly environment: string;
  readonly sha: string | null;
}
interface ReleaseRequest {
  readonly environment: Environment;
  readonly version: string | null;
  readonly by: string;
  /** The open critical issue that an emergency release names; null for an ordinary request. */
  readonly emergency: string | null;
}
export interface Priority {
  readonly rank: number;
  readonly owner: string | null;
  readonly team: readonly string[];
  readonly round: number;
}

export interface ItemState {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly state: 'proposed' | 'active' | 'completed' | 'rejected' | 'dropped';
  /** The hash of the process text that the item started with. */
  readonly process: string;
  readonly proposer: string;
  readonly urgent: string | null;
  readonly owner: string | null;
  readonly grants: Readonly<Record<string, readonly string[]>>;
  readonly step: string;
  readonly stepNumber: number;
  readonly role: Role;
  readonly stepSince: number;
  readonly holder: string | null;
  readonly holderSince: number;
  readonly accepted: boolean;
  /** `unheard`: nobody held the role when it was offered. */
  readonly offer: { readonly id: number; readonly role: Role; readonly at: number; readonly unheard: boolean } | null;
  readonly environments: readonly Release[];
  readonly failedAt: number;
  readonly links: readonly Link[];
  readonly circle: string | null;
  readonly votes: readonly Vote[];
  readonly rank: number | null;
  readonly round: number | null;
  readonly pending: Priority | null;
  readonly decidedOn: string | null;
  readonly request: ReleaseRequest | null;
  /** What the emergency's vote is about: it stands beside the ordinary request, and neither takes the other's place. */
  readonly emergency?: ReleaseRequest | null;
  readonly skip: { readonly by: string; readonly reason: string } | null;
  readonly skipped: string | null;
  readonly testers: Readonly<Record<string, { readonly mail: boolean; readonly via: string }>>;
  readonly invited: boolean;
  readonly ready: readonly Environment[];
  readonly told: readonly string[];
  /** A story or issue of it went to another item: what it was is logged there (R4). */
  readonly loggedElsewhere: boolean;
  /** Its circle is being made. */
  readonly circleAsked?: boolean;
  readonly admitted?: readonly Admitted[];
  readonly touchedAt: number;
  readonly version: number;
}

export interface Meta {
  readonly at: number;
  readonly actor: string;
  /** Nobody sees the states in between: what grows may be added to instead of being copied. */
  readonly unseen?: true;
}

const EMPTY = {
  owner: null, grants: {}, holder: null, accepted: false, offer: null, environments: [], failedAt: 0, links: [], circle: null,
  votes: [], rank: null, round: null, pending: null, decidedOn: null, request: null, skip: null, skipped: null, testers: {},
  invited: false, ready: [], told: [], loggedElsewhere: false, version: 1,
} as const; // biome-ignore format: the start of every item

/** The next state of an item. Reminders do not count as touching it; everything that a person did does. */
export function evolveItem(before: ItemState | undefined, event: ItemEvent, meta: Meta): ItemState {
  if (event.type === 'proposed') {
    const { key, kind, title, process, urgent, by, step, role } = event;
    const start = { key, kind, title, process, urgent, proposer: by, step, role, state: 'proposed' as const };
    return {
      ...EMPTY,
      ...start,
      owner: by,
      stepNumber: 1,
      stepSince: meta.at,
      holderSince: meta.at,
      touchedAt: meta.at,
    };
  }
  if (before === undefined) throw new Error(`an item begins with being proposed, not with ${event.type}`);
  // What only moves because of something else is not touched by it.
  const isOwn = meta.actor !== 'system' && event.type !== 'rank-moved';
  const touchedAt = isOwn ? meta.at : before.touchedAt;
  const state = { ...before, version: before.version + 1, touchedAt };
  return VOTING.has(event.type) ? evolveVotes(state, event, meta) : evolveWork(state, event, meta);
}

const VOTING: ReadonlySet<string> = new Set(['vote-opened', 'ballot-cast', 'elector-left', 'vote-closed']);

function evolveVotes(item: ItemState, event: ItemEvent, meta: Meta): ItemState {
  const change = (id: string, to: (vote: Vote) => Vote) => ({
    ...item,
    votes: item.votes.map((vote) => (vote.id === id ? to(vote) : vote)),
  });
  switch (event.type) {
    case 'vote-opened': {
      const others = item.votes.filter((vote) => vote.subject !== event.subject);
      return { ...item, votes: [...others, openVote(event.vote, event.subject, event.groups, meta.at, event.version)] };
    }
    case 'ballot-cast':
      return change(event.vote, (vote) =>
        (meta.unseen === true ? addBallot : castBallot)(vote, event.person, event.choice),
      );
    case 'elector-left':
      return change(event.vote, (vote) => leaveElectorate(vote, event.person, event.role));
    case 'vote-closed': {
      const closed = change(event.vote, (vote) => ({ ...vote, result: event.result }));
      if (event.subject === 'skip' && event.result !== 'approved') return { ...closed, skip: null };
      if (event.subject === 'emergency' && event.result !== 'approved') return { ...closed, ...noEmergency(item) };
      return event.subject === 'objection'
        ? { ...closed, pending: event.result === 'approved' ? closed.pending : null }
        : closed;
    }
    default:
      return item;
  }
}

function evolveWork(item: ItemState, event: ItemEvent, meta: Meta): ItemState {
  switch (event.type) {
    case 'agreed':
      return { ...item, state: 'active' };
    case 'rejected':
    case 'dropped':
    case 'completed':
      return { ...item, state: event.type, offer: null, request: null, ...noEmergency(item) };
    case 'prioritised': {
      const { rank, owner, team, round, call } = event;
      return {
        ...item,
        rank,
        round,
        owner: owner ?? item.owner,
        decidedOn: call,
        pending: null,
        grants: team.length === 0 ? item.grants : { ...item.grants, 'project-team': team },
      };
    }
    case 'objected':
      return { ...item, pending: event.priority, decidedOn: null, rank: null, round: null, owner: item.proposer };
    case 'rank-moved':
      return { ...item, rank: event.rank };
    case 'step-began': {
      const { step, number, role } = event;
      const baton = event.baton === 'nobody' ? { holder: null, accepted: false, offer: null } : {};
      return {
        ...item,
        step,
        stepNumber: number,
        role,
        stepSince: meta.at,
        votes: [],
        request: null,
        ...noEmergency(item),
        skip: null,
        told: [],
        ...baton,
      };
    }
    case 'offered':
      return {
        ...item,
        offer: { id: item.version, role: event.role, at: meta.at, unheard: event.unheard === true },
        holder: null,
        holderSince: meta.at,
        accepted: false,
        told: [],
      };
    case 'accepted':
      return { ...item, offer: null, holder: event.person, holderSince: meta.at, accepted: true };
    case 'released-holder':
      return { ...item, holder: null, accepted: false };
    case 'failed':
      return { ...item, failedAt: item.version };
    case 'release-requested': {
      const { environment, version, by, emergency } = event;
      const request = { environment, version, by, emergency };
      return emergency === null ? { ...item, request } : { ...item, emergency: request };
    }
    case 'released':
      return evolveRelease(item, event, meta);
    case 'skip-requested':
      return { ...item, skip: { by: event.by, reason: event.reason } };
    case 'skipped':
      return { ...item, skipped: event.reason, skip: null };
    case 'owner-changed':
      return { ...item, owner: event.owner };
    case 'escalated':
      return { ...item, told: [...item.told, event.rung] };
    default:
      return evolveThings(item, event);
  }
}

function evolveRelease(item: ItemState, event: Extract<ItemEvent, { type: 'released' }>, { at }: Meta): ItemState {
  const { environment, version, by } = event;
  const others = item.environments.filter((release) => release.environment !== environment);
  // A deployment that the bot let go is told by the platform, and was never outside the bot.
  const outside = event.outside === true && event.admitted !== true ? { outside: true as const } : {};
  return {
    ...item,
    request: event.outside === true ? item.request : null,
    ...(event.emergency === null ? {} : noEmergency(item)),
    environments: [...others, { environment, version, by, at, n: item.version, ...outside }],
  };
}

function evolveThings(item: ItemState, event: ItemEvent): ItemState {
  switch (event.type) {
    case 'invited':
      return { ...item, invited: true };
    case 'joined':
      return { ...item, testers: { ...item.testers, [event.person]: { mail: event.mail, via: event.via } } };
    case 'left':
      return {
        ...item,
        testers: Object.fromEntries(Object.entries(item.testers).filter(([person]) => person !== event.person)),
      };
    case 'circle-recorded':
      return { ...item, circle: event.ref, ...(item.circleAsked === true ? { circleAsked: false } : {}) };
    case 'circle-requested':
      return { ...item, circleAsked: true };
    case 'circle-not-made':
      return { ...item, circleAsked: false };
    case 'deployment-decided': {
      const { deployment, environment, sha, decision } = event;
      const others = (item.admitted ?? []).filter((each) => each.deployment !== deployment);
      return { ...item, admitted: decision === 'approved' ? [...others, { deployment, environment, sha }] : others };
    }
    case 'deployed':
      return { ...item, admitted: (item.admitted ?? []).filter((each) => each.sha !== event.sha) };
    case 'environment-ready':
      return { ...item, ready: [...item.ready.filter((ready) => ready !== event.environment), event.environment] };
    case 'environment-removed':
      return { ...item, ready: item.ready.filter((ready) => ready !== event.environment) };
    case 'item-role-granted':
      return {
        ...item,
        grants: { ...item.grants, [event.role]: grown(item.grants[event.role], event.person, event.role) },
      };
    case 'item-role-revoked':
      return {
        ...item,
        grants: {
          ...item.grants,
          [event.role]: (item.grants[event.role] ?? []).filter((person) => person !== event.person),
        },
      };
    default:
      return evolveLinks(item, event);
  }
}

const noEmergency = (item: ItemState) => (item.emergency == null ? {} : { emergency: null });

/** A circle has one owner; a team has many members. */
const grown = (people: readonly string[] = [], person: string, role: Role): readonly string[] =>
  role === 'project-team' ? [...people.filter((other) => other !== person), person] : [person];

export const isOpenItem = (item: ItemState): boolean => item.state === 'proposed' || item.state === 'active';
