import { expect, test } from 'vitest';
import { foundAdmin } from '../../src/core/first-admin.ts';
import { hasRole } from '../../src/core/people.ts';
import { createStage } from './stage.ts';

const FRESH = `
organisation: Example
timezone: Europe/Brussels
people:
  - { id: olga, roles: [ops], telegram: 1001 }
  - { id: admin, name: A person who is called so }
`;

test('a stranger who reads the log becomes the first admin, and can fill the organisation', () => {
  const stage = createStage(FRESH);
  const secret = stage.act(foundAdmin);
  expect(stage.say('telegram:77', `/iam ${secret}`, { place: 'telegram:-5' }).code).toBe('refused');
  const said = stage.say('telegram:77', `/iam ${secret.toLowerCase()}`);
  expect(said.code).toBe('linked');
  for (const next of ['/person add', '/role grant', '/help']) expect(said.text).toContain(next);
  expect(stage.say('telegram:77', '/whoami').text).toMatch(/\(admin2\)\.\nRoles: admin\./);
  expect(stage.say('telegram:77', '/person add zoe Zoe roles qa telegram 2001 slack U0ZOE').code).toBe('added');
  expect(stage.say('slack:U0ZOE', '/whoami').text).toContain('(zoe)');
  expect(stage.say('telegram:2001', '/whoami').text).toContain('Roles: qa.');
  expect(stage.say('telegram:77', '/role grant stakeholder zoe').code).toBe('granted');
});

test('somebody known gets the role, and stays who they are', () => {
  const stage = createStage(FRESH);
  const secret = stage.act(foundAdmin);
  expect(stage.say('telegram:1001', `/iam ${secret}`).code).toBe('linked');
  expect(hasRole(stage.world(), 'olga', 'admin')).toBe(true);
  expect(stage.say('telegram:1001', '/whoami').text).toContain('(olga)');
});

test('the code works once, for a day, until there is an admin, and only the newest', () => {
  const stage = createStage(FRESH);
  const old = stage.act(foundAdmin);
  const late = stage.act(foundAdmin);
  expect(stage.say('telegram:77', `/iam ${old}`).code).toBe('not-found');
  stage.moveTo('2026-11-24T10:00:00+01:00');
  expect(stage.say('telegram:77', `/iam ${late}`).code).toBe('not-found');
  const good = stage.act(foundAdmin);
  expect(stage.say('telegram:77', `/iam ${good}`).code).toBe('linked');
  expect(stage.say('telegram:78', `/iam ${good}`).code).toBe('already');
  const afterwards = stage.act(foundAdmin);
  expect(stage.say('telegram:78', `/iam ${afterwards}`).code).toBe('not-found');
  expect(stage.say('telegram:78', '/whoami').code).toBe('forbidden');
});
