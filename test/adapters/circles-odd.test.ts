import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALL, createRig, type Rig, SECRET, trackersOf } from './circles-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const STORIES = /^\/userstories\?/;
const HTML = { html: true } as const;

it('a circle that fails by itself holds up no other, and is named at the end of the round', async () => {
  const web = rig.peer.project('PROJECT_Web', rig.anna);
  rig.peer.member(web, rig.bot, ALL);
  const both = rig.another({ circles: () => [rig.grid.slug, web.slug] });
  rig.peer.add('userstory', rig.grid, rig.anna, { subject: 'Grid' });
  rig.peer.add('userstory', web, rig.anna, { subject: 'Web' });
  const since = Date.now() - 60_000;
  let cursor: string | undefined;
  const round = async () => {
    const titles: (string | undefined)[] = [];
    for (;;) {
      const found = await both.changes(cursor, since);
      if ('is' in found) return { ...found, titles };
      titles.push(...trackersOf(found.news).map(({ title }) => title));
      ({ cursor } = found);
      if (!found.more) return { titles, lacking: found.lacking };
    }
  };
  rig.peer.fault('GET', STORIES, HTML, 1);
  expect(await round()).toMatchObject({ titles: expect.arrayContaining(['Web']), lacking: [rig.grid.slug] });
  expect(rig.logged.join()).toContain('circles can not be followed now');
  // Later again, and in the midst of a round.
  rig.anHour();
  rig.peer.add('userstory', web, rig.anna, { subject: 'More' });
  rig.peer.fault('GET', /^\/tasks\?/, HTML, 1);
  const second = await round();
  expect(second).toMatchObject({ titles: expect.arrayContaining(['Grid', 'More']), lacking: [rig.grid.slug] });
  const third = await round();
  expect(third).toMatchObject({ titles: expect.arrayContaining(['Grid']), lacking: undefined });
  // Where none can be asked it is Circles itself.
  rig.peer.fault('GET', STORIES, HTML, 2);
  expect(await round()).toMatchObject({ is: 'away' });
});

it('odd stories are read as far as they go, and one that is none is passed over', async () => {
  const row = (ref: number, more: object) => ({
    id: ref,
    ref,
    version: 1,
    subject: `Story ${ref}`,
    status: null,
    is_closed: false,
    modified_date: '2030-01-01T00:00:00Z',
    ...more,
  });
  const shows = [
    row(1, { tags: [[null, null], ['web', '#fff'], ['bug']], severity: 'odd' }),
    row(2, { tags: 'odd', modified_date: undefined, status: undefined }),
    { id: 33, ref: 'three', subject: 'private words' },
    row(4, { tags: null }),
  ];
  rig.peer.fault('GET', STORIES, { shows }, 1);
  const found = await rig.circles.changes(undefined, 0);
  expect('news' in found && trackersOf(found.news).map(({ ref, labels }) => [ref, labels])).toEqual([
    [`${rig.grid.slug}/us:1`, ['web', 'bug']],
    [`${rig.grid.slug}/us:2`, []],
    [`${rig.grid.slug}/us:4`, []],
  ]);
  const lines = rig.logged.filter((line) => line.includes('passed over'));
  expect(lines).toEqual([expect.stringContaining('"numbers":[33]')]);
  expect(lines.join()).not.toContain('private');
});

it('a webhook that can not be read is logged by its number, and an odd one is read', async () => {
  const hand = (data: object) => {
    const body = Buffer.from(
      JSON.stringify({ action: 'change', type: 'userstory', date: '2030-01-01T00:00:00Z', by: null, data }),
    );
    const signature = createHmac('sha1', SECRET).update(body).digest('hex');
    return rig.circles.webhook.handle({ headers: { 'x-taiga-webhook-signature': signature }, body });
  };
  const project = { slug: rig.grid.slug };
  expect(await hand({ id: 1, ref: 1, subject: 'One', is_closed: true, project, tags: [[null, null], 'web'] })).toEqual({
    status: 200,
  });
  expect(rig.logged.join()).not.toContain('passed over');
  expect([...rig.bodies.values()].flatMap((body) => rig.circles.read(body))).toMatchObject([
    { news: 'tracker', of: { ref: `${rig.grid.slug}/us:1`, labels: ['web'] } },
  ]);
  await hand({ id: 7, ref: 'seven', project });
  expect(rig.logged.join()).toMatch(/passed over.*"id":7/);
});

it.each([400, 403, 404, 405])('a status is said anew where changing it is answered by %i', async (status) => {
  const story = rig.peer.add('userstory', rig.grid, rig.anna, { subject: 'One' });
  const ref = `${rig.grid.slug}/us:${story.ref}`;
  const say = (body: string, marker: string) =>
    rig.circles.perform({ do: 'comment', ref, body, status: true }, marker, false);
  const said = () => story.history.map(({ comment }) => comment).filter(Boolean);
  await say('waits', 'm-1');
  rig.peer.fault('POST', /edit_comment/, { status }, 1);
  expect(await say('runs', 'm-2')).toEqual({ is: 'done', ref });
  expect(said()).toHaveLength(2);
  expect(said().join('\n')).toContain('runs');
  // From then on the latest is the one that changes.
  expect(await say('ends', 'm-3')).toEqual({ is: 'done', ref });
  expect(said()).toHaveLength(2);
  expect(said().join('\n')).not.toContain('runs');
  rig.peer.fault('POST', /edit_comment/, { status: 401 }, 9);
  expect(await say('more', 'm-4')).toMatchObject({ is: 'away' });
  rig.peer.clearFaults();
  rig.peer.fault('POST', /edit_comment/, { status: 429 }, 1);
  expect(await say('more', 'm-4')).toMatchObject({ is: 'later' });
  expect(said()).toHaveLength(2);
});
