import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDraft } from '../../src/core/draft.ts';
import { checkSignIn, consumeSignIn, endSession, issueSignIn, sessionOf } from '../../src/core/sign-in.ts';
import { ONLY } from '../../src/core/streams.ts';
import { engineOn, folder } from '../shell/given.ts';

/** What a sign-in link and its session are worth, and until when. */

const SECRET = 'a-secret-of-the-test';
const TOKEN = 'a-token-of-the-test';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

async function given() {
  const { engine } = await engineOn(join(folder(), 'baton.db'));
  const draft = createDraft(engine.world('sam'));
  const until = issueSignIn(draft, 'sam', { words: '', digest: draft.digest(SECRET) });
  return { draft, until, at: (now: number) => ({ ...draft, now }) };
}

test('a link signs in whom it was made for, once', async () => {
  const { draft } = await given();
  expect(consumeSignIn(draft, SECRET, TOKEN)).toEqual({ is: 'open', person: 'sam' });
  expect(sessionOf(draft, TOKEN)).toBe('sam');
  expect(consumeSignIn(draft, SECRET, 'another')).toEqual({ is: 'used' });
  expect(sessionOf(draft, 'another')).toBeUndefined();
});

test.each([
  [10 * MINUTE - 1, 'open'],
  [10 * MINUTE, 'late'],
])('after %i milliseconds a link is %s', async (time, is) => {
  const { draft, at } = await given();
  expect(checkSignIn(at(draft.now + time), SECRET).is).toBe(is);
});

test('neither a guess, nor a digest, nor the code of another account is a link', async () => {
  const { draft } = await given();
  draft.emit('code', draft.digest('K7QX-M2PD'), { type: 'code-issued', person: 'sam', until: draft.now + MINUTE });
  for (const guess of ['', 'guess', draft.digest(SECRET), SECRET.toUpperCase(), 'K7QX-M2PD', '__proto__'])
    expect(checkSignIn(draft, guess), guess).toEqual({ is: 'unknown' });
});

test('a refused link leaves nothing behind', async () => {
  const { draft } = await given();
  const before = draft.happenings.length;
  expect(consumeSignIn(draft, 'guess', TOKEN)).toEqual({ is: 'unknown' });
  expect(draft.happenings).toHaveLength(before);
});

test('what is recorded holds neither the secret nor the token', async () => {
  const { draft } = await given();
  consumeSignIn(draft, SECRET, TOKEN);
  const recorded = JSON.stringify(draft.happenings);
  expect(recorded).toContain(draft.digest(TOKEN));
  expect(recorded).not.toContain(SECRET);
  expect(recorded).not.toContain(TOKEN);
});

test('whoever has left is neither let in nor kept in', async () => {
  const { draft } = await given();
  consumeSignIn(draft, SECRET, TOKEN);
  issueSignIn(draft, 'sam', { words: '', digest: draft.digest('second') });
  draft.emit('people', ONLY, { type: 'person-removed', person: 'sam', by: 'olga' });
  expect(sessionOf(draft, TOKEN)).toBeUndefined();
  expect(consumeSignIn(draft, 'second', 'another')).toEqual({ is: 'left' });
});

test('whoever gets the id of somebody who has left gets neither their session nor their link', async () => {
  const { draft } = await given();
  consumeSignIn(draft, SECRET, TOKEN);
  issueSignIn(draft, 'sam', { words: '', digest: draft.digest('second') });
  for (const stay of [1, 2]) {
    draft.emit('people', ONLY, { type: 'person-removed', person: 'sam', by: 'olga' });
    draft.emit('people', ONLY, { type: 'person-added', person: { id: 'sam', name: 'Samuel', roles: [] }, by: 'olga' });
    expect(sessionOf(draft, TOKEN)).toBeUndefined();
    expect(consumeSignIn(draft, 'second', 'another')).toEqual({ is: 'left' });
    // What is given out from then on is for the new one, and as good as any.
    issueSignIn(draft, 'sam', { words: '', digest: draft.digest(`own ${stay}`) });
    expect(consumeSignIn(draft, `own ${stay}`, `token ${stay}`)).toEqual({ is: 'open', person: 'sam' });
    expect(sessionOf(draft, `token ${stay}`)).toBe('sam');
    expect(sessionOf(draft, `token ${stay - 1}`)).toBeUndefined();
  }
});

test('a session lasts a week at most, and its end is for good', async () => {
  const { draft, at } = await given();
  consumeSignIn(draft, SECRET, TOKEN);
  expect(sessionOf(at(draft.now + 7 * DAY - 1), TOKEN)).toBe('sam');
  expect(sessionOf(at(draft.now + 7 * DAY), TOKEN)).toBeUndefined();
  endSession(draft, TOKEN);
  expect(sessionOf(draft, TOKEN)).toBeUndefined();
  const { length } = draft.happenings;
  endSession(draft, TOKEN);
  endSession(draft, 'nobody’s');
  expect(draft.happenings).toHaveLength(length);
});
