import { expect } from 'vitest';
import type { Deployment } from '../peers/github/world.ts';
import type { Story } from './story.ts';

/** Thursday: the freeze is on. A deployment that is started now waits. */
export async function theFreeze(story: Story): Promise<Deployment> {
  const { says, settles, closes, addsTask, finishesTasks, finishesStory, circleOf, clock, whole } = story;
  const { github } = whole;
  await clock('2026-11-26T10:00:00+01:00');
  await says('slack', 'lea', '/release PROD-1 mainnet v0.3', 'The freeze ends Mon 30 Nov 00:00');

  github.repo('example/grid').guarded.add('mainnet');
  const by = github.user('olga-gh');
  const deployment = github.deploy(github.repo('example/grid'), by, { environment: 'mainnet', ref: 'v0.3' });
  await settles();
  expect(deployment.waits).toBe(true);
  expect(deployment.reports).toEqual([{ state: undefined, comment: expect.stringContaining('Mon 30 Nov 00:00') }]);
  await says('telegram', 'olga', '/release PROD-1 mainnet v0.3', 'Mon 30 Nov 00:00');

  // Meanwhile what is still open is finished, on GitHub and in Circles; what stands in the way, the bot says.
  await clock('2026-11-27T11:00:00+01:00');
  await closes('dave-gh', 'example/grid#1');
  await says('slack', 'lea', '/why PROD-1', 'example/grid#2');
  await closes('dina-gh', 'example/grid#2');
  const isOpen = (ref: string) => whole.bot().engine.world().get('ref', ref)?.open;
  const [first, second] = [1, 2].map((number) => `${circleOf('PROD-1').slug}/us:${number}`) as [string, string];
  await finishesStory('pia', first);
  // A story with a task is closed when both say so: its column, and its task.
  await addsTask('pia', second, 'Ask for the colours');
  await finishesStory('pia', second);
  expect([first, second].map(isOpen)).toEqual([false, true]);
  await finishesTasks('pia', second);
  expect([first, second].map(isOpen)).toEqual([false, false]);
  return deployment;
}

/** The weekend: the bot is started anew, and nothing goes before its time. Monday 00:00: it goes by itself. */
export async function theWindow(story: Story, deployment: Deployment): Promise<void> {
  const { clock, settles, whole } = story;
  const { github } = whole;
  await clock('2026-11-28T12:00:00+01:00');
  await whole.restart();
  await clock('2026-11-29T23:59:59+01:00');
  expect(deployment.waits).toBe(true);
  await whole.until('2026-11-30T00:00:00+01:00');
  expect(deployment.waits).toBe(false);
  expect(deployment.reports.at(-1)).toMatchObject({ state: 'approved' });
  // The workflow runs, and tells that it is done: that is the release, and PROD-1 is complete.
  github.finish(github.repo('example/grid'), deployment, github.user('olga-gh'), 'success');
  await settles();
}

/** Monday: the project is released by a word in the chat, fails once because of what a tester found, and is complete. */
export async function theProject(story: Story): Promise<void> {
  const { says, closes, finishesStory, circleOf, clock } = story;
  await clock('2026-11-30T10:00:00+01:00');
  await says('telegram', 'olga', '/release PRJ-1 mainnet v1', 'PRJ-1 is on mainnet with v1');
  await says('telegram', 'olga', '/handover PRJ-1 qa', 'PRJ-1 is handed to qa');
  await says('telegram', 'quinn', '/fail PRJ-1 example/harbour#3 red here too', 'failed because of example/harbour#3');
  await closes('dina-gh', 'example/harbour#3');
  await says('slack', 'omar', '/release PRJ-1 mainnet v1.1', 'PRJ-1 is on mainnet with v1.1');
  await says('slack', 'omar', '/handover PRJ-1 qa', 'PRJ-1 is handed to qa');
  await says('telegram', 'quinn', '/pass PRJ-1', 'Still open');
  await closes('dina-gh', 'example/harbour#1');
  await finishesStory('mia', `${circleOf('PRJ-1').slug}/us:1`);
  await says('telegram', 'quinn', '/pass PRJ-1', 'PRJ-1 is completed');
}
