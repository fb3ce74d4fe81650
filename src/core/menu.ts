import type { Catalogue, Command } from './command.ts';
import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { Role } from './organisation.ts';
import { rosterOf } from './people.ts';

/** Command menus: what a person may use where they are, in the order in which they will want it. */

export interface MenuLine {
  readonly command: string;
  readonly summary: string;
}

/** What each role does most. */
const MOST_USED: Readonly<Record<Role, readonly string[]>> = {
  ops: ['ack', 'resolve', 'release', 'accept', 'done', 'env', 'handover', 'monitor'],
  stakeholder: ['approve', 'reject', 'abstain', 'call', 'prioritise', 'object'],
  architect: ['approve', 'reject', 'done', 'link'],
  'dev-lead': ['accept', 'link', 'done', 'invite', 'release', 'return'],
  developer: ['accept', 'done', 'release', 'handover', 'docs', 'link', 'return'],
  qa: ['accept', 'pass', 'fail', 'bug', 'handover', 'return'],
  bizdev: ['propose', 'link', 'drop'],
  promotion: ['propose', 'announce', 'link', 'handover', 'release'],
  web: ['accept', 'link', 'done', 'handover', 'return'],
  admin: ['role', 'person'],
  'product-owner': ['circle', 'link', 'done', 'approve', 'announce'],
  'project-owner': ['circle', 'link', 'done', 'approve', 'announce'],
  'project-team': ['accept', 'link', 'done', 'handover', 'invite'],
  'circle-owner': ['approve', 'link'],
};
const QUESTIONS = ['mine', 'status', 'board', 'why', 'agenda', 'oncall', 'freeze', 'history', 'help'];
const IN_PRIVATE: ReadonlySet<string> = new Set(['link-account', 'iam', 'web', 'join', 'leave']);
const IN_A_CHAT: ReadonlySet<string> = new Set(['bind', 'unbind']);
const OF_STRANGERS = ['join', 'leave', 'iam', 'help'];
const OF_TESTERS = ['status', 'bug', 'help', 'leave'];
/** Telegram lists so many. */
const MOST_LINES = 100;

/** In a group without a person: what anybody there may want. In private without one: the way in. */
export function menuOf(
  world: World,
  catalogue: Catalogue,
  person: string | undefined,
  where: 'private' | 'group',
): readonly MenuLine[] {
  const isKnown = person !== undefined && rosterOf(world).people.has(person);
  if (!isKnown && (person !== undefined || where === 'private')) {
    const tests = person !== undefined && world.open('item').some((item) => item.testers[person] !== undefined);
    return linesOf(catalogue, tests ? OF_TESTERS : OF_STRANGERS);
  }
  const held = person === undefined ? undefined : rolesAnywhere(world, person);
  const may = mayUse(world, held);
  const elsewhere = where === 'private' ? IN_A_CHAT : IN_PRIVATE;
  const fits = (name: string): boolean => !elsewhere.has(name) && may(name) && !(isKnown && name === 'iam');
  const first = [...(held ?? [])].flatMap((role) => MOST_USED[role]);
  const all = [...new Set(catalogue.commands.values())].map(({ name }) => name);
  return linesOf(catalogue, [...new Set([...first, ...QUESTIONS, ...all])].filter(fits));
}

function linesOf(catalogue: Catalogue, names: readonly string[]): MenuLine[] {
  const commands = names.flatMap((name): Command[] => {
    const command = catalogue.commands.get(name);
    return command === undefined ? [] : [command];
  });
  return commands.slice(0, MOST_LINES).map(({ name, summary }) => ({ command: name, summary }));
}

/** The roles of a person, those of single items included: most important first, as the organisation's file lists them. */
function rolesAnywhere(world: World, person: string): ReadonlySet<Role> {
  const roles = new Set<Role>(rosterOf(world).roles.get(person));
  for (const item of world.open('item')) for (const role of rolesOn(world, person, item)) roles.add(role);
  return roles;
}

function rolesOn(world: World, person: string, item: ItemState): Role[] {
  const granted = (Object.entries(item.grants) as [Role, readonly string[]][]).flatMap(([role, people]) =>
    people.includes(person) ? [role] : [],
  );
  if (item.owner !== person) return granted;
  const owner = world.processOf(item.process)?.process.owner;
  return [...(owner === undefined || owner === 'proposer' ? [] : [owner]), ...granted, 'circle-owner'];
}

/** Undefined roles: somebody there holds every one of them. */
function mayUse(world: World, held: ReadonlySet<Role> | undefined): (command: string) => boolean {
  const has = (...roles: readonly Role[]): boolean => held === undefined || roles.some((role) => held.has(role));
  const processes = [...world.processes.values()].map(({ process }) => process);
  const steps = processes.flatMap((process) => process.steps);
  const owners = (...kinds: readonly string[]): Role[] =>
    steps.flatMap((step) => (kinds.includes(step.kind) ? [step.owner] : []));
  const works = owners('work', 'handover', 'release', 'test', 'invite');
  const electors: Role[] = steps.flatMap((step) => {
    if (step.kind === 'vote') return [step.majority];
    const skips = step.kind === 'release' && step.skip_confirmed_by !== undefined ? [step.skip_confirmed_by] : [];
    return step.kind === 'release' && step.review !== undefined ? [step.review.majority, ...skips] : skips;
  });
  const votes: readonly Role[] = [...electors, 'stakeholder', 'architect', 'circle-owner'];
  const wanted: Readonly<Record<string, readonly Role[]>> = {
    approve: votes,
    reject: votes,
    abstain: votes,
    accept: works,
    done: owners('work'),
    handover: owners('handover'),
    return: steps.flatMap((step) => (step.kind === 'handover' ? [step.to] : [])),
    release: steps.flatMap((step) => (step.kind === 'release' ? [step.owner, step.performer ?? step.owner] : works)),
    skip: steps.flatMap((step) =>
      step.kind === 'release' && step.skip_confirmed_by !== undefined ? [step.owner] : [],
    ),
    pass: owners('test'),
    fail: owners('test'),
    invite: owners('invite'),
    docs: [...works, 'ops'],
    monitor: [...works, 'ops'],
    bind: works,
    unbind: works,
    link: [...works, 'bizdev', 'stakeholder', 'promotion', 'dev-lead', 'circle-owner'],
    unlink: [...works, 'bizdev', 'stakeholder', 'promotion', 'dev-lead', 'circle-owner'],
    circle: ['product-owner', 'project-owner', 'circle-owner'],
    propose: processes.flatMap((process) => process.proposed_by),
    announce: ['promotion', 'product-owner', 'project-owner', 'circle-owner'],
    drop: ['stakeholder', 'product-owner', 'project-owner', 'circle-owner'],
    call: ['stakeholder'],
    prioritise: ['stakeholder'],
    object: ['stakeholder'],
    ack: ['ops'],
    resolve: ['ops'],
    credentials: ['ops'],
    role: ['admin'],
    person: ['admin'],
  };
  return (command) => {
    const roles = wanted[command];
    return roles === undefined || has(...roles);
  };
}
