import { expect, test } from 'vitest';
import { tally } from '../../support/tally.ts';
import { bringAtLast, DOORS, type DoorName, openDoor } from './doors.ts';
import { createOddServer, type Odd, type OddServer } from './odd-server.ts';

/** Every answer that is none, to each call that changes something: read as sure as it is, within bounds, and there once. */

/** Mail's server speaks no HTTP: `adapters/email-outcome.test.ts` has its answers. */
const NAMES = (Object.keys(DOORS) as DoorName[]).filter((name) => name !== 'smtp');
const DONE = /^(?:sent|done)$/;
const HOUR = 3_600_000;
const HTTP_DATE = 'Wed, 21 Oct 2026 07:28:00 GMT';

async function open(name: DoorName) {
  let server: OddServer | undefined;
  const door = await openDoor(name, async (url) => {
    server = await createOddServer(url);
    return server.url;
  });
  if (server === undefined) throw new Error('nothing stands between them');
  return { door, server };
}

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
/** Telegram says how long in the body, the others in a header. */
const tooFast = (wait: string | undefined): Odd => ({
  status: 429,
  headers: wait === undefined ? {} : { 'retry-after': wait },
  body: JSON.stringify({
    ok: false,
    error_code: 429,
    description: 'Too Many Requests',
    ...(wait === undefined ? {} : { parameters: { retry_after: /^-?\d+$/.test(wait) ? Number(wait) : wait } }),
  }),
});
const WAITS = ['0', '1', '3600', '-1', '99999999', 'abc', '', HTTP_DATE, undefined];

test.each(NAMES)('%s is asked too fast, with an odd wait: never at once, never for days', async (name) => {
  const { door, server } = await open(name);
  for (const [at, wait] of WAITS.entries()) {
    const thing = `thing-${at}`;
    server.odd(tooFast(wait), door.requests, 1);
    const before = server.requests;
    const given = await door.bring(thing, false);
    expect(server.answered, `${wait}`).toBe(at + 1);
    // Nobody asks again by himself.
    expect(server.requests - before, `${wait}`).toBeLessThanOrEqual(10);
    if (name === 'gitea') door.wait?.();
    else {
      expect(given.is, `${wait}`).toBe('later');
      expect(given.after, `${wait}`).toBeGreaterThanOrEqual(1_000);
      expect(given.after, `${wait}`).toBeLessThanOrEqual(HOUR);
      if (wait === '3600') expect(given.after).toBe(HOUR);
    }
    expect((await door.bring(thing, false)).is, `${wait}`).toMatch(DONE);
    expect(door.count(thing), `${wait}`).toBe(1);
  }
  tally('fault', '429 with odd waits', WAITS.length);
});

const ODD: readonly { readonly what: string; readonly answer: Odd }[] = [
  ...[500, 502, 503, 504].map((status) => ({ what: `status ${status}`, answer: { status, body: 'no' } })),
  { what: 'HTML with 502', answer: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>no</html>' } },
  { what: 'HTML', answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>hi</html>' } },
  { what: 'nothing', answer: { status: 200, body: '' } },
  { what: 'half of an answer', answer: { status: 200, body: '{"ok":tr' } },
  { what: 'null', answer: { status: 200, body: 'null' } },
  { what: 'a list', answer: { status: 200, body: '[1,"x",null]' } },
  {
    what: 'other types',
    answer: { status: 200, body: '{"ok":"yes","result":7,"ts":[],"number":"x","id":{},"ref":"y"}' },
  },
  { what: 'a no without words', answer: { status: 200, body: '{"ok":false}' } },
  { what: 'a very deep answer', answer: { status: 200, body: deep(200_000) } },
  { what: 'a deep one in place of the result', answer: { status: 200, body: `{"ok":true,"result":${deep(100_000)}}` } },
  { what: '__proto__', answer: { status: 200, body: '{"ok":true,"__proto__":{"ts":"1.1","message_id":1}}' } },
];

test.each(NAMES)('%s gives an answer that is none: in doubt, and there once in the end', async (name) => {
  const { door, server } = await open(name);
  for (const [at, { what, answer }] of ODD.entries()) {
    const thing = `thing-${at}`;
    server.odd(answer, door.requests, 1);
    const given = await door.bring(thing, false);
    expect(server.answered, what).toBe(at + 1);
    expect(given.is, what).toMatch(name === 'gitea' ? /^(?:away|done)$/ : /^uncertain$/);
    expect((await bringAtLast(door, thing, given.is === 'uncertain')).is, what).toMatch(DONE);
    expect(door.count(thing), what).toBe(1);
  }
  tally('fault', 'answers that are none', ODD.length);
});

const MEGABYTE = 1_000_000;

test.each(NAMES)(
  '%s answers with far too much, also packed: it is cut off, and memory stays as it was',
  async (name) => {
    const { door, server } = await open(name);
    const floods = [{ bytes: 200 * MEGABYTE }, { bytes: 1_000 * MEGABYTE, isPacked: true }];
    for (const [at, flood] of floods.entries()) {
      const thing = `thing-${at}`;
      server.odd({ status: 200, flood }, door.requests, 1);
      const held = process.memoryUsage.rss();
      const given = await door.bring(thing, false);
      expect(process.memoryUsage.rss() - held).toBeLessThan(200 * MEGABYTE);
      expect(server.answered).toBe(at + 1);
      expect(given.is).toMatch(name === 'gitea' ? /^away$/ : /^uncertain$/);
      // The client of Telegram takes no more in, and still does not hang up.
      if (flood.isPacked !== true && name !== 'telegram') expect(server.taken).toBeLessThan(60 * MEGABYTE);
      expect((await bringAtLast(door, thing, given.is === 'uncertain')).is).toMatch(DONE);
      expect(door.count(thing)).toBe(1);
    }
    tally('fault', 'answers that are far too large', floods.length);
  },
);
