import Sqlite from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import { organisationOn } from './given-app.ts';

/** What the pages of the console are made from: a handle that can not write, asked in whole statements with a limit. */

interface Asked {
  readonly handle: Sqlite.Database;
  readonly sql: string;
}

/** Every statement that is prepared from here on, with its handle. */
function listen(): Asked[] {
  const asked: Asked[] = [];
  const prepare = Sqlite.prototype.prepare;
  vi.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (this: Sqlite.Database, sql: string) {
    asked.push({ handle: this, sql });
    return prepare.call(this, sql);
  });
  return asked;
}
afterEach(() => vi.restoreAllMocks());

const PAGES = [
  '/board', '/tracker', '/mail', '/settings', '/rules', '/commands', '/item/WEB-1', '/item/WEB-99', '/waiting', '/console',
  '/chat/ops', '/outbox', '/words', '/nothing',
]; // biome-ignore format: a list

/** An organisation in which something has happened, and an admin who looks at it. */
async function lookedAt() {
  const asked = listen();
  const site = await organisationOn();
  await site.say('wim', '/propose web Campaign', 'a');
  await site.say('sam', '/alert critical The node is down', 'b');
  const browser = site.browser();
  await browser.signIn(await site.linkOf('olga'));
  const statuses = async () => {
    const all: [string, number][] = [];
    for (const path of PAGES) all.push([path, (await browser.get(path)).status]);
    return all;
  };
  return { asked, site, browser, statuses };
}

test('every page is shown as before while the handle that writes is closed', async () => {
  const { asked, site, browser, statuses } = await lookedAt();
  const before = await statuses();
  expect(before.filter(([, status]) => status === 200).length).toBeGreaterThan(10);
  const text = (await browser.get('/item/WEB-1')).text.replaceAll(/value="[^"]*"/g, '');
  for (const { handle } of asked) if (!handle.readonly) handle.close();
  expect(await statuses()).toEqual(before);
  expect((await browser.get('/item/WEB-1')).text.replaceAll(/value="[^"]*"/g, '')).toBe(text);
  expect(site.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test('no query of a page is without a limit, and none could write', async () => {
  const { asked, statuses } = await lookedAt();
  await statuses();
  const ofPages = asked.filter(({ handle }) => handle.readonly);
  expect(ofPages.length).toBeGreaterThan(10);
  for (const { sql } of ofPages)
    expect(sql).toMatch(/ limit (\?|\d+)$|^select (sqlite_version\(\)|1 from sqlite_schema limit 1)$/);
  const [handle] = ofPages.map((each) => each.handle);
  expect(handle?.pragma('query_only', { simple: true })).toBe(1);
  expect(handle?.pragma('busy_timeout', { simple: true })).toBeLessThan(1_000);
  expect(() => handle?.exec("update meta set value = 'x'")).toThrow(/readonly/);
  // Nothing is open when a page is done: the journal can be taken in at any time.
  expect(handle?.inTransaction).toBe(false);
});

test('a page holds nothing that decides or writes', async () => {
  const { site } = await lookedAt();
  const { sight } = site.hub;
  expect(Object.keys(sight).sort()).toEqual([
    'catalogue', 'chats', 'database', 'isDemo', 'platforms', 'policies', 'readOnly', 'reading', 'transcript', 'world',
  ]); // biome-ignore format: a list
  expect(Object.keys(sight.reading).sort()).toEqual([
    'figures', 'history', 'inbox', 'late', 'messages', 'mirror', 'nextTimer', 'open', 'parked', 'state', 'waiting',
  ]); // biome-ignore format: a list
});

test('what a form has changed stands on the very next page', async () => {
  const { site, browser } = await lookedAt();
  const wim = site.browser();
  await wim.signIn(await site.linkOf('wim'));
  await wim.post('/say', { page: await wim.page(), place: '', text: '/propose web Banner' });
  for (const path of ['/board', '/console']) expect((await wim.get(path)).text, path).toContain('Banner');
  const [row] = await site.store.claim(site.hub.clock.now(), 1);
  await site.store.mark(row?.id ?? 0, 'failed', { reason: 'the chat is gone' });
  expect((await browser.get('/outbox')).text).toContain('the chat is gone');
  await browser.post('/outbox', { page: await browser.page(), row: String(row?.id), do: 'discard' });
  expect((await browser.get('/outbox')).text).not.toContain('the chat is gone');
});
