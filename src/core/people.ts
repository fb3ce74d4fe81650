import type { Actor } from './command.ts';
import type { Draft, World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { PeopleState } from './office.ts';
import { ITEM_ROLES, type Organisation, type Person, type Role } from './organisation.ts';
import { forbid, type Refusal } from './rule.ts';
import { ONLY } from './streams.ts';
import { say } from './text.ts';

/** Who is who: the people of the file, and what commands changed about them. Commands win. */

interface Roster {
  readonly people: ReadonlyMap<string, Person>;
  readonly roles: ReadonlyMap<string, ReadonlySet<Role>>;
  readonly holders: ReadonlyMap<Role, readonly string[]>;
  /** Whose an account is: `telegram:1001` to a person's id. */
  readonly accounts: ReadonlyMap<string, string>;
  /** The other way round, on the chat platforms: those of the file first. */
  readonly reached: ReadonlyMap<string, readonly string[]>;
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
    for (const role of held) {
      const there = holders.get(role);
      if (there === undefined) holders.set(role, [person.id]);
      else there.push(person.id);
    }
  }
  const accounts = accountsIn(people, state);
  return { people, roles, holders, accounts, reached: chatsOfPeople(accounts) };
}

function chatsOfPeople(accounts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const reached = new Map<string, string[]>();
  for (const [account, person] of accounts) {
    if (!/^(telegram|slack):/.test(account)) continue;
    const there = reached.get(person);
    if (there === undefined) reached.set(person, [account]);
    else there.push(account);
  }
  return reached;
}

/** Logins of GitHub are one in any case; every other id is exact. */
const normal = (account: string): string => (account.startsWith('github:') ? account.toLowerCase() : account);

/** The accounts that the file (or `/person add`) gives a person. A Telegram name is no account: names change hands. */
export function givenTo({ telegram, slack, github }: Person): string[] {
  return [
    telegram !== undefined && /^\d+$/.test(String(telegram)) ? [`telegram:${telegram}`] : [],
    slack === undefined ? [] : [`slack:${slack}`],
    github === undefined ? [] : [normal(`github:${github}`)],
  ].flat();
}

/** One account, one person: what the file gives wins over what was linked. */
function accountsIn(people: ReadonlyMap<string, Person>, state: PeopleState | undefined): ReadonlyMap<string, string> {
  const given = [...people.values()].flatMap((person) =>
    givenTo(person).map((account) => [account, person.id] as const),
  );
  const accounts = new Map(given);
  for (const [account, person] of Object.entries(state?.accounts ?? {}))
    if (people.has(person) && !accounts.has(normal(account))) accounts.set(normal(account), person);
  return accounts;
}

/** The person behind an account such as `telegram:1001`; undefined for a stranger's. */
export const personOfAccount = (world: World, account: string): string | undefined =>
  rosterOf(world).accounts.get(normal(account));

/** Every account of a person on the chat platforms, those of the file first. */
export const accountsOf = (world: World, person: string): readonly string[] =>
  rosterOf(world).reached.get(person) ?? [];

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

/** How often somebody of this id has left, as what is given out now carries it. */
export function stayOf(world: World, id: string): { stay?: number } {
  const stay = world.get('people', ONLY)?.left?.[id];
  return stay === undefined ? {} : { stay };
}

/** Is whom this was given to still here, and has not been somebody else in the meantime? */
export const isStillHere = (world: World, given: { readonly person: string; readonly stay?: number }): boolean =>
  isKnown(world, given.person) && given.stay === stayOf(world, given.person).stay;

export const nameOf = (world: World, id: string): string => rosterOf(world).people.get(id)?.name ?? id;

/** A person as people write them: an id, `@id`, a platform's handle or mention. */
export function findPerson(world: World, words: string): Person | undefined {
  const { people } = rosterOf(world);
  const mentioned = /^<@([^>|]+)(\|[^>]*)?>$/.exec(words.trim())?.[1];
  // A mention is an account: it never means somebody whose id here happens to look like one.
  if (mentioned !== undefined && /^(\d+|[UW][A-Z0-9]+)$/.test(mentioned)) return ofMention(world, mentioned);
  const word = (mentioned ?? words.trim()).replace(/^@/, '');
  const exact = people.get(word) ?? people.get(word.toLowerCase());
  // Whoever says `me` means themselves, unless that is somebody's id.
  if (exact === undefined && /^me$/i.test(word)) return people.get(world.actor);
  if (exact !== undefined) return exact;
  const low = word.toLowerCase();
  const [found, another] = [...people.values()].filter((person) =>
    [person.slack, person.github, person.telegram, person.email].some(
      (handle) => handle !== undefined && String(handle).replace(/^@/, '').toLowerCase() === low,
    ),
  );
  // One person's login may be another's name elsewhere: which of the two is meant is nobody's to guess.
  return another === undefined ? found : undefined;
}

/** Whom a mention in running words names: who is called so on that platform at present, then as in commands. */
export function personMentioned(world: World, words: string, via: string): Person | undefined {
  if (!words.startsWith('@')) return findPerson(world, words);
  const name = words.slice(1).replace(/[._-]+$/, '');
  const { people, accounts } = rosterOf(world);
  const account = Object.entries(world.get('people', ONLY)?.handles ?? {}).find(
    ([each, handle]) => each.startsWith(`${via}:`) && handle.toLowerCase() === name.toLowerCase(),
  )?.[0];
  return people.get(accounts.get(account ?? '') ?? '') ?? findPerson(world, name);
}

/** Remembers what a platform calls an account; said again only when it changed. */
export function seeHandle(draft: Draft, account: string, handle: string): void {
  const name = handle.replace(/^@/, '').slice(0, 64);
  if (name === '' || draft.get('people', ONLY)?.handles?.[account] === name) return;
  draft.emit('people', ONLY, { type: 'handle-seen', account, handle: name });
}

/**
 * A login is a name that can be given up, and taken by anybody: the number behind it is remembered with the first thing
 * that it said, and whoever has the login later is nobody whom we know.
 */
export function seeNumber(
  draft: Draft,
  { account, known }: Pick<Actor, 'account' | 'known'>,
  number: string,
): Refusal | undefined {
  if (!known) return undefined;
  const name = normal(account);
  const before = draft.get('people', ONLY)?.numbers?.[name];
  if (before === undefined) draft.emit('people', ONLY, { type: 'account-numbered', account: name, number });
  return before === undefined || before === number
    ? undefined
    : forbid(
        say`${account} is not the account that I knew by this name. If it is yours, an admin takes you out with /person remove and adds you anew.`,
      );
}

/** The person behind a login, where its number is told too: one that changed hands leads to nobody, and the first is kept. */
export function personNumbered(draft: Draft, account: string, number: string | null | undefined): string | undefined {
  const id = personOfAccount(draft, account);
  if (id === undefined || number == null) return id;
  return seeNumber(draft, { account, known: true }, number) === undefined ? id : undefined;
}

/** Is this login another account by now than the one that was known by it? */
export function hasChangedHands(world: World, account: string, number: string | null | undefined): boolean {
  const before = world.get('people', ONLY)?.numbers?.[normal(account)];
  return number != null && before !== undefined && before !== number;
}

/** Whom a platform's mention names: Telegram's are numbers; Slack's leave out the workspace that a guest is of. */
function ofMention(world: World, id: string): Person | undefined {
  const { people, accounts } = rosterOf(world);
  const exact = accounts.get(`telegram:${id}`) ?? accounts.get(`slack:${id}`);
  const guests = [...accounts].filter(([account]) => account.startsWith('slack:') && account.endsWith(`/${id}`));
  return people.get(exact ?? guests[0]?.[1] ?? '');
}
