import type { Organisation } from '../core/organisation.ts';
import type { Inspection } from '../store/inspect.ts';

/** The roles that somebody holds: by the file, and by what commands changed since. */
export function heldRoles(
  { people }: Pick<Organisation, 'people'>,
  seen: Pick<Inspection, 'added' | 'removed' | 'grants'> | undefined,
): ReadonlySet<string> {
  const all = [...people, ...(seen?.added ?? [])].filter(({ id }) => seen?.removed.includes(id) !== true);
  return new Set(
    all.flatMap(({ id, roles }) => {
      const grants = (seen?.grants ?? []).filter(({ person }) => person === id);
      const isRevoked = (role: string) => grants.some((grant) => grant.role === role && !grant.granted);
      return [
        ...roles.filter((role) => !isRevoked(role)),
        ...grants.filter(({ granted }) => granted).map(({ role }) => role),
      ];
    }),
  );
}
