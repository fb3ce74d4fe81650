import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMail } from '../../adapters/email/index.ts';
import { letterOf } from '../../adapters/email/render.ts';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { createChats } from '../../src/shell/chats.ts';
import { type Engine, startEngine } from '../../src/shell/engine.ts';
import { createForgeWatch } from '../../src/shell/forge-watch.ts';
import { createForges } from '../../src/shell/forges.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import { mailSeal } from '../../src/shell/mail-seal.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { createWayIn } from '../../src/shell/way-in.ts';
import type { OutboxRow, Store } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { accessOf } from '../../src/web/access.ts';
import { createApp } from '../../src/web/app.ts';
import { hostsOf } from '../../src/web/guard.ts';
import { createHub } from '../../src/web/hub.ts';
import { createSmtpPeer, type SmtpPeer } from '../peers/smtp/peer.ts';

/** The real engine, delivery and pages, with letters that go over real SMTP to a peer of this process. */

const ORGANISATION = `
organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops], email: olga@example.net }
  - { id: omar, name: Omar, roles: [ops], email: omar@example.net }
  - { id: ada, name: Ada, roles: [admin] }
  - { id: tess, name: Tess, email: Tess.T@Example.net }
on_call: { rotates: weekly, starts: 2026-11-02, people: [olga, omar] }
`;
export const PUBLIC = 'https://baton.example.org';
const PORT = 8080;
/** A Saturday on which Omar is on call. */
const SATURDAY = Date.parse('2026-11-28T10:00:00+01:00');

export type Rig = Awaited<ReturnType<typeof createRig>>;

export async function createRig(given: { readonly publicUrl?: string | undefined; readonly host?: string } = {}) {
  const publicUrl = 'publicUrl' in given ? given.publicUrl : PUBLIC;
  const folder = mkdtempSync(join(tmpdir(), 'baton-mail-'));
  const path = join(folder, 'baton.db');
  const peer = await createSmtpPeer();
  const time = { now: SATURDAY };
  let running = await start(path, peer, time, publicUrl);
  onTestFinished(async () => {
    await peer.close();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const say = async (as: string, text: string): Promise<string> =>
    (await running.engine.handle({ as, via: 'web', place: null, text, pressed: false })).text;
  return {
    peer,
    path,
    say,
    get engine(): Engine {
      return running.engine;
    },
    get hub() {
      return running.hub;
    },
    get seal() {
      return running.seal;
    },
    now: () => time.now,
    /** Moves the clock; what is due by then is looked at by the bot itself. */
    wait: (milliseconds: number) => {
      time.now += milliseconds;
    },
    /** An invitation of its own to somebody, straight into the outbox. */
    write: (email: string, text = 'Come and test'): Promise<void> => write(running.engine, email, text, time.now),
    rows: (email: string): readonly OutboxRow[] => running.engine.store.messages([{ email }], 100),
    parked: (): readonly OutboxRow[] => running.engine.store.parked(100),
    request: (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
      running.app.request(`${publicUrl ?? 'http://127.0.0.1'}${path}`, {
        ...init,
        headers: { host: new URL(publicUrl ?? `http://127.0.0.1:${PORT}`).host, ...init.headers },
      }),
    handle: (request: Request) => running.app.fetch(request),
    restart: async () => {
      await running.stop();
      running = await start(path, peer, time, publicUrl);
    },
  };
}

async function write({ store }: Engine, email: string, text: string, at: number): Promise<void> {
  const row = {
    kind: 'invitation', lane: 'answer', to: { email }, key: null, at, late: false, body: { text, nodes: [text] },
  } as const; // biome-ignore format: one row
  const commit = { events: [], states: [], outbox: [row], timers: [], cleared: [], mirrors: [], outcome: null };
  await store.write([{ decide: () => commit }]);
}

async function start(path: string, peer: SmtpPeer, time: { now: number }, publicUrl: string | undefined) {
  const clock = { now: () => time.now };
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: '0.0.0' });
  const read = parseOrganisation('org.yaml', ORGANISATION);
  const loaded = loadProcesses();
  if ('problems' in read || 'problems' in loaded || 'refusal' in store) throw new Error('the test’s files are wrong');
  const log = createLog('silent');
  const wayIn = createWayIn(clock);
  const watch = createForgeWatch([]);
  const policies = {
    organisation: read.organisation,
    rules: await loadRules(),
    processes: loaded.processes,
    processOf: await createLibrary(store, loaded.processes),
    wayIn,
  };
  const engine = await startEngine({
    store, clock, policies, catalogue: await loadCommands(), links: { check: async () => 200 }, log,
  }); // biome-ignore format: a list
  const sender = createMail({
    url: peer.url, from: 'Baton <baton@example.org>', messageHost: 'example.org', clock, log,
    patience: { connect: 8_000, greeting: 8_000, silence: 8_000, whole: 20_000 },
  }); // biome-ignore format: a list
  const mail = { sender, letterOf, publicUrl };
  const forges = await createForges({ engine, watch, adapters: [], clock, log, chance: () => 0, mail });
  const chats = await createChats({ engine, adapters: [], clock, log, chance: () => 0, carriers: forges.carriers });
  const hub = createHub({ engine, log, clock, database: path, platforms: ['Mail'] });
  const seal = await mailSeal(store as Store);
  const ending = new AbortController();
  const origin = `http://127.0.0.1:${PORT}`;
  const app = createApp({
    hub, key: 'key', seal, origin, access: accessOf('127.0.0.1', origin, publicUrl),
    isOurs: hostsOf('127.0.0.1', PORT, publicUrl), ending: ending.signal,
  }); // biome-ignore format: a list
  forges.start();
  chats.start();
  const stop = async (): Promise<void> => {
    ending.abort();
    await Promise.all([chats.stop(), forges.stop()]);
    await engine.drained();
    await store.close();
  };
  return { engine, hub, app, seal, stop };
}
