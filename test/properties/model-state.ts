import { DateTime } from 'luxon';

/** A small organisation as a plain model: its people, two of its processes, its calls, votes and freezes. */

export const PEOPLE: Readonly<Record<string, string>> = {
  s1: 'stakeholder', s2: 'stakeholder', s3: 'stakeholder', s4: 'stakeholder', b1: 'bizdev', p1: 'promotion', w1: 'web',
  a1: 'architect', l1: 'dev-lead', d1: 'developer', q1: 'qa', o1: 'ops', o2: 'ops', adm: 'admin', x1: '',
}; // biome-ignore format: a table
export const ROLES: ReadonlyMap<string, string> = new Map(Object.entries(PEOPLE));
export const PROPOSERS = { web: ['promotion', 'stakeholder'], service: ['bizdev', 'stakeholder'] } as const;
export const ZONE = 'Europe/Brussels';

export const file = {
  organisation: 'Model',
  timezone: ZONE,
  people: Object.entries(PEOPLE).map(([id, role]) => ({
    id,
    name: id,
    roles: role === '' ? [] : [role],
    email: `${id}@example.org`,
  })),
  chats: [
    { name: 'ops', team: 'ops' },
    { name: 'general', team: 'everyone' },
    { name: 'testers', team: 'testers' },
  ],
  github: { repositories: ['example/grid'] },
};

interface Vote {
  readonly electorate: Set<string>;
  readonly ballots: Map<string, string>;
}
export interface ModelItem {
  readonly key: string;
  readonly kind: 'web' | 'service';
  readonly proposer: string;
  state: 'proposed' | 'active' | 'completed' | 'rejected' | 'dropped';
  at: number;
  round: number | null;
  /** The vote that is open, and the last review also when it is closed. */
  vote: Vote | null;
  cast?: Vote;
  review: 'none' | 'approved';
  stated: boolean;
  stories: number;
  paired: number;
  docs: boolean;
  monitor: boolean;
  readonly open: Set<string>;
  readonly serious: Set<string>;
  readonly issues: Set<string>;
  readonly released: Set<string>;
}
export interface Model {
  now: number;
  call: { readonly at: number; round: number | null } | null;
  rounds: number;
  readonly roles: ReadonlyMap<string, Set<string>>;
  readonly items: ModelItem[];
  readonly freezes: { readonly from: number; readonly until: number; lifted: boolean }[];
}

export const createModel = (now: number): Model => ({
  now,
  call: null,
  rounds: 0,
  roles: new Map([...ROLES].map(([id, role]) => [id, new Set([role])])),
  items: [],
  freezes: [],
});

type Need = (model: Model, item: ModelItem) => boolean;
export interface ModelStep {
  readonly owner: string;
  readonly kind: 'vote' | 'decide' | 'work' | 'handover' | 'release' | 'test';
  readonly needs: readonly Need[];
  readonly to?: string;
  readonly environment?: string;
  readonly back?: number;
}

const story: Need = (_model, item) => item.stories > 0;
const paired: Need = (_model, item) => item.stories > 0 && item.stories === item.paired;
const closed: Need = (_model, item) => item.open.size === 0;
const implemented: Need = (_model, item) => ![...item.open].some((ref) => ref.startsWith('gh'));
const step = (
  owner: string,
  kind: ModelStep['kind'],
  needs: readonly Need[] = [],
  more: Partial<ModelStep> = {},
): ModelStep => ({ owner, kind, needs, ...more });

export const STEPS: Readonly<Record<ModelItem['kind'], readonly ModelStep[]>> = {
  web: [
    step('stakeholder', 'vote'),
    step('stakeholder', 'decide'),
    step('promotion', 'work', [story]),
    step('promotion', 'handover', [], { to: 'web' }),
    step('web', 'work', [paired]),
    step('web', 'work'),
    step('web', 'handover', [], { to: 'ops' }),
    step('ops', 'work', [implemented]),
    step('ops', 'release', [], { environment: 'staging' }),
    step('ops', 'release', [(_model, item) => item.review === 'approved'], { environment: 'production' }),
    step('ops', 'work', [(_model, item) => item.monitor, closed]),
  ],
  service: [
    step('stakeholder', 'vote'),
    step('stakeholder', 'decide'),
    step('architect', 'work', [story]),
    step('dev-lead', 'work', [paired]),
    step('developer', 'work', [(_model, item) => item.docs]),
    step('developer', 'handover', [], { to: 'ops' }),
    step('ops', 'release', [(_model, item) => item.monitor], { environment: 'testnet' }),
    step('qa', 'test', [(_model, item) => item.serious.size === 0], { back: 4 }),
    step('ops', 'release', [], { environment: 'mainnet' }),
    step('qa', 'test', [closed], { back: 8 }),
  ],
};

export function stepOf(item: ModelItem): ModelStep {
  const found = STEPS[item.kind][item.at];
  if (found === undefined) throw new Error(`the model of ${item.key} is at no step`);
  return found;
}

/** Thursday to Sunday, and what was declared. */
export const frozenAt = (at: number, freezes: Model['freezes']): boolean =>
  DateTime.fromMillis(at, { zone: ZONE }).weekday >= 4 ||
  freezes.some(({ from, until, lifted }) => !lifted && from <= at && at < until);
export const isFrozen = (model: Model): boolean => frozenAt(model.now, model.freezes);

export function openVote(model: Model, item: ModelItem): void {
  const electorate = [...model.roles].flatMap(([id, roles]) => (roles.has('stakeholder') ? [id] : []));
  item.vote = { electorate: new Set(electorate), ballots: new Map() };
  item.cast = item.vote;
  item.review = 'none';
}

/** The present step is over; true, so that it ends a verdict. */
export function closeOne(model: Model, item: ModelItem): true {
  item.vote = null;
  if (item.at === STEPS[item.kind].length - 1) item.state = 'completed';
  else {
    item.at += 1;
    if (stepOf(item).environment === 'production') openVote(model, item);
  }
  return true;
}

export function settleVote(model: Model, item: ModelItem): void {
  const { vote } = item;
  if (vote === null) return;
  const count = (choice: string) => [...vote.ballots.values()].filter((each) => each === choice).length;
  const needed = Math.floor(vote.electorate.size / 2) + 1;
  const approved = count('approve') >= needed;
  if (!approved && count('approve') + vote.electorate.size - vote.ballots.size >= needed) return;
  item.vote = null;
  if (item.at === 0 && approved) {
    item.state = 'active';
    closeOne(model, item);
  } else if (item.at === 0) item.state = 'rejected';
  else if (approved) item.review = 'approved';
  else item.at = 5;
}
