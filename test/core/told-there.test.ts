import { expect, test } from 'vitest';
import { onForges, TO_ISSUES, toProduction } from './on-forges.ts';

/** What the stories and issues of an item hear of it, and what closes with what. */

const ORGANISATION = (keys: { github?: string; circles?: string }) => `
organisation: Example
timezone: Europe/Brussels
people:
  - { id: sam, roles: [stakeholder] }
  - { id: sue, roles: [stakeholder] }
  - { id: mia, roles: [promotion] }
  - { id: wim, roles: [web] }
github: { repositories: [example/web]${keys.github ?? ''} }
circles: { url: https://circles.example.org, default: grid${keys.circles ?? ''} }
`;

test('a step that closes is told where the step is kept, in one comment for each story or issue', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  const before = on.jobs('comment').length;
  // “issues” is kept on GitHub alone.
  on.stage.play('wim: /done WEB-1');
  expect(on.jobs('comment').slice(before)).toEqual([
    {
      do: 'comment',
      ref: 'example/web#3',
      status: true,
      body: 'WEB-1 “Campaign”. WEB-1 is now at build, step 6 of 11, held by Wim.',
    },
  ]);
  expect(on.orders('comment').at(-1)).toMatchObject({ platform: 'github', where: 'example/web', of: 'WEB-1' });
});

test('one command that closes two steps tells it once, as it is at the end', () => {
  const on = onForges();
  on.stage.play(`${TO_ISSUES}\n wim: /done WEB-1`);
  const before = on.jobs('comment').length;
  on.stage.play('wim: /handover WEB-1 ops');
  const after = on.jobs('comment').slice(before);
  expect(after.map(({ ref }) => ref)).toEqual(['example/web#3']);
  expect(after[0]?.body).toContain('now at check-stories');
});

test('what goes back says why on the issue that sent it', () => {
  const on = onForges();
  on.stage.play(
    `${TO_ISSUES}\n wim: /done WEB-1\n wim: /handover WEB-1 ops\n olga: /return WEB-1 example/web#9 the build does not start`,
  );
  expect(on.jobs('comment')).toContainEqual({
    do: 'comment',
    ref: 'example/web#9',
    status: false,
    body: 'WEB-1 went back to handover-ops because of this: the build does not start.',
  });
});

test('stories get the status that the map names for a step', () => {
  const on = onForges(ORGANISATION({ circles: ', statuses: { stories: in-progress, build: in-work }' }));
  on.stage.play(`${TO_ISSUES}\n wim: /done WEB-1`);
  expect(on.jobs('move')).toEqual([{ do: 'move', ref: 'grid/us:5', status: 'in-work' }]);
});

test('a story closes with the last of its issues, where the organisation wants it', () => {
  const on = onForges(ORGANISATION({ circles: ', close: true' }));
  on.stage.play(`${TO_ISSUES}\n wim: /link WEB-1 us:5 example/web#4`);
  on.tell({ ref: 'example/web#3', open: false });
  expect(on.jobs('turn')).toEqual([]);
  on.tell({ ref: 'example/web#4', open: false });
  expect(on.jobs('turn')).toEqual([{ do: 'turn', ref: 'grid/us:5', to: 'closed' }]);
});

test('issues close with their story, where the organisation wants it; a bug with a severity does not', () => {
  const on = onForges(ORGANISATION({ github: ', close: true' }));
  on.stage.play(`${TO_ISSUES}\n wim: /link WEB-1 us:5 example/web#4`);
  on.tell({ ref: 'example/web#4', open: true, labels: ['minor'] });
  on.tell({ ref: 'grid/us:5', kind: 'story', platform: 'circles', open: false });
  expect(on.jobs('turn')).toEqual([{ do: 'turn', ref: 'example/web#3', to: 'closed' }]);
});

test('by default nothing is closed and nothing is moved', () => {
  const on = onForges();
  toProduction(on);
  expect([...on.jobs('turn'), ...on.jobs('move')]).toEqual([]);
});

test('a link is looked at before it is made: what is not there is refused, and nothing is kept', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  on.there.set('example/web#404', null);
  expect(on.stage.say('wim', '/link WEB-1 example/web#404')).toMatchObject({
    code: 'not-found',
    text: expect.stringContaining('There is no example/web#404'),
  });
  expect(on.stage.world().get('ref', 'example/web#404')).toBeUndefined();
});

test('what is there comes with its title, state and severity, under the name that the platform gives it', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  on.there.set('Other/Repo#8', {
    ref: 'other/repo#8', kind: 'issue', platform: 'github', title: 'Old', open: false, labels: ['major'],
  }); // biome-ignore format: one value
  expect(on.stage.say('wim', '/link WEB-1 Other/Repo#8').code).toBe('linked');
  expect(on.stage.world().get('ref', 'other/repo#8')).toMatchObject({
    title: 'Old', open: false, severity: 'major', item: 'WEB-1', confirmed: true,
  }); // biome-ignore format: one value
});

test('what could not be asked counts as open, and the answer says that it is not verified', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  expect(on.stage.say('wim', '/link WEB-1 example/web#9').text).toContain('Not verified yet: example/web#9');
  expect(on.stage.ask('wim', '/status example/web#77').text).toBe(
    'example/web#77 was not seen here yet; it counts as open. It could not be verified: GitHub did not answer.',
  );
});

test('/status shows what no item has linked, as the platform has it', () => {
  const on = onForges();
  on.there.set('example/web#50', {
    ref: 'example/web#50', kind: 'issue', platform: 'github', title: 'Alone', open: true, labels: ['Major'],
  }); // biome-ignore format: one value
  on.there.set('grid/us:9', null);
  expect(on.stage.ask('wim', '/status example/web#50').text).toBe(
    'example/web#50 “Alone”: open, major, linked to no item.',
  );
  expect(on.stage.ask('wim', '/status us:9')).toMatchObject({ code: 'not-found', text: 'There is no grid/us:9.' });
});

test('a command in a comment is about the item of that issue', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  const where = { via: 'github', place: 'example/web#3' };
  expect(on.stage.ask('github:wim-gh', '/status', where).text).toContain('WEB-1 “Campaign”');
  expect(on.stage.say('github:wim-gh', '/done', where).code).toBe('done');
  expect(on.stage.ask('github:nobody', '/status', where).code).toBe('forbidden');
  expect(on.stage.ask('github:wim-gh', '/web', where).outcome.ok).toBe(false);
});

test('an item that has ended is told everywhere: nothing goes on saying that it is at a step', () => {
  const on = onForges();
  // “issues” is kept on GitHub alone; that WEB-1 was at “handover-web” still stands in Circles.
  on.stage.play(`${TO_ISSUES}\n wim: /done WEB-1`);
  const before = on.jobs('comment').length;
  on.stage.play('sam: /drop WEB-1 it is not wanted any more');
  const told = on.jobs('comment').slice(before);
  expect(told.map(({ ref }) => ref)).toEqual(['grid/us:5', 'example/web#3']);
  for (const { body, status } of told) expect([body, status]).toEqual([expect.stringContaining('dropped'), true]);
});

test('a pair is kept on both sides, and ordered once', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  const stories = () => on.jobs('comment').filter(({ body }) => body.startsWith('Story: '));
  expect(on.jobs('pair')).toEqual([{ do: 'pair', story: 'grid/us:5', issue: 'example/web#3' }]);
  expect(stories()).toEqual([
    {
      do: 'comment',
      ref: 'example/web#3',
      status: false,
      body: 'Story: https://circles.example.org/project/grid/us/5',
    },
  ]);
  on.stage.play('wim: /link WEB-1 us:5 example/web#3 example/web#4');
  expect(on.jobs('pair').map(({ issue }) => issue)).toEqual(['example/web#3', 'example/web#4']);
  expect(stories().map(({ ref }) => ref)).toEqual(['example/web#3', 'example/web#4']);
});
