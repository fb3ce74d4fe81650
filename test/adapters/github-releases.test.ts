import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../src/forge-ports.ts';
import { shaOf } from '../peers/github/actions.ts';
import { effectsOf } from '../peers/github/effects.ts';
import { openRig, type Rig } from './github-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.stop());

const repo = () => rig.peer.repo('example/grid');

const waiting = () => {
  repo().guarded.add('production');
  const deployment = rig.peer.deploy(repo(), rig.peer.user('olga'), { environment: 'production' });
  const callback = `${rig.peer.apiUrl}/repos/example/grid/actions/runs/${deployment.run}/deployment_protection_rule`;
  const job = (decision: 'approved' | 'rejected' | 'held', comment: string): Job => ({
    do: 'deployment',
    callback,
    environment: 'production',
    decision,
    comment,
  });
  return { deployment, job };
};

test('a deployment is held with the reason, and then let through', async () => {
  const { deployment, job } = waiting();
  expect(
    await rig.github.perform(job('held', `Frozen until Monday, @team. ${'x'.repeat(2_000)}`), 'm-1', false),
  ).toEqual({ is: 'done' });
  expect(deployment).toMatchObject({ waits: true, reports: [{ state: undefined }] });
  expect(effectsOf(deployment.reports[0]?.comment ?? '').mentions).toEqual([]);
  expect(deployment.reports[0]?.comment.length).toBe(1_024);
  expect(await rig.github.perform(job('approved', 'The window is open.'), 'm-2', false)).toEqual({ is: 'done' });
  expect(deployment).toMatchObject({ waits: false, reports: [{}, { state: 'approved' }] });
});

test('a turned-away deployment fails', async () => {
  const { deployment, job } = waiting();
  expect(await rig.github.perform(job('rejected', 'The item was rejected.'), 'm-1', false)).toEqual({ is: 'done' });
  expect(deployment.states).toMatchObject([{ state: 'failure' }]);
});

test('the last report is kept for the decision, and the same one is not repeated', async () => {
  const { deployment, job } = waiting();
  for (let count = 0; count < 15; count += 1) {
    expect(await rig.github.perform(job('held', `Reason ${count}`), `m-${count}`, false)).toEqual({ is: 'done' });
    await rig.github.perform(job('held', `Reason ${count}`), `n-${count}`, false);
  }
  expect(deployment.reports).toHaveLength(9);
  expect(await rig.github.perform(job('approved', 'Open.'), 'm-99', false)).toEqual({ is: 'done' });
  expect(deployment.waits).toBe(false);
});

test('a decision whose answer was lost was made; one about what waits for nobody is refused', async () => {
  const { deployment, job } = waiting();
  rig.peer.fault('POST /repos/{owner}/{repo}/actions/runs/{run}/deployment_protection_rule', { reset: 'after' });
  expect(await rig.github.perform(job('approved', 'Open.'), 'm-1', false)).toMatchObject({ is: 'uncertain' });
  expect(await rig.github.perform(job('approved', 'Open.'), 'm-1', true)).toEqual({ is: 'done' });
  expect(deployment.reports).toHaveLength(1);
  expect(await rig.github.perform(job('approved', 'Open.'), 'm-2', false)).toMatchObject({ is: 'refused' });
});

test('the check tells of the freeze, one for a commit', async () => {
  const job = (frozen: boolean): Job => ({
    do: 'check',
    repository: 'Example/Grid',
    sha: shaOf('x'),
    frozen,
    summary: 'Until Monday, @team',
  });
  expect(await rig.github.perform(job(true), 'm-1', false)).toEqual({ is: 'done' });
  expect(await rig.github.perform(job(false), 'm-2', false)).toEqual({ is: 'done' });
  expect(repo().checks).toMatchObject([
    { name: 'release-freeze', conclusion: 'success', output: { title: 'Releases are open' } },
  ]);
});

test('with a personal token there is no freeze of deployments', async () => {
  await rig.stop();
  rig = await openRig({ asPerson: true });
  const { job } = waiting();
  expect(await rig.github.perform(job('held', 'x'), 'm-1', false)).toMatchObject({
    is: 'refused',
    why: expect.stringContaining('GitHub App'),
  });
  expect(
    await rig.github.perform(
      { do: 'check', repository: 'example/grid', sha: shaOf('x'), frozen: true, summary: 'x' },
      'm-2',
      false,
    ),
  ).toMatchObject({ is: 'refused' });
});
