import { describe, expect, test } from 'vitest';
import type { SystemCommand } from '../../src/core/message.ts';
import { ONLY } from '../../src/core/streams.ts';
import { decideSystem, recordTaken } from '../../src/core/system.ts';
import { createStage } from './stage.ts';

/** A timer that fires for what has changed meanwhile does nothing; the same timer for what still stands does its work. */

const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-23T12:00:00+01:00');

function scene() {
  const stage = createStage();
  stage.play(`
    sam: /call open
    bea: /propose product A grid
    mia: /propose web Campaign
    mia: /link WEB-1 https://cryptpad.example.org/pad/1
    bea: /propose product A map
    sam: /approve PROD-2
    sue: /approve PROD-2
    sam: /prioritise PROD-2 1 owner pia
    mia: /announce WEB-1 by 2026-12-15 It goes live
    sam: /alert critical The site is down
    sam: /call plan 2026-11-24T14:00`);
  const [ref = ''] = stage.say('sam', '/bug major The map is slow').text.split(' ');
  stage.moveTo(NOON);
  const world = stage.world();
  const vote = world.get('item', 'PROD-1')?.votes[0]?.id ?? '';
  const signing = world.get('announcement', 'ANN-1')?.vote.id ?? '';
  const offer = world.get('item', 'PROD-2')?.offer?.id ?? -1;
  const issue = { ref, since: world.get('ref', ref)?.since ?? -1, due: NOON };
  const planned = world.get('calls', ONLY)?.planned?.at ?? -1;
  return { stage, vote, signing, offer, issue, planned };
}

/** The embedded tracker numbers what is logged in it. */
const CLOSED = 'sam: /close baton#2';

/** What the timer makes happen, when it fires so many hours after it was due. */
function fired(command: (given: ReturnType<typeof scene>) => SystemCommand, before = '', late = 0): string {
  const given = scene();
  given.stage.play(before);
  return given.stage.act((draft) => {
    decideSystem(draft, command(given), draft.now - late * HOUR);
    return draft.happenings.map(({ id, event }) => `${id} ${event.type}`).join(', ');
  });
}

describe('votes', () => {
  test('are reminded of while they are open', () => {
    const remind = (given: ReturnType<typeof scene>) =>
      ({ do: 'remind-voters', key: 'PROD-1', vote: given.vote }) as const;
    expect(fired(remind)).toBe('PROD-1 vote-reminded');
    expect(fired(remind, '', 7)).toBe('');
    expect(fired(remind, 'sam: /approve PROD-1\nsue: /approve PROD-1')).toBe('');
    expect(fired(() => ({ do: 'remind-voters', key: 'PROD-1', vote: 'another' }))).toBe('');
    expect(fired(() => ({ do: 'remind-voters', key: 'PROD-9', vote: 'another' }))).toBe('');
  });

  test('climb while they are open', () => {
    const climb = (given: ReturnType<typeof scene>) =>
      ({ do: 'escalate-vote', key: 'PROD-1', vote: given.vote }) as const;
    expect(fired(climb)).toBe('PROD-1 escalated');
    expect(fired(climb, '', 7)).toBe('PROD-1 escalated');
    expect(fired(climb, 'sam: /approve PROD-1\nsue: /approve PROD-1')).toBe('');
  });

  test('of an announcement are reminded of, climb, and end with their date', () => {
    const of = (what: 'remind-voters' | 'escalate-vote' | 'void-announcement') => (given: ReturnType<typeof scene>) =>
      ({ do: what, key: 'ANN-1', vote: given.signing }) as const;
    expect(fired(of('remind-voters'))).toBe('ANN-1 signers-reminded');
    expect(fired(of('remind-voters'), '', 7)).toBe('');
    expect(fired(of('escalate-vote'))).toBe('WEB-1 escalated');
    expect(fired(of('void-announcement'))).toBe('ANN-1 voided');
    for (const what of ['remind-voters', 'escalate-vote', 'void-announcement'] as const) {
      expect(fired(() => ({ do: what, key: 'ANN-1', vote: 'older' }))).toBe('');
      expect(fired(of(what), 'mia: /announce ANN-1 edit by 2026-12-15 It goes live soon')).toBe('');
      expect(fired(of(what), 'sam: /reject ANN-1 no\nsue: /reject ANN-1 no')).toBe('');
      expect(fired((given) => ({ do: what, key: 'ANN-9', vote: given.signing }))).toBe('');
    }
  });
});

test('offers are said again and climb while nobody took them', () => {
  const of =
    (what: 'remind-offer' | 'escalate-offer', other = 0) =>
    (given: ReturnType<typeof scene>) =>
      ({ do: what, key: 'PROD-2', offer: given.offer + other }) as const;
  expect(fired(of('remind-offer'))).toBe('PROD-2 offer-reminded');
  expect(fired(of('remind-offer'), '', 7)).toBe('');
  expect(fired(of('escalate-offer'), '', 7)).toBe('PROD-2 escalated');
  for (const what of ['remind-offer', 'escalate-offer'] as const) {
    expect(fired(of(what, 1))).toBe('');
    expect(fired(of(what), 'pia: /accept PROD-2')).toBe('');
    expect(fired((given) => ({ do: what, key: 'PROD-9', offer: given.offer }))).toBe('');
  }
});

test('a call closes once, and its agenda is sent when it was planned for then', () => {
  expect(fired(() => ({ do: 'close-call', call: 'CALL-1' }))).toBe('all call-closed');
  expect(fired(() => ({ do: 'close-call', call: 'CALL-2' }))).toBe('');
  expect(fired(() => ({ do: 'close-call', call: 'CALL-1' }), 'sam: /call close')).toBe('');
  expect(fired(({ planned }) => ({ do: 'send-agenda', at: planned }))).toBe('all agenda-due');
  expect(fired(({ planned }) => ({ do: 'send-agenda', at: planned }), '', 7)).toBe('');
  expect(fired(({ planned }) => ({ do: 'send-agenda', at: planned + 1 }))).toBe('');
});

test('an alert that somebody has, or that is over, wakes nobody', () => {
  const of = (what: 'deliver-alert' | 'page-again' | 'say-unacknowledged') => () =>
    ({ do: what, key: 'ALERT-1' }) as const;
  expect(fired(of('page-again'))).toBe('ALERT-1 delivered');
  for (const what of ['deliver-alert', 'page-again', 'say-unacknowledged'] as const) {
    expect(fired(of(what), 'olga: /ack ALERT-1')).toBe('');
    expect(fired(of(what), 'olga: /ack ALERT-1\nolga: /resolve ALERT-1')).toBe('');
    expect(fired(() => ({ do: what, key: 'ALERT-9' }))).toBe('');
  }
});

test('a severity’s clock is about the severity as it was set, on what is still open', () => {
  const of =
    (what: 'remind-severity' | 'breach-severity', other = 0) =>
    ({ issue }: ReturnType<typeof scene>) =>
      ({ do: what, ...issue, since: issue.since + other }) as const;
  expect(fired(of('remind-severity'))).toContain('severity-reminded');
  for (const what of ['remind-severity', 'breach-severity'] as const) {
    expect(fired(of(what, 1))).toBe('');
    expect(fired(({ issue }) => ({ do: what, ...issue }), CLOSED)).toBe('');
    expect(fired(({ issue }) => ({ do: what, ...issue, ref: 'ISSUE-99' }))).toBe('');
  }
});

test('a window that nobody waits for opens silently', () => {
  expect(fired(() => ({ do: 'say-window', key: 'WEB-1' }))).toBe('');
  expect(fired(() => ({ do: 'say-window', key: 'WEB-9' }))).toBe('');
}); // biome-ignore format: tables

test('what OPS took while nothing could be recorded is theirs, where that still holds', () => {
  const taken = (by: string, note: string | null, isNews: boolean, before = ''): string => {
    const { stage } = scene();
    stage.play(before);
    return stage.act((draft) => {
      recordTaken(draft, { key: 'ALERT-1', by, note, isNews });
      return draft.happenings.map(({ event }) => JSON.stringify(event)).join(', ');
    });
  };
  const mine = 'olga: /ack ALERT-1';
  expect(taken('olga', 'on it', false)).toBe('{"type":"acknowledged","by":"olga","note":"on it"}');
  expect(taken('olga', null, false)).toBe('{"type":"acknowledged","by":"olga","note":null}');
  expect(taken('dave', 'on it', false)).toBe('');
  expect(taken('omar', 'on it', false, mine)).toBe('');
  expect(taken('olga', 'soon', true, mine)).toBe('{"type":"news","by":"olga","note":"soon"}');
  expect(taken('olga', null, true, mine)).toBe('');
  expect(taken('olga', 'soon', true)).toBe('');
  expect(taken('olga', 'soon', true, `${mine}\nolga: /resolve ALERT-1`)).toBe('');
  expect(taken('olga', 'on it', false, `${mine}\nolga: /resolve ALERT-1`)).toBe('');
});
