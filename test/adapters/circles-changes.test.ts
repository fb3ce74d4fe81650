import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { ForgeAdapter, TrackerNews } from '../../src/forge-ports.ts';
import type { Thing } from '../peers/taiga/world.ts';
import { ALL, createRig, type Rig, trackersOf } from './circles-rig.ts';

let rig: Rig;
/** What is held of each, as the core would hold it. */
let held: Map<string, boolean>;
beforeEach(async () => {
  held = new Map();
  rig = await createRig({ mirror: (ref) => held.get(ref) });
});
afterEach(() => rig.close());

/** A round an hour later: what happened before the last one is too old to be found again by its date. */
const round = (adapter?: ForgeAdapter): Promise<TrackerNews[]> => {
  rig.anHour();
  return rig.round(adapter);
};
const take = (news: readonly TrackerNews[]): void => {
  for (const { ref, open } of news) if (open !== undefined) held.set(ref, open);
};
const refOf = ({ kind, ref, project }: Thing): string => `${project.slug}/${kind === 'issue' ? 'issue' : 'us'}:${ref}`;
const story = (subject: string): Thing => rig.peer.add('userstory', rig.grid, rig.anna, { subject });
/** What is true, told by the peer alone. */
const truth = (): Map<string, boolean> =>
  new Map(
    [...rig.peer.world.things.userstory, ...rig.peer.world.things.issue].map((each) => {
      const list = each.kind === 'issue' ? each.project.lists.issue_statuses : each.project.lists.us_statuses;
      const byStatus = list.find(({ id }) => id === each.status)?.is_closed === true;
      return [refOf(each), !(byStatus && (each.kind === 'issue' || each.isClosed))];
    }),
  );

describe('a round tells', () => {
  it('what was made and changed, and nothing of what was there before', async () => {
    const one = story('One');
    const bug = rig.peer.add('issue', rig.grid, rig.anna, { subject: 'Bug', tags: ['web'] });
    const news = await round();
    expect(news).toContainEqual({
      platform: 'circles',
      ref: refOf(one),
      kind: 'story',
      title: 'One',
      milestone: null,
      open: true,
      labels: [],
    });
    expect(news).toContainEqual({
      platform: 'circles',
      ref: refOf(bug),
      kind: 'issue',
      title: 'Bug',
      milestone: null,
      open: true,
      labels: ['web'],
    });
    const later = rig.another({ circles: () => [rig.grid.slug] });
    const found = await later.changes(undefined, Date.now() + 60_000);
    expect('news' in found && found.news).toEqual([]);
  });

  it('a story that closes and opens by its tasks, though it is not changed itself', async () => {
    const one = story('One');
    rig.peer.moveTo(one, rig.anna, 'done');
    take(await round());
    expect(held.get(refOf(one))).toBe(false);
    const { modified } = one;
    const task = rig.peer.add('task', rig.grid, rig.anna, { subject: 'QA', user_story: one.id });
    take(await round());
    expect(held.get(refOf(one))).toBe(true);
    rig.peer.moveTo(task, rig.anna, 'closed');
    take(await round());
    expect(held.get(refOf(one))).toBe(false);
    const second = rig.peer.add('task', rig.grid, rig.anna, { subject: 'Docs', user_story: one.id });
    take(await round());
    rig.peer.remove(second, rig.anna);
    take(await round());
    expect(held.get(refOf(one))).toBe(false);
    expect(one.modified).toBe(modified);
  });

  it('one that is dragged, there and back, though it leaves no date', async () => {
    const one = story('One');
    take(await round());
    rig.peer.drag(one, rig.anna, 'done');
    take(await round());
    expect(held.get(refOf(one))).toBe(false);
    rig.peer.drag(one, rig.anna, 'new');
    take(await round());
    expect(held.get(refOf(one))).toBe(true);
  });

  it('the same without anybody who says what is held, once it has looked', async () => {
    const alone = rig.another({ mirror: undefined });
    const one = story('One');
    take(await round(alone));
    rig.peer.drag(one, rig.anna, 'done');
    take(await round(alone));
    rig.peer.drag(one, rig.anna, 'new');
    take(await round(alone));
    expect(held.get(refOf(one))).toBe(true);
  });

  it('what was dated before the last round, and could not be read yet', async () => {
    const one = story('One');
    take(await rig.round());
    one.modified = new Date(Date.now() - 20_000).toISOString();
    held.clear();
    take(await rig.round());
    expect(held.has(refOf(one))).toBe(true);
  });

  it('what counts as closed by the statuses that are set, also one that is new', async () => {
    const strict = rig.another({ closedStatuses: ['verified'] });
    const one = story('One');
    rig.peer.moveTo(one, rig.anna, 'done');
    take(await round(strict));
    expect(held.get(refOf(one))).toBe(true);
    rig.peer.status(rig.grid, 'Verified', { isClosed: true });
    rig.peer.moveTo(one, rig.anna, 'verified');
    take(await round(strict));
    expect(held.get(refOf(one))).toBe(false);
  });
});

describe('many', () => {
  it('are told in pages, none is missed while others change', async () => {
    const all = Array.from({ length: 350 }, (_, at) => story(`Story ${at}`));
    let touched = 0;
    rig.peer.meddle(/^\/userstories\?.*modified_date/, () => {
      const first = all[touched];
      touched += 1;
      // It goes to the end of the list, and all behind it move up into a page that was read.
      if (first !== undefined && touched < 5) rig.peer.edit(first, rig.anna, { subject: `Again ${touched}` });
    });
    const news = await round();
    expect(new Set(news.map(({ ref }) => ref)).size).toBe(350);
    expect(touched).toBeGreaterThanOrEqual(4);
  });

  it('that have one date are told all the same', async () => {
    const all = Array.from({ length: 250 }, (_, at) => story(`Story ${at}`));
    for (const each of all) each.modified = all[0]?.modified ?? '';
    const news = await round();
    expect(new Set(news.map(({ ref }) => ref)).size).toBe(250);
  });

  it('leave a story that follows its tasks, or is dragged to its end, no less heard', async () => {
    const all = Array.from({ length: 1_050 }, (_, at) => story(`Story ${at}`));
    const last = all.at(-1) as Thing;
    rig.peer.moveTo(last, rig.anna, 'done');
    take(await round());
    rig.cursor = JSON.stringify({ ...JSON.parse(rig.cursor ?? ''), turn: {} });
    rig.peer.add('task', rig.grid, rig.anna, { subject: 'QA', user_story: last.id });
    const other = all.at(-2) as Thing;
    rig.peer.drag(other, rig.anna, 'done');
    take(await round());
    expect(held.get(refOf(last))).toBe(true);
    expect(held.get(refOf(other))).toBe(false);
  });

  it('are looked at in turn, so many a round', async () => {
    const all = Array.from({ length: 1_250 }, (_, at) => story(`Story ${at}`));
    take(await round());
    const [first, last] = [all[0] as Thing, all.at(-1) as Thing];
    for (const each of [first, last]) held.set(refOf(each), false);
    const pages = () =>
      rig.peer.seen.filter(({ path }) => /^.userstories.*created_date/.test(path) && !/finish/.test(path)).length;
    const before = pages();
    rig.cursor = JSON.stringify({
      ...JSON.parse(rig.cursor ?? ''),
      told: { [rig.grid.slug]: Date.now() + 60_000 },
      turn: {},
    });
    take(await round());
    expect(pages() - before).toBe(10);
    expect(held.get(refOf(first))).toBe(true);
    expect(held.get(refOf(last))).toBe(false);
    take(await round());
    expect(held.get(refOf(last))).toBe(true);
  });
});

test('what was taken away is found though nobody tells of it', async () => {
  const all = Array.from({ length: 230 }, (_, at) => story(`Story ${at}`));
  const bug = rig.peer.add('issue', rig.grid, rig.anna, { subject: 'Bug' });
  take(await round());
  // At a page's beginning, in its midst, at the border of two, and the last one of all.
  const gone = [0, 57, 99, 100, 229].flatMap((at) => all[at] ?? []);
  for (const each of [...gone, bug]) rig.peer.remove(each, rig.anna);
  take(await round());
  for (const each of [...gone, bug]) expect([refOf(each), held.get(refOf(each))]).toEqual([refOf(each), false]);
  expect(held.get(refOf(all[58] as Thing))).toBe(true);
  // Who is not let in any more does not take it for gone.
  rig.grid.members.splice(0);
  const before = new Map(held);
  take(await round());
  expect(held).toEqual(before);
});

describe('with hooks that are lost, doubled and late', () => {
  it('what is held equals what is so after a round', async () => {
    await rig.listen();
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    rig.peer.hooks.drop(() => random(10) < 3);
    rig.peer.hooks.repeat(2);
    rig.peer.hooks.hold();
    const slugs = ['new', 'in-progress', 'done', 'ready'];
    const stories = Array.from({ length: 12 }, (_, at) => story(`Story ${at}`));
    const tasks = stories
      .slice(0, 6)
      .map((each) => rig.peer.add('task', rig.grid, rig.anna, { subject: 'T', user_story: each.id }));
    for (let step = 0; step < 120; step += 1) {
      const one = stories[random(12)] as Thing;
      const slug = slugs[random(4)] ?? 'new';
      const what = random(4);
      if (what === 0) rig.peer.drag(one, rig.anna, slug);
      else if (what === 1) rig.peer.moveTo(one, rig.anna, slug);
      else if (what === 2) rig.peer.moveTo(tasks[random(6)] as Thing, rig.anna, random(2) === 0 ? 'closed' : 'new');
      else rig.peer.githubPush(one, slug);
    }
    rig.peer.hooks.release((all) => all.toReversed());
    await rig.peer.hooks.settled();
    expect(rig.bodies.size).toBeGreaterThan(50);
    take([...rig.bodies.values()].flatMap((body) => trackersOf(rig.circles.read(body))));
    expect(held).not.toEqual(truth());
    take(await rig.round());
    expect(held).toEqual(truth());
  });
});

describe('trouble', () => {
  it('holds up no other circle when one is gone or hidden', async () => {
    const other = rig.peer.project('PROJECT_Other', rig.anna);
    rig.peer.member(other, rig.bot, ALL);
    const one = rig.peer.add('userstory', other, rig.anna, { subject: 'One' });
    const many = rig.another({ circles: () => ['gone', rig.grid.slug, other.slug] });
    rig.peer.member(rig.grid, rig.bot, ['view_project']);
    expect((await rig.round(many)).map(({ ref }) => ref)).toEqual([refOf(one)]);
    expect(rig.logged.join('\n')).toContain('gone can not be followed');
  });

  it('goes on where it was, with nothing lost', async () => {
    const one = story('One');
    rig.peer.fault('GET', /^\/issues/, { status: 500 }, 1);
    await expect(rig.round()).rejects.toThrow('away: 500');
    rig.peer.fault('GET', /^\/issues/, { status: 429, wait: '2' }, 1);
    expect(await rig.circles.changes(rig.cursor, 0)).toEqual({ is: 'later', after: 2_000, why: '429 Out of order' });
    await rig.peer.away(true);
    expect(await rig.circles.changes(rig.cursor, 0)).toMatchObject({ is: 'away' });
    expect(rig.circles.state().is).toBe('away');
    await rig.peer.away(false);
    rig.peer.edit(one, rig.anna, { subject: 'Uno' });
    const news = await rig.round();
    expect(rig.circles.state()).toEqual({ is: 'connected', line: 'Circles: as baton' });
    expect((await rig.round()).concat(news).map(({ title }) => title)).toContain('Uno');
  });

  it('begins anew with a cursor that can not be read', async () => {
    story('One');
    rig.cursor = '{"v":9}';
    expect(await rig.round()).toHaveLength(1);
    expect(await rig.another({ circles: () => [] }).changes(undefined, 0)).toMatchObject({ news: [], more: false });
  });

  it('sends the token nowhere else, whatever the answers say', async () => {
    Array.from({ length: 101 }, (_, at) => story(`Story ${at}`));
    await rig.round();
    const seen = rig.peer.seen.filter(({ path }) => path.startsWith('/userstories?'));
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.every(({ authorization }) => authorization?.startsWith('Application '))).toBe(true);
  });
});

describe('look', () => {
  it('tells what is, what is not, and that it can not tell', async () => {
    const one = story('One');
    expect(await rig.circles.look(refOf(one))).toMatchObject({ title: 'One', open: true });
    expect(await rig.circles.look(`${rig.grid.slug}/us:77`)).toBeNull();
    expect(await rig.circles.look('org/repo#1')).toBeUndefined();
    rig.peer.remove(one, rig.anna);
    expect(await rig.circles.look(refOf(one))).toBeNull();
    const two = story('Two');
    rig.peer.member(rig.grid, rig.bot, ['view_project']);
    expect(await rig.circles.look(refOf(two))).toBeUndefined();
    rig.peer.fault('GET', /^\/resolver/, { status: 503 }, 1);
    expect(await rig.circles.look(refOf(two))).toBeUndefined();
  });
});
