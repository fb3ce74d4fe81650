import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isoInstant } from '../../src/core/calendar.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { beginningOf, storyBegins } from '../../src/web/demo/seed.ts';
import { STORY } from '../../src/web/demo/story.ts';

/** The demonstration's organisation and its story: the same week whenever it is started. */

const read = readOrganisation(join(import.meta.dirname, '../../src/web/demo/organisation.yaml'));
if ('problems' in read) throw new Error(read.problems.join('\n'));
const { organisation } = read;

test.each([
  ['2026-11-24T09:59:59+01:00', '2026-11-24T10:00:00+01:00', '2026-11-16T09:00:00+01:00'],
  ['2026-11-24T10:00:00+01:00', '2026-11-24T10:00:00+01:00', '2026-11-16T09:00:00+01:00'],
  ['2026-11-24T10:00:01+01:00', '2026-12-01T10:00:00+01:00', '2026-11-23T09:00:00+01:00'],
  ['2026-11-23T16:00:00Z', '2026-11-24T10:00:00+01:00', '2026-11-16T09:00:00+01:00'],
  ['2026-03-28T12:00:00+01:00', '2026-03-31T10:00:00+02:00', '2026-03-23T09:00:00+01:00'],
  ['2026-10-25T12:00:00+01:00', '2026-10-27T10:00:00+01:00', '2026-10-19T09:00:00+02:00'],
])('started at %s it begins at %s, and its story at %s', (now, beginning, story) => {
  const begins = beginningOf(organisation, Date.parse(now));
  expect(isoInstant(organisation, begins)).toBe(beginning);
  expect(isoInstant(organisation, storyBegins(organisation, begins))).toBe(story);
});

test('every role of the processes is held, and everyone who speaks is there', () => {
  const held = new Set(organisation.people.flatMap((person) => person.roles));
  for (const role of [
    'bizdev',
    'stakeholder',
    'architect',
    'dev-lead',
    'developer',
    'qa',
    'ops',
    'promotion',
    'web',
    'admin',
  ] as const)
    expect(held.has(role), role).toBe(true);
  const ids = new Set(organisation.people.map((person) => person.id));
  const chats = new Set(organisation.chats.map((chat) => chat.name));
  expect(STORY.filter(([, who, where]) => !ids.has(who) || (where !== null && !chats.has(where)))).toEqual([]);
});
