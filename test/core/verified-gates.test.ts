import { expect, test } from 'vitest';
import { onForges, TO_ISSUES, toProduction } from './on-forges.ts';

/** While a platform is away: work goes on, and what must look at the truth waits for it. */

const MINUTE = 60_000;

function away(minutes: number) {
  const on = onForges();
  toProduction(on);
  on.fresh = false;
  const at = on.stage.world().now - minutes * MINUTE;
  on.verify('github', at);
  on.verify('circles', at);
  return on;
}

test('fifteen minutes are fresh, and one more is not', () => {
  const on = onForges();
  on.stage.play(`${TO_ISSUES}\n wim: /done WEB-1\n wim: /handover WEB-1 ops`);
  on.tell({ ref: 'example/web#3', open: false });
  on.fresh = false;
  const { now } = on.stage.world();
  on.verify('circles', now);
  on.verify('github', now - 15 * MINUTE - 1);
  const no = on.stage.ask('olga', '/done WEB-1');
  expect(no.outcome).toMatchObject({ code: 'refused', needs: ['stories-implemented'] });
  expect(no.text).toContain('every story implemented: not verified with GitHub since Mon 23 Nov 09:44');
  on.verify('github', now - 15 * MINUTE);
  expect(on.stage.ask('olga', '/done WEB-1').code).toBe('done');
});

test('a platform that was never compared is not taken at its word', () => {
  const on = onForges();
  on.stage.play(`${TO_ISSUES}\n wim: /done WEB-1\n wim: /handover WEB-1 ops`);
  on.tell({ ref: 'example/web#3', open: false });
  on.fresh = false;
  expect(on.stage.ask('olga', '/done WEB-1').text).toContain('not verified with GitHub yet');
});

test('R5 holds an item that would complete', () => {
  const on = onForges();
  toProduction(on);
  on.tell({ ref: 'grid/us:5', kind: 'story', platform: 'circles', open: false });
  on.stage.play('olga: /release WEB-1 production\n olga: /monitor WEB-1 https://monitor.example.org/web');
  on.fresh = false;
  on.verify('github', on.stage.world().now);
  on.verify('circles', on.stage.world().now - 60 * MINUTE);
  expect(on.stage.ask('olga', '/done WEB-1').outcome).toMatchObject({
    code: 'refused',
    rule: 'R5',
    needs: ['verified'],
  });
  on.verify('circles', on.stage.world().now);
  expect(on.stage.ask('olga', '/done WEB-1').outcome).toMatchObject({ ok: true, completed: true });
});

test('R4 takes a link that nobody but a person has spoken of only when the platform answers', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  on.fresh = false;
  on.verify('github', on.stage.world().now - 60 * MINUTE);
  on.verify('circles', on.stage.world().now - 60 * MINUTE);
  expect(on.stage.ask('wim', '/done WEB-1').outcome).toMatchObject({ rule: 'R4', needs: ['verified'] });
  // One that the platform itself has confirmed is enough, however long it is away now.
  on.tell({ ref: 'example/web#3', open: true });
  expect(on.stage.ask('wim', '/done WEB-1').code).toBe('done');
});

test('commands that need no truth from outside go on for a day', () => {
  const on = away(24 * 60);
  for (const [who, words] of [
    ['olga', '/release WEB-1 production'],
    ['wim', '/bug major WEB-1 A bug'],
    ['sam', '/status WEB-1'],
    ['olga', '/why WEB-1'],
    ['mia', '/link WEB-1 us:6'],
  ] as const)
    expect(on.stage.say(who, words).outcome.ok, words).toBe(true);
});

test('/why says what is not verified', () => {
  const on = onForges();
  on.stage.play(`${TO_ISSUES}\n wim: /done WEB-1\n wim: /handover WEB-1 ops`);
  on.tell({ ref: 'example/web#3', open: false });
  on.fresh = false;
  on.verify('github', on.stage.world().now - 20 * MINUTE);
  expect(on.stage.ask('olga', '/why WEB-1').text).toContain('not verified with GitHub since');
});
