import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineOn, folder, says } from './given.ts';

test('a full disk: not done, nothing changed, questions still work, and it ends by itself', async () => {
  const { engine, db } = await engineOn(join(folder(), 'baton.db'));
  expect(await engine.handle(says('pam', '/propose web First'), '1')).toMatchObject({
    ok: true,
    code: 'proposed',
    key: 'WEB-1',
  });
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
  const long = `/propose web ${'x'.repeat(190)}`;
  let refused = await engine.handle(says('pam', long), 'a0');
  for (let n = 1; refused.ok && n < 200; n += 1) refused = await engine.handle(says('pam', long), `a${n}`);
  expect(refused).toMatchObject({ ok: false, code: 'unavailable' });
  expect(refused.text).toContain('Not done, nothing was changed');
  expect(engine.readOnly()).toBe('the disk is full');
  const before = engine.world().open('item').length;
  expect(await engine.handle(says('pam', '/status WEB-1'))).toMatchObject({ ok: true, code: 'shown' });
  expect(engine.world().open('item')).toHaveLength(before);
  db.pragma('max_page_count = 100000');
  expect(await engine.handle(says('pam', '/propose web Second'), 'b')).toMatchObject({
    ok: true,
    code: 'proposed',
    key: `WEB-${before + 1}`,
  });
  expect(engine.readOnly()).toBeUndefined();
  await engine.store.close();
});

test('a redelivered message changes nothing and gets the same answer', async () => {
  const { engine } = await engineOn(join(folder(), 'baton.db'));
  const first = await engine.handle(says('pam', '/propose web Once'), 'id-1');
  const again = await engine.handle(says('pam', '/propose web Once'), 'id-1');
  expect(again).toEqual(first);
  expect(engine.world().open('item')).toHaveLength(1);
  await engine.store.close();
});

test('a fault of our own carries a reference that is in the log, and no stack', async () => {
  const { engine, lines } = await engineOn(join(folder(), 'baton.db'), { faulty: (store) => ({
    ...store,
    write: (turn) => store.write(turn.map((work) => ('decide' in work && work.inbox?.id === 'broken' ? { ...work, decide: () => { throw new Error('a defect in /secret/path'); } } : work))),
  }) }); // biome-ignore format: one planted defect
  const answer = await engine.handle(says('pam', '/propose web Broken'), 'broken');
  expect(answer).toMatchObject({ ok: false, code: 'fault' });
  const reference = /reference ([0-9a-f]{8})/.exec(answer.text)?.[1];
  expect(reference).toBeDefined();
  expect(answer.text).not.toContain('secret');
  expect(lines.some((line) => line.includes(String(reference)) && line.includes('a defect'))).toBe(true);
  expect(await engine.handle(says('pam', '/propose web Next'), 'fine')).toMatchObject({
    code: 'proposed',
    key: 'WEB-1',
  });
  await engine.store.close();
});

test('a refusal is recorded with its rule, and leaves no event', async () => {
  const { engine } = await engineOn(join(folder(), 'baton.db'));
  await engine.handle(says('pam', '/propose web Mine'), '1');
  const events = engine.store.figures().events;
  expect(await engine.handle(says('sam', '/release WEB-1 production'), '2')).toMatchObject({
    ok: false,
    code: 'forbidden',
    rule: 'R1',
  });
  expect(engine.store.figures().events).toBe(events);
  expect(engine.store.inbox(5).at(-1)).toMatchObject({ id: '2', outcome: { code: 'forbidden', rule: 'R1' } });
  await engine.store.close();
});

test('three hundred people vote in one instant, some twice, and each is counted once', async () => {
  const voters = Array.from({ length: 300 }, (_, n) => `v${n}`);
  const { engine } = await engineOn(join(folder(), 'baton.db'), { voters });
  await engine.handle(says('pam', '/propose web Counted'), '1');
  await engine.handle(says('pam', '/link WEB-1 https://pad.example.org/x'), '2');
  await engine.handle(says('v0', '/call open'), '3');
  // Half of them, who do not decide it yet, and each of the first fifty presses a second time.
  const half = voters.slice(0, 150);
  const presses = [...half, ...half.slice(0, 50)];
  const answers = await Promise.all(
    presses.map((voter, n) => engine.handle(says(voter, '/approve WEB-1'), `press-${n}`)),
  );
  expect(answers.map(({ code }) => code)).toEqual([
    ...half.map(() => 'voted'),
    ...half.slice(0, 50).map(() => 'already'),
  ]);
  const vote = engine.world().get('item', 'WEB-1')?.votes[0];
  expect(Object.keys(vote?.ballots ?? {}).sort()).toEqual([...half].sort());
  expect(engine.store.history('item/WEB-1').filter((event) => event.type === 'ballot-cast')).toHaveLength(150);
  // 301 stakeholders, Sam among them: the 151st approval decides, and not one before it.
  expect(await engine.handle(says('v150', '/approve WEB-1'), 'decides')).toMatchObject({ ok: true, code: 'approved' });
  await engine.store.close();
});

test('of a crowd it is said how many they are, not who', async () => {
  const voters = Array.from({ length: 500 }, (_, n) => `v${n}`);
  const { engine } = await engineOn(join(folder(), 'baton.db'), { voters });
  await engine.handle(says('pam', '/propose web Crowded'), '1');
  await engine.handle(says('pam', '/link WEB-1 https://pad.example.org/x'), '2');
  await engine.handle(says('v0', '/call open'), '3');
  const { text } = await engine.handle(says('v0', '/approve WEB-1'), '4');
  // Sam is a stakeholder as well.
  expect(text).toMatch(/Approve: v0\. Reject: –\. Missing: 500 people\. Needed: 251\./);
  await engine.store.close();
});
