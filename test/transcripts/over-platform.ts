import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { playOver } from '../support/over-chats.ts';
import { play, readTranscript, TRANSCRIPTS, transcripts } from '../support/simulator.ts';
import { createStage, type Stage } from '../support/stage.ts';

/**
 * The conversations of the core, spoken at Telegram and at Slack over their real clients: the same answers and the same
 * events as in the simulator. What differs by nature is the names of strangers' accounts, and codes.
 */

let folder: string;
let stage: Stage | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-over-'));
});
afterEach(async () => {
  await stage?.close();
  stage = undefined;
  rmSync(folder, { recursive: true });
});

function organisation() {
  const read = readOrganisation(join(TRANSCRIPTS, 'organisation.yaml'));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.organisation;
}

const everyone = new Set(organisation().people.map(({ id }) => id));

/** All the script's strangers have an account on the stage. */
const strangersOf = (script: string): string[] => [
  ...new Set([...script.matchAll(/"as": ?"([^"]+)"/g)].map((found) => found[1] ?? '').filter((id) => !everyone.has(id))),
];

/** Codes differ from run to run, and only a platform has accounts to tell a stranger of. */
const codes = (text: string): string =>
  text.replaceAll(/\b[A-Z2-9]{4}-[A-Z2-9]{4}\b/g, 'ABCD-2345').replaceAll(/ \(your account is [^)]*\)/g, '');

/** Every conversation, over this platform. */
export const testOver = (platform: 'telegram' | 'slack'): void =>
  test.each(transcripts)(`%s over ${platform}`, { timeout: 60_000 }, async (name) => {
    // Whoever is added on the way has their account on the platform that they will speak on.
    const script = readTranscript(`${name}.jsonl`).replace(
      /telegram 2001/,
      platform === 'telegram' ? 'telegram 9001' : 'slack U0STRANGER0',
    );
    const strangers = strangersOf(script);
    stage = await createStage(organisation(), strangers);
    const here = stage;
    const spoken = script.replaceAll(/"via": ?"[a-z]+"/g, `"via":"${platform}"`).replaceAll(/\{"as": ?/g, `{"via":"${platform}","as":`).replaceAll(/("via":"[a-z]+"),(.*)"via":"[a-z]+", ?/g, '$1,$2');
    const simulated = await play(spoken, { organisation: here.organisation, db: join(folder, 'simulated.sqlite') });
    expect(simulated.bad).toBeUndefined();
    const over = await playOver(script, { platform, stage: here, path: join(folder, 'over.sqlite') });
    const plain = (text: string): string =>
      [...strangers, ...everyone].reduce((all, id) => {
        const account = here.accountOf(platform, id);
        return all.replaceAll(`${platform}:${id}`, id).replaceAll(account, id);
      }, codes(text));
    const said = simulated.answers
      .filter(({ line, item, code }) => item === undefined && code !== 'moved' && code !== 'noted' && code !== 'received' && code !== 'restarted' && line !== undefined)
      .filter(({ text, code }) => text !== undefined || code === 'silent')
      .map(({ line, ok, code, rule, key, text = '' }) => plain(JSON.stringify({ line, ok, code, rule, key, text })));
    expect(over.answers.map(({ line, ok, code, rule, key, text = '' }) => plain(JSON.stringify({ line, ok, code, rule, key, text })))).toEqual(said);
    expect(over.unseen).toEqual([]);
    expect(factsOf(over.events, plain)).toEqual(factsOf(eventsIn(join(folder, 'simulated.sqlite')), plain));
  });

type Events = Awaited<ReturnType<typeof playOver>>['events'];

function eventsIn(path: string): Events {
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: () => 0, productVersion: 'test' });
  if ('refusal' in store) throw new Error(store.refusal);
  const events = store.events(0, 100_000);
  void store.close();
  return events;
}

/** What happened, without the hashes of codes, and without what only a platform tells: how people are called there. */
function factsOf(events: Events, plain: (text: string) => string): string[] {
  const versions = new Map<string, number>();
  return events
    .filter(({ type }) => type !== 'handle-seen')
    .map(({ stream, type, at, actor, data }) => {
      const version = (versions.get(stream) ?? 0) + 1;
      versions.set(stream, version);
      return plain(`${stream.replace(/^code\/.*/, 'code/…')} ${version} ${type} ${at} ${actor} ${JSON.stringify(data)}`);
    });
}
