import { expect, test, vi } from 'vitest';
import { createLog } from '../../src/shell/log.ts';
import { inspected } from '../../src/store/inspect.ts';
import { createAuditor } from '../../src/web/auditor.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import type { Voice } from '../faults/voice.ts';
import { createWhole } from '../support/whole-bot.ts';
import { ask, runBaton } from '../web/demo.ts';
import { folder, HOUR, MINUTE } from './rig.ts';

/** P3, measured: a platform is away, and everybody who looks sees what is late; at its use-by it is shown as failed. */

const PUBLIC = 'https://baton.example.org';
const log = createLog('silent', { write: () => true });

/** The bot on both chats, with its auditor and its figures, and an OPS member at the board. */
async function scene() {
  const whole = await createWhole({ connected: ['telegram', 'slack'] });
  const { stage, voices } = whole;
  const { engine, connections, origin, path } = whole.bot();
  const clock = { now: whole.now };
  let pings = 0;
  const ping = async () => {
    pings += 1;
  };
  const auditor = createAuditor({ engine, safe: undefined, connections, clock, log, ping });
  const metrics = createMetrics({ engine, safe: undefined, connections, clock, token: undefined, database: path });
  const ours = { host: new URL(PUBLIC).host, origin: PUBLIC };
  let cookie = '';
  const signIn = async () => {
    const links = () => voices.slack.seenBy('olga').filter((text) => /sign-in#/.test(text));
    const before = links().length;
    voices.slack.say('olga', '/web');
    const link = await voices.slack.waitFor(() => links()[before]);
    const signed = await ask(origin, '/sign-in', {
      method: 'POST',
      headers: { ...ours, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ secret: /sign-in#([\w-]+)/.exec(link)?.[1] ?? '' }).toString(),
    });
    cookie = signed.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  };
  await signIn();
  await whole.settled();
  const show = async () => {
    const { body = '' } = await metrics.probe({ isLocal: true, authorization: undefined });
    const page = async (name: string) => (await ask(origin, name, { headers: { host: ours.host, cookie } })).text;
    const seen = inspected(path, whole.now());
    return {
      figure: (name: string) => Number(new RegExp(`^baton_${name} (\\S+)$`, 'm').exec(String(body))?.[1]),
      outbox: await page('/outbox'),
      settings: await page('/settings'),
      late: seen?.late.reduce((sum, { count }) => sum + count, 0) ?? 0,
      parked: seen?.parked ?? [],
    };
  };
  const minute = async () => {
    await whole.advance(MINUTE);
    return auditor.audit();
  };
  return { whole, stage, voices, signIn, minute, show, path, pings: () => pings };
}
/** Something that both chats of stakeholders should show. */
async function happens(voice: Voice): Promise<void> {
  voice.say('bea', '/propose product Alpha');
  await voice.waitFor(() => voice.seenBy('bea').some((text) => /PROD-1/.test(text)));
  voice.say('sam', '/call open');
  await voice.waitFor(() => voice.seenBy('sam').some((text) => /The call is open/.test(text)));
}
const doctor = async (path: string) => (await runBaton(folder(), {}, 'doctor', '--db', path)).stdout;
const LATE = /\d+ messages? for telegram could not be sent for four minutes/;

test('within five minutes it is late on the board, in the doctor, in the figures and in OPS’s other chat; then all is gone', async () => {
  const { whole, stage, voices, minute, show, path, pings } = await scene();
  await stage.telegram.away(true);
  await happens(voices.slack);
  expect(await show()).toMatchObject({ late: 0, outbox: expect.stringContaining('Nothing waits for long.') });
  const found: (readonly string[])[] = [];
  // At the fifth minute and not after it, with the looks that there are.
  for (let n = 1; n <= 5; n += 1) found.push(await minute());
  expect(found[0]).toEqual([]);
  expect(found[4]).toEqual([expect.stringMatching(LATE)]);
  const looked = pings();
  const late = await show();
  expect(late.late).toBeGreaterThan(0);
  expect(late.figure('outbox_late')).toBeGreaterThanOrEqual(late.late);
  expect(late.outbox).toMatch(/id="late-title">Late <span class="quiet">\d/);
  expect(late.outbox).toContain('(telegram:');
  expect(late.settings).toMatch(/<span class="chip wait">\d+<\/span> late\./);
  await voices.slack.waitFor(() => voices.slack.seenIn('ops').find((text) => LATE.test(text)));
  expect(await doctor(path)).toMatch(/wait(s)? for four minutes or more: .*\n {2}→ see that baton start runs/);
  expect(looked).toBeLessThan(5);

  await stage.telegram.away(false);
  await whole.advance(MINUTE);
  await vi.waitFor(() => expect(voices.telegram.seenIn('board').join('\n')).toContain('PROD-1'), 15_000);
  await whole.settled();
  expect(await minute()).toEqual([]);
  expect(pings()).toBe(looked + 1);
  const after = await show();
  expect(after).toMatchObject({ late: 0, parked: [], outbox: expect.stringContaining('Nothing waits for long.') });
  expect([after.figure('outbox_late'), after.figure('outbox_parked')]).toEqual([0, 0]);
  expect(after.figure('heard_age_seconds{platform="slack"}')).toBeGreaterThanOrEqual(0);
  expect(after.settings).not.toContain(' late. ');
  expect(await doctor(path)).not.toMatch(/four minutes|could not be delivered/);
});

test('at its use-by it is shown as failed, with the reason', async () => {
  const { whole, stage, voices, signIn, show, path } = await scene();
  await stage.telegram.away(true);
  await happens(voices.slack);
  for (let hours = 0; hours < 74; hours += 1) await whole.advance(HOUR);
  const waits = () =>
    whole
      .rows('new', 'uncertain')
      .filter(({ at, address }) => address?.startsWith('telegram') && whole.now() - at > 73 * HOUR);
  await vi.waitFor(async () => {
    await whole.advance(1_000);
    expect(waits()).toEqual([]);
  }, 20_000);
  await signIn();
  const shown = await show();
  expect(shown.outbox).toContain('it could not be said while it was of use');
  expect(shown.figure('outbox_parked')).toBeGreaterThan(0);
  expect(shown.parked.map(({ what }) => what)).toContain('it could not be said while it was of use');
  expect(shown.settings).toContain('could not be delivered');
  expect(await doctor(path)).toMatch(
    /could not be delivered: it could not be said while it was of use\n {2}→ on the outbox page/,
  );
});
