import { expect, test } from 'vitest';
import { tally } from '../support/tally.ts';
import { ask } from '../web/demo.ts';
import { fullOfCanaries, TARGETS } from './stranger-scene.ts';

/** A stranger with a browser, or with anything that speaks HTTP: the app's own routes, and every webhook's address. */

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
const ODD_BODIES = [
  '',
  '{}',
  '[]',
  'null',
  '"x"',
  '{',
  'a=b',
  'payload=%7B%7D',
  '{"update_id":1}',
  '{"__proto__":{"ok":true}}',
  '\ufeff{}',
  '\0',
  '['.repeat(10_000),
];
/** What a route's part may be: everything that there is, and what a link of somebody else would carry. */
const parts = (more: readonly string[]): readonly string[] => [
  ...TARGETS,
  ...more,
  'general',
  'ops',
  'manual',
  'install',
  '1',
  '-1',
  '..',
  '%2e%2e',
  '__proto__',
  'A'.repeat(80),
];

test('every route with every method, whatever stands in it: the way in, and nothing else', { timeout: 180_000 }, async () => {
  const { whole, check, digest, heard } = await fullOfCanaries();
  const { origin, routes, engine } = whole.bot();
  const paths = [...new Set(routes.map(({ path }) => path))].filter((path) => !path.includes('*'));
  expect(paths).toEqual(expect.arrayContaining(['/board', '/item/:key', '/say', '/mail/end/:token', '/events', '/sign-in']));

  // A link that was for somebody, and is over or not theirs; a session of whom is gone.
  const { text } = await engine.handle({ as: 'olga', via: 'web', place: null, text: '/web', pressed: false }, 'stranger:web');
  const expired = /sign-in#([\w-]+)/.exec(text)?.[1] ?? 'none';
  await whole.advance(11 * 60_000);
  await whole.settled();
  const before = digest();
  heard();
  const chats = whole.organisation.chats.map(({ name }) => name);
  const came: string[] = [];
  let asked = 0;
  const cookies = ['', '__Host-baton=x', `__Host-baton=${expired}`, 'person=olga'];
  for (const path of paths) {
    const filled = path.includes(':') ? parts(chats).map((part) => path.replace(/:\w+(?:\{[^}]*\})?/, encodeURIComponent(part))) : [path];
    for (const [at, each] of filled.entries())
      for (const method of METHODS) {
        const headers = {
          ...(method === 'GET' || method === 'HEAD' ? {} : { origin, 'content-type': 'application/x-www-form-urlencoded' }),
          cookie: cookies[(at + asked) % cookies.length],
        };
        const body = method === 'GET' || method === 'HEAD' ? undefined : new URLSearchParams({ page: 'x', text: '/board', place: 'ops', secret: expired, as: 'olga', press: '{}' }).toString();
        const answer = await ask(origin, each, { method, headers, ...(body === undefined ? {} : { body }) });
        asked += 1;
        expect([method, each, answer.status]).toEqual([method, each, expect.toSatisfy((status) => status < 500 && status !== 429 || each === '/sign-in')]);
        // What the stranger has sent comes back with the address alone.
        came.push(`${JSON.stringify(answer.headers)}${answer.text}`.replaceAll(encodeURIComponent(chats.at(-1) ?? ''), ''));
      }
  }
  check('the pages', came);
  await whole.settled();
  expect(heard()).toEqual([]);
  expect(digest()).toEqual(before);
  tally('bad input', 'a stranger at the pages', asked);
}); // biome-ignore format: long lines

test('every webhook’s address, unsigned, with odd bodies: refused, nothing stored', { timeout: 180_000 }, async () => {
  const { whole, check, digest, heard } = await fullOfCanaries({ chats: 'webhooks' });
  const { origin, connections, engine } = whole.bot();
  const paths = [...connections.webhooks.keys()];
  expect(paths.length).toBeGreaterThan(3);
  const [before, audits] = [digest(), engine.store.inbox(10_000).length];
  heard();
  const came: string[] = [];
  let asked = 0;
  const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', ''];
  for (const path of paths)
    for (const body of ODD_BODIES)
      for (const [at, method] of METHODS.entries()) {
        if ((method === 'GET' || method === 'HEAD') && body !== '') continue;
        const headers = { 'content-type': types[(at + asked) % types.length], 'x-github-event': 'issues', 'x-github-delivery': `odd-${asked}` };
        const answer = await ask(origin, path, { method, headers, ...(body === '' ? {} : { body }) });
        asked += 1;
        expect([method, path, body.slice(0, 20), answer.status]).toEqual([method, path, body.slice(0, 20), expect.toBeOneOf([400, 401, 403, 404, 405, 411, 413, 415])]);
        came.push(`${JSON.stringify(answer.headers)}${answer.text}`);
      }
  check('the webhooks', came);
  await whole.settled();
  expect(heard()).toEqual([]);
  expect([digest(), engine.store.inbox(10_000).length]).toEqual([before, audits]);
  tally('bad input', 'a stranger at the webhooks', asked);
}); // biome-ignore format: long lines
