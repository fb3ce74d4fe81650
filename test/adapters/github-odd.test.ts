import { afterEach, beforeEach, expect, test } from 'vitest';
import { isFound, openRig, type Rig, type RigOptions, START } from './github-rig.ts';

let rig: Rig;
const open = async (options: RigOptions): Promise<void> => {
  await rig.stop();
  rig = await openRig(options);
};
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.stop());

const repo = (name = 'example/grid') => rig.peer.repo(name);
const olga = () => rig.peer.user('olga');
const LIST = 'GET /repos/{owner}/{repo}/issues';
const HTML = { html: true } as const;

/** A whole round: what it told, and what it could not ask. */
async function round(cursor: string | undefined) {
  const refs: string[] = [];
  for (;;) {
    const found = await rig.github.changes(cursor, START - 60_000);
    if (!isFound(found)) return { refs, cursor, ...found };
    refs.push(...found.news.flatMap((each) => (each.news === 'tracker' ? [each.of.ref] : [])));
    ({ cursor } = found);
    if (!found.more) return { refs, cursor, lacking: found.lacking };
  }
}

test('a repository that fails by itself holds up no other, keeps its place and is named', async () => {
  await open({ repositories: ['example/a', 'example/grid', 'example/web'] });
  for (const name of ['example/a', 'example/grid', 'example/web']) rig.peer.open(repo(name), olga(), { title: name });
  rig.peer.fault(LIST, HTML, 1);
  const first = await round(undefined);
  expect(first).toMatchObject({ refs: ['example/grid#1', 'example/web#1'], lacking: ['example/a'] });
  expect(rig.logged.join()).toContain('example/a: GitHub gave an answer that is not understood');
  const web = repo('example/web').issues[0];
  if (web === undefined) throw new Error('none');
  rig.clock.at += 3_600_000;
  rig.peer.turn(repo('example/web'), web, olga(), 'closed');
  rig.peer.fault(LIST, HTML, 1);
  const second = await round(first.cursor);
  expect(second.refs).toContain('example/web#1');
  expect(second.lacking).toEqual(['example/a']);
  const third = await round(second.cursor);
  expect(third.refs).toContain('example/a#1');
  expect(third.lacking).toBeUndefined();
});

test('the last one that fails is named too, and where none can be asked it is GitHub that is away', async () => {
  await open({ repositories: ['example/grid', 'example/web'] });
  rig.peer.open(repo(), olga(), { title: 'One' });
  const one = await rig.github.changes(undefined, START);
  if (!isFound(one)) throw new Error('away');
  rig.peer.fault(LIST, HTML, 1);
  const two = await rig.github.changes(one.cursor, START);
  expect(two).toMatchObject({ news: [], more: false, lacking: ['example/web'] });
  rig.peer.fault(LIST, HTML, 2);
  expect(await round(isFound(two) ? two.cursor : undefined)).toMatchObject({ is: 'away' });
});

const issue = (number: number, more: object) => ({ number, title: `Issue ${number}`, state: 'open', ...more });
const WHEN = { updated_at: '2026-11-23T09:00:00Z', created_at: '2026-11-23T09:00:00Z' };

test('odd issues are read as far as they go, one that is none is passed over, and all behind them are told', async () => {
  const shows = [
    issue(1, { ...WHEN, labels: [{}] }),
    issue(2, { ...WHEN, labels: [{ name: null }, { name: 'bug' }, 'web'] }),
    issue(3, { ...WHEN, labels: null }),
    issue(4, { ...WHEN }),
    issue(5, { labels: [] }),
    { number: 'six', id: 66, title: 'private words' },
    issue(7, { ...WHEN, labels: [{ name: 'critical' }] }),
  ];
  rig.peer.fault(LIST, { shows });
  const found = await rig.github.changes(undefined, START);
  const of = isFound(found) ? found.news.flatMap((each) => (each.news === 'tracker' ? [each.of] : [])) : [];
  expect(of.map(({ ref, labels }) => [ref, labels])).toEqual([
    ['example/grid#1', []],
    ['example/grid#2', ['bug', 'web']],
    ['example/grid#3', undefined],
    ['example/grid#4', undefined],
    ['example/grid#5', []],
    ['example/grid#7', ['critical']],
  ]);
  const lines = rig.logged.filter((line) => line.includes('passed over'));
  expect(lines).toEqual([expect.stringContaining('"numbers":[66]')]);
  expect(lines.join()).not.toContain('private');
});

test('a full page whose rows have no date is not the last one', async () => {
  const rows = Array.from({ length: 100 }, (_, at) => issue(at + 1, { labels: [] }));
  rig.peer.fault(LIST, { shows: rows });
  rig.peer.fault(LIST, { shows: [issue(101, { labels: [] })] });
  const { refs } = await round(undefined);
  expect(refs).toHaveLength(101);
});

test('one odd issue is looked at', async () => {
  for (const labels of [[{}], [{ name: null }], null]) {
    rig.peer.fault('GET /repos/{owner}/{repo}/issues/{number}', { shows: issue(1, { labels }) });
    expect(await rig.github.look('example/grid#1')).toMatchObject({ ref: 'example/grid#1', open: true });
  }
});

test('webhooks without labels or sender are read, and what can not be read is logged by its number', async () => {
  await rig.start();
  const repository = { full_name: 'example/grid' };
  const read = (payload: object) => rig.github.read({ name: 'issues', payload: { repository, ...payload } });
  for (const more of [{ sender: null }, { sender: { login: 'olga' } }])
    expect(read({ action: 'closed', issue: issue(1, { labels: null }), ...more })).toMatchObject([
      { news: 'tracker', of: { ref: 'example/grid#1', open: false } },
    ]);
  expect(rig.logged).toEqual([]);
  rig.peer.hooks.send('issues', { action: 'closed', issue: { number: 9 } });
  await rig.peer.hooks.settled();
  expect(rig.logged.join()).toMatch(/can not be read.*"number":9/);
});
