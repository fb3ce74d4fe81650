import { join } from 'node:path';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { isRefusal, openWritable } from '../../src/store/connection.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { createChance } from './chance.ts';
import { createStage, newPeers, type PeerStates, type Stage } from './stage.ts';

/** Where histories begin: an organisation in the middle of its work, at an instant at which something is about to happen. */

export const BEGINNINGS = {
  'a Monday morning': '2026-11-23T10:05:00+01:00',
  'the evening before the freeze': '2026-11-25T23:52:00+01:00',
  'the evening on which it ends': '2026-11-22T23:52:00+01:00',
  'the night that is an hour longer': '2026-10-24T23:40:00+02:00',
  'the night that is an hour shorter': '2027-03-27T23:40:00+01:00',
} as const;
export type Beginning = keyof typeof BEGINNINGS;

export interface Template {
  readonly at: number;
  readonly database: Buffer;
  readonly peers: PeerStates;
}

const templates = new Map<Beginning, Promise<Template>>();

/** It is made once for each beginning, and each history begins with a copy of its own. */
export async function templateOf(beginning: Beginning, folder: string): Promise<Template> {
  const made = templates.get(beginning) ?? make(Date.parse(BEGINNINGS[beginning]), folder);
  templates.set(beginning, made);
  const { at, database, peers } = await made;
  return { at, database, peers: structuredClone(peers) };
}

/** So long before it the work began: the call that it was agreed on is still open. */
const BEFORE = 70 * 60_000;

const STEPS = [
  'sam: /call open',
  ...['1', '2'].flatMap((n) => [
    `mia: /propose web Campaign ${n}`,
    `mia: /link WEB-${n} https://cryptpad.example.org/pad/${n}`,
    `sam: /approve WEB-${n}`,
    `sue: /approve WEB-${n}`,
    `sam: /prioritise WEB-${n} ${n}`,
    `mia: /story WEB-${n} A story`,
    `mia: /handover WEB-${n} web`,
    `wim: /link WEB-${n} baton/us:${n} example/web#${n}`,
    `wim: /done WEB-${n}`,
    `wim: /done WEB-${n}`,
    `wim: /handover WEB-${n} ops`,
    `close ${n}`,
    `olga: /env ready staging WEB-${n}`,
    `olga: /done WEB-${n}`,
    `olga: /release WEB-${n} staging v${n}`,
  ]),
  'sam: /approve WEB-1',
  'sue: /approve WEB-1',
  'mia: /propose web Campaign 3',
  'mia: /link WEB-3 https://cryptpad.example.org/pad/3',
] as const;

async function make(at: number, folder: string): Promise<Template> {
  const from = at - BEFORE;
  const stage = createStage({
    folder, chance: createChance(0), at: from, database: emptyDatabase(folder), peers: newPeers(), onOpened: () => {},
  }); // biome-ignore format: a list
  stage.start();
  await stage.loop.play(stage.loop.now() + 5_000);
  for (const step of STEPS) await play(stage, step);
  // Everything is said, and the time until then has gone by.
  await stage.loop.play(Math.max(stage.loop.now() + 60_000, at - from));
  const problem = stage.problem();
  if (problem !== undefined) throw problem;
  await drive(stage, stage.stop());
  const database = stage.db().serialize();
  stage.end();
  return { at: stage.now(), database, peers: { ...stage.peers } };
}

async function play(stage: Stage, step: string): Promise<void> {
  const bot = stage.bot();
  if (bot === undefined) throw stage.problem() ?? new Error('no process plays the beginning');
  const [, issue] = /^close (\d)$/.exec(step) ?? [];
  if (issue !== undefined) {
    stage.github.turn(`example/web#${issue}`, false);
    return stage.loop.play(stage.loop.now() + 10_000);
  }
  const [, as = '', text = ''] = /^(\w+): (.*)$/.exec(step) ?? [];
  const answer = await drive(stage, bot.engine.handle({ as, via: 'web', place: null, text, pressed: false }));
  if (!answer.ok) throw stage.problem() ?? new Error(`${step}: ${answer.text}`);
}

async function drive<T>(stage: Stage, promise: Promise<T>): Promise<T> {
  const settled = { is: false };
  const done = (): void => {
    settled.is = true;
  };
  promise.then(done, done);
  await stage.loop.play(stage.loop.now() + 60_000, () => settled.is);
  return promise;
}

/** Migrated, and with a secret of the buttons that is always the same: chance has one source. */
function emptyDatabase(folder: string): Buffer {
  const path = join(folder, 'empty.db');
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: () => 0, productVersion: 'sim' });
  if (isRefusal(store)) throw new Error(store.refusal);
  void store.close();
  const db = openWritable(path);
  if (isRefusal(db)) throw new Error(db.refusal);
  db.prepare("insert or replace into meta (name, value) values ('buttons.secret', ?)").run('0'.repeat(64));
  db.pragma('wal_checkpoint(truncate)');
  const bytes = db.serialize();
  db.close();
  return bytes;
}
