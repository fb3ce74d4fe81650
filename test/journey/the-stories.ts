import { expect } from 'vitest';
import type { Story } from './story.ts';

/** Monday, the rest of the morning: each has its circle, made from the template, and stories in it. */
export async function theStories(story: Story): Promise<void> {
  const { says, presses, addsStory, circleOf, clock, whole } = story;
  await clock('2026-11-23T11:00:00+01:00');
  // Those who work there are members of the template, so they are members of what is made from it.
  for (const person of ['pia', 'tom', 'mia']) whole.circles.member(person);

  // The answer says that it is being made, and where it is as soon as it is there.
  await says('slack', 'pia', '/circle PROD-1 create', '/project/baton-project_prod-1-a-new-grid');
  await says('telegram', 'tom', '/circle PRJ-1 create', '/project/baton-project_prj-1-harbour');
  // Asked for once more, it is not made once more.
  await says('telegram', 'tom', '/circle PRJ-1 create', 'PRJ-1 has its circle');
  // Somebody who may sets the webhook in both, as in every circle.
  whole.hookCircles();

  // Stories come about by hand in Circles, or by a word in a chat; either way they belong to the item.
  await addsStory('pia', circleOf('PROD-1'), 'Draw the map');
  await says('slack', 'pia', '/story PROD-1 Show the legend', 'baton-project_prod-1-a-new-grid/us:2 is logged');
  await addsStory('mia', circleOf('PRJ-1'), 'Ships come in');
  await says('slack', 'pia', '/status PROD-1', 'us:1');
  await says('telegram', 'tom', '/status PRJ-1', 'us:1');

  // The architect signs by the button on his card, and the roadmap is done.
  await presses('slack', 'arno', 'Approve', 'Sign-off of PROD-1');
  await says('slack', 'pia', '/done PROD-1', 'PROD-1: the step roadmap is done.');
  await says('telegram', 'tom', '/done PRJ-1', 'PRJ-1: the step circle is done.');
  await says('telegram', 'mia', '/done PRJ-1', 'PRJ-1: the step stories is done.');
  expect(story.story(`${circleOf('PROD-1').slug}/us:2`).fields.subject).toBe('Show the legend');
}

/** Monday afternoon: every story gets its issue on GitHub. */
export async function theIssues(story: Story): Promise<void> {
  const { says, opens, circleOf, clock } = story;
  await clock('2026-11-23T14:00:00+01:00');
  const [grid, harbour] = [circleOf('PROD-1').slug, circleOf('PRJ-1').slug];

  // Lea makes one by hand, and pastes its address; the other one she asks the bot for.
  await opens('lea-gh', 'example/grid', 'Tiles of the map');
  await says('slack', 'lea', '/feature PROD-1 A legend beside the map', 'example/grid#2 is logged');
  await says('slack', 'lea', '/done PROD-1', 'a GitHub issue for every story');
  await says('slack', 'lea', `/link PROD-1 ${grid}/us:1 https://github.com/example/grid/issues/1`, 'is paired with');
  await says('slack', 'lea', `/link PROD-1 us:2 example/grid#2`, 'us:2 is paired with example/grid#2');
  await says('slack', 'lea', '/done PROD-1', 'PROD-1: the step stories is done.');

  await opens('dina-gh', 'example/harbour', 'Let ships in');
  await says('telegram', 'mia', `/link PRJ-1 us:1 example/harbour#1`, `${harbour}/us:1 is paired with`);
  await says('telegram', 'mia', '/handover PRJ-1 dev', 'PRJ-1 is handed to developer');
}
