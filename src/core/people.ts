import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { PeopleState } from './office.ts';
import { ITEM_ROLES, type Organisation, type Person, type Role } from './organisation.ts';
import { ONLY } from './streams.ts';

/** Who is who: the people of the file, and what commands changed about them. Commands win. */

interface Roster {
  readonly people: ReadonlyMap<string, Person>;
  readonly roles: ReadonlyMap<string, ReadonlySet<Role>>;
  readonly holders: ReadonlyMap<Role, readonly string[]>;
}

const rosters = new WeakMap<Organisation, { state: PeopleState | undefined; roster: Roster }>();

export function rosterOf(world: World): Roster {
  const state = world.get('people', ONLY);
  const kept = rosters.get(world.organisation);
  if (kept !== undefined && kept.state === state) return kept.roster;
  const roster = toRoster(world.organisation, state);
  rosters.set(world.organisation, { state, roster });
  return roster;
}

function toRoster(organisation: Organisation, state: PeopleState | undefined): Roster {
  const removed = new Set(state?.removed);
  const people = new Map(
    [...organisation.people, ...Object.values(state?.added ?? {})]
      .filter((person) => !removed.has(person.id))
      .map((person) => [person.id, person]),
  );
  const roles = new Map<string, ReadonlySet<Role>>();
  const holders = new Map<Role, string[]>();
  for (const person of people.values()) {
    const grants = Object.entries(state?.grants[person.id] ?? {}) as [Role, boolean][];
    const held = new Set(person.roles);
    for (const [role, granted] of grants) granted ? held.add(role) : held.delete(role);
    roles.set(person.id, held);
    for (const role of held) holders.set(role, [...(holders.get(role) ?? []), person.id]);
  }
  return { people, roles, holders };
}

const isItemRole = (role: Role): boolean => (ITEM_ROLES as readonly string[]).includes(role);

/** Everyone who holds a role; a role of an item (its owner, its team) is asked of that item. */
export function membersOf(world: World, role: Role, item?: ItemState): readonly string[] {
  const { holders, people } = rosterOf(world);
  const everywhere = holders.get(role) ?? [];
  if (item === undefined || !isItemRole(role)) return everywhere;
  const known = (ids: readonly (string | null | undefined)[]) =>
    ids.flatMap((id) => (id != null && people.has(id) ? [id] : []));
  const owners = ownersOf(world, item);
  if (role === 'circle-owner') {
    const granted = known(item.grants['circle-owner'] ?? []);
    return granted.length > 0 ? granted : owners;
  }
  if (role === 'project-team') return [...new Set([...known(item.grants['project-team'] ?? []), ...everywhere])];
  return processOwner(world, item) === role ? owners : everywhere;
}

/** The item's owner; when the owner and the proposer have left, the stakeholders. */
export function ownersOf(world: World, item: ItemState): readonly string[] {
  const { people, holders } = rosterOf(world);
  for (const id of [item.owner, item.proposer]) if (id !== null && people.has(id)) return [id];
  return holders.get('stakeholder') ?? [];
}

const processOwner = (world: World, item: ItemState): string | undefined =>
  world.processOf(item.process)?.process.owner;

export function hasRole(world: World, person: string, role: Role, item?: ItemState): boolean {
  if (rosterOf(world).roles.get(person)?.has(role) === true) return true;
  return item !== undefined && isItemRole(role) && membersOf(world, role, item).includes(person);
}

export const isKnown = (world: World, id: string): boolean => rosterOf(world).people.has(id);
export const nameOf = (world: World, id: string): string => rosterOf(world).people.get(id)?.name ?? id;

/** A person as people write them: an id, `@id`, a platform's handle or mention. */
export function findPerson(world: World, words: string): Person | undefined {
  const { people } = rosterOf(world);
  const word = words
    .trim()
    .replace(/^<@([^>|]+)(\|[^>]*)?>$/, '$1')
    .replace(/^@/, '');
  const exact = people.get(word) ?? people.get(word.toLowerCase());
  if (exact !== undefined) return exact;
  const low = word.toLowerCase();
  return [...people.values()].find((person) =>
    [person.slack, person.github, person.telegram, person.email].some(
      (handle) => handle !== undefined && String(handle).toLowerCase() === low,
    ),
  );
}
