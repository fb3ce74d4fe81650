import { personLeft, roleGained, roleLost } from './departures.ts';
import type { Draft } from './draft.ts';
import type { Role } from './organisation.ts';
import { isKnown, rosterOf } from './people.ts';
import { ONLY } from './streams.ts';

/**
 * Reads the organisation's file into the history, at every start. Who lost a role or left by an edit of the file leaves
 * votes, batons and items exactly as by a command.
 */
export function readRoster(draft: Draft): void {
  const before = draft.get('people', ONLY);
  const roster = Object.fromEntries(draft.organisation.people.map((person) => [person.id, [...person.roles]]));
  if (before !== undefined && JSON.stringify(before.roster) === JSON.stringify(roster)) return;
  const heldBefore = (person: string, inFile: readonly string[]) => {
    const granted = Object.entries(before?.grants[person] ?? {}).flatMap(([role, isHeld]) => (isHeld ? [role] : []));
    return [...new Set([...inFile, ...granted])] as Role[];
  };
  draft.emit('people', ONLY, { type: 'roster-read', roster });
  for (const [person, roles] of Object.entries(before?.roster ?? {})) {
    const now = rosterOf(draft).roles.get(person);
    if (!isKnown(draft, person)) personLeft(draft, person, heldBefore(person, roles));
    else for (const role of roles as Role[]) if (now?.has(role) !== true) roleLost(draft, person, role);
  }
  roleGained(draft);
}
