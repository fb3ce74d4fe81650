import { expect, test } from 'vitest';
import { finalState } from './final-state.ts';
import { begin, type Ways } from './story.ts';
import { theCall } from './the-call.ts';
import { theCode, theTests } from './the-code.ts';
import { theFreeze, theProject, theWindow } from './the-release.ts';
import { theIssues, theStories } from './the-stories.ts';
import {
  expectNoSecret,
  expectNothingForOthers,
  expectNothingTwice,
  expectOnlyAllowed,
  expectQuietLog,
  expectSameAsThere,
  expectSoundStore,
} from './truth.ts';

const BEGINS = '2026-11-23T10:00:00+01:00';

/** Whether the platforms call the bot or the bot asks them makes no difference to anybody: both end with the same page. */
test.each<{ how: string; ways: Ways }>([
  { how: 'each of them calls the bot', ways: 'webhooks' },
  { how: 'not one webhook arrives', ways: 'none' },
])(
  'a product and a project, from the proposal to mainnet, over all six platforms: $how',
  { timeout: 120_000 },
  async ({ ways }) => {
    const story = await begin(BEGINS, ways);
    await theCall(story);
    await theStories(story);
    await theIssues(story);
    await theCode(story);
    await theTests(story);
    const deployment = await theFreeze(story);
    await theWindow(story, deployment);
    await theProject(story);

    const { whole } = story;
    const { page, repeated } = finalState(whole, Date.parse(BEGINS));
    await expect(page).toMatchFileSnapshot('final-state.txt');
    expect(repeated).toEqual([]);
    expectSameAsThere(whole);
    expectNothingTwice(whole);
    expectNothingForOthers(whole, Date.parse(BEGINS));
    expectOnlyAllowed(whole);
    expectNoSecret(whole);
    expectSoundStore(whole);
    expectQuietLog(whole);
  },
);
