import { expect, test } from 'vitest';
import { identify } from '../../src/core/decide.ts';
import { createStage } from '../core/stage.ts';
import { table } from '../support/script.ts';

const FRESH = `
organisation: Example
timezone: Europe/Brussels
people:
  - { id: ada, name: Ada, roles: [admin], telegram: 1 }
`;

test('an admin fills a fresh organisation from chat, and whoever is added is known at once on each account', () => {
  const stage = createStage(FRESH);
  expect(stage.say('telegram:2001', '/mine').text).toContain('(your account is telegram:2001)');
  const line =
    '/person add zoe Zoe Quick roles qa,web telegram 2001 slack <@U0ZOE|zoe> github zoe-gh email zoe@example.org';
  expect(stage.say('telegram:1', line).text).toBe('Zoe Quick is added as qa and web.');
  for (const account of ['telegram:2001', 'slack:U0ZOE', 'github:Zoe-GH'])
    expect([account, identify(stage.world(), account, 'telegram').id]).toEqual([account, 'zoe']);
  expect(stage.say('slack:U0ZOE', '/mine').code).toBe('shown');
  expect(stage.say('telegram:1', '/person remove zoe').code).toBe('removed');
  expect(stage.say('telegram:2001', '/mine').code).toBe('forbidden');
});

test.each(
  table(`
  telegram:2   /person add zoe Zoe                     -> forbidden
  telegram:1   /person add zoe                         -> added
  telegram:1   /person add zoe Zoe telegram @zoe       -> usage
  telegram:1   /person add zoe Zoe slack zoe           -> usage
  telegram:1   /person add zoe Zoe slack T0OTHER/U0ZOE -> added
  telegram:1   /person add zoe Zoe roles wizard        -> usage
  telegram:1   /person add zoe Zoe telegram 1          -> refused
  telegram:1   /person add telegram:5 Zoe              -> usage
  telegram:1   /person add ada Ada                     -> already
`),
)('$columns -> $outcome', ({ columns: [as = '', line = ''], outcome }) => {
  expect(createStage(FRESH).say(as, line).code).toBe(outcome);
});
