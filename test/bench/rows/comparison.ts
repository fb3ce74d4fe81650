import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createCircles } from '../../../adapters/circles/index.ts';
import { createGithub } from '../../../adapters/github/index.ts';
import type { AdapterLog } from '../../../src/forge-ports.ts';
import { createGithubPeer } from '../../peers/github/peer.ts';
import { createTaigaPeer } from '../../peers/taiga/peer.ts';
import { type Bench, inFolder, median, type Row } from '../harness.ts';
import { fillLinked, type Linked, openLinked, REPOSITORY, refOf, type Sort } from '../linked.ts';
import { START } from '../workload.ts';

/** F2 and F3: what a comparison asks of GitHub and of Taiga with a hundred thousand there, when nothing or little has changed. */

const THERE = 100_000;
const CHANGED = 10;
const TIMES = 5;
const EVERY = 5 * 60_000;
/** GitHub's limit, an hour; so many comparisons are made in one. */
const LIMIT = 5_000;
const AN_HOUR = 12;

const quiet: AdapterLog = {
  info: () => {},
  warn: () => {},
  fault: (_message, error) => {
    throw error;
  },
};

interface There {
  readonly linked: Linked;
  /** So many requests were made until now. */
  asked(): number;
  /** Closes one there, or opens it again. */
  turn(n: number): void;
  /** The peer's clock goes with ours. */
  at(now: number): void;
}

interface Measured {
  readonly asked: number;
  readonly took: number;
}

async function compareOnce({ linked, asked, at }: There): Promise<Measured> {
  linked.clock.at += EVERY;
  at(linked.clock.at);
  const before = asked();
  const started = performance.now();
  if (!(await linked.forges.reconcile())) throw new Error('not everything was compared');
  return { asked: asked() - before, took: performance.now() - started };
}

async function measure(there: There, sort: Sort, name: string, id: string): Promise<Row[]> {
  const quietOnes: Measured[] = [];
  const busy: Measured[] = [];
  // The first two find the place from which to go on.
  for (let n = 0; n < 2; n += 1) await compareOnce(there);
  for (let n = 0; n < TIMES; n += 1) quietOnes.push(await compareOnce(there));
  for (let n = 0; n < TIMES; n += 1) {
    const numbers = Array.from({ length: CHANGED }, (_, m) => 1 + (((n * CHANGED + m) * 997) % THERE));
    there.at(there.linked.clock.at + EVERY / 2);
    for (const number of numbers) there.turn(number);
    busy.push(await compareOnce(there));
    for (const number of numbers)
      if (there.linked.engine.world().get('ref', refOf(sort, number))?.open !== false)
        throw new Error(`${refOf(sort, number)} was not followed`);
  }
  const row = (rowId: string, what: string, all: readonly Measured[]): Row => {
    const asked = median(all.map((each) => each.asked));
    const share = (asked * AN_HOUR) / LIMIT;
    return {
      id: rowId,
      what,
      goal: `≤ 10 % of ${LIMIT.toLocaleString('en')} requests an hour`,
      measured: `${asked} requests, ${(share * 100).toFixed(1)} %; ${median(all.map(({ took }) => took)).toFixed(0)} ms with the peer’s own part`,
      met: share <= 0.1,
    };
  };
  const things = sort === 'issue' ? 'issues' : 'stories';
  return [
    row(id, `a comparison with ${name}, ${THERE.toLocaleString('en')} ${things} there, nothing changed`, quietOnes),
    row(`${id}-changed`, `the same, ${CHANGED} changed`, busy),
  ];
}

async function github(folder: string): Promise<Row[]> {
  const path = join(folder, 'github.db');
  await fillLinked(path, THERE);
  let now = START;
  const peer = await createGithubPeer({ now: () => now, repositories: [REPOSITORY] });
  const repo = peer.repo(REPOSITORY);
  const somebody = peer.user('somebody');
  const made = START - 7 * 24 * 3_600_000;
  for (let number = 1; number <= THERE; number += 1)
    repo.issues.push({
      id: 1_000_000 + number, number, title: `What is wanted as ${refOf('issue', number)}`, body: '', user: somebody,
      state: 'open', reason: null, labels: ['bug'], created: made, updated: made, comments: [], isPull: false,
    }); // biome-ignore format: one value
  const linked = await openLinked(path, (clock) =>
    createGithub({
      appId: peer.appId,
      privateKey: peer.access.privateKey,
      apiUrl: peer.apiUrl,
      repositories: [REPOSITORY],
      clock,
      log: quiet,
      throttled: false,
    }),
  );
  const rows = await measure(
    {
      linked,
      asked: () => peer.calls.length,
      turn: (n) => {
        const issue = repo.issues[n - 1];
        if (issue !== undefined) peer.turn(repo, issue, somebody, 'closed');
      },
      at: (moment) => {
        now = moment;
      },
    },
    'issue',
    'GitHub',
    'F2',
  );
  await linked.close();
  await peer.stop();
  return rows;
}

async function taiga(folder: string): Promise<Row[]> {
  const path = join(folder, 'circles.db');
  await fillLinked(path, THERE, 'story');
  let now = START - 7 * 24 * 3_600_000;
  const peer = await createTaigaPeer({ now: () => now });
  const [owner, bot] = [peer.user('owner'), peer.user('baton')];
  const project = peer.project('grid', owner);
  peer.member(project, bot, ['view_project', 'view_us', 'view_issues', 'view_tasks']);
  const stories = Array.from({ length: THERE }, (_, n) =>
    peer.add('userstory', project, owner, { subject: `What is wanted as ${refOf('story', n + 1)}` }),
  );
  if (refOf('story', stories.at(-1)?.ref ?? 0) !== `${project.slug}/us:${THERE}`) throw new Error('other names there');
  now = START;
  const linked = await openLinked(path, (clock) =>
    createCircles({
      url: peer.url,
      token: peer.accounts.applicationToken(bot),
      closedStatuses: [],
      circles: () => [project.slug],
      mirror: (ref) => linked.engine.world().get('ref', ref)?.open,
      tokens: { load: () => undefined, save: async () => undefined },
      clock,
      log: quiet,
    }),
  );
  const rows = await measure(
    {
      linked,
      asked: () => peer.seen.length,
      turn: (n) => {
        const story = stories[n - 1];
        if (story !== undefined) peer.moveTo(story, owner, 'done');
      },
      at: (moment) => {
        now = moment;
      },
    },
    'story',
    'Taiga',
    'F3',
  );
  await linked.close();
  await peer.close();
  return rows;
}

export const withGithub: Bench = { name: 'F2', run: () => inFolder(github) };
export const withTaiga: Bench = { name: 'F3', run: () => inFolder(taiga) };
