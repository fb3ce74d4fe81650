import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../src/web/server.ts';
import { organisationOn } from '../web/given-app.ts';
import {
  findBrowser,
  HOW_TO_INSTALL,
  LOOKS,
  type Look,
  openBrowser,
  overflow,
  SHOTS,
  seriousFindings,
} from './browser.ts';

/** A real organisation in a real browser: the way in by a link, the console, the outbox, and the way out. */

const program = findBrowser();
if (program === undefined && process.env.CI === 'true') throw new Error(HOW_TO_INSTALL);

const SLOW = 180_000;
const LONG = 'maximiliane';
const REASON = `403 Forbidden: bot was blocked by the user ${'x'.repeat(120)}`;

/** The pages behind a port of their own, closed to whoever has not signed in. */
async function serve() {
  let handle: ((request: Request) => Response | Promise<Response>) | undefined;
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    fetch: () => (request) => handle?.(request) ?? new Response('', { status: 503 }),
  });
  onTestFinished(() => server.close());
  const at = await organisationOn(`http://127.0.0.1:${server.port}`, server.port);
  handle = (request) => at.app.fetch(request);
  return at;
}

describe.skipIf(program === undefined)('signing in', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(program ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function open(
    { width, scheme }: Look,
    javaScriptEnabled = true,
  ): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
      javaScriptEnabled,
    });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return { page, complaints };
  }

  test.each(LOOKS)(
    'with one button, into the console, and out again, at $width pixels, $scheme',
    async (look) => {
      const at = await serve();
      await at.say('wim', '/propose web A page of ours');
      await at.say('sam', '/call open');
      for (const row of await at.store.claim(at.hub.clock.now(), 100))
        await at.store.mark(row.id, 'failed', { reason: REASON });
      const { page, complaints } = await open(look);
      const requests: string[] = [];
      page.on('request', (request) => requests.push(`${request.url()} ${request.headers().referer ?? ''}`));

      const secret = await at.linkOf(LONG);
      await page.goto(`${at.address}/sign-in#${secret}`);
      await page.locator('#secret').waitFor({ state: 'hidden' });
      expect(page.url()).toBe(`${at.address}/sign-in`);
      expect(await seriousFindings(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.screenshot({ path: join(SHOTS, `sign-in-${look.width}-${look.scheme}.png`) });
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL(`${at.address}/waiting`);
      // The secret is in the body of one form, and in no address that anybody keeps.
      expect(requests.filter((each) => each.includes(secret))).toEqual([]);

      for (const path of ['/waiting', '/console', '/chat/ops', '/board', '/settings', '/outbox', '/sign-in']) {
        await page.goto(`${at.address}${path}`);
        expect(await seriousFindings(page), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
        await page.screenshot({
          path: join(SHOTS, `own${path.replaceAll('/', '_')}-${look.width}-${look.scheme}.png`),
        });
      }

      await page.goto(`${at.address}/console`);
      await page.locator('#say').fill('/whoami');
      await page.locator('#say').press('Enter');
      await page.locator('#log .answer', { hasText: 'You are Maximiliane' }).waitFor();

      await page.goto(`${at.address}/outbox`);
      await page.getByRole('button', { name: 'Discard' }).first().click();
      await page.getByText('It was given up.').waitFor();

      await page.goto(`${at.address}/waiting`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${at.address}/sign-in`);
      await page.goto(`${at.address}/board`);
      expect(page.url()).toBe(`${at.address}/sign-in`);
      expect(complaints).toEqual([]);
    },
    SLOW,
  );

  test('a page that stays open is closed when its session ends elsewhere', async () => {
    const at = await serve();
    const { page } = await open({ width: 1280, scheme: 'light' });
    await page.goto(`${at.address}/sign-in#${await at.linkOf('sam')}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${at.address}/waiting`);
    await page.goto(`${at.address}/board`);
    await at.say('olga', '/person remove sam');
    // The page may have heard of the change by itself, and be on its way already.
    await vi.waitFor(
      async () => {
        await page.evaluate('refresh()').catch(() => undefined);
        expect(page.url()).toBe(`${at.address}/sign-in`);
      },
      { timeout: 20_000, interval: 250 },
    );
  });

  test('without a script the link is pasted', async () => {
    const at = await serve();
    const { page } = await open({ width: 360, scheme: 'light' }, false);
    const link = `${at.address}/sign-in#${await at.linkOf('sam')}`;
    await page.goto(link);
    await page.locator('#secret').fill(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${at.address}/waiting`);
    await page.getByText('You are signed in as Sam').waitFor();
  });
});
