import type { World } from './draft.ts';
import { nameOf } from './people.ts';
import { enumerate } from './text.ts';
import type { Vote, VoteSubject } from './vote.ts';

/** Plain English for what the core has short names for. */

/** What a vote is about: “your vote on …”. */
export const VOTE_ON: Readonly<Record<VoteSubject, string>> = {
  step: 'the agreement', review: 'its review', objection: 'its priority', 'sign-off': 'its sign-off', skip: 'skipping the last step', emergency: 'the emergency release', announcement: 'the announcement',
}; // biome-ignore format: a table

const PLURAL: Readonly<Record<string, string>> = {
  qa: 'QA',
  ops: 'OPS',
  web: 'web',
  promotion: 'promotion',
  bizdev: 'bizdev',
  'project-team': 'project team',
};

/** Those who hold a role: `stakeholders`, `circle owners`, `OPS`. */
export const pluralOf = (role: string): string => PLURAL[role] ?? `${role.replaceAll('-', ' ')}s`;

/** So many who hold a role: `1 architect`, `2 stakeholders`. */
const countOf = (count: number, role: string): string =>
  `${count} ${count === 1 ? (PLURAL[role] ?? role.replaceAll('-', ' ')) : pluralOf(role)}`;

const MOST_NAMES = 5;

const namesOf = (world: World, people: readonly string[], last: string): string => {
  const names = people.slice(0, MOST_NAMES).map((id) => nameOf(world, id));
  const more = people.length - names.length;
  return enumerate(more > 0 ? [...names, `${more} more`] : names, last);
};

/** Who holds a role, by name: `stakeholders (Sam, Sue and Sol)`. */
export const whoHas = (world: World, role: string, people: readonly string[]): string =>
  `${pluralOf(role)} (${people.length === 0 ? 'nobody holds that role' : namesOf(world, people, 'and')})`;

/** Whose signatures a vote still needs: `2 stakeholders (of Sam, Sue and Sol) and 1 architect (Arno)`. */
export function stillNeeded(world: World, vote: Vote): string {
  const parts = vote.groups.flatMap(({ role, electorate, needed }) => {
    const left = needed - electorate.filter((person) => vote.ballots[person] === 'approve').length;
    if (left <= 0) return [];
    const missing = electorate.filter((person) => vote.ballots[person] === undefined);
    const names =
      left === 1
        ? namesOf(world, missing, 'or')
        : `${left < missing.length ? 'of ' : ''}${namesOf(world, missing, 'and')}`;
    return [`${countOf(left, role)} (${missing.length === 0 ? 'nobody is left' : names})`];
  });
  return enumerate(parts) || 'nothing';
}

/** The rung of an escalation, said of whom was told. */
export const toRung = (rung: string): string =>
  rung === 'team'
    ? 'the team that holds it'
    : `the ${rung === 'stakeholders' || rung === 'dev-lead' ? pluralOf(rung.replace(/s$/, '')) : rung.replaceAll('-', ' ')}`;
