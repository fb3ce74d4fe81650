import { describe, expect, test } from 'vitest';
import { evolveItem } from '../../src/core/item.ts';
import {
  addBallot,
  type Choice,
  castBallot,
  electorateOf,
  type Group,
  leaveElectorate,
  majorityOf,
  missingSignatures,
  openVote,
  progressOf,
  resultOf,
  tallyOf,
  type Vote,
} from '../../src/core/vote.ts';
import { fc, runs } from '../support/chance.ts';
import { table } from '../support/script.ts';

const PEOPLE = ['ann', 'bob', 'cat', 'dan', 'eve'];
const WORDS: Readonly<Record<string, Choice>> = { '+': 'approve', '-': 'reject', o: 'abstain' };

const stakeholders = (count: number): Group => ({
  role: 'stakeholder',
  electorate: PEOPLE.slice(0, count),
  needed: majorityOf(count),
  majority: true,
});
const signer = (role: string, ...electorate: readonly string[]): Group => ({
  role,
  electorate,
  needed: 1,
  majority: false,
});
const voteOf = (...groups: readonly Group[]): Vote => openVote('WEB-1/2', 'step', groups, 0, null);

/** `ann+ bob- cato`: who said what, in order. */
const cast = (vote: Vote, ballots: string): Vote =>
  ballots
    .split(' ')
    .filter(Boolean)
    .reduce((each, said) => castBallot(each, said.slice(0, -1), WORDS[said.slice(-1)] ?? 'abstain'), vote);

test('a majority is strictly more than half of the electorate', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(majorityOf)).toEqual([1, 2, 2, 3, 3, 4, 4]);
});

describe('closes the moment that it is decided, and not before', () => {
  const ROWS = table(`
    of 1  ann+                      -> approved
    of 1  ann-                      -> rejected
    of 1  anno                      -> rejected
    of 2  ann+                      -> open
    of 2  ann+ bob+                 -> approved
    of 2  ann-                      -> rejected
    of 2  anno                      -> rejected
    of 3  ann+                      -> open
    of 3  ann+ bob-                 -> open
    of 3  ann+ cat+                 -> approved
    of 3  ann+ bob- cat+            -> approved
    of 3  ann- bob-                 -> rejected
    of 3  ann- bobo                 -> rejected
    of 4  ann+ bob+                 -> open
    of 4  ann+ bob+ cat-            -> open
    of 4  ann+ bob+ cat- dan-       -> rejected
    of 4  ann+ bob+ cat+            -> approved
    of 4  ann- bob-                 -> rejected
    of 4  ann- bob+ cat+            -> open
    of 5  ann+ bob+                 -> open
    of 5  ann+ bob+ cat- dan-       -> open
    of 5  ann+ bob+ cat- dan- eve+  -> approved
    of 5  ann+ bob+ cat- dan- eveo  -> rejected
    of 5  ann- bob- cat-            -> rejected
    of 5  ann- bob- cat- ann+       -> open
    of 3  ann+ ann+                 -> open
    of 3  ann+ ann- bob+ cat+       -> approved
    of 3  ann+ eve+                 -> open
  `);
  test.each(ROWS)('$columns -> $outcome', ({ columns: [of = '', ballots = ''], outcome }) => {
    expect(resultOf(cast(voteOf(stakeholders(Number(of.slice(3)))), ballots)) ?? 'open').toBe(outcome);
  });
});

describe('several signatures at once: a majority of three, one of two architects, the circle owner', () => {
  const three = voteOf(stakeholders(3), signer('architect', 'arno', 'asta'), signer('circle-owner', 'pia'));
  const ROWS = table(`
    all  ann+ bob+                    -> open
    all  ann+ bob+ arno+              -> open
    all  ann+ bob+ arno+ pia+         -> approved
    all  pia+ asta+ cat+ ann+         -> approved
    all  pia-                         -> rejected
    all  arno-                        -> open
    all  arno- asta-                  -> rejected
    all  arno- asta+ pia+ ann+ bob+   -> approved
    all  ann- bob-                    -> rejected
  `);
  test.each(ROWS)('$columns -> $outcome', ({ columns: [, ballots = ''], outcome }) => {
    expect(resultOf(cast(three, ballots)) ?? 'open').toBe(outcome);
  });

  test('a person with two roles signs for both with one ballot', () => {
    const both = voteOf(stakeholders(1), signer('circle-owner', 'ann'));
    expect(resultOf(cast(both, 'ann+'))).toBe('approved');
  });

  test('what is missing is said a role at a time', () => {
    expect(missingSignatures(cast(three, 'ann+ pia+'))).toEqual(['1 more stakeholder', '1 more architect']);
  });
});

describe('who loses the role leaves the electorate, and the ballot goes along', () => {
  const ROWS = table(`
    of 4  ann+ bob+        dan  -> approved
    of 4  ann+ bob+        ann  -> open
    of 3  ann+ bob-        cat  -> rejected
    of 3  ann+             bob  -> open
    of 2  ann+             bob  -> approved
    of 5  ann+ bob+ cat-   cat  -> open
    of 1  ann+             eve  -> approved
  `);
  test.each(ROWS)('$columns leaves -> $outcome', ({ columns: [of = '', ballots = '', leaver = ''], outcome }) => {
    const left = leaveElectorate(cast(voteOf(stakeholders(Number(of.slice(3)))), ballots), leaver, 'stakeholder');
    expect(resultOf(left) ?? 'open').toBe(outcome);
    expect(electorateOf(left)).not.toContain(leaver);
  });

  test('another role of theirs keeps the ballot', () => {
    const both = cast(voteOf(stakeholders(3), signer('circle-owner', 'ann')), 'ann+');
    const left = leaveElectorate(both, 'ann', 'stakeholder');
    expect(tallyOf(left)).toEqual({ approve: ['ann'], reject: [], abstain: [], missing: ['bob', 'cat'], needed: 3 });
    expect(leaveElectorate(left, 'ann', 'circle-owner').ballots).toEqual({});
  });
});

test('whoever is called like something that every object has, has not voted', () => {
  const vote = voteOf({ role: 'stakeholder', electorate: ['constructor', 'ann'], needed: 2, majority: false });
  expect(tallyOf(vote)).toMatchObject({ approve: [], missing: ['constructor', 'ann'] });
  expect(tallyOf(castBallot(vote, 'constructor', 'approve'))).toMatchObject({
    approve: ['constructor'],
    missing: ['ann'],
  });
});

describe('ten thousand ballots cost no more than one each', () => {
  const both = voteOf(stakeholders(5), signer('architect', 'ann', 'fay'));
  const ballot = fc.tuple(
    fc.constantFrom(...PEOPLE, 'fay', 'stranger', '__proto__', 'toString'),
    fc.constantFrom<Choice>('approve', 'reject', 'abstain'),
  );
  /** The same vote as the store reads it: nothing is known of it but what it holds. */
  const afresh = (vote: Vote): Vote => JSON.parse(JSON.stringify(vote)) as Vote;

  test('what was counted goes on with each ballot, and is what would be counted anew', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(both, voteOf(stakeholders(4))),
        fc.array(ballot, { maxLength: 12 }),
        (start, said) => {
          resultOf(start);
          said.reduce((vote, [person, choice]) => {
            const next = castBallot(vote, person, choice);
            expect(resultOf(next)).toBe(resultOf(afresh(next)));
            expect(missingSignatures(next)).toEqual(missingSignatures(afresh(next)));
            const { approve, needed } = tallyOf(next);
            expect(progressOf(next)).toEqual({ approve: approve.length, needed });
            return next;
          }, start);
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test('a fold that nobody looks into adds them to the same object, and comes out the same', () => {
    fc.assert(
      fc.property(fc.array(ballot, { maxLength: 12 }), (said) => {
        const fresh = afresh(both);
        const added = said.reduce((vote, [person, choice]) => addBallot(vote, person, choice), fresh);
        expect(added.ballots).toBe(fresh.ballots);
        const copied = said.reduce((vote, [person, choice]) => castBallot(vote, person, choice), both);
        expect(JSON.stringify(added)).toBe(JSON.stringify(copied));
        expect(both.ballots).toEqual({});
      }),
      { numRuns: runs(200) },
    );
  });

  test('only such a fold does: a decision leaves the state before it as it was', () => {
    const by = { at: 1, actor: 'ann' };
    const { id, subject, groups } = both;
    const began = { key: 'WEB-1', kind: 'web', title: 'Maps', process: '', by: 'ann', urgent: null } as const;
    const start = evolveItem(undefined, { type: 'proposed', ...began, step: 'agree', role: 'stakeholder' }, by);
    const item = evolveItem(start, { type: 'vote-opened', vote: id, subject, groups, version: null }, by);
    const event = { type: 'ballot-cast', vote: id, person: 'ann', choice: 'approve', note: null } as const;
    const decided = evolveItem(item, event, by);
    expect(item.votes[0]?.ballots).toEqual({});
    expect(evolveItem(item, event, { ...by, unseen: true })).toEqual(decided);
    expect(item.votes[0]?.ballots).toEqual({ ann: 'approve' });
  });
});
