import { expect, test } from 'vitest';
import type { ConnectionState } from '../../src/shell/connections.ts';
import type { Engine } from '../../src/shell/engine.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { createWorld } from '../../src/shell/world.ts';
import { noticeRows } from '../../src/web/notice.ts';
import { MONDAY } from './rig.ts';

/** Backups that fail, a disk that is full: somebody hears of it, whatever is away and whoever is of OPS. */

const NOTHING = { state: () => undefined, open: () => [], mirror: () => undefined, history: () => [] };

function told(
  people: readonly string[],
  chat: string,
  states: string,
  kind: 'audit' | 'late' | 'head' = 'audit',
): readonly string[] {
  const file = [
    'organisation: Example',
    'timezone: Europe/Brussels',
    'people:',
    ...people.map((each) => `  - ${each}`),
    `chats: [${chat}]`,
  ];
  const read = parseOrganisation('org.yaml', file.join('\n'));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const policies = { organisation: read.organisation, rules: [], processes: new Map(), processOf: () => undefined };
  const engine: Pick<Engine, 'world'> = { world: () => createWorld(policies, NOTHING, MONDAY, 'system') };
  const connections = states.split(' ').flatMap((each): ConnectionState[] => {
    const [platform = '', is = ''] = each.split(':');
    return platform === '' ? [] : [{ platform, is: is as ConnectionState['is'], line: '', ok: true }];
  });
  return noticeRows(engine, connections, kind, ['Something needs you']).map(
    ({ to, address }) => address ?? JSON.stringify(to),
  );
}

const OLGA = '{ id: olga, roles: [ops], telegram: 1, slack: UOLGA }';
const OMAR = '{ id: omar, roles: [ops], telegram: 2 }';
const ADA = '{ id: ada, roles: [admin], slack: UADA }';
const CHAT = '{ name: ops, team: ops, telegram: -9 }';
const UP = 'telegram:connected slack:connected';
const AWAY = 'telegram:away slack:connected';

test.each<[string, readonly string[], string, string, string, readonly string[]]>([
  ['OPS’s chat', [OLGA, ADA], CHAT, UP, 'audit', ['telegram:-9']],
  ['its members, where its chat’s platform is away', [OLGA, OMAR, ADA], CHAT, AWAY, 'audit', ['slack:UOLGA']],
  ['the admins, where none of them is anywhere else', [OMAR, ADA], CHAT, AWAY, 'late', ['slack:UADA']],
  ['the chat, once it is back, where nobody is reached now', [OMAR], CHAT, AWAY, 'audit', ['telegram:-9']],
  ['nobody, of what is over then', [OMAR], CHAT, AWAY, 'late', []],
  ['the chat, where everything is away', [OLGA], CHAT, 'telegram:away slack:away', 'late', ['telegram:-9']],
  ['the members of an OPS without a chat', [OLGA, OMAR], '', UP, 'audit', ['telegram:1', 'slack:UOLGA', 'telegram:2']],
  ['the admins, where nobody is of OPS', [ADA], '', UP, 'audit', ['slack:UADA']],
  ['the board, without a platform', [OLGA], CHAT, '', 'audit', ['{"chat":"ops"}']],
  ['the board, for the admins', [ADA], '', '', 'late', ['{"person":"ada"}']],
  ['a head stays where OPS is', [OLGA, ADA], CHAT, AWAY, 'head', []],
])('it is told to %s', (_case, people, chat, states, kind, addresses) => {
  expect(told(people, chat, states, kind as 'audit')).toEqual(addresses);
}); // biome-ignore format: a table
