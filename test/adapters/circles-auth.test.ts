import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuth } from '../../adapters/circles/auth.ts';
import type { Send } from '../../adapters/circles/http.ts';
import { unseal } from '../../adapters/circles/seal.ts';
import { findCanaries } from '../abuse/canaries.ts';
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
    await rig.another(LOGIN).look(ref);
    expect(calls('/auth')).toHaveLength(1);
    expect(calls('/auth/refresh')).toHaveLength(1);
    expect(rig.saved).toHaveLength(2);
    const old = rig.another({
      ...LOGIN,
      tokens: { load: () => rig.saved[0], save: async (text) => void rig.saved.push(text) },
    });
    expect(await old.look(ref)).toMatchObject({ title: 'One' });
    expect(calls('/auth')).toHaveLength(2);
  });

  it('is kept so that only who knows its password can go on with it, and is told to whoever redacts', async () => {
    const given: string[] = [];
    const tokens = (kept: string | undefined) => ({
      load: () => kept,
      save: async (text: string) => void rig.saved.push(text),
      given: (token: string) => void given.push(token),
    });
    await rig.another({ ...LOGIN, tokens: tokens(undefined) }).look(ref);
    const access = rig.peer.seen.at(-1)?.authorization?.replace('Bearer ', '') ?? '';
    expect(given).toEqual([access, expect.any(String)]);
    const [, refresh = ''] = given;
    expect(rig.saved).toEqual([expect.stringMatching(/^sealed:1:/)]);
    expect(findCanaries('the store', rig.saved.join(), [{ name: 'refresh', text: refresh }])).toEqual([]);
    for (const other of [{ username: 'anna' }, { password: 'another' }])
      expect(await unseal(rig.saved[0] ?? '', { ...LOGIN, ...other })).toBeUndefined();
    expect(await unseal(`${rig.saved[0]?.slice(0, -4)}AAAA`, LOGIN)).toBeUndefined();
    expect(await unseal('sealed:1:AAAA', LOGIN)).toBeUndefined();
    expect(await unseal(rig.saved[0] ?? '', LOGIN)).toBe(refresh);

    // One that an older version kept as it is: it is sealed before anything else, and good still.
    rig.saved.length = 0;
    const before = calls('/auth').length;
    expect(await rig.another({ ...LOGIN, tokens: tokens(refresh) }).look(ref)).toMatchObject({ title: 'One' });
    expect(calls('/auth')).toHaveLength(before);
    expect(await Promise.all(rig.saved.map((text) => unseal(text, LOGIN)))).toEqual([refresh, given.at(-1)]);
    expect(given.slice(2)).toEqual([refresh, expect.any(String), expect.any(String)]);
  });

  it('is looked for when it is needed, for the store is opened after the adapter is made', async () => {
    await rig.another(LOGIN).look(ref);
    let isOpen = false;
    const load = () => (isOpen ? rig.saved.at(-1) : undefined);
    const log = { info: () => undefined, warn: () => undefined, fault: () => '' };
    const asked: string[] = [];
    const auth = createAuth(
      { ...LOGIN, tokens: { load, save: async () => undefined }, log },
      async ({ path }, schema) => {
        asked.push(path);
        return { ok: true, body: schema.parse({ auth_token: 'a', refresh: 'b' }), hasNext: false, date: undefined };
      },
    );
    isOpen = true;
    await auth.header();
    expect(asked).toEqual(['/auth/refresh']);
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
