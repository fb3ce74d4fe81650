import { expect, test, vi } from 'vitest';
import type { ForgeNews, TrackerNews } from '../../src/forge-ports.ts';
import { TO_ISSUES } from '../core/on-forges.ts';
import { createFakeForge, forgesOn, inFolder } from './forge-stage.ts';

/** The forges behind the core: what comes in, what is done there, and what is compared. */

const issue = (ref: string, more: Partial<TrackerNews> = {}): ForgeNews => ({
  news: 'tracker',
  of: { ref, kind: 'issue', platform: 'github', ...more },
});

async function started(path = inFolder()) {
  const forge = createFakeForge();
  const shell = await forgesOn(path, forge);
  shell.start();
  const ref = (name: string) => shell.engine.world().get('ref', name);
  return { forge, path, ...shell, ref };
}

test('a report becomes an issue, and the answer and the item have its name then', async () => {
  const { forge, play, ref, engine } = await started();
  await play(`${TO_ISSUES}\n wim: /bug major WEB-1 The form sends nothing`);
  await vi.waitFor(() => expect(ref('baton#1')?.became).toBe('example/web#101'));
  expect(
    engine
      .world()
      .get('item', 'WEB-1')
      ?.links.map((link) => link.ref),
  ).toContain('example/web#101');
  expect(forge.done.filter(({ job }) => job.do === 'log')).toMatchObject([{ again: false }]);
});

test('one whose fate is unknown is looked for by its marker, and there is one', async () => {
  const { forge, say, ref, time } = await started();
  forge.answers.push('made-and-lost');
  await say('wim', '/bug minor A typo');
  await vi.waitFor(() => expect(forge.made.size).toBe(1));
  expect(ref('baton#1')?.became).toBeUndefined();
  time.now += 10_000;
  await vi.waitFor(() => expect(ref('baton#1')?.became).toBe('example/grid#101'));
  expect(forge.made.size).toBe(1);
  expect(forge.done).toMatchObject([{ again: true }]);
});

test('a process that ends before it hears what was made finds it, and makes no second one', async () => {
  const path = inFolder();
  const forge = createFakeForge();
  const first = await forgesOn(path, forge);
  first.start();
  forge.answers.push('made-and-lost');
  await first.say('wim', '/bug minor A typo');
  await vi.waitFor(() => expect(forge.made.size).toBe(1));
  await first.stop();
  const second = await forgesOn(path, forge, { now: first.time.now + 60_000 });
  second.start();
  const became = () => second.engine.world().get('ref', 'baton#1')?.became;
  // What the first one sent may still be on its way: whoever looks for it now may look too early.
  const waits = () => second.engine.store.late(Number.MAX_SAFE_INTEGER, 9).map(({ reason }) => reason);
  await vi.waitFor(() => expect(waits()).toEqual(['it may still be on its way']));
  expect(forge.done).toEqual([]);
  second.time.now += 10_000;
  await vi.waitFor(() => expect(became()).toBe('example/grid#101'));
  expect(forge.made.size).toBe(1);
  expect(forge.done).toMatchObject([{ again: true }]);
});

test('while it is away everything goes on under the placeholder, and is made when it is back', async () => {
  const { forge, play, ref, time } = await started();
  forge.answers.push(...Array.from({ length: 5 }, () => ({ is: 'away', why: 'no connection' }) as const));
  await play('wim: /bug critical It is down\n olga: /ack ALERT-1 looking');
  expect(ref('baton#1')).toMatchObject({ severity: 'critical', alert: 'ALERT-1' });
  await vi.waitFor(() => {
    time.now += 60_000;
    expect(ref('baton#1')?.became).toBe('example/grid#101');
  }, 5_000);
  expect(forge.made.size).toBe(1);
  expect(ref('example/grid#101')).toMatchObject({ severity: 'critical', alert: 'ALERT-1' });
});

test('what is refused is told to OPS, stands on the board, and can be put back', async () => {
  const { forge, say, ref, engine, time } = await started();
  forge.answers.push({ is: 'refused', why: 'issues are turned off there' });
  await say('wim', '/bug minor A typo');
  await vi.waitFor(() => expect(ref('baton#1')?.making?.why).toBe('issues are turned off there'));
  await vi.waitFor(() => expect(engine.store.parked(10)).toHaveLength(1));
  const [row] = engine.store.parked(10);
  await engine.store.retry(row?.id ?? 0, time.now);
  await vi.waitFor(() => expect(ref('baton#1')?.became).toBe('example/grid#101'));
});

test('of status comments that waited only the newest is sent', async () => {
  const { forge, play, time } = await started();
  await play(TO_ISSUES);
  forge.answers.push({ is: 'later', after: 30_000, why: '429' });
  await play('wim: /done WEB-1\n wim: /done WEB-1\n wim: /handover WEB-1 ops');
  await vi.waitFor(() => {
    time.now += 31_000;
    expect(forge.done.some(({ job }) => job.do === 'comment' && job.status)).toBe(true);
  });
  const after = forge.done.flatMap(({ job }) => (job.do === 'comment' && job.status ? [job.body] : []));
  expect(after).toHaveLength(1);
  expect(after[0]).toContain('check-stories');
});

test('a webhook is stored and followed; the same one twice is one', async () => {
  const { forge, ref } = await started();
  expect(await forge.webhook('github:1', issue('example/web#3', { title: 'One', open: true }))).toBe('stored');
  await vi.waitFor(() => expect(ref('example/web#3')?.title).toBe('One'));
  const { version } = ref('example/web#3') ?? {};
  await forge.webhook('github:1', issue('example/web#3', { title: 'Another' }));
  await forge.webhook('github:2', issue('example/web#4', { title: 'Later' }));
  await vi.waitFor(() => expect(ref('example/web#4')?.title).toBe('Later'));
  expect(ref('example/web#3')).toMatchObject({ title: 'One', version });
});

test('what was received before a restart is followed after it', async () => {
  const path = inFolder();
  const forge = createFakeForge();
  const first = await forgesOn(path, forge);
  await first.engine.receive({
    receive: [{ id: 'github:9', source: 'github', body: [issue('example/web#3', { title: 'Waits' })] }],
  });
  await first.stop();
  const second = await forgesOn(path, forge);
  second.start();
  await vi.waitFor(() => expect(second.engine.world().get('ref', 'example/web#3')?.title).toBe('Waits'));
});

test('a comment that is a command is answered by a comment; a stranger is not answered', async () => {
  const { forge, play, engine } = await started();
  await play(TO_ISSUES);
  const said = (id: string, account: string, text: string): ForgeNews => ({
    news: 'said', id, ref: 'example/web#3', account, text,
  }); // biome-ignore format: one value
  await forge.webhook('github:c0', said('c0', 'stranger', '/status'));
  await forge.webhook('github:c1', said('c1', 'wim-gh', '/done'));
  await vi.waitFor(() => expect(engine.world().get('item', 'WEB-1')?.step).toBe('build'));
  const answers = () =>
    forge.done.flatMap(({ job }) =>
      job.do === 'comment' && !job.status && job.ref === 'example/web#3' && !job.body.startsWith('Story: ')
        ? [job.body]
        : [],
    );
  await vi.waitFor(() => expect(answers()).toHaveLength(1));
  expect(answers()[0]).toContain('WEB-1 is now at build');
  // The comparison finds the same comment again.
  await forge.webhook('github:c1-again', said('c1', 'wim-gh', '/done'));
  await forge.webhook('github:c2', said('c2', 'wim-gh', '/status'));
  await vi.waitFor(() => expect(answers()).toHaveLength(2));
  expect(engine.world().get('item', 'WEB-1')?.step).toBe('build');
  await forge.webhook('github:c3', said('c3', 'wim-gh', '/mine'));
  await vi.waitFor(() => expect(answers()).toHaveLength(3));
  expect(answers()[2]).toBe('That is for you alone: ask me in a private chat, or on the board.');
});

test('the comparison follows what webhooks missed, page by page, and then all is verified', async () => {
  const { forge, forges, ref, watch, time, engine } = await started();
  await forges.reconcile();
  time.now += 300_000;
  forge.pages.push(
    { news: [issue('example/web#3', { title: 'One', open: true })], cursor: '1', more: true },
    { news: [issue('example/web#4', { title: 'Two', open: false })], cursor: '2', more: false },
  );
  expect(await forges.reconcile()).toBe(true);
  expect([ref('example/web#3')?.open, ref('example/web#4')?.open]).toEqual([true, false]);
  expect(engine.store.meta('github.cursor')).toBe('2');
  expect(watch.verifiedAt('github')).toBe(time.now);
});

test('where a place could not be asked, the news of the others arrive, and nothing is verified', async () => {
  const { forge, forges, ref, watch, time, engine } = await started();
  await forges.reconcile();
  const before = watch.verifiedAt('github');
  time.now += 300_000;
  forge.pages.push({
    news: [issue('example/web#3', { open: true })],
    cursor: '1',
    more: false,
    lacking: ['example/a'],
  });
  expect(await forges.reconcile()).toBe(false);
  expect([ref('example/web#3')?.open, engine.store.meta('github.cursor')]).toEqual([true, '1']);
  expect(watch.verifiedAt('github')).toBe(before);
  expect(await forges.reconcile()).toBe(true);
});

test('a platform that is away leaves the last word as it was, and the next comparison goes on from there', async () => {
  const { forge, forges, watch, time, engine } = await started();
  await forges.reconcile();
  const before = watch.verifiedAt('github');
  time.now += 300_000;
  forge.pages.push({ news: [issue('example/web#3')], cursor: '1', more: true }, { is: 'away', why: 'no connection' });
  expect(await forges.reconcile()).toBe(false);
  expect(watch.verifiedAt('github')).toBe(before);
  expect(engine.store.meta('github.cursor')).toBe('1');
  expect(await forges.reconcile()).toBe(true);
  expect(watch.verifiedAt('github')).toBe(time.now);
});

test('a webhook that is late by a day is not believed for longer than until the next comparison', async () => {
  const { forge, forges, ref } = await started();
  await forges.reconcile();
  forge.there.set('example/web#3', { ref: 'example/web#3', kind: 'issue', platform: 'github', open: true });
  await forge.webhook('github:1', issue('example/web#3', { open: true }));
  await forge.webhook('github:late', issue('example/web#3', { open: false }));
  await vi.waitFor(() => expect(ref('example/web#3')?.open).toBe(false));
  expect(await forges.reconcile()).toBe(true);
  expect(ref('example/web#3')?.open).toBe(true);
  expect(forge.looked).toEqual(['example/web#3']);
  await forges.reconcile();
  expect(forge.looked).toHaveLength(1);
});

test('a webhook that was late is looked at again though the process was killed right after it', async () => {
  const path = inFolder();
  const forge = createFakeForge();
  const first = await forgesOn(path, forge);
  await first.forges.reconcile();
  first.start();
  first.time.now += 60_000;
  forge.there.set('example/web#3', { ref: 'example/web#3', kind: 'issue', platform: 'github', open: true });
  await forge.webhook('github:1', issue('example/web#3', { open: true }));
  await forge.webhook('github:late', issue('example/web#3', { open: false }));
  await vi.waitFor(() => expect(first.engine.world().get('ref', 'example/web#3')?.open).toBe(false));
  // Killed: what it kept in memory is gone with it.
  const hints = first.engine.store.meta('github.hints') ?? '[]';
  await first.stop();
  const second = await forgesOn(path, forge, { now: first.time.now + 1_000 }, { 'github.hints': hints });
  expect(forge.looked).toEqual([]);
  expect(await second.forges.reconcile()).toBe(true);
  expect(second.engine.world().get('ref', 'example/web#3')?.open).toBe(true);
  expect(forge.looked).toEqual(['example/web#3']);
});

test('an approval that waited for GitHub until the freeze has begun is not given', async () => {
  const { forge, play, engine, time } = await started();
  await play(TO_ISSUES);
  await forge.webhook('github:1', issue('example/web#3', { open: false }));
  await vi.waitFor(() => expect(engine.world().get('ref', 'example/web#3')?.open).toBe(false));
  await play(`wim: /done WEB-1
    wim: /done WEB-1
    wim: /handover WEB-1 ops
    olga: /env ready staging WEB-1
    olga: /done WEB-1
    olga: /release WEB-1 staging v1
    sam: /approve WEB-1
    sue: /approve WEB-1`);
  await vi.waitFor(() => expect(engine.store.figures().outbox).toBeGreaterThan(0));
  forge.answers.push(
    ...Array.from({ length: 50 }, () => ({ is: 'later', after: 3 * 86_400_000, why: '429' }) as const),
  );
  await forge.webhook('github:2', {
    news: 'deployment-asked', repository: 'example/web', environment: 'production', sha: 'a'.repeat(40), version: 'v1', by: 'olga-gh',
    callback: 'https://api.github.com/repos/example/web/actions/runs/7/deployment_protection_rule',
  }); // biome-ignore format: one value
  await vi.waitFor(() => expect(forge.answers.length).toBeLessThan(50));
  forge.answers.length = 0;
  time.now = Date.parse('2026-11-27T12:00:00+01:00');
  const decisions = () => forge.done.flatMap(({ job }) => (job.do === 'deployment' ? [job.decision] : []));
  await vi.waitFor(() => expect(decisions()).toEqual(['held']), 5_000);
});

test('what is gone there is over here, and what moved goes by its new name', async () => {
  const { forge, play, ref, engine, forges } = await started();
  await play(TO_ISSUES);
  await forge.webhook('seen-3', issue('example/web#3', { title: 'The page', open: true, labels: ['critical'] }));
  await forge.webhook('seen-4', issue('example/web#4', { title: 'Another', open: true }));
  await vi.waitFor(() => expect(ref('example/web#4')?.confirmed).toBe(true));
  expect(engine.world().open('alert')).toMatchObject([{ ref: 'example/web#3' }]);
  // A webhook of long ago speaks of both.
  forge.there.set('example/web#4', null);
  const there = { platform: 'github', kind: 'issue', title: 'The page', open: true, labels: ['critical'] } as const;
  forge.there.set('example/web#3', { ...there, ref: 'example/grid#9' });
  await forges.reconcile();
  expect(ref('example/web#4')?.open).toBe(false);
  expect(ref('example/web#3')?.became).toBe('example/grid#9');
  expect(ref('example/grid#9')).toMatchObject({ open: true, severity: 'critical', item: 'WEB-1' });
  const links = engine
    .world()
    .get('item', 'WEB-1')
    ?.links.map((link) => link.ref);
  expect(links).toContain('example/grid#9');
  expect(links).not.toContain('example/web#3');
  expect(engine.world().open('alert')).toMatchObject([{ ref: 'example/grid#9' }]);
  // What comes late under the old name changes nothing.
  await forge.webhook('late', issue('example/web#3', { open: true, labels: ['critical'] }));
  await forges.reconcile();
  expect(engine.world().open('alert')).toHaveLength(1);
  expect(forge.done.filter(({ job }) => job.do === 'turn')).toEqual([]);
});
