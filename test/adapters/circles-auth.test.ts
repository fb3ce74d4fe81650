import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuth } from '../../adapters/circles/auth.ts';
import type { Send } from '../../adapters/circles/http.ts';
import { createRig, type Rig } from './circles-rig.ts';

let rig: Rig;
let ref: string;
const LOGIN = { token: undefined, username: 'baton', password: 'secret' };
beforeEach(async () => {
  rig = await createRig();
  ref = `${rig.grid.slug}/us:${rig.peer.add('userstory', rig.grid, rig.anna, { subject: 'One' }).ref}`;
});
afterEach(() => rig.close());

const calls = (path: string) => rig.peer.seen.filter((each) => each.path === path);

describe('a login', () => {
  it('is made once, and renewed once for all who need it', async () => {
    const circles = rig.another(LOGIN);
    const look = () => Promise.all(Array.from({ length: 8 }, () => circles.look(ref)));
    expect((await look()).every((news) => news?.title === 'One')).toBe(true);
    expect(calls('/auth')).toHaveLength(1);
    rig.peer.accounts.expire();
    expect((await look()).every((news) => news?.title === 'One')).toBe(true);
    expect(calls('/auth/refresh')).toHaveLength(1);
    expect(calls('/auth')).toHaveLength(1);
    expect(rig.saved).toHaveLength(2);
  });

  it('is not renewed for one who was refused before it was', async () => {
    const asked: string[] = [];
    const send: Send = async ({ path }, schema) => {
      asked.push(path);
      const body = schema.parse({ auth_token: `access-${asked.length}`, refresh: `refresh-${asked.length}` });
      return { ok: true, body, hasNext: false, date: undefined };
    };
    const log = { info: () => undefined, warn: () => undefined, fault: () => '' };
    const auth = createAuth({ ...LOGIN, tokens: { load: () => undefined, save: async () => undefined }, log }, send);
    const first = await auth.header();
    expect(first).toMatchObject({ body: 'Bearer access-1' });
    expect(await auth.renew('Bearer access-1')).toMatchObject({ body: 'Bearer access-2' });
    expect(await auth.renew('Bearer access-1')).toMatchObject({ body: 'Bearer access-2' });
    expect(asked).toEqual(['/auth', '/auth/refresh']);
  });

  it('goes on after a restart with what was kept, and with the password where that is spent', async () => {
    await rig.another(LOGIN).look(ref);
    await rig.another({ ...LOGIN, password: 'forgotten' }).look(ref);
    expect(calls('/auth')).toHaveLength(1);
    expect(calls('/auth/refresh').map(({ body }) => body.refresh)).toEqual([rig.saved[0]]);
    expect(rig.saved).toHaveLength(2);
    const old = rig.another({
      ...LOGIN,
      tokens: { load: () => rig.saved[0], save: async (text) => void rig.saved.push(text) },
    });
    expect(await old.look(ref)).toMatchObject({ title: 'One' });
    expect(calls('/auth')).toHaveLength(2);
  });

  it('uses nothing before it is kept', async () => {
    let isFull = true;
    const kept: string[] = [];
    const tokens = {
      load: () => undefined,
      save: async (text: string) => {
        if (isFull) throw new Error('disk full');
        kept.push(text);
      },
    };
    const circles = rig.another({ ...LOGIN, tokens });
    expect(await circles.look(ref)).toBeUndefined();
    expect(rig.peer.seen.filter(({ authorization }) => authorization?.startsWith('Bearer'))).toEqual([]);
    isFull = false;
    expect(await circles.look(ref)).toMatchObject({ title: 'One' });
    expect(kept).toHaveLength(1);
    expect(calls('/auth')).toHaveLength(1);
  });

  it('that is refused is told as such, with what to do', async () => {
    const circles = rig.another({ ...LOGIN, password: 'wrong' });
    const became = await circles.perform({ do: 'turn', ref, to: 'closed' }, 'm', false);
    expect(became).toMatchObject({ is: 'away', why: expect.stringContaining('does not take our token') });
    expect(circles.state()).toMatchObject({ is: 'refused', line: expect.stringContaining('CIRCLES_TOKEN') });
    expect(await circles.check()).toMatchObject([{ ok: false, remedy: expect.stringContaining('CIRCLES_TOKEN') }]);
  });
});

describe('an application’s token', () => {
  it('is asked with as it is; taken away, it is refused and nothing is tried with it again and again', async () => {
    expect(await rig.circles.look(ref)).toMatchObject({ title: 'One' });
    const token = rig.peer.seen[0]?.authorization?.split(' ')[1] ?? '';
    rig.peer.accounts.revoke(token);
    const before = rig.peer.seen.length;
    expect(await rig.circles.changes(undefined, 0)).toMatchObject({ is: 'away' });
    expect(rig.peer.seen.length - before).toBe(1);
    expect(rig.circles.state().is).toBe('refused');
  });
});

it('no secret is logged, shown or told', async () => {
  const circles = rig.another({ ...LOGIN, password: 'canary-password' });
  const told = [
    await circles.check(),
    circles.state(),
    await circles.perform({ do: 'turn', ref, to: 'open' }, 'm', false),
    await rig.another({ token: 'canary-token' }).check(),
    await rig.another({ url: 'http://127.0.0.1:9/canary-path' }).check(),
    rig.logged,
  ];
  expect(JSON.stringify(told)).not.toContain('canary');
});
