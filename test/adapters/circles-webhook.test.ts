import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCircles } from '../../adapters/circles/inbound.ts';
import { inStoredOrder, pythonJson, readRecorded, rowOf, rowsOf } from '../peers/taiga/json.ts';
import { createRig, type Rig, SECRET, trackersOf } from './circles-rig.ts';

const DELIVERIES = rowsOf(readRecorded('webhooks'));
const recorded = (at: number) => {
  const { headers, body } = DELIVERIES[at] ?? {};
  return {
    headers: { 'x-taiga-webhook-signature': String(rowOf(headers)['x-taiga-webhook-signature']) },
    body: Buffer.from(pythonJson(body)),
  };
};
const signed = (payload: unknown, key = SECRET) => {
  const body = Buffer.from(typeof payload === 'string' ? payload : pythonJson(payload));
  return { headers: { 'x-taiga-webhook-signature': createHmac('sha1', key).update(body).digest('hex') }, body };
};

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

describe('what the recorded hooks told', () => {
  it('is taken with the signatures that they came with, stored once, and read', async () => {
    for (let at = 0; at < DELIVERIES.length; at += 1)
      expect(await rig.circles.webhook.handle(recorded(at))).toEqual({ status: 200 });
    expect([...rig.bodies.keys()].slice(0, 3)).toEqual([
      'circles:userstory:create:1:2026-11-23T09:00:48.920Z',
      'circles:userstory:change:1:2026-11-23T09:00:49.825Z',
      'circles:userstory:change:1:2026-11-23T09:00:50.245Z',
    ]);
    const told = [...rig.bodies.values()].flatMap((body) => trackersOf(rig.circles.read(body)));
    const brief = told.map(({ ref, open, by, comment }) =>
      [ref.replace('admin-project_alpha/', ''), open ? 'open' : 'closed', by?.slice(0, 6), comment?.slice(0, 14)]
        .filter(Boolean)
        .join(' '),
    );
    expect(brief).toEqual([
      'us:1 open admin',
      'us:1 open admin',
      'us:1 open admin',
      'us:1 open admin hello from bot',
      'us:1 closed admin',
      // A task was made, and closed: the story itself said nothing.
      'us:1 open admin',
      'us:1 closed admin',
      // All tasks are closed, and the status is New again.
      'us:1 open admin',
      'issue:3 open admin',
      'us:1 open admin',
      'us:5 open admin',
      'us:6 open admin',
      'us:7 open admin',
      'us:1 closed github [dev](https://',
      'issue:8 open github',
      'issue:8 open github Issue created ',
      'issue:9 open github',
      'issue:9 open github Issue created ',
    ]);
    expect(told.find(({ ref }) => ref.endsWith('issue:3'))?.labels).toEqual(['critical']);
  });

  it('sent again in other bytes is the same', async () => {
    await rig.circles.webhook.handle(recorded(6));
    const again = signed(inStoredOrder(DELIVERIES[6]?.body));
    expect(again.headers).not.toEqual(recorded(6).headers);
    expect(await rig.circles.webhook.handle(again)).toEqual({ status: 200 });
    expect(rig.bodies.size).toBe(1);
  });
});

describe('a delivery is refused', () => {
  it.each([
    ['without a signature', { headers: {}, body: recorded(2).body }],
    ['with an empty one', { headers: { 'x-taiga-webhook-signature': '' }, body: recorded(2).body }],
    ['with two', { headers: { 'x-taiga-webhook-signature': ['a', 'b'] }, body: recorded(2).body }],
    ['signed with another secret', signed(DELIVERIES[2]?.body, 'other')],
    [
      'signed over other bytes',
      { headers: recorded(2).headers, body: Buffer.concat([recorded(2).body, Buffer.from(' ')]) },
    ],
    [
      'with the other header alone',
      {
        headers: { 'x-hub-signature': `sha1=${recorded(2).headers['x-taiga-webhook-signature']}` },
        body: recorded(2).body,
      },
    ],
  ])('%s', async (_, request) => {
    expect((await rig.circles.webhook.handle(request)).status).toBe(401);
    expect(rig.bodies.size).toBe(0);
  });

  it('when it is no JSON, or none of Taiga’s', async () => {
    for (const body of ['{', '[]', '"x"', '{"action":"create"}', '{"action":"create","type":"userstory","data":{}}'])
      expect((await rig.circles.webhook.handle(signed(body))).status).toBe(400);
    expect(rig.bodies.size).toBe(0);
  });

  it('while there is no room, or nothing is taken in', async () => {
    rig.receive = () => 'full';
    expect((await rig.circles.webhook.handle(recorded(2))).status).toBe(503);
    await rig.circles.stop();
    expect((await rig.circles.webhook.handle(recorded(2))).status).toBe(503);
  });

  it('without a secret of ours', async () => {
    const bare = rig.another({ webhookSecret: undefined });
    expect((await bare.webhook.handle(signed(DELIVERIES[2]?.body, ''))).status).toBe(404);
  });
});

describe('over the socket', () => {
  it('drops what we did ourselves, whoever else is asked', async () => {
    await rig.listen();
    const story = rig.peer.add('userstory', rig.grid, rig.anna, { subject: 'One' });
    const ref = `${rig.grid.slug}/us:${story.ref}`;
    expect(await rig.circles.perform({ do: 'comment', ref, body: 'hi', status: false }, 'm1', false)).toEqual({
      is: 'done',
      ref,
    });
    rig.peer.say(story, rig.anna, 'hello');
    await rig.peer.hooks.settled();
    expect(rig.bodies.size).toBe(3);
    const told = [...rig.bodies.values()].flatMap((body) => trackersOf(rig.circles.read(body)));
    expect(told.map(({ by, comment }) => [by, comment])).toEqual([
      ['anna', undefined],
      ['anna', 'hello'],
    ]);
    // Read by one that does not know its name yet: the name was stored with it.
    await rig.peer.away(true);
    const fresh = rig.another({});
    expect([...rig.bodies.values()].flatMap((body) => fresh.read(body))).toHaveLength(2);
    await rig.peer.away(false);
  });

  it('answers Taiga’s own test and stores nothing', async () => {
    await rig.listen();
    const token = rig.peer.accounts.applicationToken(rig.anna);
    const tested = await fetch(`${rig.peer.url}/api/v1/webhooks/1/test`, {
      method: 'POST',
      headers: { authorization: `Application ${token}` },
    });
    expect(rowOf(await tested.json()).status).toBe(200);
    expect(rig.bodies.size).toBe(0);
  });
});

describe('read', () => {
  const story = (more: object, of: object = {}) => ({
    action: 'change',
    type: 'userstory',
    by: { username: 'anna' },
    data: {
      ref: 4,
      permalink: 'https://c.example/project/grid/us/4',
      is_closed: true,
      status: { slug: 'verified', is_closed: true },
      ...more,
    },
    ...of,
  });
  it('takes a story for closed only when its flag and its status both say so', () => {
    const openOf = (payload: unknown, closed: string[] = []) => readCircles(payload, closed).map(({ open }) => open);
    expect(openOf(story({}))).toEqual([false]);
    expect(openOf(story({ is_closed: false }))).toEqual([true]);
    expect(openOf(story({ status: { slug: 'new', is_closed: false } }))).toEqual([true]);
    expect(openOf(story({}), ['done'])).toEqual([true]);
    expect(openOf(story({}), ['done', 'verified'])).toEqual([false]);
    expect(openOf(story({ is_closed: false }), ['verified'])).toEqual([true]);
    expect(openOf(story({ is_closed: false }, { action: 'delete' }))).toEqual([false]);
  });
  it('lets the statuses of stories say nothing about issues', () => {
    const issue = { ...story({ status: { slug: 'closed', is_closed: true } }), type: 'issue' };
    expect(readCircles(issue, ['done'])[0]?.open).toBe(false);
  });
  it('keeps our marker out of the labels', () => {
    const tags = ['web', 'baton-0123456789abcdef0123', 'constructor'];
    expect(readCircles(story({ tags, severity: { name: 'constructor' } }))[0]?.labels).toEqual(['web', 'constructor']);
  });
  it('does not believe a task that is taken away, nor read what is none of our business', () => {
    const task = { action: 'delete', type: 'task', data: { ref: 9, user_story: story({}).data } };
    expect(readCircles(task)).toEqual([]);
    for (const odd of [null, 1, [], {}, { type: 'epic', action: 'create', data: {} }, story({ permalink: 'x' })])
      expect(readCircles(odd)).toEqual([]);
  });
});
