import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import { peopleOf, type To, teamOf } from './message.ts';
import { membersOf, ownersOf } from './people.ts';

/** The rungs that an escalation climbs (R6), from the team that holds the item to the stakeholders. */
export interface Rung {
  readonly rung: string;
  readonly to: readonly To[];
  readonly people: readonly string[];
}

export function rungsOf(world: World, item: ItemState): Rung[] {
  const owner = world.processOf(item.process)?.process.owner ?? 'proposer';
  const rung = (name: string, people: readonly string[], to: readonly To[]): Rung => ({ rung: name, people, to });
  const team = membersOf(world, item.role, item);
  const circle = membersOf(world, 'circle-owner', item);
  const stakeholders = membersOf(world, 'stakeholder');
  const owners = ownersOf(world, item);
  return [
    rung('team', team, teamOf(world, item.role, item)),
    rung('circle-owner', circle, peopleOf(circle)),
    ...(owner === 'proposer' ? [] : [rung(owner, owners, peopleOf(owners))]),
    rung('stakeholders', stakeholders, teamOf(world, 'stakeholder')),
  ];
}

/** The lowest rung that was not told yet; with `above`, one above the team itself. */
export function nextRung(world: World, item: ItemState, above: boolean): Rung | undefined {
  return rungsOf(world, item).find((rung) => !item.told.includes(rung.rung) && !(above && rung.rung === 'team'));
}

/** The rungs of a story or issue that no item knows. */
export function looseRungs(world: World): Rung[] {
  return (['dev-lead', 'stakeholder'] as const).map((role) => ({
    rung: role === 'stakeholder' ? 'stakeholders' : role,
    people: membersOf(world, role),
    to: teamOf(world, role),
  }));
}
