import { expect, test } from 'vitest';
import { toPlain } from '../../src/core/text.ts';
import { tally } from '../support/tally.ts';
import { organisationOn } from './given-app.ts';

/** Secrets that outlive what they were given for: their person, or the moment at which they were said. */

const PUBLIC = 'https://baton.example';

test('whoever is added under the id of somebody who left starts anew: no session, link or code of before is theirs', async () => {
  const { browser, linkOf, say, engine, wayIn } = await organisationOn(PUBLIC);
  const sam = browser();
  await sam.signIn(await linkOf('sam'));
  const unused = await linkOf('sam');
  const joined = await engine.handle({ as: 'sam', via: 'telegram', place: null, text: '/link-account', pressed: false }, 'test:join');
  const code = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(toPlain(wayIn.reveal(joined.nodes)))?.[0] ?? '';
  expect(code).toHaveLength(9);
  expect(await say('olga', '/person remove sam')).toMatchObject({ ok: true });
  expect(await say('olga', '/person add sam Samantha roles stakeholder')).toMatchObject({ ok: true });
  expect((await sam.get('/board')).headers.get('location')).toBe('/sign-in');
  expect((await browser().signIn(unused)).status).toBe(403);
  const late = await engine.handle({ as: 'telegram:990', via: 'telegram', place: null, text: `/iam ${code}`, pressed: false }, 'test:late');
  expect(late).toMatchObject({ ok: false, code: 'not-found' });
  const samantha = browser();
  expect((await samantha.signIn(await linkOf('sam'))).status).toBe(303);
  expect((await samantha.get('/board')).status).toBe(200);
  tally('bad input', 'a session of somebody who left', 3);
}); // biome-ignore format: long lines

test('what stands in the tables for a secret is not said back as that secret, and hides no words', async () => {
  const { say, wayIn } = await organisationOn(PUBLIC);
  const standIn = /secret-[0-9a-f]{64}/.exec((await say('olga', '/web', 'test:web')).text)?.[0] ?? '';
  expect(standIn).toHaveLength(71);
  const shown = (answer: { nodes: Parameters<typeof wayIn.reveal>[0] }) => toPlain(wayIn.reveal(answer.nodes));
  const given = shown(await say('olga', '/web', 'test:web'));
  const secret = /sign-in#([\w-]{32})/.exec(given)?.[1] ?? '';
  expect(secret).toHaveLength(32);
  const none = `secret-${'0'.repeat(64)}`;
  const lines = [`/status ${standIn}`, `/propose web ${standIn}`, `/iam ${standIn}`, `/nonsense ${standIn}`, standIn, `/propose web Grab ${none} now`];
  for (const [at, line] of lines.entries()) {
    const answer = await say('wim', line, `test:${at}`);
    expect([line, answer.ok, shown(answer).includes(secret)]).toEqual([line, false, false]);
    expect(shown(answer)).not.toContain('This has had its time');
  }
  tally('bad input', 'a secret’s stand-in', lines.length);
}); // biome-ignore format: long lines
