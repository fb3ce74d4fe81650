import type { ForgeAdapter, ForgeIntake, ForgeNews, Job, Performed, TrackerNews } from '../../src/forge-ports.ts';
import type { Chance } from './chance.ts';
import { type Deploying, type Deployment, decideOn, newDeployment, newsOfDeployment } from './github-deployments.ts';
import type { Loop } from './loop.ts';
import type { Network } from './network.ts';

/** GitHub in memory, with its rules: a webhook comes once or never, and what changed can be asked for. */

interface Issue {
  readonly ref: string;
  readonly title: string;
  open: boolean;
  labels: string[];
  /** The place of its last change in the order of all changes. */
  changed: number;
}
export interface GithubState {
  readonly issues: Issue[];
  /** What each marker made, as often as it was made. */
  readonly made: Record<string, string[]>;
  readonly done: Record<string, number>;
  readonly deployments: Deployment[];
  changes: number;
  number: number;
  hooks: number;
  /** Webhooks that we took: they are on disk from then on. */
  taken: string[];
  lost: number;
}
export const newGithub = (): GithubState => ({
  issues: Array.from({ length: 9 }, (_, at) => ({
    ref: `example/web#${at + 1}`, title: `Issue ${at + 1}`, open: true, labels: [], changed: 0,
  })), // biome-ignore format: nine issues
  made: {}, done: {}, deployments: [], changes: 0, number: 100, hooks: 0, taken: [], lost: 0,
}); // biome-ignore format: a list

export interface GithubPeer {
  /** Somebody closes or opens an issue there. */
  turn(ref: string, open: boolean): void;
  /** Somebody starts a deployment. */
  deploy(deploying: Deploying): void;
  adapter(): ForgeAdapter;
  cut(): void;
  /** No deployment arrives any more. */
  calm(): void;
}

export interface GithubParts {
  readonly state: GithubState;
  readonly network: Network;
  readonly loop: Loop;
  readonly chance: Chance;
  /** Who is there now: tells later whether that process still lives. */
  pulse(): () => boolean;
  met(situation: string): void;
  /** GitHub's own, which does not leap. */
  clock(): number;
}

const PAGE = 20;

export function createGithubPeer({ state, network, loop, chance, pulse, met, clock }: GithubParts): GithubPeer {
  let intake: ForgeIntake | undefined;
  function hook(body: readonly ForgeNews[]): void {
    state.hooks += 1;
    const id = `github:${state.hooks}`;
    const there = network.isAway() ? undefined : intake;
    if (there === undefined) {
      state.lost += 1;
      return met('webhook lost');
    }
    const isAlive = pulse();
    loop.after(chance.between('github.hook.way', 2, 3_000), () => {
      if (!isAlive()) state.lost += 1;
      else
        void there.receive(id, body).then((stored) => {
          if (stored === 'stored' && isAlive()) state.taken.push(id);
        });
    });
  }

  let isCalm = false;
  function make(deployment: Deployment): void {
    if (isCalm) return;
    deployment.state = 'made';
    deployment.made = clock();
    touch(state, deployment);
    loop.touch();
    hook(newsOfDeployment(deployment));
  }
  function decide(job: Extract<Job, { do: 'deployment' }>): void {
    const running = decideOn(state.deployments, job);
    if (running !== undefined) loop.after(running.takes, () => make(running));
  }

  return {
    deploy(deploying) {
      const deployment = newDeployment(deploying, state.deployments.length + 1);
      state.deployments.push(deployment);
      if (!deploying.asks) return make(deployment);
      touch(state, deployment);
      hook(newsOfDeployment(deployment));
    },
    turn(ref, open) {
      const issue = find(state, ref);
      if (issue === undefined || issue.open === open) return;
      issue.open = open;
      touch(state, issue);
      hook(newsOfIssue(issue));
    },
    adapter: () => ({
      platform: 'github',
      start: (given) => {
        intake = given;
      },
      stop: async () => {
        intake = undefined;
      },
      state: () => ({ is: 'connected', line: 'GitHub is connected.' }),
      read: (body) => body as readonly ForgeNews[],
      perform: (job, marker, again) =>
        network.call<Performed>('perform', () => {
          if (job.do === 'deployment') decide(job);
          return perform(state, met, job, marker, again);
        }),
      async changes(cursor) {
        const after = Number(cursor ?? 0);
        const page = await network.call('changes', () => {
          const all = [...state.issues, ...state.deployments].filter((each) => each.changed > after);
          const changed = all.sort((a, b) => a.changed - b.changed);
          const some = changed.slice(0, PAGE);
          const news = some.flatMap((each) => ('callback' in each ? newsOfDeployment(each) : newsOfIssue(each)));
          return { news, cursor: String(some.at(-1)?.changed ?? after), more: changed.length > PAGE };
        });
        return 'is' in page && page.is === 'uncertain' ? { is: 'away', why: page.why } : page;
      },
      async look(ref) {
        const found = await network.call('look', () => ({ issue: find(state, ref) }));
        if ('is' in found) return undefined;
        return found.issue === undefined ? null : newsOf(found.issue);
      },
      webhook: { path: '/webhooks/github', handle: async () => ({ status: 202 }) },
      check: async () => [],
    }),
    calm() {
      isCalm = true;
    },
    cut() {
      intake = undefined;
    },
  };
}

const find = ({ issues }: GithubState, ref: string): Issue | undefined => issues.find((issue) => issue.ref === ref);

function touch(state: GithubState, changed: { changed: number }): void {
  state.changes += 1;
  changed.changed = state.changes;
}

const newsOfIssue = (issue: Issue): ForgeNews[] => [{ news: 'tracker', of: newsOf(issue) }];

const newsOf = ({ ref, title, open, labels }: Issue): TrackerNews => ({
  ref, kind: 'issue', title, open, labels: [...labels], platform: 'github',
}); // biome-ignore format: one value

function make(state: GithubState, { where, title, labels }: Extract<Job, { do: 'log' }>, marker: string): string {
  state.number += 1;
  const issue = { ref: `${where}#${state.number}`, title, open: true, labels: [...labels], changed: 0 };
  state.issues.push(issue);
  touch(state, issue);
  state.made[marker] = [...(state.made[marker] ?? []), issue.ref];
  return issue.ref;
}

/** A second try looks for what the first made, by its marker. */
function perform(state: GithubState, met: GithubParts['met'], job: Job, marker: string, again: boolean): Performed {
  state.done[marker] = (state.done[marker] ?? 0) + 1;
  if (job.do === 'turn') {
    const issue = find(state, job.ref);
    if (issue === undefined) return { is: 'refused', why: '404: there is no such issue' };
    issue.open = job.to === 'open';
    touch(state, issue);
  }
  if (job.do !== 'log') return { is: 'done' };
  const known = again ? state.made[marker]?.[0] : undefined;
  if (known !== undefined) met('job found by its marker');
  return { is: 'done', ref: known ?? make(state, job, marker) };
}
