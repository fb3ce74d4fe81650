import type { PeopleState } from './office.ts';
import type { Person } from './organisation.ts';

/** What is kept of people, and what goes when they leave. */

/** What those who stay were granted and linked. An id may be somebody else's one day: nothing old leads to it. */
export const keptOf = ({ grants, accounts }: PeopleState, stays: (id: string) => boolean) => ({
  grants: Object.fromEntries(Object.entries(grants).filter(([id]) => stays(id))),
  accounts: Object.fromEntries(Object.entries(accounts).filter(([, id]) => stays(id))),
});

/** Whoever comes back is known by what they bring then. */
export function numbersWithout({ numbers }: PeopleState, person: Person | undefined): Pick<PeopleState, 'numbers'> {
  if (numbers === undefined || person?.github === undefined) return {};
  const own = `github:${person.github.toLowerCase()}`;
  return { numbers: Object.fromEntries(Object.entries(numbers).filter(([account]) => account !== own)) };
}

/** A name is one account's: whoever had it before has another by now. */
export function handlesWithout(
  { handles = {} }: PeopleState,
  { account, handle }: { account: string; handle: string },
) {
  const platform = account.replace(/:.*/, ':');
  const isTaken = ([other, name]: readonly [string, string]) =>
    other.startsWith(platform) && name.toLowerCase() === handle.toLowerCase();
  return Object.fromEntries(Object.entries(handles).filter((entry) => !isTaken(entry)));
}

/** They have left once more. */
export const leftWith = ({ left }: PeopleState, gone: readonly string[]): Pick<PeopleState, 'left'> =>
  gone.length === 0 ? {} : { left: { ...left, ...Object.fromEntries(gone.map((id) => [id, (left?.[id] ?? 0) + 1])) } };
