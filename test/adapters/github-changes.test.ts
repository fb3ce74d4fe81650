import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ForgeNews } from '../../src/forge-ports.ts';
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

/** What somebody knows who follows this news. */
function mirror(known: Map<string, string>, news: readonly ForgeNews[]): Map<string, string> {
  for (const each of news) {
    if (each.news !== 'tracker' || each.of.open === undefined) continue;
    known.set(each.of.ref, `${each.of.open ? 'open' : 'closed'} ${(each.of.labels ?? []).join()} ${each.of.title}`);
  }
  return known;
}
const truth = (): Map<string, string> =>
  new Map(
    [...rig.peer.world.repos.values()].flatMap(({ name, issues }) =>
      issues
        .filter(({ isPull }) => !isPull)
        .map(
          ({ number, state, labels, title }) => [`${name}#${number}`, `${state} ${labels.join()} ${title}`] as const,
        ),
    ),
  );

test('what changed over all repositories, page by page, without pull requests', async () => {
  await open({ repositories: ['example/grid', 'example/web'] });
  for (let count = 0; count < 230; count += 1) {
    rig.clock.at += 1_000;
    rig.peer.open(repo(), olga(), {
      title: `Issue ${count}`,
      labels: count % 2 === 0 ? ['bug'] : [],
      isPull: count % 10 === 0,
    });
  }
  rig.peer.open(repo('example/web'), olga(), { title: 'Web' });
  const { news, cursor, pages } = await rig.drain();
  expect(mirror(new Map(), news)).toEqual(truth());
  expect(pages).toBe(4);
  for (const call of rig.peer.calls.filter(({ route }) => route === LIST)) expect(call.path).toContain('per_page=100');
  const issue = repo().issues[3];
  if (issue === undefined) throw new Error('none');
  rig.clock.at += 3_600_000;
  rig.peer.turn(repo(), issue, olga(), 'closed');
  const next = await rig.drain(cursor);
  expect(mirror(new Map(), next.news).get('example/grid#4')).toMatch(/^closed/);
  expect(mirror(mirror(new Map(), news), next.news)).toEqual(truth());
  expect(next.news.length).toBeLessThan(70);
});

test('many that changed in one second are all told', async () => {
  for (let count = 0; count < 350; count += 1) rig.peer.open(repo(), olga(), { title: `Issue ${count}` });
  expect(mirror(new Map(), (await rig.drain()).news)).toEqual(truth());
});

test('what changes while we ask is not passed over', async () => {
  for (let count = 0; count < 250; count += 1) {
    rig.clock.at += 1_000;
    rig.peer.open(repo(), olga(), { title: `Issue ${count}` });
  }
  const known = new Map<string, string>();
  let cursor: string | undefined;
  for (let round = 0, more = true; more; round += 1) {
    const found = await rig.github.changes(cursor, START);
    if (!isFound(found)) throw new Error('away');
    mirror(known, found.news);
    ({ cursor, more } = found);
    rig.clock.at += 1_000;
    const issue = repo().issues[round];
    if (issue !== undefined && round < 20) rig.peer.label(repo(), issue, olga(), ['bug']);
  }
  expect(mirror(known, (await rig.drain(cursor)).news)).toEqual(truth());
});

test('where nothing changed, nothing is told and nothing is counted', async () => {
  rig.peer.open(repo(), olga(), { title: 'One' });
  let { cursor } = await rig.drain();
  ({ cursor } = await rig.drain(cursor));
  ({ cursor } = await rig.drain(cursor));
  const before = rig.peer.calls.length;
  const { news } = await rig.drain(cursor);
  expect(news).toEqual([]);
  expect(rig.peer.calls.slice(before).map(({ route, status }) => [route, status])).toEqual([
    [LIST, 304],
    ['GET /repos/{owner}/{repo}/issues/comments', 304],
    ['GET /repos/{owner}/{repo}/deployments', 200],
  ]);
});

test('commands that did not reach us are found, and nobody else’s words are taken for one', async () => {
  const issue = rig.peer.open(repo(), olga(), { title: 'x' });
  rig.clock.at += 1_000;
  const said = rig.peer.comment(repo(), issue, olga(), '/ack');
  rig.peer.comment(repo(), issue, olga(), 'just words');
  rig.peer.comment(repo(), issue, rig.peer.user('renovate[bot]', 'Bot'), '/ack');
  rig.peer.comment(repo(), issue, olga(), '/ack\n\n<!-- baton:m-1 -->');
  const edited = rig.peer.comment(repo(), issue, olga(), 'hm');
  rig.peer.edit(repo(), issue, edited, '/release');
  const { news } = await rig.drain();
  expect(news.filter((each) => each.news === 'said')).toEqual([
    {
      news: 'said',
      id: String(said.id),
      ref: 'example/grid#1',
      account: 'github:olga',
      number: expect.any(String),
      text: '/ack',
    },
  ]);
});

test('deployments that succeeded since then are told once, however long they took', async () => {
  rig.peer.finish(repo(), rig.peer.deploy(repo(), olga(), { environment: 'devnet', ref: 'v0' }), olga(), 'success');
  rig.clock.at += 1_000;
  const slow = rig.peer.deploy(repo(), olga(), { environment: 'production', ref: 'v1' });
  let { news, cursor } = await rig.drain();
  expect(news).toMatchObject([{ news: 'deployed', environment: 'devnet', version: 'v0', by: 'olga' }]);
  for (let count = 0; count < 25; count += 1)
    rig.peer.finish(
      repo(),
      rig.peer.deploy(repo(), olga(), { environment: 'testnet', ref: `t${count}` }),
      olga(),
      count === 0 ? 'failure' : 'success',
    );
  ({ news, cursor } = await rig.drain(cursor));
  expect(news).toHaveLength(24);
  rig.clock.at += 3_600_000;
  rig.peer.finish(repo(), slow, olga(), 'success');
  ({ news, cursor } = await rig.drain(cursor));
  expect(news).toMatchObject([{ news: 'deployed', environment: 'production', sha: slow.sha }]);
  expect((await rig.drain(cursor)).news).toEqual([]);
});

test('a webhook that comes late, or before its elder, is set right at the next question', async () => {
  await rig.start();
  rig.peer.hooks.plan = () => 'hold';
  const issues = [1, 2, 3].map((count) => rig.peer.open(repo(), olga(), { title: `Issue ${count}` }));
  rig.clock.at += 5_000;
  for (const issue of issues) rig.peer.turn(repo(), issue, olga(), 'closed');
  const first = await rig.drain();
  const known = mirror(new Map(), first.news);
  rig.clock.at += 24 * 3_600_000;
  const second = await rig.drain(first.cursor);
  await rig.peer.hooks.release((held) => held.toReversed());
  for (const body of rig.stored.values()) mirror(known, rig.github.read(body));
  expect(known).not.toEqual(truth());
  const third = await rig.drain(second.cursor);
  expect(mirror(known, third.news)).toEqual(truth());
  expect((await rig.drain(third.cursor)).news).toEqual([]);
});

test('webhooks dropped, doubled and out of order: the mirror equals GitHub within two questions', async () => {
  await open({ repositories: ['example/grid', 'example/web'] });
  await rig.start();
  let seed = 7;
  const chance = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  rig.peer.hooks.plan = () => {
    const dice = chance();
    return dice < 0.3 ? 'drop' : dice < 0.5 ? 'hold' : dice < 0.7 ? 'double' : 'send';
  };
  const known = new Map<string, string>();
  const read = new Set<string>();
  let cursor: string | undefined;
  for (let round = 0; round < 6; round += 1) {
    for (let step = 0; step < 30; step += 1) {
      rig.clock.at += Math.floor(chance() * 5_000);
      const place = repo(chance() < 0.5 ? 'example/grid' : 'example/web');
      const issue = place.issues[Math.floor(chance() * place.issues.length)];
      if (issue === undefined || chance() < 0.3) rig.peer.open(place, olga(), { title: `Issue ${step}` });
      else if (chance() < 0.5) rig.peer.turn(place, issue, olga(), issue.state === 'open' ? 'closed' : 'open');
      else rig.peer.label(place, issue, olga(), [chance() < 0.5 ? 'bug' : 'critical']);
    }
    await rig.peer.hooks.settled();
    if (round % 2 === 1) await rig.peer.hooks.release((held) => held.toReversed());
    for (const [id, body] of rig.stored) if (!read.has(id)) mirror(known, rig.github.read(body));
    for (const id of rig.stored.keys()) read.add(id);
    for (let twice = 0; twice < 2; twice += 1) {
      const found = await rig.drain(cursor);
      cursor = found.cursor;
      mirror(known, found.news);
    }
    expect(known).toEqual(truth());
  }
});

test('one repository that we may not see holds up no other; GitHub away holds up all', async () => {
  await open({ repositories: ['example/grid', 'example/web'] });
  rig.peer.open(repo('example/web'), olga(), { title: 'Web' });
  rig.peer.access.installation.repositories.delete('example/grid');
  expect(mirror(new Map(), (await rig.drain()).news).size).toBe(1);
  expect(rig.logged.join()).toContain('can not be looked at');
  rig.peer.fault(LIST, { spent: 60 });
  const web = await rig.github.changes(JSON.stringify({ next: 'example/web', places: {} }), START);
  expect(web).toMatchObject({ is: 'later', after: 61_000 });
  await rig.peer.away(true);
  expect(await rig.github.changes(undefined, START)).toMatchObject({ is: 'away' });
});

test('a token for issues alone is let in here, and a cursor that is none begins anew', async () => {
  const { deployments: _, ...permissions } = rig.peer.access.permissions;
  await open({ permissions });
  rig.peer.open(repo(), olga(), { title: 'One' });
  expect((await rig.drain('nonsense')).news).toHaveLength(1);
});

test('one issue is looked at', async () => {
  const issue = rig.peer.open(repo(), olga(), { title: 'One', labels: ['bug'] });
  expect(await rig.github.look('Example/Grid#1')).toEqual({
    platform: 'github',
    ref: 'example/grid#1',
    kind: 'issue',
    title: 'One',
    open: true,
    labels: ['bug'],
  });
  expect(await rig.github.look('example/grid#9')).toBeNull();
  rig.peer.open(repo(), olga(), { title: 'Pull', isPull: true });
  expect(await rig.github.look('example/grid#2')).toMatchObject({ kind: 'pull', pull: { state: 'open' } });
  issue.gone = 'deleted';
  expect(await rig.github.look('example/grid#1')).toBeNull();
  expect(await rig.github.look('example/other#1')).toBeUndefined();
  expect(await rig.github.look('nonsense')).toBeUndefined();
});

test('an issue that moved away goes by its name there, and one that nobody can see is unknown', async () => {
  await open({ repositories: ['example/grid', 'example/web'] });
  rig.peer.open(repo('example/web'), olga(), { title: 'Web' });
  rig.peer.open(repo(), olga(), { title: 'One' }).gone = { to: '/repos/example/web/issues/1' };
  expect(await rig.github.look('example/grid#1')).toMatchObject({ ref: 'example/web#1', title: 'Web' });
  rig.peer.access.installation.repositories.delete('example/web');
  expect(await rig.github.look('example/web#1')).toBeUndefined();
  rig.peer.fault('*', { status: 500 }, 2);
  expect(await rig.github.look('example/grid#1')).toBeUndefined();
  await rig.peer.away(true);
  expect(await rig.github.look('example/grid#1')).toBeUndefined();
});

test('a repository that joins later brings its issues, and no command or deployment of long ago', async () => {
  await open({ repositories: ['example/grid', 'example/web'] });
  rig.peer.open(repo(), olga(), { title: 'One' });
  const { cursor } = await rig.drain();
  const { places, ...rest } = JSON.parse(cursor);
  const web = repo('example/web');
  rig.peer.comment(web, rig.peer.open(web, olga(), { title: 'Web' }), olga(), '/pass');
  rig.peer.finish(web, rig.peer.deploy(web, olga(), { environment: 'production' }), olga(), 'success');
  rig.clock.at += 365 * 24 * 3_600_000;
  const joined = await rig.drain(JSON.stringify({ ...rest, places: { 'example/grid': places['example/grid'] } }));
  expect([...new Set(joined.news.map(({ news }) => news))]).toEqual(['tracker']);
  expect(joined.news).toContainEqual(
    expect.objectContaining({ of: expect.objectContaining({ ref: 'example/web#1' }) }),
  );
  // What comes from then on is news.
  rig.clock.at += 300_000;
  rig.peer.comment(web, rig.peer.open(web, olga(), { title: 'Two' }), olga(), '/status');
  rig.peer.finish(web, rig.peer.deploy(web, olga(), { environment: 'production' }), olga(), 'success');
  const later = await rig.drain(joined.cursor);
  expect([...new Set(later.news.map(({ news }) => news))]).toEqual(['tracker', 'said', 'deployed']);
});
