import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assumptions } from './assumptions.ts';
import { createGithubPeer, type GithubPeer } from './peer.ts';

let peer: GithubPeer;
beforeEach(async () => {
  peer = await createGithubPeer();
});
afterEach(() => peer.stop());

const call = (path: string, init: RequestInit = {}, token = peer.access.token): Promise<Response> =>
  fetch(`${peer.apiUrl}${path}`, { ...init, headers: { authorization: `token ${token}`, ...init.headers } });
const post = (path: string, body: unknown): Promise<Response> =>
  call(path, { method: 'POST', body: JSON.stringify(body) });
const GRID = '/repos/example/grid';

test('only those who are known come in', async () => {
  expect((await fetch(`${peer.apiUrl}/user`)).status).toBe(401);
  expect((await call('/user', {}, 'ghp_other')).status).toBe(401);
  expect((await call('/user', {}, 'a.b.c')).status).toBe(401);
  expect((await call('/app')).status).toBe(401);
  expect((await call('/user')).status).toBe(200);
  peer.access.revoke(true);
  expect((await call('/user')).status).toBe(401);
});

test('what may not be seen is not there, and what is wrong is said', async () => {
  expect((await call('/repos/example/other')).status).toBe(404);
  expect((await call(`${GRID}/nonsense`)).status).toBe(404);
  const refused = await post(`${GRID}/issues`, {});
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({
    errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }],
  });
  expect((await post(`${GRID}/check-runs`, {})).status).toBe(403);
});

test('a list since a second, in the order of change, with its tag', async () => {
  for (const title of ['a', 'b', 'c']) await post(`${GRID}/issues`, { title });
  const list = `${GRID}/issues?state=all&sort=updated&direction=asc&per_page=2`;
  const first = await call(list);
  expect(await first.json()).toMatchObject([{ title: 'a' }, { title: 'b' }]);
  expect(first.headers.get('link')).toContain('page=2');
  const tag = first.headers.get('etag') ?? '';
  expect((await call(list, { headers: { 'if-none-match': tag } })).status).toBe(304);
  await call(`${GRID}/issues/1`, { method: 'PATCH', body: JSON.stringify({ state: 'closed' }) });
  expect((await call(list, { headers: { 'if-none-match': tag } })).status).toBe(200);
  expect(await (await call(`${GRID}/issues?state=all&since=2100-01-01T00:00:00Z`)).json()).toEqual([]);
});

test('webhooks are signed over their bytes', () => {
  const delivery = peer.hooks.send('issues', { action: 'opened' });
  const hex = createHmac('sha256', peer.webhookSecret).update(delivery.body).digest('hex');
  expect(peer.hooks.sign(delivery.body)).toBe(`sha256=${hex}`);
});

test('a deployment takes ten reports, from an App alone, while it waits', async () => {
  const repo = peer.repo('example/grid');
  repo.guarded.add('production');
  const { run, reports } = peer.deploy(repo, peer.user('olga'), { environment: 'production' });
  const path = `${GRID}/actions/runs/${run}/deployment_protection_rule`;
  const report = { environment_name: 'production', comment: 'x' };
  expect((await post(path, report)).status).toBe(403);
  const { token } = peer.access.issue();
  const review = async (body: unknown): Promise<number> =>
    (await call(path, { method: 'POST', body: JSON.stringify(body) }, token)).status;
  expect(await review({ ...report, environment_name: 'devnet' })).toBe(422);
  expect(await review({ ...report, comment: 'x'.repeat(1_025) })).toBe(422);
  for (let count = 0; count < 10; count += 1) expect(await review(report)).toBe(204);
  expect(await review({ ...report, state: 'approved' })).toBe(422);
  expect(reports).toHaveLength(10);
});

test('what it takes for granted is written down', () => {
  expect(new Set(assumptions.map(({ what }) => what)).size).toBe(assumptions.length);
});
