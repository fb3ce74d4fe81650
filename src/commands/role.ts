import { z } from 'zod';
import { choiceOf, PersonWord, RoleWord } from '../core/arguments.ts';
import { type Context, defineCommand, type Outcome, reply } from '../core/command.ts';
import { keyOf } from '../core/decide.ts';
import { roleGained, roleLost, rolesMoved } from '../core/departures.ts';
import { lacksRole, unknownPerson } from '../core/guards.ts';
import type { ItemState } from '../core/item.ts';
import { ITEM_ROLES } from '../core/organisation.ts';
import { findPerson, hasRole, membersOf, nameOf } from '../core/people.ts';
import { already, refuse, usage } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { say } from '../core/text.ts';

const Args = z.object({
  act: choiceOf('act', ['grant', 'revoke']),
  role: RoleWord,
  person: PersonWord,
  key: z.string().optional(),
});
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'role',
  usage: '/role grant ROLE PERSON [KEY] | /role revoke ROLE PERSON [KEY]',
  summary: 'Give a person a role, or take it away.',
  who: 'admin',
  examples: ['/role grant qa quinn', '/role grant circle-owner pia PROD-1', '/role revoke ops olga'],
  on: 'nothing',
  args: Args,
  read: ({ all }) => ({ act: all[0], role: all[1], person: all[2], key: all[3] }),
  decide: (context) => {
    const { world, args } = context;
    const no = lacksRole(context, ['admin']);
    if (no !== undefined) return no;
    const person = findPerson(world, args.person);
    if (person === undefined) return unknownPerson(context, args.person);
    const isOfItem = (ITEM_ROLES as readonly string[]).includes(args.role);
    const item = keyOf(world, args.key);
    if (args.key !== undefined && item === undefined)
      return usage(`“${args.key}” is no item.`, `/role ${args.act} ${args.role} ${person.id} PROD-1`);
    if (item !== undefined && 'ok' in item) return item;
    if (isOfItem && item === undefined)
      return usage(
        `${args.role} is a role of one item; say which.`,
        `/role ${args.act} ${args.role} ${person.id} PROD-1`,
      );
    if (!isOfItem && item !== undefined)
      return usage(
        `${args.role} is a role of the whole organisation; leave the item out.`,
        `/role ${args.act} ${args.role} ${person.id}`,
      );
    return item === undefined ? everywhere(context, person.id) : onItem(context, person.id, item);
  },
});

function everywhere({ draft, world, actor, args }: Context<Args>, person: string): Outcome {
  const { act, role } = args;
  const has = hasRole(world, person, role);
  const name = nameOf(world, person);
  if (act === 'grant') {
    if (has) return already(say`${name} is ${role}.`);
    draft.emit('people', ONLY, { type: 'role-granted', role, person, by: actor.id });
    roleGained(draft);
    return reply('granted', say`${name} is now ${role}.`);
  }
  if (!has) return already(say`${name} is not ${role}.`);
  if (role === 'admin' && membersOf(world, 'admin').length === 1)
    return refuse(say`${name} is the last admin; grant it to somebody else first.`);
  draft.emit('people', ONLY, { type: 'role-revoked', role, person, by: actor.id });
  roleLost(draft, person, role);
  return reply('revoked', say`${name} is no longer ${role}. Votes, offers and duties were worked out again.`);
}

function onItem({ draft, world, args }: Context<Args>, person: string, item: ItemState): Outcome {
  const { act, role } = args;
  const { key } = item;
  const name = nameOf(world, person);
  const members = membersOf(world, role, item);
  const owns = world.processOf(item.process)?.process.owner === role;
  if (act === 'grant') {
    if (members.includes(person) && (role === 'project-team' || owns || item.grants[role]?.includes(person) === true))
      return already(say`${name} is ${role} of ${key}.`, key);
    if (owns) draft.emit('item', key, { type: 'owner-changed', owner: person });
    else draft.emit('item', key, { type: 'item-role-granted', role, person });
    rolesMoved(draft, item);
    return reply('granted', say`${name} is now ${role} of ${key}.`, key);
  }
  if (!(item.grants[role] ?? []).includes(person) && !(owns && item.owner === person))
    return already(say`${name} was not made ${role} of ${key}.`, key);
  if (owns) draft.emit('item', key, { type: 'owner-changed', owner: item.proposer });
  else draft.emit('item', key, { type: 'item-role-revoked', role, person });
  rolesMoved(draft, item);
  return reply('revoked', say`${name} is no longer ${role} of ${key}.`, key);
}
