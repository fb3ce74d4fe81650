import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** The real browser of the browser tests: found where systems put it, never downloaded. */

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
export const SHOTS = join(import.meta.dirname, 'shots');

/** The browser's program; undefined where there is none. */
export function findBrowser(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  return (named === undefined ? PLACES : [named]).find((path) => existsSync(path));
}

export const HOW_TO_INSTALL =
  'no Chromium was found: run test/browser/install-chromium.sh, or name one in CHROMIUM_PATH';

export function openBrowser(executablePath: string): Promise<Browser> {
  mkdirSync(SHOTS, { recursive: true });
  return chromium.launch({
    executablePath,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ], // biome-ignore format: one glance
  });
}

export interface Seat {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of: blocked by the policy, say. */
  readonly complaints: string[];
}

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}
export const LOOKS: readonly Look[] = [1280, 360].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

/** A window of its own, in which somebody is played. */
export async function sitDown(browser: Browser, origin: string, person: string, look: Look): Promise<Seat> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width < 600 ? 740 : 860 },
    colorScheme: look.scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${origin}/`);
  await page.locator(`button[value="${person}"]`).click();
  await page.waitForURL(/\/(console|chat\/testers)$/);
  return { context, page, complaints };
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical on a page, each with the place. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run(document)')) as { violations: readonly Violation[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    );
}

/** Does the page fit the window's width? */
export const overflow = async (page: Page): Promise<number> =>
  (await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')) as number;
