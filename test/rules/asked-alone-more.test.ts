import { describe, expect, it } from 'vitest';
import type { Act } from '../../src/core/rule.ts';
import {
  AGREE,
  type Asked,
  answer,
  COMPLETE,
  calls,
  DEVELOPMENT,
  HOUR,
  MONDAY,
  NO_TIME,
  open,
  others,
  PRIORITISE,
  publish,
  release,
  released,
  SET_UP,
  THURSDAY,
} from './alone.ts';

/** What the rules from R6 on say, asked alone. */

const WAITED = 'refused | Nobody of developer has taken it for 8 working hours (R6). Take it with /accept.';
const HELD = 'refused | OPS gets it Thu 26 Nov 09:00 (R7): it is held until then.';
const PASSED = 'refused | The promised date 2026-11-26 has passed (R8). Draft it anew with a date that can be kept.';
const NEVER = 'refused | PROD-1 was never released on mainnet or production (R9). OPS releases it first.';
const IN_THE_WAY =
  'refused | First the priorities of earlier calls are developed (R11). In the way: PROD-2 (roadmap). Have them developed, or drop one with /drop KEY REASON.';
const ON_THE_CALL = 'refused | That is decided on the stakeholders’ call (R12), and none is open or planned';
const PLANNED =
  'refused | That is decided on the stakeholders’ call (R12), and none is open; the next one is Thu 26 Nov 11:00. PROD-1 is on its agenda; a stakeholder opens the call with /call open.';
const NOT_READY =
  'refused | staging is not ready for PROD-1 (R13). Ask OPS with /env request staging PROD-1; OPS reports it with /env ready staging PROD-1.\n[Ask OPS] | env PROD-1 request staging';
const UNHEARD = 'refused | Critical and not acknowledged for 15 minutes (R14). OPS takes it with /ack.';

/** The sprint that began on 16 November. */
const SPRINT_ENDS = Date.parse('2026-11-30T00:00:00+01:00');
const OVER = 'refused | Minor, and its sprint is over (R16). Close it, or agree on a new severity.';

describe('asked alone, a rule says what can be done', () => {
  it.each<[string, string, Act, Asked, string]>([
    [
      'R6',
      'before eight working hours',
      { act: 'wait', role: 'developer', since: MONDAY },
      { now: MONDAY + 8 * HOUR - 1 },
      NO_TIME,
    ],
    ['R6', 'after eight', { act: 'wait', role: 'developer', since: MONDAY }, { now: MONDAY + 8 * HOUR }, WAITED],
    ['R7', 'critical, at night', { act: 'page', severity: 'critical' }, { now: THURSDAY - 12 * HOUR }, NO_TIME],
    ['R7', 'minor, by day', { act: 'page', severity: 'minor' }, {}, NO_TIME],
    ['R7', 'minor, at night', { act: 'page', severity: 'minor' }, { now: THURSDAY - 12 * HOUR }, HELD],
    [
      'R8',
      'not signed',
      publish(false, null),
      {},
      'refused | It is not signed yet (R8): Sue and Arno. They sign with /approve.',
    ],
    ['R8', 'signed', publish(true, null), {}, NO_TIME],
    ['R8', 'signed, and its date is today', publish(true, '2026-11-26'), {}, NO_TIME],
    ['R8', 'signed, at its last moment', publish(true, '2026-11-26'), { now: THURSDAY + 14 * HOUR - 1 }, NO_TIME],
    ['R8', 'signed, and its date has passed', publish(true, '2026-11-26'), { now: THURSDAY + 14 * HOUR }, PASSED],
    ['R8', 'not signed, and its date has passed', publish(false, '2026-11-25'), {}, PASSED.replace('-26', '-25')],
    [
      'R9',
      'never released',
      COMPLETE,
      {},
      'refused | PROD-1 was never released on mainnet or production (R9). OPS releases it first.',
    ],
    ['R9', 'released just now', { act: 'complete', releasing: 'mainnet' }, {}, NO_TIME],
    [
      'R9',
      'released on a test net',
      { act: 'complete', releasing: 'testnet' },
      { item: { environments: [released('testnet')] } },
      NEVER,
    ],
    [
      'R9',
      'released before',
      COMPLETE,
      { item: { environments: [released('testnet'), released('production')] } },
      NO_TIME,
    ],
    ['R9', 'nothing to release', COMPLETE, { item: { skipped: 'only documents' } }, NO_TIME],
    ['R9', 'about no item', COMPLETE, { item: null }, NO_TIME],
    ['R10', 'OPS sets it up', SET_UP, { who: 'omar' }, NO_TIME],
    [
      'R10',
      'another says it is ready',
      SET_UP,
      {},
      'forbidden | Only OPS says that staging is ready (R10). Ask for it with /env request staging PROD-1.\n[Ask OPS] | env PROD-1 request staging',
    ],
    [
      'R10',
      'about no item',
      SET_UP,
      { item: null },
      'forbidden | Only OPS says that staging is ready (R10). Ask for it with /env request staging KEY.',
    ],
    [
      'R10',
      'another takes it down',
      { ...SET_UP, sort: 'remove' },
      {},
      'forbidden | Only OPS says that staging is removed (R10). Ask for it with /env request staging PROD-1.',
    ],
    ['R11', 'one of an earlier call is on its way', PRIORITISE, {}, IN_THE_WAY],
    ['R11', 'it is that one itself', PRIORITISE, { item: { key: 'PROD-2' } }, NO_TIME],
    ['R11', 'an urgent one', PRIORITISE, { item: { urgent: 'STORY-1' } }, NO_TIME],
    ['R11', 'about no item', PRIORITISE, { item: null }, NO_TIME],
    ['R11', 'the other is urgent', PRIORITISE, { world: { open: others({ urgent: 'STORY-1' }) } }, NO_TIME],
    ['R11', 'the other has no priority', PRIORITISE, { world: { open: others({ round: null }) } }, NO_TIME],
    [
      'R11',
      'the other is developed',
      PRIORITISE,
      { world: { open: others({ stepNumber: DEVELOPMENT + 1 }) } },
      NO_TIME,
    ],
    [
      'R11',
      'the other is being developed',
      PRIORITISE,
      { world: { open: others({ stepNumber: DEVELOPMENT }) } },
      IN_THE_WAY,
    ],
    ['R11', 'the other’s process is unknown', PRIORITISE, { world: { open: others({ process: 'gone' }) } }, NO_TIME],
    [
      'R12',
      'no call is open',
      AGREE,
      {},
      `${ON_THE_CALL}. PROD-1 is on its agenda; a stakeholder opens the call with /call open.`,
    ],
    [
      'R12',
      'a stakeholder',
      AGREE,
      { who: 'sam' },
      `${ON_THE_CALL}. PROD-1 is on its agenda; a stakeholder opens the call with /call open.\n[Open the call] | call open`,
    ],
    [
      'R12',
      'not on the agenda',
      AGREE,
      { item: { key: 'PROD-9' } },
      `${ON_THE_CALL}. A stakeholder opens the call with /call open.`,
    ],
    ['R12', 'an urgent one', AGREE, { item: { urgent: 'STORY-1' } }, NO_TIME],
    ['R12', 'about no item', AGREE, { item: null }, NO_TIME],
    ['R12', 'the next call is planned', AGREE, { world: calls({ planned: THURSDAY + HOUR }) }, PLANNED],
    [
      'R12',
      'the planned call has begun',
      AGREE,
      { world: calls({ planned: THURSDAY }) },
      `${ON_THE_CALL}. PROD-1 is on its agenda; a stakeholder opens the call with /call open.`,
    ],
    ['R12', 'a call is open', AGREE, { world: calls({ open: true }) }, NO_TIME],
    ['R13', 'shared', release('testnet'), {}, NO_TIME],
    ['R13', 'reported ready', release('staging'), { item: { ready: ['staging'] } }, NO_TIME],
    ['R13', 'another is ready', release('staging'), { item: { ready: ['devnet'] } }, NOT_READY],
    ['R13', 'about no item', release('staging'), { item: null }, NO_TIME],
    ['R14', 'a moment before', open('critical', THURSDAY - HOUR / 4 + 1), {}, NO_TIME],
    ['R14', 'after a quarter of an hour', open('critical', THURSDAY - HOUR / 4), {}, UNHEARD],
    ['R14', 'acknowledged', open('critical', 0, true), {}, NO_TIME],
    ['R15', 'a moment before', open('major', THURSDAY - 48 * HOUR + 1), {}, NO_TIME],
    [
      'R15',
      'after two days',
      open('major', THURSDAY - 48 * HOUR),
      {},
      'refused | Major and open for more than 48 hours (R15). Close it, or climb with /escalate.',
    ],
    ['R16', 'at the last moment of its sprint', open('minor', MONDAY), { now: SPRINT_ENDS - 1 }, NO_TIME],
    ['R16', 'at the end of its sprint', open('minor', MONDAY), { now: SPRINT_ENDS }, OVER],
    ['R16', 'within its sprint', open('minor', MONDAY), { now: MONDAY + HOUR }, NO_TIME],
    [
      'R16',
      'its sprint is over',
      open('minor', MONDAY),
      { now: MONDAY + 30 * 24 * HOUR },
      'refused | Minor, and its sprint is over (R16). Close it, or agree on a new severity.',
    ],
  ])('%s: %s', (id, _why, act, asked, expected) => expect(answer(id, act, asked)).toBe(expected));
});
