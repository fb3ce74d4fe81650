import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ASSUMPTIONS } from './assumptions.ts';
import { calm, withoutRendering } from './calm.ts';
import { pythonJson, type Row, readRecorded, recording, rowOf, rowsOf, textOf } from './json.ts';
import { createTaigaPeer, type TaigaPeer } from './peer.ts';

/** Every recorded request, one after the other, put to the peer: it must answer what the real one did. */

const NAMES = readdirSync(new URL('./recorded', import.meta.url))
  .filter((name) => /^\d\d-/.test(name))
  .map((name) => name.replace(/\.json$/, ''))
  .sort();
const DELIVERIES = rowsOf(readRecorded('webhooks'));
/** Which of the headers mean something. */
const HEADERS = /^(x-paginat|taiga-info-|www-authenticate$)/;

let peer: TaigaPeer;
let receiver: ReturnType<typeof createServer>;
let hookUrl = '';
let signedIn: Row = {};
let refreshes: string[] = [];
const received: { readonly body: Buffer; readonly signature: unknown }[] = [];

beforeAll(async () => {
  peer = await createTaigaPeer();
  peer.user('admin', '<password>');
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ body: Buffer.concat(chunks), signature: request.headers['x-taiga-webhook-signature'] });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  hookUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/h`;
});
afterAll(async () => {
  await peer.close();
  receiver.close();
});

/** What the recordings leave out: who asked, and what was done at another door in between. */
function before(name: string): void {
  const [story] = peer.world.things.userstory;
  const [project] = peer.world.projects;
  if (project === undefined || story === undefined) return;
  if (name.startsWith('55-')) peer.githubPush(story, 'done');
  if (!name.startsWith('56-')) return;
  const url = 'https://github.com/tf/home/issues/50';
  peer.githubIssue(project, 'From GH', url, 'b [GitHub#12](https://github.com/tf/home/issues/12)');
  peer.githubIssue(project, 'From GH', url);
}

function headersFor(name: string): Record<string, string> {
  const number = Number(name.slice(0, 2));
  const bearer = number === 57 ? 'jwt.access.none' : textOf(signedIn.auth_token);
  return {
    'content-type': 'application/json',
    ...(number <= 4 || number === 58 || number === 59 ? {} : { authorization: `Bearer ${bearer}` }),
    ...(number === 51 ? { 'x-disable-pagination': '1' } : {}),
  };
}

function bodyFor(name: string, request: Row): Row | undefined {
  if (request.body === undefined || request.body === null) return undefined;
  const body = rowOf(request.body);
  // The second renewal was with the token that the first had used up already.
  if (name.startsWith('02') || name.startsWith('03')) return { refresh: refreshes[0] };
  if (name.startsWith('04')) return { refresh: refreshes[1] };
  return 'url' in body ? { ...body, url: hookUrl } : body;
}

describe('the peer answers as the recorded Taiga does', () => {
  it.each(NAMES)('%s', async (name) => {
    const { request, response } = recording(name);
    before(name);
    if (name.startsWith('60-')) await peer.hooks.settled();
    const body = bodyFor(name, request);
    const answer = await fetch(`${peer.url}/api/v1${textOf(request.path)}`, {
      method: textOf(request.method),
      headers: headersFor(name),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const given: unknown = await answer.json();
    if (name.startsWith('01')) signedIn = rowOf(given);
    if (typeof rowOf(given).refresh === 'string') refreshes = [...refreshes, textOf(rowOf(given).refresh)];
    expect(answer.status).toBe(response.status);
    expect(withoutRendering(calm(given))).toEqual(withoutRendering(calm(response.body)));
    const wanted = Object.entries(rowOf(response.headers)).filter(([header]) => HEADERS.test(header));
    const headers = [...answer.headers].filter(([header]) => HEADERS.test(header));
    expect(calm(Object.fromEntries(headers))).toEqual(calm(Object.fromEntries(wanted)));
  });

  it('tells its hooks what the recorded one told, signed over the bytes that were sent', async () => {
    await peer.hooks.settled();
    const told = received.slice(0, DELIVERIES.length);
    expect(told).toHaveLength(22);
    for (const { body, signature } of received)
      expect(signature).toBe(createHmac('sha1', 'whkey').update(body).digest('hex'));
    const bodies = told.map(({ body }): unknown => JSON.parse(body.toString('utf8')));
    expect(withoutRendering(calm(bodies))).toEqual(withoutRendering(calm(DELIVERIES.map((each) => each.body))));
  });

  it('sends again with the same words in other bytes, under another signature', () => {
    const [again, first] = [received[22], received[21]];
    expect(JSON.parse(again?.body.toString('utf8') ?? '')).toEqual(JSON.parse(first?.body.toString('utf8') ?? ''));
    expect(again?.signature).not.toBe(first?.signature);
  });
});

it('writes the very bytes that the recorded signatures are over', () => {
  for (const { headers, body } of DELIVERIES)
    expect(createHmac('sha1', 'whkey').update(pythonJson(body)).digest('hex')).toBe(
      rowOf(headers)['x-taiga-webhook-signature'],
    );
  expect(DELIVERIES).toHaveLength(22);
});

it('names each thing that it takes for granted once', () => {
  expect(new Set(ASSUMPTIONS.map(({ what }) => what)).size).toBe(ASSUMPTIONS.length);
  for (const { what } of ASSUMPTIONS) expect(what).toMatch(/^[A-Z`].*\.$/);
});
