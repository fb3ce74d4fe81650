import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { createSmtpPeer } from '../peers/smtp/peer.ts';
import { runBaton, startBot, stopAll } from '../web/demo.ts';
import { report } from './report.ts';

/** The program as it is started, with a mail server before it: chosen, sent, ended with one click, come back. */

const ORGANISATION = `
organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops], email: olga@example.net }
  - { id: ada, name: Ada, roles: [admin] }
calendar: { ops_hours: { days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun], from: "03:00", until: "03:01" } }
`;
const MAIN = join(import.meta.dirname, '../../src/main.ts');
afterAll(stopAll);
const WAIT = { timeout: 15_000, interval: 50 };

/** `baton bounce`, with a message on its standard input. */
async function bounce(environment: Record<string, string>, message: string) {
  const child = spawn(process.execPath, [MAIN, 'bounce'], { env: { PATH: process.env.PATH ?? '', ...environment } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(message);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, said: stdout.trim(), stderr };
}

/** A post as the servers of a maker of mail readers send it: through the proxy, which passes the name on. */
const oneClick = (origin: string, url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { host, pathname } = new URL(url);
    const headers = { host, 'content-type': 'application/x-www-form-urlencoded' };
    const sending = request(new URL(pathname, origin), { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.on('error', reject);
    sending.end('List-Unsubscribe=One-Click');
  });

test('from the choice to the end, and over a restart', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-mail-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const peer = await createSmtpPeer();
  onTestFinished(() => peer.close());
  const org = join(folder, 'org.yaml');
  writeFileSync(org, ORGANISATION);
  const environment = {
    BATON_ORG: org,
    BATON_DB: join(folder, 'baton.db'),
    BATON_URL: 'https://baton.example.org',
    SMTP_URL: peer.url,
    MAIL_FROM: 'Baton <baton@example.org>',
    PORT: '0',
  };
  const say = async (as: string, words: string): Promise<string> =>
    (await runBaton(folder, environment, 'say', '--as', as, words)).stdout;
  const bot = await startBot(folder, environment);
  expect(await say('olga', '/mail pages')).toContain('pages go to olga@example.net');
  await say('ada', '/alert critical The site is down');
  await vi.waitFor(() => expect(peer.mails).toHaveLength(1), WAIT);
  const raw = (peer.mails[0]?.raw ?? '').replace(/\r\n[ \t]+/g, ' ');
  const url = /^List-Unsubscribe: <(https:\/\/baton\.example\.org\/mail\/end\/[\w-]+)>\r$/m.exec(raw)?.[1] ?? '';
  expect(await oneClick(bot.origin, url)).toBe(200);
  expect(await oneClick(bot.origin, `${url.slice(0, -1)}`)).toBe(404);
  expect(await say('olga', '/mail')).toContain('Nothing goes to olga@example.net');
  expect(await say('olga', '/mail pages')).toContain('pages go to olga@example.net');

  const id = /^<(.*)@/.exec(peer.mails[0]?.parsed.messageId ?? '')?.[1] ?? '';
  expect(await bounce(environment, 'Subject: I am away\r\n\r\nuntil Monday\r\n')).toMatchObject({
    code: 0,
    said: expect.stringContaining('nothing was done'),
  });
  // The choice is later than the letter: what comes back of it is old. It is the process that says so, over its socket.
  expect(await bounce(environment, report({ id }))).toMatchObject({
    code: 0,
    said: expect.stringContaining('Somebody said since then'),
  });
  await say('ada', '/alert critical It is down again');
  await vi.waitFor(() => expect(peer.mails).toHaveLength(2), WAIT);
  await bot.stop();
  const last = /^<(.*)@/.exec(peer.mails[1]?.parsed.messageId ?? '')?.[1] ?? '';
  // Nothing runs now: the database is opened for the one report.
  expect(await bounce(environment, report({ id: last }))).toMatchObject({
    code: 0,
    said: 'Mail to olga@example.net is parked: 550 5.1.1 no such person',
  });
  expect(await say('olga', '/whoami')).toContain('Mail: none gets to olga@example.net');
});
