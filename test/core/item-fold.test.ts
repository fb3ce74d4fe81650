import { expect, test } from 'vitest';
import { evolveItem, type ItemState } from '../../src/core/item.ts';
import type { ItemEvent } from '../../src/core/item-events.ts';
import { openVote, type Vote } from '../../src/core/vote.ts';

/** What each event makes of an item: a row is what was there, what happened, and all that is otherwise afterwards. */

const PROPOSED: ItemEvent = {
  ...({ type: 'proposed', key: 'WEB-1', kind: 'web', title: 'Campaign', process: 'abc', by: 'mia' } as const),
  ...({ urgent: null, step: 'agree', role: 'stakeholder' } as const),
};
const START = evolveItem(undefined, PROPOSED, { at: 1, actor: 'mia' });

const group = { role: 'stakeholder', electorate: ['sam', 'sue', 'sol'], needed: 2, majority: true };
const vote = (id: string, subject: Vote['subject']): Vote => openVote(id, subject, [group], 5, null);
const link = (ref: string, ...pairedWith: string[]) => ({ ref, kind: 'issue', pairedWith }) as const;
const release = { environment: 'testnet', version: 'v1', at: 1, by: 'olga', n: 1 } as const;
const ask = { environment: 'mainnet', version: 'v1', by: 'mia', emergency: null } as const;
const emergency = { ...ask, emergency: 'a#8' } as const;
const offer = { id: 3, role: 'ops', at: 2, unheard: false } as const;
const out = {
  type: 'released',
  environment: 'mainnet',
  version: 'v2',
  by: 'olga',
  approvedBy: [],
  emergency: null,
} as const;
const priority = { rank: 1, owner: 'pia', team: [], round: 2 };
const decided = {
  type: 'deployment-decided',
  deployment: 'D2',
  environment: 'production',
  version: 'v1',
  by: 'olga',
  reason: null,
} as const;
const skip = { by: 'lea', reason: 'only documents' };
const began = { type: 'step-began', step: 'qa', number: 7, role: 'qa', why: 'next' } as const;
const closed = { type: 'vote-closed', vote: 'V1', why: null } as const;
const admitted = (deployment: string, sha: string | null) => ({ deployment, environment: 'production', sha });

type Row = readonly [name: string, before: Partial<ItemState>, event: ItemEvent, after: Partial<ItemState>];

const ROWS: readonly Row[] = [
  ['a vote opens', {}, { type: 'vote-opened', vote: 'V1', subject: 'step', groups: [group], version: 'v1' }, { votes: [openVote('V1', 'step', [group], 9, 'v1')] }],
  ['a vote opens anew, beside another', { votes: [vote('V1', 'step'), vote('V2', 'skip')] }, { type: 'vote-opened', vote: 'V3', subject: 'step', groups: [], version: null }, { votes: [vote('V2', 'skip'), openVote('V3', 'step', [], 9, null)] }],
  ['a ballot is for its own vote', { votes: [vote('V1', 'step'), vote('V2', 'skip')] }, { type: 'ballot-cast', vote: 'V2', person: 'sam', choice: 'reject', note: null }, { votes: [vote('V1', 'step'), { ...vote('V2', 'skip'), ballots: { sam: 'reject' } }] }],
  ['an elector leaves', { votes: [vote('V1', 'step')] }, { type: 'elector-left', vote: 'V1', person: 'sol', role: 'stakeholder' }, { votes: [{ ...vote('V1', 'step'), groups: [{ ...group, electorate: ['sam', 'sue'] }] }] }],
  ['a vote on the step is lost', { votes: [vote('V1', 'step')], skip, request: ask, pending: priority }, { ...closed, subject: 'step', result: 'rejected' }, { votes: [{ ...vote('V1', 'step'), result: 'rejected' }] }],
  ['skipping is turned down', { skip, request: ask }, { ...closed, subject: 'skip', result: 'rejected' }, { skip: null }],
  ['skipping is agreed', { skip }, { ...closed, subject: 'skip', result: 'approved' }, {}],
  ['an emergency is turned down', { skip, request: ask, emergency }, { ...closed, subject: 'emergency', result: 'void' }, { emergency: null }],
  ['an emergency is signed', { request: ask, emergency }, { ...closed, subject: 'emergency', result: 'approved' }, {}],
  ['an emergency is asked for', { request: ask }, { type: 'release-requested', ...emergency }, { emergency }],
  ['an emergency is carried out', { emergency }, { ...out, by: 'olga', emergency: 'a#8' }, { emergency: null, environments: [{ environment: 'mainnet', version: 'v2', by: 'olga', at: 9, n: 2 }] }],
  ['it ends with an emergency asked for', { emergency }, { type: 'completed' }, { state: 'completed', emergency: null }],
  ['an objection is overruled', { pending: priority }, { ...closed, subject: 'objection', result: 'approved' }, {}],
  ['an objection stands', { pending: priority }, { ...closed, subject: 'objection', result: 'rejected' }, { pending: null }],
  ['agreed', {}, { type: 'agreed' }, { state: 'active' }],
  ['rejected', { offer, request: ask }, { type: 'rejected' }, { state: 'rejected', offer: null, request: null }],
  ['dropped', { offer, request: ask }, { type: 'dropped', by: 'sam', reason: 'no' }, { state: 'dropped', offer: null, request: null }],
  ['completed', { offer, request: ask }, { type: 'completed' }, { state: 'completed', offer: null, request: null }],
  ['prioritised', { pending: priority }, { type: 'prioritised', rank: 2, owner: 'pia', team: ['tom'], round: 3, by: 'sam', call: 'CALL-1' }, { rank: 2, round: 3, owner: 'pia', decidedOn: 'CALL-1', pending: null, grants: { 'project-team': ['tom'] } }],
  ['prioritised, with the owner and the team that it has', { grants: { 'project-team': ['tom'] } }, { type: 'prioritised', rank: 1, owner: null, team: [], round: 1, by: 'sam', call: null }, { rank: 1, round: 1 }],
  ['objected to', { rank: 1, round: 2, owner: 'pia', decidedOn: 'CALL-1' }, { type: 'objected', by: 'sue', reason: 'no', priority }, { rank: null, round: null, owner: 'mia', decidedOn: null, pending: priority }],
  ['its rank moves', { rank: 1 }, { type: 'rank-moved', rank: 2 }, { rank: 2 }],
  ['a step begins with whoever has it', { votes: [vote('V1', 'step')], request: ask, skip, told: ['team'], holder: 'dave', accepted: true, offer }, { ...began, baton: 'stays' }, { step: 'qa', stepNumber: 7, role: 'qa', stepSince: 9, votes: [], request: null, skip: null, told: [] }],
  ['a step begins with nobody', { holder: 'dave', accepted: true, offer }, { ...began, baton: 'nobody' }, { step: 'qa', stepNumber: 7, role: 'qa', stepSince: 9, holder: null, accepted: false, offer: null }],
  ['offered', { holder: 'dave', accepted: true, told: ['team'] }, { type: 'offered', role: 'ops' }, { offer: { id: 2, role: 'ops', at: 9, unheard: false }, holder: null, holderSince: 9, accepted: false, told: [] }],
  ['offered to nobody', {}, { type: 'offered', role: 'ops', unheard: true }, { offer: { id: 2, role: 'ops', at: 9, unheard: true }, holderSince: 9 }],
  ['accepted', { offer }, { type: 'accepted', person: 'olga' }, { offer: null, holder: 'olga', holderSince: 9, accepted: true }],
  ['its holder is gone', { holder: 'dave', accepted: true, offer }, { type: 'released-holder', person: 'dave', why: 'left' }, { holder: null, accepted: false }],
  ['failed', {}, { type: 'failed', by: 'quinn', ref: 'a#1', note: null, to: 'build' }, { failedAt: 2 }],
  ['a release is asked for', {}, { type: 'release-requested', ...ask }, { request: ask }],
  ['released', { request: ask, environments: [{ ...release, environment: 'mainnet' }, release] }, out, { request: null, environments: [release, { environment: 'mainnet', version: 'v2', by: 'olga', at: 9, n: 2 }] }],
  ['released outside', { request: ask }, { ...out, outside: true }, { environments: [{ environment: 'mainnet', version: 'v2', by: 'olga', at: 9, n: 2, outside: true }] }],
  ['released by the deployment that was let go', { request: ask }, { ...out, outside: true, admitted: true }, { environments: [{ environment: 'mainnet', version: 'v2', by: 'olga', at: 9, n: 2 }] }],
  ['skipping is asked for', {}, { type: 'skip-requested', ...skip }, { skip }],
  ['skipped', { skip }, { type: 'skipped', confirmedBy: 'olga', ...skip }, { skip: null, skipped: 'only documents' }],
  ['another owner', {}, { type: 'owner-changed', owner: null }, { owner: null }],
  ['it climbs', { told: ['team'] }, { type: 'escalated', rung: 'owner', by: 'dave', reason: 'stuck', people: [] }, { told: ['team', 'owner'] }],
  ['testers are invited', {}, { type: 'invited', by: 'lea' }, { invited: true }],
  ['testers join', { testers: { a: { mail: true, via: 'slack' } } }, { type: 'joined', person: 'b', mail: false, via: 'telegram' }, { testers: { a: { mail: true, via: 'slack' }, b: { mail: false, via: 'telegram' } } }],
  ['a tester leaves', { testers: { a: { mail: true, via: 'slack' }, b: { mail: false, via: 'web' } } }, { type: 'left', person: 'a' }, { testers: { b: { mail: false, via: 'web' } } }],
  ['its circle', {}, { type: 'circle-recorded', ref: 'grid', by: 'pia' }, { circle: 'grid' }],
  ['its circle is made', { circleAsked: true }, { type: 'circle-recorded', ref: 'grid', by: 'pia' }, { circle: 'grid', circleAsked: false }],
  ['its circle is asked for', {}, { type: 'circle-requested', by: 'pia' }, { circleAsked: true }],
  ['its circle can not be made', { circleAsked: true }, { type: 'circle-not-made', why: 'full' }, { circleAsked: false }],
  ['a deployment is let go', { admitted: [admitted('D1', 'a'), admitted('D2', 'b')] }, { ...decided, decision: 'approved', sha: 'c' }, { admitted: [admitted('D1', 'a'), admitted('D2', 'c')] }],
  ['the first that is let go', {}, { ...decided, decision: 'approved', sha: null }, { admitted: [admitted('D2', null)] }],
  ['one that was let go is turned away', { admitted: [admitted('D1', 'a'), admitted('D2', 'b')] }, { ...decided, decision: 'rejected', sha: 'b' }, { admitted: [admitted('D1', 'a')] }],
  ['deployed', { admitted: [admitted('D1', 'a'), admitted('D2', 'b')] }, { type: 'deployed', environment: 'production', version: 'v1', sha: 'a', by: 'olga', note: null }, { admitted: [admitted('D2', 'b')] }],
  ['deployed, and nothing was let go', {}, { type: 'deployed', environment: 'production', version: 'v1', sha: 'a', by: 'olga', note: null }, { admitted: [] }],
  ['ready', { ready: ['devnet', 'staging'] }, { type: 'environment-ready', environment: 'devnet', by: 'olga' }, { ready: ['staging', 'devnet'] }],
  ['taken down', { ready: ['devnet', 'staging'] }, { type: 'environment-removed', environment: 'devnet', by: 'olga' }, { ready: ['staging'] }],
  ['a circle has one owner', { grants: { 'circle-owner': ['pia'] } }, { type: 'item-role-granted', role: 'circle-owner', person: 'tom' }, { grants: { 'circle-owner': ['tom'] } }],
  ['a team grows', { grants: { 'project-team': ['tom', 'dave'] } }, { type: 'item-role-granted', role: 'project-team', person: 'tom' }, { grants: { 'project-team': ['dave', 'tom'] } }],
  ['a team begins', {}, { type: 'item-role-granted', role: 'project-team', person: 'tom' }, { grants: { 'project-team': ['tom'] } }],
  ['a team shrinks', { grants: { 'project-team': ['tom', 'dave'] } }, { type: 'item-role-revoked', role: 'project-team', person: 'tom' }, { grants: { 'project-team': ['dave'] } }],
  ['nobody had it', {}, { type: 'item-role-revoked', role: 'project-team', person: 'tom' }, { grants: { 'project-team': [] } }],
  ['linked', { links: [link('a#1', 'us:1'), link('a#2')] }, { type: 'linked', ref: 'a#1', kind: 'story', by: 'lea', from: null }, { links: [link('a#2'), { ref: 'a#1', kind: 'story', pairedWith: [] }] }],
  ['paired', { links: [link('us:1', 'a#1'), link('a#1', 'us:1'), link('a#2'), link('a#3')] }, { type: 'paired', story: 'us:1', issues: ['a#1', 'a#2'] }, { links: [link('us:1', 'a#1', 'a#2'), link('a#1', 'us:1'), link('a#2', 'us:1'), link('a#3')] }],
  ['unlinked', { circle: 'grid', links: [link('us:1', 'a#1', 'a#2'), link('a#1', 'us:1')] }, { type: 'unlinked', ref: 'a#1', by: 'lea', to: null }, { links: [link('us:1', 'a#2')] }],
  ['its circle is unlinked', { circle: 'grid' }, { type: 'unlinked', ref: 'grid', by: 'lea', to: null }, { circle: null }],
  ['moved to another item', {}, { type: 'unlinked', ref: 'a#1', by: 'lea', to: 'WEB-2' }, { loggedElsewhere: true }],
  ['another link goes for good', { loggedElsewhere: true }, { type: 'unlinked', ref: 'a#1', by: 'lea', to: null }, {}],
  ['renamed', { links: [link('new-1', 'us:1'), link('us:1', 'new-1')] }, { type: 'link-renamed', from: 'new-1', to: 'a#1' }, { links: [link('a#1', 'us:1'), link('us:1', 'a#1')] }],
  ['renamed to one that is there', { links: [link('new-1', 'us:1'), link('a#1', 'us:2'), link('a#2', 'us:3')] }, { type: 'link-renamed', from: 'new-1', to: 'a#1' }, { links: [link('a#1', 'us:2', 'us:1'), link('a#2', 'us:3')] }],
  ['renamed where it is urgent', { urgent: 'new-1', emergency: { ...ask, emergency: 'new-1' } }, { type: 'link-renamed', from: 'new-1', to: 'a#1' }, { urgent: 'a#1', emergency: { ...ask, emergency: 'a#1' } }],
  ['renamed where others are', { urgent: 'a#7', emergency }, { type: 'link-renamed', from: 'new-1', to: 'a#1' }, {}],
  ['a reminder', {}, { type: 'vote-reminded', vote: 'V1' }, {}],
]; // biome-ignore format: a table

test.each(ROWS)('%s', (_name, before, event, after) => {
  const state = { ...START, ...before };
  expect(evolveItem(state, event, { at: 9, actor: 'mia' })).toEqual({
    ...{ ...state, version: 2 },
    touchedAt: event.type === 'rank-moved' ? 1 : 9,
    ...after,
  });
});

test('an item begins with being proposed', () => {
  expect(START).toMatchObject({
    key: 'WEB-1',
    kind: 'web',
    title: 'Campaign',
    process: 'abc',
    proposer: 'mia',
    owner: 'mia',
  });
  expect(START).toMatchObject({ state: 'proposed', step: 'agree', stepNumber: 1, role: 'stakeholder', urgent: null });
  expect(START).toMatchObject({
    stepSince: 1,
    holderSince: 1,
    touchedAt: 1,
    version: 1,
    holder: null,
    accepted: false,
  });
  expect(START).toMatchObject({
    offer: null,
    environments: [],
    failedAt: 0,
    links: [],
    circle: null,
    votes: [],
    rank: null,
  });
  expect(START).toMatchObject({
    round: null,
    pending: null,
    decidedOn: null,
    request: null,
    skip: null,
    skipped: null,
  });
  expect(START).toMatchObject({ testers: {}, invited: false, ready: [], told: [], loggedElsewhere: false, grants: {} });
  expect(() => evolveItem(undefined, { type: 'agreed' }, { at: 1, actor: 'mia' })).toThrow(
    /begins with being proposed, not with agreed/,
  );
});

test('what only the system does touches nothing', () => {
  expect(evolveItem(START, { type: 'agreed' }, { at: 9, actor: 'system' }).touchedAt).toBe(1);
}); // biome-ignore format: long lines
