import { expect, test } from 'vitest';
import { type Imported, importAll } from '../../src/core/importing.ts';
import type { TrackerNews } from '../../src/core/incoming.ts';
import { onForges, TO_ISSUES } from './on-forges.ts';

/** What was open before Baton came: known, and quiet. */

const issue = (ref: string, more: Partial<TrackerNews> = {}): Imported => ({
  of: { ref, kind: 'issue', platform: 'github', title: `About ${ref}`, open: true, labels: [], ...more },
});
const story = (ref: string, pair?: string): Imported => ({
  of: { ref, kind: 'story', platform: 'circles', title: `About ${ref}`, open: true, labels: [] },
  ...(pair === undefined ? {} : { pair }),
});

test('an old critical issue is known with its severity: no alert, no clock, no message, no order', () => {
  const on = onForges();
  const { stage } = on;
  const messages = stage.messages.length;
  stage.act((draft) => importAll(draft, [issue('example/web#3', { labels: ['critical', 'ui'], milestone: 'M1' })]));
  const world = stage.world();
  expect(world.get('ref', 'example/web#3')).toMatchObject({
    title: 'About example/web#3',
    open: true,
    severity: 'critical',
    labels: ['critical', 'ui'],
    since: null,
    alert: null,
    confirmed: true,
    milestone: 'M1',
  });
  expect(world.open('alert')).toEqual([]);
  expect(stage.messages).toHaveLength(messages);
  expect(stage.orders).toEqual([]);
  // News that carry the same labels along begin nothing either; somebody's word on them does.
  on.tell({ ref: 'example/web#3', open: true, labels: ['critical', 'ui'] });
  expect(stage.world().open('alert')).toEqual([]);
  on.tell({ ref: 'example/web#3', open: true, labels: ['ui'] });
  on.tell({ ref: 'example/web#3', open: true, labels: ['critical', 'ui'] });
  expect(stage.world().open('alert')).toHaveLength(1);
});

test('said twice it is done once, and what is known already stays as it is', () => {
  const { stage, tell } = onForges();
  tell({ ref: 'example/web#3', open: true, title: 'Mine', labels: ['major'] });
  const since = stage.world().get('ref', 'example/web#3');
  const all = [issue('example/web#3', { labels: [] }), issue('example/web#4'), story('grid/us:9')];
  expect(stage.act((draft) => importAll(draft, all))).toBe(2);
  expect(stage.world().get('ref', 'example/web#3')).toEqual(since);
  expect(stage.act((draft) => importAll(draft, all))).toBe(0);
});

test('a pair is one here where its story belongs to an item, and pull requests are none of it', () => {
  const { stage } = onForges();
  stage.play(TO_ISSUES);
  stage.act((draft) =>
    importAll(draft, [
      issue('example/web#7'),
      { of: { ref: 'example/web#8', kind: 'pull', platform: 'github', open: true } },
      story('grid/us:5', 'example/web#7'),
      story('grid/us:6', 'example/web#9'),
    ]),
  );
  const world = stage.world();
  const links = world.get('item', 'WEB-1')?.links ?? [];
  expect(links.find(({ ref }) => ref === 'grid/us:5')?.pairedWith).toEqual(['example/web#3', 'example/web#7']);
  expect(links.map(({ ref }) => ref)).toContain('example/web#7');
  expect(links.map(({ ref }) => ref)).not.toContain('example/web#9');
  expect(world.get('ref', 'grid/us:6')).toMatchObject({ open: true, item: null });
  expect(world.get('ref', 'example/web#8')).toBeUndefined();
});
