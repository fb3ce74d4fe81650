import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../src/web/server.ts';
import {
  findBrowser,
  HOW_TO_INSTALL,
  LOOKS,
  openBrowser,
  overflow,
  SHOTS,
  seriousFindings,
} from '../browser/browser.ts';
import { createRig } from './rig.ts';

/** Where the link in a letter leads, in a real browser: light, dark, on a narrow phone, and without scripts. */

const program = findBrowser();
if (program === undefined && process.env.CI === 'true') throw new Error(HOW_TO_INSTALL);
const LONG = `${'maximiliane.alexandra.von.und.zu.hohenstaufen'}@${'mail.'.repeat(20)}example.net`;

async function serve() {
  let handle: ((request: Request) => Response | Promise<Response>) | undefined;
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    fetch: () => (request) => handle?.(request) ?? new Response('', { status: 503 }),
  });
  onTestFinished(() => server.close());
  const address = `http://127.0.0.1:${server.port}`;
  const rig = await createRig({ publicUrl: address });
  handle = rig.handle;
  return { rig, address };
}

describe.skipIf(program === undefined)('ending letters', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(program ?? '');
  }, 60_000);
  afterAll(() => browser?.close());

  test.each([...LOOKS, { width: 280, scheme: 'dark' as const }])(
    'at $width pixels, $scheme',
    { timeout: 60_000 },
    async ({ width, scheme }) => {
      const { rig, address } = await serve();
      // Scripts are on for the look at accessibility alone: the page has none, and its policy would be told of one.
      const context = await browser.newContext({ viewport: { width, height: 700 }, colorScheme: scheme });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      for (const path of [rig.seal.endOf(LONG, 'invitations'), 'nothing']) {
        await page.goto(`${address}/mail/end/${path}`);
        expect(await seriousFindings(page), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
        await page.screenshot({
          path: join(SHOTS, `mail-end-${path === 'nothing' ? path : 'ask'}-${width}-${scheme}.png`),
        });
      }
      await page.goto(`${address}/mail/end/${rig.seal.endOf(LONG, 'invitations')}`);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
      expect(rig.engine.store.history('mail/all').map(({ type }) => type)).toEqual(['mail-ended']);
    },
  );

  test('without scripts', { timeout: 60_000 }, async () => {
    const { rig, address } = await serve();
    const context = await browser.newContext({ javaScriptEnabled: false });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${address}/mail/end/${rig.seal.endOf('olga@example.net', 'pages')}`);
    await page.getByRole('button', { name: 'End these letters' }).click();
    await page.getByText('writes no more').waitFor();
    expect(rig.engine.store.history('mail/all').map(({ type }) => type)).toEqual(['mail-ended']);
  });
});
