import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bot, createFolder, startBot } from '../web/demo.ts';
import {
  findBrowser,
  HOW_TO_INSTALL,
  LOOKS,
  openBrowser,
  overflow,
  type Seat,
  SHOTS,
  seriousFindings,
  sitDown,
} from './browser.ts';

/** A web release, from the need for it to production, played through the console in a real browser. */

const program = findBrowser();
if (program === undefined && process.env.CI === 'true') throw new Error(HOW_TO_INSTALL);
if (program === undefined) process.stderr.write(`browser tests skipped: ${HOW_TO_INSTALL}\n`);

/** Seventeen pages, each looked at by axe, on a machine that may have other work. */
const SLOW = 180_000;
const DESK = { width: 1280, scheme: 'light' } as const;

/** Says something by the keyboard; resolves to the answer to just these words. */
async function say(page: Page, words: string): Promise<Locator> {
  const said = page.locator('#log > .said.mine', {
    has: page.locator('> .bubble > .words').getByText(words, { exact: true }),
  });
  const before = await said.count();
  await page.locator('#say').fill(words);
  await page.locator('#say').press('Enter');
  const answer = said.nth(before).locator('.answer');
  await answer.waitFor();
  return answer;
}

async function sayAll(page: Page, ...lines: readonly string[]): Promise<void> {
  for (const words of lines) {
    const answer = await say(page, words);
    expect(await answer.getAttribute('class'), await text(answer)).toBe('answer ok');
  }
}

const text = async (locator: Locator): Promise<string> => ((await locator.textContent()) ?? '').replaceAll(/\s+/g, ' ');

describe.skipIf(program === undefined)('a web release through the console', () => {
  const folder = createFolder();
  let bot: Bot;
  let browser: Browser;
  const seats = new Map<string, Seat>();
  beforeAll(async () => {
    [bot, browser] = await Promise.all([startBot(folder.path), openBrowser(program ?? '')]);
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.stop();
    folder.remove();
  });

  /** The page of a person, at one of the conversations. */
  async function at(person: string, path: string): Promise<Page> {
    const seat = seats.get(person) ?? (await sitDown(browser, bot.origin, person, DESK));
    seats.set(person, seat);
    if (new URL(seat.page.url()).pathname !== path) await seat.page.goto(`${bot.origin}${path}`);
    return seat.page;
  }
  const card = (page: Page): Locator =>
    page.locator('#log > .kind-vote-opened', { hasText: 'A calendar of power cuts' }).last();

  async function moveClock(page: Page, move: string, expected: RegExp): Promise<void> {
    await page.locator(`#clock-panel button[value="${move}"]`).click();
    await page.locator('#clock-panel .now', { hasText: expected }).waitFor();
  }

  test('the line completes commands and their words, by the keyboard alone', async () => {
    const page = await at('petra', '/console');
    const line = page.locator('#say');
    await line.focus();
    await page.keyboard.type('/prop');
    await page.locator('#options [role=option]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await line.getAttribute('aria-activedescendant')).toBe('option-0');
    await page.keyboard.press('Enter');
    await page.keyboard.type('we');
    await page.locator('#options [role=option]', { hasText: 'web' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    expect(await line.inputValue()).toBe('/propose web ');
    await page.keyboard.press('Escape');
    await page.keyboard.type('A calendar of power cuts');
    await page.keyboard.press('Enter');
    await page.locator('#log .answer', { hasText: 'WEB-3' }).waitFor();
    expect(await line.inputValue()).toBe('');
    await sayAll(page, '/link WEB-3 https://pad.lumen.example/power-cuts');
  });

  test('words that come late do not take away what somebody points at', async () => {
    const page = await at('petra', '/console');
    const held: (() => void)[] = [];
    let isOpen = false;
    await page.route('**/words', (route) => {
      const letGo = () => void route.continue();
      return isOpen ? letGo() : void held.push(letGo);
    });
    await page.reload();
    const line = page.locator('#say');
    await line.focus();
    await page.keyboard.type('/prop');
    await expect.poll(() => held.length).toBeGreaterThan(0);
    held[0]?.();
    await page.locator('#options [role=option]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    isOpen = true;
    for (const letGo of held.slice(1)) letGo();
    // Whatever was asked for before has been answered by then.
    await page.evaluate("fetch('/words').then((response) => response.json())");
    expect(await line.getAttribute('aria-activedescendant')).toBe('option-0');
    await page.unroute('**/words');
    await line.fill('');
  });

  test('the call opens the vote, and its tally is live on every page', async () => {
    const [stella, sam] = [await at('stella', '/chat/stakeholders'), await at('sam', '/chat/stakeholders')];
    await sayAll(stella, '/call open');
    await card(sam).waitFor();
    await card(sam).getByRole('button', { name: 'Approve' }).click();
    await card(stella).getByText('1 of 2 needed').waitFor();
    expect(await text(card(stella))).toContain(
      'Approve: Sam Okafor. Reject: –. Missing: Stella Marin and Sofia Lindqvist.',
    );
    await card(stella).getByRole('button', { name: 'Approve' }).click();
    await card(sam).locator('.over.approved').waitFor();
    expect(await card(sam).getByRole('button').count()).toBe(0);
    await sayAll(stella, '/prioritise WEB-3 1', '/call close');
  });

  test('a button that wants more words puts them into the line', async () => {
    const page = await at('sofia', '/chat/stakeholders');
    const announcement = page.locator('#log > .kind-vote-opened', { hasText: 'ANN-1' });
    await announcement.getByRole('link', { name: 'Reject…' }).click();
    expect(await page.locator('#say').inputValue()).toBe('/reject ANN-1 ');
    expect(await page.evaluate('document.activeElement.id')).toBe('say');
    await page.locator('#say').fill('');
  });

  test('the baton goes from promotion to web to OPS', async () => {
    const petra = await at('petra', '/console');
    const story = await text(await say(petra, '/story WEB-3 As a neighbour I see when the power is off'));
    const us = /baton\/us:\d+/.exec(story)?.[0] ?? '';
    await sayAll(petra, '/handover WEB-3 web');
    const wim = await at('wim', '/chat/web');
    await wim.locator('#log > .kind-offer', { hasText: 'WEB-3' }).getByRole('button', { name: 'Accept' }).click();
    await wim.locator('#log > .kind-offer', { hasText: 'WEB-3' }).getByText('taken by Wim De Smet').waitFor();
    const issue = /baton#\d+/.exec(await text(await say(wim, '/bug minor WEB-3 Draw the calendar')))?.[0] ?? '';
    await sayAll(
      wim,
      `/link WEB-3 ${us} ${issue}`,
      '/done WEB-3',
      '/done WEB-3',
      `/close ${issue}`,
      '/handover WEB-3 ops',
    );
    const olga = await at('olga', '/chat/ops');
    await olga
      .locator('#log > .kind-task', { hasText: 'ALERT-1' })
      .getByRole('button', { name: 'Acknowledge' })
      .click();
    await olga.locator('#log > .kind-task', { hasText: 'ALERT-1' }).getByText('taken by Olga Ferrari').waitFor();
    await olga.locator('#log > .kind-offer', { hasText: 'WEB-3' }).getByRole('button', { name: 'Accept' }).click();
    await sayAll(olga, '/done WEB-3', '/release WEB-3 staging v3.0');
  });

  test('the stakeholders review what is on staging', async () => {
    const [sam, sofia] = [await at('sam', '/chat/stakeholders'), await at('sofia', '/chat/stakeholders')];
    await card(sam).getByText('Review of').waitFor();
    await card(sam).getByRole('button', { name: 'Approve' }).click();
    await card(sofia).getByText('1 of 2 needed').waitFor();
    await card(sofia).getByRole('button', { name: 'Approve' }).dblclick();
    await card(sam).locator('.over.approved').waitFor();
    await sofia.locator('#log > .said.mine .answer', { hasText: 'WEB-3: approved' }).last().waitFor();
    // Two clicks, one ballot: the second is neither a second press nor a refusal.
    expect(await sofia.locator('#log > .said.mine', { hasText: '/approve WEB-3' }).count()).toBe(1);
  });

  test('on Thursday the push is refused, on Monday it is clean', async () => {
    const page = await at('olga', '/chat/ops');
    await moveClock(page, 'thursday', /^Thu \d+ \w+ 10:0/);
    await page.locator('#status .season.frozen').waitFor();
    const refused = await say(page, '/release WEB-3 production');
    expect(await refused.getAttribute('class')).toBe('answer no');
    expect(await refused.locator('.rule').textContent()).toBe('R2');
    await moveClock(page, 'monday', /^Mon \d+ \w+ 10:0/);
    expect(await text(await say(page, '/release WEB-3 production'))).toContain('released');
    await sayAll(page, `/monitor WEB-3 ${bot.origin}/handbook/monitoring`);
    const item = await at('wim', '/item/WEB-3');
    await item.getByText('production', { exact: true }).first().waitFor();
    const petra = await at('petra', '/tracker');
    const row = petra.locator('#tracker li', { hasText: 'when the power is off' });
    await row.getByRole('button', { name: 'Close' }).click();
    await row.getByText('closed').waitFor();
    expect(await text(await say(page, '/done WEB-3'))).toContain('done');
    await item.locator('.chip.state-completed').waitFor();
  });

  test('no page was refused anything by its own policy', async () => {
    for (const [person, { complaints, context }] of seats) {
      expect(complaints, person).toEqual([]);
      await context.close();
    }
  });

  test.each(LOOKS)(
    'every kind of page at $width pixels, $scheme: nothing serious, nothing too wide',
    async (look) => {
      const { page, context, complaints } = await sitDown(browser, bot.origin, 'stella', look);
      const paths = [
      '/', '/console', '/chat/stakeholders', '/chat/announcements', '/board', '/item/WEB-3', '/item/WEB-1', '/tracker', '/mail', '/rules', '/commands',
      '/settings', '/clock', '/waiting', '/handbook/monitoring', '/item/NONE-1', '/console?say=%2Freject%20WEB-1%20',
    ]; // biome-ignore format: one glance
      for (const path of paths) {
        await page.goto(`${bot.origin}${path}`);
        expect(await seriousFindings(page), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
        const name = path.replaceAll(/[^\w-]+/g, '_').replace(/^_+|_+$/g, '') || 'who';
        await page.screenshot({ path: join(SHOTS, `${name}-${look.width}-${look.scheme}.png`) });
      }
      expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  test('a stranger is let in nowhere but the testers’ chat', async () => {
    const { page, context } = await sitDown(browser, bot.origin, 'stranger', DESK);
    await page.locator('#log').getByRole('button', { name: 'Join the test' }).first().click();
    await page.locator('#log .answer', { hasText: 'Welcome' }).waitFor();
    await page.goto(`${bot.origin}/board`);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByText('A stranger sees nothing').waitFor();
    await context.close();
  });

  test('everything can be said without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${bot.origin}/`);
    await page.locator('button[value="sam"]').click();
    await page.locator('#say').fill('/whoami');
    await page.locator('.send').click();
    await page.getByText('You are Sam Okafor').waitFor();
    await context.close();
  });
});
