import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { toPlain } from '../../src/core/text.ts';
import { startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { createWayIn } from '../../src/shell/way-in.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { accessOf } from '../../src/web/access.ts';
import { createApp } from '../../src/web/app.ts';
import { hostsOf } from '../../src/web/guard.ts';
import { type ChatLine, createHub } from '../../src/web/hub.ts';
import { consoleKey } from '../../src/web/session.ts';
import { pageIdIn } from './demo.ts';

/** The pages of a real organisation with a clock that a test moves, and browsers that keep their cookies. */

const ORGANISATION = `
organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops, admin] }
  - { id: sam, name: Sam, roles: [stakeholder] }
  - { id: wim, name: Wim, roles: [web, promotion] }
  - { id: maximiliane, name: Maximiliane-Alexandra von und zu Hohenstaufen-Wittelsbach, roles: [ops] }
chats:
  - { name: general, team: everyone }
  - { name: ops, team: ops }
  - { name: testers, team: testers }
`;
const PORT = 8080;
const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');
export const MINUTE = 60_000;

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function organisationOn(publicUrl?: string, port = PORT, host = '127.0.0.1') {
  const folder = mkdtempSync(join(tmpdir(), 'baton-app-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'baton.db');
  let now = MONDAY;
  const clock = { now: () => now };
  const read = parseOrganisation('org.yaml', ORGANISATION);
  const loaded = loadProcesses();
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: '0.0.0' });
  if ('problems' in read || 'problems' in loaded || 'refusal' in store) throw new Error('the test’s files are wrong');
  onTestFinished(() => store.close());
  const lines: string[] = [];
  const log = createLog('trace', { write: (line: string) => void lines.push(line) });
  const wayIn = createWayIn(clock);
  const policies = {
    organisation: read.organisation,
    rules: await loadRules(),
    processes: loaded.processes,
    processOf: await createLibrary(store, loaded.processes),
    wayIn,
  };
  const catalogue = await loadCommands();
  const engine = await startEngine({ store, clock, policies, catalogue, links: { check: async () => 200 }, log });
  let chats: readonly ChatLine[] = [];
  const hub = createHub({ engine, log, clock, database: path, platforms: [], chats: () => chats });
  const origin = `http://127.0.0.1:${port}`;
  const access = accessOf(host, origin, publicUrl);
  wayIn.address = access.address;
  const ending = new AbortController();
  const app = createApp({
    hub,
    key: await consoleKey(store),
    origin,
    access,
    isOurs: hostsOf(host, port, publicUrl),
    ending: ending.signal,
  });

  const say = (as: string, text: string, id?: string) =>
    engine.handle({ as, via: 'shell', place: null, text, pressed: false }, id);

  /** The secret in the link that somebody is told when they say `/web`. */
  async function linkOf(person: string): Promise<string> {
    const { nodes } = await say(person, '/web', `test:${randomUUID()}`);
    return /\/sign-in#([\w-]+)/.exec(toPlain(wayIn.reveal(nodes)))?.[1] ?? '';
  }

  return {
    app,
    store,
    engine,
    hub,
    wayIn,
    lines,
    say,
    linkOf,
    address: access.address,
    connect: (lines: readonly ChatLine[]) => {
      chats = lines;
    },
    wait: (time: number) => {
      now += time;
    },
    browser: () => createBrowser((path, init) => app.request(`${access.address}${path}`, init), access.address),
  };
}

export interface Browser {
  /** Its cookies, as it would send them. */
  cookie: string;
  /** The whole of the last cookie that it was given. */
  readonly given: () => string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>;
  signIn(secret: string): Promise<Answered>;
  /** The id that the forms of a fresh page carry. */
  page(): Promise<string>;
}

type Fetch = (path: string, init: RequestInit) => Response | Promise<Response>;

function createBrowser(fetch: Fetch, address: string): Browser {
  let given = '';
  async function ask(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Answered> {
    const { host } = new URL(address);
    const headers = { host, ...(browser.cookie === '' ? {} : { cookie: browser.cookie }), ...init.headers };
    const response = await fetch(path, { ...init, headers });
    given = response.headers.get('set-cookie') ?? given;
    const [pair] = (response.headers.get('set-cookie') ?? '').split(';');
    if (pair !== undefined && pair !== '') browser.cookie = pair.endsWith('=') ? '' : pair;
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  const browser: Browser = {
    cookie: '',
    given: () => given,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, fields, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { origin: address, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
    signIn: (secret) => browser.post('/sign-in', { secret }),
    page: async () => pageIdIn((await browser.get('/waiting')).text),
  };
  return browser;
}
