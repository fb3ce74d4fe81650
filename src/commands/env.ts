import { z } from 'zod';
import { capital, opsOr } from '../core/alerting.ts';
import { choiceOf, EnvironmentWord } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { keyOf } from '../core/decide.ts';
import { isOpenItem } from '../core/item.ts';
import { keyHere } from '../core/place.ts';
import { already, checkRules, usage } from '../core/rule.ts';
import { say } from '../core/text.ts';

export default defineCommand({
  name: 'env',
  usage: '/env request ENV KEY | /env ready ENV KEY | /env remove ENV KEY',
  summary: 'Ask for an environment, report it ready, or take it down.',
  who: 'anyone known asks; OPS reports and removes',
  examples: ['/env request testnet PROD-1', '/env ready testnet PROD-1', '/env remove testnet PROD-1'],
  rule: 'R10',
  on: 'nothing',
  press: (on, args) => `/env ${args} ${on}`,
  args: z.object({
    act: choiceOf('act', ['request', 'ready', 'remove']),
    environment: EnvironmentWord,
    key: z.string().optional(),
  }),
  read: ({ all }) => ({ act: all[0], environment: all[1], key: all[2] }),
  decide: ({ draft, world, actor, place, args }) => {
    const bound = keyHere(world, place);
    const item = keyOf(world, args.key ?? bound);
    if (item === undefined) return usage('Say for which item.', `/env ${args.act} ${args.environment} PROD-1`);
    if ('ok' in item) return item;
    const { key } = item;
    if (!isOpenItem(item)) return already(say`${key} has ended: it is ${item.state}.`, key);
    const { environment } = args;
    if (args.act === 'request') {
      if (item.ready.includes(environment)) return already(say`${environment} is ready for ${key}.`, key);
      draft.emit('item', key, { type: 'environment-requested', environment, by: actor.id });
      return reply('requested', say`${capital(opsOr(world, 'has the task'))}: ${environment} for ${key}.`, key);
    }
    const no = checkRules(world, actor.id, { act: 'prepare-environment', environment, sort: args.act }, item);
    if (no !== undefined) return no;
    const isReady = item.ready.includes(environment);
    if (args.act === 'ready') {
      if (isReady) return already(say`${environment} is ready for ${key}.`, key);
      draft.emit('item', key, { type: 'environment-ready', environment, by: actor.id });
      return reply('recorded', say`${environment} is ready for ${key}.`, key);
    }
    if (!isReady) return already(say`${key} has no environment of its own on ${environment}.`, key);
    draft.emit('item', key, { type: 'environment-removed', environment, by: actor.id });
    return reply('recorded', say`${environment} of ${key} is taken down.`, key);
  },
});
