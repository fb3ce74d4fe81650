import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRefusal, openReadOnly } from '../../src/store/connection.ts';
import { tally } from '../support/tally.ts';
import { organisationOn } from '../web/given-app.ts';

/** The pages of an organisation, full of words that would like to be more than words. */

const PAGES = ['/board', '/waiting', '/console', '/chat/general', '/chat/ops', '/tracker', '/mail', '/settings', '/outbox', '/rules', '/commands', '/item/WEB-1', '/words', '/nowhere']; // biome-ignore format: a list

/** Each carries a number of its own, so that what is found can be told apart. */
const evil = (at: number): string =>
  `<script>alert(${at})</script><img src=x onerror=alert(${at})>"'><svg/onload=alert(${at})>{{${at}*7}}&lt;b&gt;`;

/** Tags that the pages themselves never have, attributes that run, addresses that run. */
const RUNS =
  /<(?:script(?! src="\/assets\/)|img|svg(?=\/)|iframe|object|embed|style|base|meta http-equiv)[\s>/]|<[^>"']*(?:"[^"]*"[^>"']*)*\son\w+\s*=|(?:href|src|action|formaction)\s*=\s*["']?\s*(?:javascript|data|vbscript):/i;

test('what people write is nothing but words in every field of every page', async () => {
  const site = await organisationOn();
  let at = 0;
  const count = (): number => {
    at += 1;
    return at;
  };
  const next = () => evil(count());
  const url = (): string => `https://pad.example.org/"><script>alert(${count()})</script>`;
  const lines: readonly (readonly [string, string])[] = [
    ['olga', `/person add evil ${next()} roles stakeholder`],
    ['sam', '/call open'],
    ['wim', `/propose web ${next()}`],
    ['wim', `/link WEB-1 ${url()}`],
    ['wim', '/link WEB-1 https://pad.example.org/javascript:alert(1)'],
    ['wim', '/link WEB-1 javascript:alert(1)'],
    ['sam', `/approve WEB-1 ${next()}`],
    ['evil', `/approve WEB-1 ${next()}`],
    ['sam', '/prioritise WEB-1 1'],
    ['sam', `/object WEB-1 ${next()}`],
    ['wim', `/bug critical WEB-1 ${next()}`],
    ['wim', `/story WEB-1 ${next()}`],
    ['wim', `/feedback WEB-1 ${next()}`],
    ['wim', `/urgent WEB-1 ${next()}`],
    ['wim', `/escalate WEB-1 ${next()}`],
    ['wim', `/announce WEB-1 ${next()}`],
    ['wim', `/alert major ${next()}`],
    ['olga', `/ack ALERT-1 ${next()}`],
    ['olga', `/freeze declare 2026-12-24 2026-12-27 ${next()}`],
    ['wim', `/propose web ${next()}`],
    ['wim', `/drop WEB-2 ${next()}`],
    ['wim', next()],
    ['wim', `/${next()}`],
  ];
  for (const [as, text] of lines) await site.say(as, text, `evil:${at}:${text.slice(0, 12)}`);
  const olga = site.browser();
  await olga.signIn(await site.linkOf('olga'));
  for (const text of [next(), `/status ${next()}`, `/history ${next()}`])
    await olga.post('/say', { page: await olga.page(), place: 'general', text });
  let shown = 0;
  for (const page of [...PAGES, `/item/${encodeURIComponent(next())}`, `/console?say=${encodeURIComponent(next())}`, `/sign-in?x=${encodeURIComponent(next())}`]) {
    const { text, headers } = await olga.get(page);
    if (headers.get('content-type')?.includes('json') === true) continue;
    expect([page, RUNS.exec(text)?.[0]]).toEqual([page, undefined]);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    shown += text.split('&lt;script&gt;alert(').length - 1;
  }
  // They are all there to be read, as they were written.
  expect(shown).toBeGreaterThan(20);
  tally('bad input', 'XSS', at);
  expect(RUNS.test(evil(1))).toBe(true);
}); // biome-ignore format: a long list

const INJECTIONS = ["'", "' OR 1=1 --", '1; drop table events', '%', '_', '..', '%00', '-1', '1e9', 'NaN', '__proto__', 'constructor', '[]', '{"$gt":""}', '../../etc/passwd', 'WEB-1/../../outbox']; // biome-ignore format: a list

test('whatever is asked for in an address is looked up, and never carried out', async () => {
  const site = await organisationOn();
  await site.say('sam', '/call open', 'q1');
  await site.say('wim', '/propose web Campaign', 'q2');
  const olga = site.browser();
  await olga.signIn(await site.linkOf('olga'));
  const before = site.store.events(0, 1_000).length;
  const plain = (text: string) => text.replace(/value="[0-9a-f-]{36}\.[0-9a-f]+"/g, '').replace(/data-\w+="[^"]*"/g, '');
  for (const page of ['/board', '/tracker', '/outbox', '/mail', '/item/WEB-1', '/waiting']) {
    const own = plain((await olga.get(page)).text);
    for (const words of INJECTIONS)
      for (const name of ['q', 'sort', 'order', 'limit', 'page', 'kind', 'from', 'id']) {
        const asked = await olga.get(`${page}?${name}=${encodeURIComponent(words)}`);
        expect([page, name, words, asked.status]).toEqual([page, name, words, 200]);
        // Nothing more is shown, and nothing less: there is no search that could be talked to.
        expect([page, name, words, plain(asked.text) === own]).toEqual([page, name, words, true]);
      }
  }
  for (const words of INJECTIONS)
    for (const path of ['/item/', '/chat/', '/handbook/', '/assets/'])
      expect([path, words, (await olga.get(`${path}${encodeURIComponent(words)}`)).status]).toEqual([path, words, expect.toBeOneOf([302, 303, 404])]);
  expect(site.store.events(0, 1_000)).toHaveLength(before);
  expect(site.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  tally('bad input', 'SQL', INJECTIONS.length * (6 * 8 + 4));
}); // biome-ignore format: long lines

test('what is asked by reading changes nothing, also as somebody who may', async () => {
  const site = await organisationOn();
  await site.say('sam', '/call open', 'r1');
  await site.say('wim', '/propose web Campaign', 'r2');
  const sam = site.browser();
  await sam.signIn(await site.linkOf('sam'));
  const before = site.store.events(0, 1_000).length;
  for (const path of ['/say?text=/approve+WEB-1', '/press?press={"command":"approve","on":"WEB-1"}', '/sign-out', '/outbox/1/retry', '/outbox/retry', '/as?as=olga', '/clock?move=1']) {
    expect([path, (await sam.get(path)).status]).toEqual([path, expect.toBeOneOf([404, 405])]);
    expect(site.store.events(0, 1_000)).toHaveLength(before);
  }
  expect((await sam.get('/waiting')).status).toBe(200);
}); // biome-ignore format: long lines

test('a handle that reads writes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-abuse-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { openSqliteStore } = await import('../../src/store/sqlite.ts');
  const path = join(folder, 'baton.db');
  const store = openSqliteStore({ path, fold: 1, now: () => 1, productVersion: 'test' });
  if ('refusal' in store) throw new Error(store.refusal);
  await store.setMeta('name', 'before');
  const db = openReadOnly(path);
  if (isRefusal(db)) throw new Error(db.refusal);
  for (const statement of [
    "update meta set value = 'after'",
    'delete from events',
    "insert into meta (name, value) values ('a', 'b')",
    'drop table events',
    'create table evil (a)',
    'pragma user_version = 99',
  ])
    expect(() => db.exec(statement), statement).toThrow(/readonly|query_only|read-only/i);
  db.close();
  expect(store.meta('name')).toBe('before');
  await store.close();
});
