import { expect, test } from 'vitest';
import { deployed } from '../../src/core/deployed.ts';
import { evolvePipeline } from '../../src/core/deployment.ts';
import type { ForgeNews } from '../../src/core/forge-news.ts';
import { type OnForges, onForges, toProduction } from './on-forges.ts';

/** A commit that is deployed once more, and deployments that only seemed to be an item's. */

const THURSDAY = '2026-11-26T10:00:00+01:00';
const SHA = 'c0ffee1234567890c0ffee1234567890c0ffee12';

type Deployed = Extract<ForgeNews, { news: 'deployed' }>;
const tell = (on: OnForges, news: Partial<Deployed> = {}) =>
  on.stage.act((draft) =>
    deployed(draft, {
      news: 'deployed',
      repository: 'example/web',
      environment: 'production',
      sha: SHA,
      version: 'v1',
      by: 'olga-gh',
      url: 'https://web.example.org',
      ...news,
    }),
  );
const titles = (on: OnForges) =>
  on.stage
    .world()
    .open('alert')
    .map(({ title }) => title);
const decisions = (on: OnForges) => on.jobs('deployment').map(({ decision }) => decision);

/** The call is open from the beginning; on another day it is opened anew. */
const drop = (on: OnForges) => {
  on.stage.say('sam', '/call open');
  on.stage.play('sam: /drop WEB-1 not wanted any more');
};

function atProduction(): OnForges {
  const on = onForges();
  toProduction(on);
  return on;
}

test('the same commit deployed again inside the freeze is another deployment, and wakes OPS', () => {
  const on = atProduction();
  tell(on, { number: 5001 });
  expect(titles(on)).toEqual([]);
  on.stage.moveTo(THURSDAY);
  tell(on, { number: 6001 });
  expect(titles(on)).toEqual([expect.stringContaining('inside the freeze')]);
  tell(on, { number: 6004, by: 'wim-gh' });
  expect(titles(on)).toEqual([expect.anything(), expect.stringContaining('not OPS (R1)')]);
});

test('one deployment counts once, whatever its statuses show and by whichever way it is told', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  tell(on, { number: 6001 });
  tell(on, { number: 6001 });
  tell(on, { number: 6001, url: 'https://web.example.org/log' });
  tell(on, { number: undefined, url: undefined });
  expect(titles(on)).toHaveLength(1);
});

test('what was seen before its number was kept is not told anew, and the next of that commit is', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  tell(on);
  expect(titles(on)).toHaveLength(1);
  tell(on, { number: 6001 });
  tell(on, { number: 6001 });
  tell(on);
  expect(titles(on)).toHaveLength(1);
  tell(on, { number: 6002 });
  expect(titles(on)).toHaveLength(2);
});

test('an event of before, without what it was seen as, is followed as it was', () => {
  const event = { type: 'deployment-seen', mark: `u ${SHA}`, sha: SHA, version: 'v1', by: 'olga' } as const;
  expect(evolvePipeline(undefined, event, { at: 0, actor: 'system' }).seen).toEqual([`u ${SHA}`]);
});

test.each([undefined, THURSDAY])('a deployment of something else is not turned away with a dropped item', (moment) => {
  const on = atProduction();
  if (moment !== undefined) on.stage.moveTo(moment);
  on.ask({ version: 'main', sha: 'e'.repeat(40) });
  drop(on);
  expect(new Set(decisions(on))).toEqual(new Set(['held']));
  expect(on.jobs('deployment').at(-1)?.comment).toContain('No item with an issue of example/web');
});

test('nor with an item whose review was rejected', () => {
  const on = atProduction();
  on.stage.play('olga: /release WEB-1 staging v2');
  on.ask({ version: 'main', sha: 'e'.repeat(40) });
  on.stage.play('sam: /reject WEB-1 the texts are wrong\n sue: /reject WEB-1 the texts are wrong');
  expect(new Set(decisions(on))).toEqual(new Set(['held']));
});

test('one of the dropped item’s own version is turned away, whoever started it', () => {
  const on = atProduction();
  on.ask({ by: 'wim-gh' });
  drop(on);
  expect(decisions(on)).toEqual(['held', 'rejected']);
});
