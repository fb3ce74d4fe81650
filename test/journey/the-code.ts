import { expect } from 'vitest';
import type { Story } from './story.ts';

/** Tuesday: it is developed, documented and put on testnet. */
export async function theCode(story: Story): Promise<void> {
  const { says, presses, clock, whole } = story;
  const { gitea, page } = whole;
  await clock('2026-11-24T10:00:00+01:00');

  await says('telegram', 'dave', '/accept PROD-1', 'You hold PROD-1');
  await says('telegram', 'dave', '/release PROD-1 devnet v0.1', 'PROD-1 is on devnet with v0.1');
  await says('telegram', 'dave', '/release PROD-1 testnet v0.2', 'PROD-1 is on testnet with v0.2');
  // The manual is not written yet, and Gitea says so: a link to nothing is not taken.
  const manual = page('grid/manual.md');
  await says('telegram', 'dave', `/docs PROD-1 ${manual}`, 'must answer, and it answered 404');
  await says('telegram', 'dave', '/handover PROD-1 qa', 'a documentation link');
  gitea.commit(whole.documents, { 'grid/manual.md': whole.canary }, '2026-11-24T09:30:00Z', 'the manual');
  await says('telegram', 'dave', `/docs PROD-1 ${manual}`, 'Documentation of PROD-1');
  await says('telegram', 'dave', '/handover PROD-1 qa', 'PROD-1 is handed to qa');

  await presses('slack', 'dina', 'Accept', 'PRJ-1 “Harbour” is yours', 'dev');
  await says('slack', 'dina', `/docs PRJ-1 ${page('harbour/setup.md')}`, 'Documentation of PRJ-1');
  await says('slack', 'dina', '/handover PRJ-1 ops', 'PRJ-1 is handed to ops');
  await says('telegram', 'olga', '/release PRJ-1 testnet v1-rc1', 'PRJ-1 is on testnet with v1-rc1');
  await says('telegram', 'olga', '/handover PRJ-1 qa', 'PRJ-1 is handed to qa');
}

/** Wednesday: it is tested, fails once, and testers are let in. */
export async function theTests(story: Story): Promise<void> {
  const { says, presses, opens, closes, comments, followsInvitation, endsLetters, clock, card, whole } = story;
  await clock('2026-11-25T10:00:00+01:00');

  // Somebody labels an issue that belongs to nothing: critical wakes OPS, and closing it is the end of that.
  const leak = await opens('dina-gh', 'example/harbour', 'The harbour leaks', ['critical']);
  expect(card('slack', 'The harbour leaks', 'ops')).toContain('ALERT-1');
  await presses('slack', 'omar', 'Acknowledge', 'The harbour leaks', 'ops');
  await closes('dina-gh', leak);
  expect(card('slack', 'The harbour leaks', 'ops')).toContain('Resolved by Dina');

  // Quinn logs what is wrong and sends it back with that; it does not pass while that is open.
  await says('telegram', 'quinn', '/accept PROD-1', 'You hold PROD-1');
  await says('telegram', 'quinn', '/bug major PROD-1 The map is empty', 'example/grid#3 is logged');
  await says('telegram', 'quinn', '/pass PROD-1', 'no open critical or major issue');
  await says('telegram', 'quinn', '/fail PROD-1 example/grid#3 nothing to see', 'failed because of example/grid#3');
  // Dave asks on GitHub where it stands, in a comment; a stranger who asks gets no answer.
  expect(await comments('dave-gh', 'example/grid#3', '/status')).toContain('PROD-1');
  expect(await comments('passer-by', 'example/grid#3', '/status')).toBeUndefined();
  await closes('dave-gh', 'example/grid#3');
  await says('telegram', 'dave', '/release PROD-1 testnet v0.3', 'PROD-1 is on testnet with v0.3');
  await says('telegram', 'dave', '/handover PROD-1 qa', 'PROD-1 is handed to qa');
  await says('telegram', 'quinn', '/pass PROD-1 looks good', 'qa of PROD-1 passed');
  await says('telegram', 'quinn', '/pass PRJ-1', 'qa of PRJ-1 passed');
  await says('telegram', 'quinn', '/handover PRJ-1 project', 'PRJ-1 is handed to project-team');

  // Tess and Ulla want their invitations by mail as well; the others get theirs in the testers' group.
  for (const [on, person] of [
    ['telegram', 'tess'],
    ['slack', 'ulla'],
  ] as const)
    for (const key of ['PROD-1', 'PRJ-1']) await says(on, person, `/join ${key} mail`, 'Welcome: you test');
  const letters = () => whole.smtp.mails.map(({ to, parsed }) => `${to}: ${parsed.subject}`).sort();
  await says('telegram', 'mia', '/invite PRJ-1', 'The invitation is posted for PRJ-1');
  expect(letters()).toEqual([expect.stringMatching(/^tess@.*PRJ-1/), expect.stringMatching(/^ulla@.*PRJ-1/)]);
  // One is enough for Tess: a click, and there is no second one.
  await endsLetters('tess');
  await says('slack', 'lea', '/invite PROD-1', 'The invitation is posted for PROD-1');
  expect(letters().slice(1)).toEqual([expect.stringMatching(/^ulla@.*PRJ-1/), expect.stringMatching(/^ulla@.*PROD-1/)]);

  // A stranger follows a link, is let into the testers' group by one of his own, and finds something.
  await followsInvitation('zed', 'PRJ-1');
  whole.stage.onTelegram('zed').say({ ...whole.stage.telegramChat('testers'), title: '', topics: {} }, 'hello');
  await says('telegram', 'zed', '/bug minor The ship is red', 'Thank you: “The ship is red” is logged for PRJ-1.');
  expect(story.issue('example/harbour#3').labels).toEqual(['bug', 'minor']);
  expect(card('telegram', 'Come and test PRJ-1', 'testers')).toContain('on testnet');
  await says('telegram', 'mia', '/handover PRJ-1 ops', 'PRJ-1 is handed to ops');
}
