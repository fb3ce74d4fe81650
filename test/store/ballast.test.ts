import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createBallast, freeShare } from '../../src/store/ballast.ts';
import { folder } from './given.ts';

it('holds space back until it is dropped, once', () => {
  const path = join(folder(), 'baton.db');
  const ballast = createBallast(path, 10_000);
  expect(statSync(`${path}.ballast`).size).toBe(10_000);
  expect([ballast.drop(), ballast.drop()]).toEqual([true, false]);
  expect(existsSync(`${path}.ballast`)).toBe(false);
});

it('is held back again once it was dropped, where there is room', () => {
  const path = join(folder(), 'baton.db');
  const ballast = createBallast(path, 10_000);
  expect(ballast.regain()).toBe(true);
  ballast.drop();
  expect(ballast.regain()).toBe(true);
  expect(statSync(`${path}.ballast`).size).toBe(10_000);
  expect(ballast.drop()).toBe(true);
});

it('is not waited for where there was never room for it', () => {
  expect(createBallast(join(folder(), 'none', 'baton.db'), 10).regain()).toBe(true);
  expect(createBallast(join(folder(), 'baton.db'), 0).regain()).toBe(true);
});

it('does without when there is no room, or none is wanted', () => {
  expect(createBallast(join(folder(), 'none', 'baton.db'), 10).drop()).toBe(false);
  expect(createBallast(join(folder(), 'baton.db'), 0).drop()).toBe(false);
});

it('says how much of the disk is free', () => {
  const share = freeShare(join(folder(), 'baton.db'));
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThanOrEqual(1);
});
