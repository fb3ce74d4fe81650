import { expect, test, vi } from 'vitest';
import { mailSeal } from '../../src/shell/mail-seal.ts';
import { fc, runs } from '../support/chance.ts';
import { createRig, type Rig } from './rig.ts';

/** One click (RFC 8058): from readers of mail and their makers' servers, from people, and from whoever has no link. */

const ADDRESS = 'olga@example.net';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const ONE_CLICK = 'List-Unsubscribe=One-Click';
const post = (rig: Rig, path: string, headers: Record<string, string> = FORM, body = ONE_CLICK) =>
  rig.request(path, { method: 'POST', headers, body });
const pathOf = (rig: Rig, letters: 'pages' | 'digests' | 'invitations', address = ADDRESS): string =>
  `/mail/end/${rig.seal.endOf(address, letters)}`;
const events = (rig: Rig): readonly string[] => rig.engine.store.history('mail/all').map(({ type }) => type);

test('a post ends these letters and no others, without a sign-in, an origin or a cookie; twice is once', async () => {
  const rig = await createRig();
  await rig.say('olga', '/mail pages digests');
  for (const _ of [1, 2]) {
    const response = await post(rig, pathOf(rig, 'pages'));
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toBeNull();
    const text = await response.text();
    expect(text).toContain('These letters are ended');
    expect(text).toContain('o…@example.net');
    expect(text).not.toContain(ADDRESS);
  }
  expect(events(rig)).toEqual(['mail-chosen', 'mail-ended']);
  expect(await rig.say('olga', '/mail')).toContain('digests go to');
  await rig.restart();
  expect(await rig.say('olga', '/mail')).not.toContain('pages go to');
  expect(await rig.say('olga', '/mail')).not.toContain('pages, ');
  expect(await rig.say('olga', '/mail pages')).toContain('From now on pages go to');
  expect(events(rig)).toEqual(['mail-chosen', 'mail-ended', 'mail-chosen']);
});

test.each<[string, Record<string, string>, string]>([
  ['as a form', FORM, ONE_CLICK],
  ['as a form of several parts', { 'content-type': 'multipart/form-data; boundary=b' }, `--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n`],
  ['from a page of a reader of mail', { ...FORM, origin: 'https://mail.example.com', 'sec-fetch-site': 'cross-site' }, ONE_CLICK],
  ['from our own page', { ...FORM, origin: 'https://baton.example.org' }, ''],
  ['with an origin that the browser hides', { ...FORM, origin: 'null' }, ''],
])('a post is taken %s', async (_, headers, body) => {
  const rig = await createRig();
  expect((await post(rig, pathOf(rig, 'invitations'), headers, body)).status).toBe(200);
  expect(events(rig)).toEqual(['mail-ended']);
}); // biome-ignore format: a table

test('who opens the link sees a button, and nothing is changed', async () => {
  const rig = await createRig();
  for (const method of ['GET', 'HEAD', 'GET']) {
    const response = await rig.request(pathOf(rig, 'invitations'), { method });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("form-action 'self'");
    const text = await response.text();
    if (method === 'HEAD') continue;
    expect(text).toContain('<form method="post"><button');
    expect(text).toContain('invitations to test');
    expect(text).not.toContain('<script');
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect((await rig.request(pathOf(rig, 'invitations'), { method })).status).not.toBe(200);
  expect(events(rig)).toEqual([]);
});

test('nobody gets in with a link that is not whole, not ours, or of another installation', async () => {
  const [rig, other] = [await createRig(), await createRig()];
  const token = rig.seal.endOf(ADDRESS, 'pages');
  const flipped = (at: number): string => `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
  const foreign = other.seal.endOf(ADDRESS, 'pages');
  const bad = [
    flipped(0),
    flipped(20),
    flipped(45),
    token.slice(0, -4),
    `${token}AAAA`,
    foreign,
    'x',
    'A'.repeat(5_000),
  ];
  for (const each of [...bad, `${token}%00`, '..%2f..%2fboard', encodeURIComponent('<script>alert(1)</script>')])
    for (const method of ['GET', 'POST']) {
      const response = await rig.request(`/mail/end/${each}`, { method });
      expect([each, response.status]).toEqual([each, 404]);
      expect(await response.text()).not.toMatch(/Example Grid|<script/);
    }
  expect(events(rig)).toEqual([]);
});

test('under another name the pages are not ours', async () => {
  const rig = await createRig();
  const response = await post(rig, pathOf(rig, 'pages'), { ...FORM, host: 'evil.example' });
  expect(response.status).toBe(421);
  expect(events(rig)).toEqual([]);
});

test('a body that is too large is not read, and the door is for this one path alone', async () => {
  const rig = await createRig();
  expect((await post(rig, pathOf(rig, 'pages'), FORM, 'x'.repeat(1_100_000))).status).toBe(413);
  expect((await post(rig, '/sign-in')).status).toBe(403);
  expect((await post(rig, '/mail')).status).toBe(403);
  expect((await rig.request('/mail')).status).toBe(303);
  expect(events(rig)).toEqual([]);
});

test('nothing is promised that could not be written', async () => {
  const rig = await createRig();
  const written = vi.spyOn(rig.engine, 'act').mockRejectedValue(new Error('the disk is full'));
  const response = await post(rig, pathOf(rig, 'pages'));
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('your letters are not ended');
  written.mockRestore();
  expect((await post(rig, pathOf(rig, 'pages'))).status).toBe(200);
});

test('the address of somebody who left, and one in other capitals', async () => {
  const rig = await createRig();
  await rig.say('omar', '/mail digests');
  await rig.say('ada', '/person remove omar');
  expect((await post(rig, pathOf(rig, 'digests', 'omar@example.net'))).status).toBe(200);
  await rig.say('tess', '/mail digests');
  expect((await post(rig, pathOf(rig, 'digests', 'TESS.T@example.net'))).status).toBe(200);
  expect(await rig.say('tess', '/mail')).toContain('Nothing goes to Tess.T@Example.net');
});

test('a link is read back as what it was made of, and by nobody else', async () => {
  const memory = () => {
    const kept = new Map<string, string>();
    return { meta: (name: string) => kept.get(name), setMeta: async (name: string, value: string) => void kept.set(name, value) };
  };
  const store = memory();
  const [seal, same, other] = await Promise.all([mailSeal(store), mailSeal(memory()), mailSeal(memory())]);
  const again = await mailSeal(store);
  const letters = fc.constantFrom('pages', 'digests', 'invitations');
  fc.assert(
    fc.property(fc.emailAddress(), letters, fc.string({ maxLength: 60 }), (address, sort, noise) => {
      const token = seal.endOf(address, sort);
      expect(again.readEnd(token)).toEqual({ address, letters: sort });
      expect([same.readEnd(token), other.readEnd(token), seal.readEnd(noise)]).toEqual([undefined, undefined, undefined]);
      const id = seal.idFor('page-7-abc', address);
      expect(again.readId(id)?.isTo(address.toUpperCase())).toBe(true);
      expect(again.readId(id)?.isTo(`x${address}`)).toBe(false);
      expect([other.readId(id), seal.readId(noise), seal.readId(id.replace('7', '8'))]).toEqual([undefined, undefined, undefined]);
    }),
    { numRuns: runs(200) },
  );
}); // biome-ignore format: rows
