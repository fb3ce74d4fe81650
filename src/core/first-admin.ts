import { HOUR } from './calendar.ts';
import { type Draft, next, type World } from './draft.ts';
import type { CodeState } from './office.ts';
import type { Person } from './organisation.ts';
import { hasRole, isKnown, membersOf } from './people.ts';
import { ONLY } from './streams.ts';
import { code, lines, say, type Text } from './text.ts';

/** The first admin of a fresh organisation: whoever reads the log proves it with a code, once, while there is no admin. */

const CODE_LIVES_HOURS = 24;
/** Counts the codes of this sort: only the newest works. */
const SERIES = 'first-admin';

/** Issues the code; the caller has looked that nobody is an admin. Codes that were issued before no longer work. */
export function foundAdmin(draft: Draft): string {
  const secret = draft.newCode();
  const founding = next(draft, SERIES);
  const until = draft.now + CODE_LIVES_HOURS * HOUR;
  draft.emit('code', draft.digest(secret), { type: 'code-issued', person: '', until, founding });
  return secret;
}

/** Does this code still make an admin? */
export function makesAdmin(world: World, issued: CodeState): boolean {
  const isNewest = issued.founding !== undefined && issued.founding === world.get('counter', SERIES)?.n;
  return isNewest && !issued.used && issued.until > world.now && membersOf(world, 'admin').length === 0;
}

/** Makes an admin of whoever said the code: of a stranger a person of their own, of somebody known one with the role. */
export function becomeAdmin(draft: Draft, known: string | undefined, account: string): string {
  const id = known ?? freeId(draft);
  if (known === undefined) {
    const person: Person = { id, name: 'Admin', roles: ['admin'] };
    draft.emit('people', ONLY, { type: 'person-added', person, by: id });
    draft.emit('people', ONLY, { type: 'account-linked', account, person: id });
  }
  if (!hasRole(draft, id, 'admin'))
    draft.emit('people', ONLY, { type: 'role-granted', role: 'admin', person: id, by: id });
  return id;
}

function freeId(world: World): string {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? 'admin' : `admin${n}`;
    if (!isKnown(world, id)) return id;
  }
}

/** What an admin does next. */
export const welcome = (id: string): Text =>
  lines(
    say`Welcome: you are ${code(id)}, the admin of this organisation.`,
    say`Add people with ${code('/person add ID NAME roles ROLE telegram NUMBER')}, give roles with ${code('/role grant ROLE PERSON')}; PERSON is an id, or ${code('me')}. ${code('/help')} shows everything.`,
  );
