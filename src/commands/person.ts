import { z } from 'zod';
import { choiceOf } from '../core/arguments.ts';
import { type Context, defineCommand, type Outcome, reply } from '../core/command.ts';
import { personLeft, roleGained } from '../core/departures.ts';
import { lacksRole } from '../core/guards.ts';
import { nearest } from '../core/nearest.ts';
import { Person, Role } from '../core/organisation.ts';
import { findPerson, givenTo, hasRole, membersOf, nameOf, personOfAccount, rosterOf } from '../core/people.ts';
import { already, notFound, refuse, usage } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { enumerate, say } from '../core/text.ts';

const Args = z.object({ act: choiceOf('act', ['add', 'remove']), words: z.array(z.string()) });
type Args = z.infer<typeof Args>;
const EXAMPLE = '/person add zoe Zoe Quinn roles qa telegram 1005 email zoe@example.org';

export default defineCommand({
  name: 'person',
  usage:
    '/person add ID NAME… [roles ROLE,ROLE] [telegram ID] [slack ID] [github LOGIN] [email ADDRESS] | /person remove PERSON',
  summary: 'Add a person to the organisation, or remove one who left.',
  who: 'admin',
  examples: [EXAMPLE, '/person remove zoe'],
  on: 'nothing',
  args: Args,
  read: ({ all }) => ({ act: all[0], words: all.slice(1) }),
  decide: (context) => lacksRole(context, ['admin']) ?? (context.args.act === 'add' ? add(context) : remove(context)),
});

const guessRole = (word: string): string => {
  const guess = nearest(word, Role.options);
  return guess === undefined ? '' : `; did you mean ${guess}?`;
};

/** Nobody tells ids apart by the size or the width of their letters. */
const looksLike = (one: string, other: string): boolean => folded(one) === folded(other);
const folded = (id: string): string => id.normalize('NFKC').toLowerCase();

const FIELDS = ['roles', 'role', 'telegram', 'slack', 'github', 'email'];

function add({ draft, world, actor, args }: Context<Args>): Outcome {
  const [id = '', ...words] = args.words;
  const fields = new Map<string, string>();
  const name: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (FIELDS.includes(word.toLowerCase()) && words[at + 1] !== undefined)
      fields.set(word.toLowerCase().replace(/^role$/, 'roles'), words[++at] ?? '');
    else name.push(word);
  }
  const roles = (fields.get('roles') ?? '').split(',').filter(Boolean);
  const wrong = roles.find((role) => !Role.safeParse(role).success);
  if (wrong !== undefined) return usage(`There is no role “${wrong}”${guessRole(wrong)}.`, EXAMPLE);
  const accounts = Object.fromEntries(
    [...fields].flatMap(([field, word]) =>
      field === 'roles' ? [] : [[field, word.replace(/^<@([^>|]+)(\|[^>]*)?>$/, '$1')]],
    ),
  );
  const { telegram, slack } = accounts;
  if (telegram !== undefined && !/^\d+$/.test(telegram))
    return usage(
      `“${telegram.slice(0, 40)}” is no Telegram id: that is a number, which I tell whoever writes to me.`,
      EXAMPLE,
    );
  if (slack !== undefined && !/^([A-Z0-9]+\/)?[A-Z0-9]+$/.test(slack))
    return usage(
      `“${slack.slice(0, 40)}” is no Slack id: mention the person, or write an id such as U0AB12CD.`,
      EXAMPLE,
    );
  const parsed = Person.safeParse({
    id: id.replace(/^@/, ''),
    ...(name.length === 0 ? {} : { name: name.join(' ').replaceAll('"', '') }),
    roles,
    ...accounts,
  });
  if (!parsed.success)
    return usage(`${enumerate([...new Set(parsed.error.issues.map((issue) => issue.message))])}.`, EXAMPLE);
  const person = parsed.data;
  const same = [...rosterOf(world).people.keys()].find((each) => looksLike(each, person.id));
  if (same !== undefined) return already(say`${nameOf(world, same)} is known here.`);
  const taken = givenTo(person).find((account) => personOfAccount(world, account) !== undefined);
  if (taken !== undefined)
    return refuse(
      say`The account ${taken} belongs to ${nameOf(world, personOfAccount(world, taken) ?? '')}; an account is one person’s.`,
    );
  draft.emit('people', ONLY, { type: 'person-added', person, by: actor.id });
  roleGained(draft);
  return reply(
    'added',
    say`${nameOf(draft, person.id)} is added${roles.length === 0 ? '' : ` as ${enumerate(roles)}`}.`,
  );
}

function remove({ draft, world, actor, args }: Context<Args>): Outcome {
  const word = args.words[0];
  if (word === undefined) return usage('The person is missing.', '/person remove zoe');
  const person = findPerson(world, word);
  if (person === undefined) return notFound(say`I do not know “${word.slice(0, 80)}”.`);
  const name = nameOf(world, person.id);
  if (hasRole(world, person.id, 'admin') && membersOf(world, 'admin').length === 1)
    return refuse(say`${name} is the last admin; grant that to somebody else first.`);
  const roles = [...(rosterOf(world).roles.get(person.id) ?? [])];
  draft.emit('people', ONLY, { type: 'person-removed', person: person.id, by: actor.id });
  personLeft(draft, person.id, roles);
  return reply('removed', say`${name} is removed. Votes, offers and items were passed on.`);
}
