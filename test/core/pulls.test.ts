import { expect, test } from 'vitest';
import type { Pull } from '../../src/core/tracked.ts';
import { type OnForges, onForges, TO_ISSUES } from './on-forges.ts';

/** Pull requests and milestones: told with the stories and issues that they belong to, and in nobody's way. */

const PULL = 'example/web#12';
const pull = (state: Pull['state'], ...closes: string[]) => ({
  ref: PULL,
  kind: 'pull' as const,
  pull: { state, closes },
});
const status = (on: OnForges, words: string) => on.stage.ask('wim', `/status ${words}`).text;

function atIssues(): OnForges {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  on.tell({ ref: 'example/web#3', title: 'The form', open: true });
  return on;
}

test('one that closes an issue is shown at the issue and at its item, with how it stands', () => {
  const on = atIssues();
  on.tell({ ...pull('open', 'example/web#3'), title: 'Mend the form' });
  expect(status(on, 'WEB-1')).toContain(
    'example/web#3 “The form” (issue, open), paired with grid/us:5, closed by pull request example/web#12 (open)',
  );
  on.tell({ ...pull('merged', 'example/web#3') });
  expect(status(on, 'example/web#3')).toContain('linked to WEB-1, closed by pull request example/web#12 (merged).');
  expect(status(on, PULL)).toBe('example/web#12 “Mend the form”: pull request, merged, closes example/web#3.');
});

test('one that says it no longer closes an issue is not shown there any more', () => {
  const on = atIssues();
  on.tell(pull('open', 'example/web#3'));
  on.tell(pull('open', 'example/web#4'));
  expect(on.stage.world().get('ref', 'example/web#3')?.pulls).toEqual([]);
  expect(on.stage.world().get('ref', 'example/web#4')?.pulls).toEqual([PULL]);
});

test('told again, it changes nothing; and one that closes nothing of ours is not kept', () => {
  const on = atIssues();
  on.tell(pull('draft', 'Example/Web#3', 'example/web#3'));
  const { version } = on.stage.world().get('ref', PULL) ?? {};
  on.tell(pull('draft', 'example/web#3'));
  expect(on.stage.world().get('ref', PULL)?.version).toBe(version);
  on.tell({ ref: 'example/web#13', kind: 'pull', pull: { state: 'open', closes: ['else/where#3'] } });
  on.tell({ ref: 'example/web#14', kind: 'pull', pull: { state: 'open', closes: [] } });
  for (const ref of ['example/web#13', 'example/web#14', 'else/where#3'])
    expect(on.stage.world().get('ref', ref)).toBeUndefined();
});

test('an open one holds no item up, raises no alert, and is told nothing', () => {
  const on = atIssues();
  on.stage.play(`wim: /link WEB-1 https://github.com/${PULL.replace('#', '/pull/')}/files`);
  on.tell({ ...pull('open', 'example/web#3'), labels: ['critical'] });
  expect(on.stage.world().get('item', 'WEB-1')?.links.at(-1)).toEqual({ ref: PULL, kind: 'pull', pairedWith: [] });
  on.stage.play('wim: /done WEB-1');
  expect(on.stage.ask('wim', '/why WEB-1').text).not.toContain(PULL);
  expect(on.stage.world().open('alert')).toEqual([]);
  expect(on.jobs('comment').map(({ ref }) => ref)).not.toContain(PULL);
});

test('it is understood by its number and by its page, and an issue by the page of a pull request', () => {
  const on = atIssues();
  on.there.set(PULL, { ...pull('draft'), platform: 'github', title: 'Mend' });
  expect(on.stage.say('wim', `/link WEB-1 ${PULL}`).code).toBe('linked');
  expect(status(on, 'WEB-1')).toContain('example/web#12 “Mend” (pull request, draft)');
  expect(on.stage.say('wim', '/link WEB-1 https://github.com/example/web/pull/12').code).toBe('already');
  expect(on.stage.say('wim', '/link WEB-1 https://github.com/example/web/pull/3').code).toBe('already');
  on.there.set('example/web#40', { ...pull('closed', 'example/web#3'), ref: 'example/web#40', platform: 'github' });
  expect(status(on, 'https://github.com/example/web/pull/40/commits')).toBe(
    'example/web#40: pull request, closed, closes example/web#3.',
  );
});

test('milestones and sprints are shown with what is in them, and go when they are taken away', () => {
  const on = atIssues();
  on.tell({ ref: 'example/web#3', milestone: '1.0' });
  on.tell({ ref: 'grid/us:5', kind: 'story', platform: 'circles', milestone: 'Sprint 4' });
  expect(status(on, 'WEB-1')).toContain('example/web#3 “The form” (issue, open, milestone “1.0”)');
  expect(status(on, 'us:5')).toContain('grid/us:5: open, sprint “Sprint 4”, linked to WEB-1');
  const { version } = on.stage.world().get('ref', 'example/web#3') ?? {};
  on.tell({ ref: 'example/web#3', milestone: '1.0' });
  on.tell({ ref: 'example/web#3' });
  expect(on.stage.world().get('ref', 'example/web#3')?.version).toBe(version);
  on.tell({ ref: 'example/web#3', milestone: null });
  expect(status(on, 'example/web#3')).toContain('example/web#3 “The form”: open, linked to WEB-1.');
});

test('a pasted milestone, page or circle is neither open nor closed: the answer says what it is and whose', () => {
  const on = atIssues();
  on.stage.play('wim: /link WEB-1 https://github.com/example/web/milestone/3?closed=1');
  expect(status(on, 'https://github.com/example/web/milestone/3')).toBe(
    'https://github.com/example/web/milestone/3 is a milestone, linked to WEB-1 “Campaign”.',
  );
  expect(status(on, 'https://pad.example.org/p/1')).toBe(
    'https://pad.example.org/p/1 is a page, linked to no open item.',
  );
  expect(status(on, 'https://circles.example.org/project/harbour/')).toContain('is a circle, linked to no open item');
});
