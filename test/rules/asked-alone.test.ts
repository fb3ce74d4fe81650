import { describe, expect, it } from 'vitest';
import type { Act } from '../../src/core/rule.ts';
import {
  ACTS,
  type Asked,
  answer,
  ask,
  CLOSE,
  COMPLETE,
  closedLongAgo,
  HOUR,
  issue,
  LAST,
  MONDAY,
  mention,
  NO_TIME,
  never,
  onGithub,
  page,
  release,
  STORIES,
  THURSDAY,
} from './alone.ts';

/** Each rule is about its own acts; the first five say what can be done instead. */

const HINT =
  'refused | dina will see it sooner as an issue (R3). Log it here:\n[Log a bug] [Ask for a feature] [Urgent: tell the circle owner] | bug PROD-1 | feature PROD-1 | urgent PROD-1';
const NO_STORY = 'refused | PROD-1 has no story or issue (R4). Link one first with /link PROD-1 REF.';
const NOT_THERE =
  'refused | verified | Whether example/grid#12 is there is not verified with GitHub yet (R4). Say it again when that platform answers.';
const STILL_OPEN = 'refused | links-closed | Still open: ';
const NOT_CLOSED =
  'refused | verified | Whether its stories and issues are closed is not verified with GitHub yet (R5). Say it again when that platform answers.';
const FROZEN =
  'refused | Nothing is released on mainnet during the freeze (R2). It opens Mon 30 Nov 00:00; say it again then.';
const REMIND = '\n[Remind me when the window opens] | remind PROD-1';
const ONLY_OPS = 'forbidden | Only OPS releases on mainnet (R1). Ask OPS';

describe('a rule is about its own acts', () => {
  it.each([
    ['R1', 'release'],
    ['R2', 'release'],
    ['R3', 'mention'],
    ['R4', 'close a step, send back'],
    ['R5', 'complete'],
    ['R6', 'wait'],
    ['R7', 'page'],
    ['R8', 'publish'],
    ['R9', 'complete'],
    ['R10', 'set up, take down'],
    ['R11', 'prioritise'],
    ['R12', 'agree, prioritise'],
    ['R13', 'release elsewhere'],
    ['R14', 'critical'],
    ['R15', 'major'],
    ['R16', 'minor'],
  ])('%s says no to: %s', (id, expected) => {
    const night = THURSDAY - 12 * HOUR;
    const asked = {
      now: id === 'R7' ? night : THURSDAY,
      item: { stepNumber: LAST, links: id === 'R5' ? [issue] : [] },
    };
    const refused = Object.keys(ACTS).filter((name) => {
      const act = ACTS[name];
      return act !== undefined && ask(id, act, asked) !== undefined;
    });
    expect(refused.join(', ')).toBe(expected);
  });
});

describe('and says what can be done', () => {
  it.each<[string, string, Act, Asked, string]>([
    ['R1', 'OPS releases', release('mainnet'), { who: 'olga' }, NO_TIME],
    ['R1', 'a test net is everybody’s', release('testnet'), {}, NO_TIME],
    [
      'R1',
      'another asks',
      release('production'),
      { item: null },
      'forbidden | Only OPS releases on production (R1). Ask OPS.',
    ],
    [
      'R1',
      'about an item',
      release('mainnet'),
      {},
      `${ONLY_OPS} with /escalate PROD-1 REASON.\n[Ask OPS] | escalate PROD-1`,
    ],
    ['R1', 'the step’s owner asks', release('mainnet', { isOwner: true }), {}, NO_TIME],
    [
      'R1',
      'an emergency is asked for',
      release('mainnet', { isOwner: true, emergency: true }),
      { item: null },
      `${ONLY_OPS}.`,
    ],
    ['R2', 'in the window', release('mainnet'), { who: 'olga', now: MONDAY }, NO_TIME],
    ['R2', 'elsewhere', release('testnet'), { who: 'olga' }, NO_TIME],
    ['R2', 'in the freeze', release('mainnet'), { who: 'olga' }, `${FROZEN}${REMIND}`],
    ['R2', 'about no item', release('mainnet'), { who: 'olga', item: null }, FROZEN],
    ['R2', 'about one that has ended', release('mainnet'), { who: 'olga', item: { state: 'dropped' } }, FROZEN],
    ['R2', 'the owner asks', release('mainnet', { isOwner: true }), { who: 'pia' }, NO_TIME],
    ['R2', 'the owner is OPS', release('mainnet', { isOwner: true }), { who: 'olga', item: null }, FROZEN],
    [
      ...(['R2', 'an emergency'] as const),
      release('mainnet', { emergency: true }),
      { who: 'olga', item: null },
      `${FROZEN} There is no emergency path here: the organisation’s file does not turn it on.`,
    ],
    ['R3', 'nobody is disturbed', mention(), {}, NO_TIME],
    ['R3', 'a developer among themselves', mention(undefined, 'dina'), { who: 'dave' }, NO_TIME],
    ['R3', 'the dev lead', mention(undefined, 'dina'), { who: 'lea' }, NO_TIME],
    ['R3', 'who holds the item', mention(undefined, 'dina'), { item: { holder: 'tom' } }, NO_TIME],
    ['R3', 'who was told just now', mention(THURSDAY - HOUR + 1, 'dina'), {}, NO_TIME],
    ['R3', 'who was told an hour ago', mention(THURSDAY - HOUR, 'dina'), {}, HINT],
    ['R4', 'an issue to send it back for', { act: 'send-back', ref: 'ISSUE-1' }, {}, NO_TIME],
    [
      'R4',
      'none',
      { act: 'send-back', ref: null },
      {},
      'refused | Say which issue it is about (R4). Log one first with /bug SEVERITY TITLE.',
    ],
    ['R4', 'before its stories', CLOSE, { item: { stepNumber: 1 } }, NO_TIME],
    ['R4', 'at its stories', CLOSE, { item: { stepNumber: STORIES } }, NO_TIME],
    ['R4', 'after them', CLOSE, { item: { stepNumber: STORIES + 1 } }, `${NO_STORY}\n[Link a story] | link PROD-1`],
    ['R4', 'with an issue', CLOSE, { item: { stepNumber: LAST, links: [issue] } }, NO_TIME],
    [
      'R4',
      'with a link that is neither',
      CLOSE,
      { item: { stepNumber: LAST, links: [page] } },
      `${NO_STORY}\n[Link a story] | link PROD-1`,
    ],
    ['R4', 'what it was is logged elsewhere', CLOSE, { item: { stepNumber: LAST, loggedElsewhere: true } }, NO_TIME],
    ['R4', 'about no item', CLOSE, { item: null }, NO_TIME],
    [
      'R4',
      'nobody asked GitHub',
      CLOSE,
      { item: { stepNumber: LAST, links: [onGithub] }, world: { forges: never } },
      NOT_THERE,
    ],
    [
      'R4',
      'one of two is sure',
      CLOSE,
      { item: { stepNumber: LAST, links: [onGithub, issue] }, world: { forges: never } },
      NO_TIME,
    ],
    ['R5', 'nothing is open', COMPLETE, {}, NO_TIME],
    ['R5', 'about no item', COMPLETE, { item: null }, NO_TIME],
    [
      'R5',
      'one is open',
      COMPLETE,
      { item: { links: [onGithub] } },
      `${STILL_OPEN}example/grid#12 (R5). Close them, or move them with /link OTHER-ITEM example/grid#12.`,
    ],
    ['R5', 'nobody asked GitHub', COMPLETE, { item: { links: [onGithub] }, world: closedLongAgo }, NOT_CLOSED],
  ])('%s: %s', (id, _why, act, asked, expected) => expect(answer(id, act, asked)).toBe(expected));
});
