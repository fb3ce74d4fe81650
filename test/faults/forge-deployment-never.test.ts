import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ADDRESSES, ELSEWHERE, MISSING, type Odd, SIGNATURES, STARTED } from './forge-never.ts';
import { createForgeWorld, type ForgeWorld, toProduction } from './forge-world.ts';

/** At a moment at which all else holds – the window open, OPS, the approved version – one thing is wrong: it never goes. */

const EVENT = { 'x-github-event': 'deployment_protection_rule' };
const LATER = '2026-12-01T12:00:00+01:00';

/** Somebody who listens for a word that is not meant for them. */
async function openTrap() {
  const trap = { port: 0, calls: 0 };
  const server = createServer((_request, response) => {
    trap.calls += 1;
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  trap.port = (server.address() as AddressInfo).port;
  return trap;
}

/** GitHub's own word of a deployment never leaves, and this comes instead; resolves to how it was answered. */
async function send(world: ForgeWorld, odd: Odd, trap: number): Promise<number> {
  const { hooks } = world.whole.github;
  hooks.plan = () => 'hold';
  await world.deploy();
  hooks.plan = () => 'send';
  const told = hooks.deliveries.findLast(({ event }) => event === 'deployment_protection_rule');
  const payload: Record<string, unknown> = JSON.parse(told?.body ?? '');
  odd.payload?.(payload, trap);
  const body = JSON.stringify(payload);
  return hooks.signed(body, { ...EVENT, ...odd.headers?.(hooks, body) });
}

test.each([
  { what: 'something is missing', odds: MISSING, answer: 202, kept: true },
  { what: 'the address is odd', odds: ADDRESSES, answer: 202, kept: true },
  { what: 'the signature is', odds: SIGNATURES, answer: 401, kept: false },
  { what: 'it is another’s', odds: ELSEWHERE, answer: 202, kept: true },
  { what: 'it is not for them, or not for this', odds: STARTED, answer: 202, kept: true },
])('$what', async ({ odds, answer, kept }) => {
  const trap = await openTrap();
  const world = await createForgeWorld();
  await toProduction(world);
  const { github } = world.whole;
  // The same with nothing changed goes at once: so it is the change that keeps the others.
  expect(await send(world, { name: 'nothing' }, trap.port)).toBe(202);
  await world.whole.settled();
  const all = () => github.repo('example/web').deployments;
  expect(all().map(world.words)).toEqual([['approved']]);
  const answers: Record<string, number> = {};
  for (const odd of odds) answers[odd.name] = await send(world, odd, trap.port);
  await world.whole.settled();
  expect(answers).toEqual(Object.fromEntries(odds.map(({ name }) => [name, answer])));
  const gone = () =>
    odds.flatMap(({ name }, at) => {
      const deployment = all()[at + 1];
      return deployment?.waits === true && !world.words(deployment).includes('approved') ? [] : [name];
    });
  expect(gone()).toEqual([]);
  // Neither time nor a new start lets any of them through, and nobody else was given our word.
  await world.to('2026-11-26T10:00:00+01:00');
  await world.whole.restart();
  await world.to(LATER);
  expect(gone()).toEqual([]);
  expect(trap.calls).toBe(0);
  const waiting = world.whole.bot().engine.world().open('deployment');
  expect(waiting.length > 0).toBe(kept);
  if (kept) expect(world.told('waits').length).toBeGreaterThan(0);
});
