import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGiteaPeer } from '../peers/gitea/peer.ts';
import { createFolder, runBaton, startBot, stopAll } from '../web/demo.ts';

/** With Gitea connected: a start that proves what the token can not see, and documents that are looked for there. */

let folder: ReturnType<typeof createFolder>;
let peer: Awaited<ReturnType<typeof createGiteaPeer>>;
beforeEach(async () => {
  folder = createFolder();
  peer = await createGiteaPeer();
  writeFileSync(
    join(folder.path, 'org.yaml'),
    `organisation: A
timezone: Europe/Brussels
people: [{ id: olga, roles: [ops] }]
gitea: { documents: [infra/docs], forbidden: [infra/secrets] }
`,
  );
});
afterEach(async () => {
  stopAll();
  await peer.close();
  folder.remove();
});

const environment = () => ({ BATON_ORG: 'org.yaml', GITEA_URL: peer.url, GITEA_TOKEN: peer.token, PORT: '0' });

test('a token that sees a forbidden repository starts nothing', async () => {
  peer.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x' } });
  peer.repository({ name: 'infra/secrets', isVisible: true, files: { 'keys.md': 'canary-of-a-secret' } });
  const { code, stdout, stderr } = await runBaton(folder.path, environment(), 'start');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^baton: Gitea: .*infra\/secrets/)]);
  expect(stderr).not.toMatch(/canary|f00dcafe/);
});

test('one that does not see it starts', async () => {
  peer.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x' } });
  peer.repository({ name: 'infra/secrets', isVisible: false, files: { 'keys.md': 'canary-of-a-secret' } });
  const bot = await startBot(folder.path, environment());
  expect(bot.said()).toContain('On their embedded defaults: issues, planning, mail and the store.');
  await bot.stop();
});
