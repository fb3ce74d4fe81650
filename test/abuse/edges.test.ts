import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { tally } from '../support/tally.ts';
import { createWhole, type Whole } from '../support/whole-bot.ts';
import { ask } from '../web/demo.ts';
import { auditsIn } from './scene.ts';

/** The public addresses, over real HTTP, beside each other: whatever was not signed for that very address is nothing. */

interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let serial = 0;

/** What each platform would send, signed with a secret; and all that a receiver could be misled by. */
function makers({ bot, now, stage }: Whole) {
  const { secrets } = bot();
  const { id } = stage.telegramChat('ops');
  const slackBody = () => {
    serial += 1;
    const ts = `${1_790_000_000 + serial}.000100`;
    const event = { type: 'app_mention', user: 'U0DAVE', text: `<@${stage.slack.botUserId}> bug minor Slack ${serial}`, ts, channel: stage.slackChannel('dev'), event_ts: ts };
    return JSON.stringify({ type: 'event_callback', team_id: stage.slack.teamId, event_id: `Ev0ABUSE${serial}`, event });
  };
  const make = {
    telegram: (secret: string = secrets.telegramHook): Request => {
      serial += 1;
      const from = { id: 1010, is_bot: false, first_name: 'Dave' };
      const message = { message_id: serial, date: 1, chat: { id, type: 'group', title: 'ops' }, from, text: `/bug minor Telegram ${serial}`, entities: [{ type: 'bot_command', offset: 0, length: 4 }] };
      return {
        path: '/webhooks/telegram',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body: JSON.stringify({ update_id: 900_000_000 + serial, message }),
      };
    },
    slack: (secret: string = secrets.slackSigning, skew = 0): Request => {
      const body = slackBody();
      const stamp = String(Math.floor(now() / 1_000) + skew);
      const signature = `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
      return {
        path: '/slack/events',
        headers: { 'content-type': 'application/json', 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature },
        body,
      };
    },
    github: (secret: string = secrets.githubHook, repository = 'example/grid'): Request => {
      serial += 1;
      const issue = { number: 400 + serial, title: `GitHub ${serial}`, state: 'open', labels: [], user: { login: 'lea-gh', id: 7 } };
      const body = JSON.stringify({ action: 'opened', issue, repository: { full_name: repository }, sender: { login: 'lea-gh', id: 7 } });
      return {
        path: '/webhooks/github',
        headers: {
          'content-type': 'application/json', 'x-github-event': 'issues', 'x-github-delivery': `abuse-${serial}`,
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
      };
    },
    circles: (secret: string = secrets.circles): Request => {
      serial += 1;
      const project = { id: 1, name: 'Grid', permalink: 'https://circles.example.org/project/keeper-grid' };
      const data = { id: 5_000 + serial, ref: 500 + serial, subject: `Story ${serial}`, project, is_closed: false, status: { name: 'New' } };
      const body = JSON.stringify({ type: 'userstory', action: 'create', date: `2026-11-23T09:00:00.${serial}`, by: { username: 'pia' }, data });
      return {
        path: '/webhooks/circles',
        headers: { 'content-type': 'application/json', 'x-taiga-webhook-signature': createHmac('sha1', secret).update(body).digest('hex') },
        body,
      };
    },
  };
  return { make, secrets };
} // biome-ignore format: bodies as they come

const flipped = (body: string): string => body.replace(/minor|GitHub|Story/, (word) => word.toUpperCase());
const emptied = (headers: Readonly<Record<string, string>>, value: string | undefined) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, before]) =>
      /signature|secret-token/.test(name) ? (value === undefined ? [] : [[name, value]]) : [[name, before]],
    ),
  );

test('unsigned, wrong secrets, another platform’s signature, one byte changed, out of time: 401, nothing stored, nothing done', {
  timeout: 60_000,
}, async () => {
  const whole = await createWhole({ chats: 'webhooks' });
  const { make, secrets } = makers(whole);
  const { origin, path, engine } = whole.bot();
  await whole.settled();
  const send = async (request: Request, more: { method?: string } = {}) =>
    (await ask(origin, request.path, { method: 'POST', ...more, headers: request.headers, body: request.body })).status;
  const happened = () => engine.store.events(0, 100_000).map(({ stream, type, via }) => `${stream} ${type} ${via}`);
  const state = () => [happened(), auditsIn(path).length] as const;

  // Each is taken when it is what it says: else the refusals below would prove nothing.
  for (const good of [make.telegram(), make.slack(), make.github(), make.circles()])
    expect([good.path, await send(good)]).toEqual([good.path, expect.toSatisfy((status) => status === 200 || status === 202)]);
  // What the platforms and the bot have to tell each other of that is told, too.
  await whole.settled();
  await whole.reconcile();
  await whole.settled();
  const before = state();

  const names = ['telegram', 'slack', 'github', 'circles'] as const;
  const own = { telegram: secrets.telegramHook, slack: secrets.slackSigning, github: secrets.githubHook, circles: secrets.circles };
  for (const name of names) {
    const all: Request[] = [
      make[name]('a-wrong-secret-of-the-same-sort'),
      make[name](' '),
      ...names.filter((other) => other !== name).map((other) => make[name](own[other])),
      // The signature of another platform for this very body, under its own header, at this address.
      ...names.filter((other) => other !== name).map((other) => ({ ...make[other](), path: make[name]().path })),
    ];
    const good = make[name]();
    all.push({ ...good, headers: emptied(good.headers, undefined) });
    all.push({ ...good, headers: emptied(good.headers, '') });
    all.push({ ...good, headers: emptied(good.headers, 'undefined') });
    all.push({ ...good, headers: emptied(good.headers, 'v0=') });
    if (name !== 'telegram') all.push({ ...good, body: flipped(good.body) }, { ...good, body: `${good.body} ` }, { ...good, body: '' });
    for (const request of all) expect([name, request.headers, await send(request)]).toEqual([name, request.headers, 401]);
    tally('bad input', 'a wrong secret', all.length);
  }
  for (const skew of [-301, 301, -86_400, 86_400, 31_536_000]) expect([skew, await send(make.slack(undefined, skew))]).toEqual([skew, 401]);
  const sha1 = make.github();
  const old = { 'x-hub-signature': `sha1=${createHmac('sha1', secrets.githubHook).update(sha1.body).digest('hex')}` };
  expect(await send({ ...sha1, headers: { ...emptied(sha1.headers, undefined), ...old } })).toBe(401);
  for (const name of names) expect(await send(make[name](), { method: 'PUT' })).toBe(405);
  expect(state()).toEqual(before);

  // The right signature over another repository: stored, and none of our business.
  expect(await send(make.github(undefined, 'evil/grid'))).toBe(202);
  await whole.settled();
  expect(state()).toEqual([before[0], before[1] + 1]);

  // What was sent once and comes again, also under another name of its delivery, is what it was.
  const replayed = [make.telegram(), make.slack(), make.github(), make.circles()];
  for (const request of replayed) await send(request);
  await whole.settled();
  await whole.reconcile();
  await whole.settled();
  const [events] = state();
  for (const request of replayed)
    for (let n = 0; n < 5; n += 1) expect(await send({ ...request, headers: { ...request.headers, ...('x-github-delivery' in request.headers ? { 'x-github-delivery': `again-${n}` } : {}) } })).toBeLessThan(300);
  await whole.settled();
  expect(state()[0]).toEqual(events);
  tally('bad input', 'a replay', replayed.length * 5);
}); // biome-ignore format: long lines

test('50 MB, ten thousand headers, two lengths at once, bombs, spoofed proxies: refused at the door, and everyone else is served', {
  timeout: 60_000,
}, async () => {
  const whole = await createWhole({ chats: 'webhooks' });
  const { make } = makers(whole);
  const { origin, path, engine, port } = whole.bot();
  await whole.settled();
  const before = [engine.store.events(0, 100_000).length, auditsIn(path).length];
  const paths = ['/webhooks/telegram', '/slack/events', '/webhooks/github', '/webhooks/circles', '/sign-in'];

  /** What a raw request is answered with; a connection that is cut is an answer as well. */
  async function raw(head: string, chunks: Iterable<string | Buffer>): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(`${head}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n`);
    for (const chunk of chunks) {
      if (socket.destroyed) break;
      if (!socket.write(chunk))
        await Promise.race([new Promise<void>((resolve) => socket.once('drain', () => resolve())), closed]);
    }
    await closed;
    return heard.split('\r\n')[0] ?? '';
  }

  for (const each of paths) {
    // It says how much it is: it is not even read.
    expect(await raw(`POST ${each} HTTP/1.1\r\nOrigin: ${origin}\r\nContent-Length: 52428800`, ['\r\n'])).toMatch(/ 413 /);
    // It does not say, and goes on and on: it is cut.
    const megabyte = `100000\r\n${'a'.repeat(0x10_00_00)}\r\n`;
    const endless = ['Transfer-Encoding: chunked\r\n\r\n', ...Array.from({ length: 50 }, () => megabyte), '0\r\n\r\n'];
    expect(await raw(`POST ${each} HTTP/1.1\r\nOrigin: ${origin}`, endless)).toMatch(/^$| 413 /);
    const headers = Array.from({ length: 10_000 }, (_, at) => `X-${at}: ${at}\r\n`);
    expect(await raw(`POST ${each} HTTP/1.1`, [...headers, '\r\n'])).toMatch(/ 431 |^$/);
    expect(await raw(`POST ${each} HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked`, ['\r\n', '0\r\n\r\nGET /'])).toMatch(/ 400 /);
  }
  // Packed: nothing unpacks it, so it is a body that nobody signed.
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  for (const good of [make.telegram('wrong'), make.slack(), make.github(), make.circles()]) {
    const head = Object.entries({ ...good.headers, 'content-encoding': 'gzip', 'content-length': String(bomb.length) });
    const lines = head.map(([name, value]) => `${name}: ${value}`).join('\r\n');
    expect([good.path, await raw(`POST ${good.path} HTTP/1.1\r\n${lines}`, ['\r\n', bomb])]).toEqual([good.path, expect.stringMatching(/ 401 /)]);
  }
  // Who comes through no proxy of ours speaks for nobody else's address.
  const spoofed = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': `127.0.0.1:${port}`, 'x-forwarded-proto': 'https', forwarded: 'for=127.0.0.1;host=localhost' };
  expect((await ask(origin, '/board', { headers: { ...spoofed, host: 'evil.example' } })).status).toBe(421);
  const closed = await ask(origin, '/board', { headers: spoofed });
  expect([closed.status, closed.headers.location]).toEqual([303, '/sign-in']);
  await whole.settled();
  expect([engine.store.events(0, 100_000).length, auditsIn(path).length]).toEqual(before);
  expect((await ask(origin, '/health')).status).toBe(200);
}); // biome-ignore format: long lines
