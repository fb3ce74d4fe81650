import { afterEach, expect, test } from 'vitest';
import type { ForgeAdapter, Listing } from '../../src/forge-ports.ts';
import { createRig as createCirclesRig } from './circles-rig.ts';
import { openRig as openGithubRig } from './github-rig.ts';

/** What is open, page by page, while it changes. */

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** All pages; `between` is done after each. */
async function all(adapter: ForgeAdapter, between: (page: number) => void = () => undefined): Promise<Listing[]> {
  const pages: Listing[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await adapter.list?.(cursor);
    if (page === undefined || 'is' in page) throw new Error(`no page: ${JSON.stringify(page)}`);
    pages.push(page);
    between(pages.length);
    if (!page.more) return pages;
    cursor = page.cursor;
  }
}
const refsOf = (pages: readonly Listing[]): string[] => pages.flatMap(({ entries }) => entries.map(({ of }) => of.ref));
const isRising = (pages: readonly Listing[]): boolean =>
  pages.every(({ part }, at) => part <= 1 && part >= (pages[at - 1]?.part ?? 0));

test('GitHub: issues that close and change while the pages are read: none that stays open is missed, none comes twice', async () => {
  const rig = await openGithubRig({
    repositories: ['example/grid', 'example/web'],
    with: { repositories: ['example/grid', 'example/web'] },
  });
  open.push(() => rig.stop());
  const { peer, clock } = rig;
  const repo = peer.repo('example/grid');
  const user = peer.user('mia');
  for (let n = 1; n <= 450; n += 1) {
    // More at one moment than a page holds.
    if (n < 120 || n > 330) clock.at += 1_000;
    peer.open(repo, user, { title: `Issue ${n}`, isPull: n % 50 === 0 });
  }
  clock.at += 60_000;
  const pages = await all(rig.github, (page) => {
    const closed = repo.issues[page * 3];
    if (page <= 2 && closed !== undefined) peer.turn(repo, closed, user, 'closed');
  });
  const refs = refsOf(pages);
  expect(new Set(refs).size).toBe(refs.length);
  const stayed = repo.issues.filter(({ state, isPull }) => state === 'open' && !isPull);
  for (const { number } of stayed) expect(refs).toContain(`example/grid#${number}`);
  expect(pages.reduce((sum, { skipped }) => sum + skipped, 0)).toBe(9);
  expect(pages.map(({ where }) => where).at(-1)).toBe('example/web');
  expect(isRising(pages)).toBe(true);
  expect(pages.at(-1)?.part).toBe(1);
});

test('GitHub: a cursor that is none begins anew, and one that is away says so', async () => {
  const rig = await openGithubRig();
  open.push(() => rig.stop());
  rig.peer.open(rig.peer.repo('example/grid'), rig.peer.user('mia'), { title: 'One' });
  expect(await rig.github.list?.('nonsense')).toMatchObject({
    entries: [{ of: { ref: 'example/grid#1' } }],
    more: false,
  });
  await rig.peer.away(true);
  expect(await rig.github.list?.(undefined)).toMatchObject({ is: 'away' });
});

test('Circles: stories, then issues, of each circle; what is closed is left out, and a hidden circle is passed over', async () => {
  const rig = await createCirclesRig();
  open.push(() => rig.close());
  const { peer, grid, anna } = rig;
  for (let n = 1; n <= 230; n += 1) peer.add('userstory', grid, anna, { subject: `Story ${n}` });
  for (let n = 1; n <= 3; n += 1) peer.add('issue', grid, anna, { subject: `Issue ${n}` });
  const stories = peer.world.things.userstory;
  const [first, second] = stories;
  if (first === undefined || second === undefined) throw new Error('no stories');
  peer.moveTo(first, anna, 'done');
  peer.edit(second, anna, { external_reference: ['github', 'https://github.com/example/grid/issues/12'] });
  const adapter = rig.another({ circles: () => ['nowhere', grid.slug] });
  const pages = await all(adapter);
  const refs = refsOf(pages);
  expect(pages[0]).toMatchObject({ where: 'nowhere', trouble: expect.stringContaining('nowhere'), entries: [] });
  expect(new Set(refs).size).toBe(refs.length);
  expect(refs.filter((ref) => ref.includes('/us:'))).toHaveLength(229);
  expect(refs.filter((ref) => ref.includes('/issue:'))).toHaveLength(3);
  expect(refs).not.toContain(`${grid.slug}/us:${first.ref}`);
  const pairs = pages.flatMap(({ entries }) =>
    entries.flatMap(({ of, pair }) => (pair === undefined ? [] : [[of.ref, pair]])),
  );
  expect(pairs).toEqual([[`${grid.slug}/us:${second.ref}`, 'example/grid#12']]);
  expect(isRising(pages)).toBe(true);
  await peer.away(true);
  expect(await adapter.list?.(undefined)).toMatchObject({ is: 'away' });
});
