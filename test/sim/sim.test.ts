import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The simulation in its own process, as `npm run test:sim` runs it: it has timers and a disk of its own. */

const SCRIPT = join(import.meta.dirname, 'sim.ts');

async function sim(...args: readonly string[]): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data.toString();
    });
  const [code] = await once(child, 'close');
  return { code, said };
}

test('whatever goes wrong, the invariants hold: a thousand histories', { timeout: 400_000 }, async () => {
  const { code, said } = await sim('--seeds', '1000', '--from', '1');
  expect(said).toMatch(/1000 histories, \d+ events, 0 failed/);
  expect(code, said).toBe(0);
});

test('on several processes the same is met as on one', { timeout: 120_000 }, async () => {
  const [one, several] = await Promise.all(['1', '2'].map((on) => sim('--seeds', '50', '--processes', on)));
  const met = (said = ''): string => said.replace(/\d+ ms each.*$/m, '');
  expect(one?.code, one?.said).toBe(0);
  expect(several?.said).toContain('on 2 processes');
  expect(met(several?.said)).toBe(met(one?.said));
});

test('one seed is one history', { timeout: 60_000 }, async () => {
  const [one, other] = await Promise.all([sim('--hashes', '5'), sim('--hashes', '5')]);
  expect(one.said.trim().split('\n')).toHaveLength(5);
  expect(
    new Set(
      one.said
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[1]),
    ).size,
  ).toBe(5);
  expect(one.said).toBe(other.said);
});

const PLANT = 'the calendar as it was when the process began';

test('each planted mistake is found within 200 histories, and shown in its least steps', {
  timeout: 300_000,
}, async () => {
  const { code, said } = await sim('--plants');
  process.stdout.write(said);
  expect(code, said).toBe(0);
  expect(said.match(/^found after/gm)?.length).toBeGreaterThanOrEqual(12);
  const seed = new RegExp(`found after +(\\d+) +${PLANT}`).exec(said)?.[1] ?? '';
  const least = await sim('--seeds', '1', '--from', seed, '--plant', PLANT);
  expect(least.code).toBe(1);
  expect(least.said).toMatch(/I5: item\/WEB-\d was released on production inside FREEZE-1/);
  const [, all, enough] =
    new RegExp(`seed ${seed} FAILED[^]*?(\\d+) steps, (\\d+) of them are enough`).exec(least.said) ?? [];
  expect(Number(enough)).toBeLessThan(Number(all));
  const again = await sim('--seed', seed, '--plant', PLANT);
  expect(again.said).toMatch(/FAILED: .*I5: item\/WEB-\d was released on production inside FREEZE-1/);
});
