import { expect, test } from 'vitest';
import { made } from '../../src/core/made.ts';
import { type OnForges, onForges } from './on-forges.ts';

/** Severities are labels, whoever sets them: by hand on the platform, or in a chat. */

const REF = 'example/web#3';

function labelled(...labels: string[]): OnForges {
  const on = onForges();
  on.tell({ ref: REF, title: 'The form', open: true, labels });
  return on;
}
const set = (on: OnForges, by: string, ...labels: string[]) => on.tell({ ref: REF, labels, isAboutLabels: true, by });
const severity = (on: OnForges) => on.stage.world().get('ref', REF)?.severity;
const since = (on: OnForges) => on.stage.world().get('ref', REF)?.since;
const later = (on: OnForges) => on.stage.moveTo(on.stage.world().now + 60_000);

test.each([
  [['minor', 'critical'], 'critical'],
  [['Major', 'minor'], 'major'],
  [['priority_critical'], 'critical'],
  [['wontfix', 'Critical path', 'minor-ish'], null],
  [[], null],
] as const)('of %j the severity is %s', (labels, expected) => {
  expect(severity(labelled(...labels))).toBe(expected);
});

test('one that is added by hand counts from that moment, and its like changes nothing', () => {
  const on = labelled('ui');
  later(on);
  set(on, 'dave-gh', 'ui', 'major');
  const at = on.stage.world().now;
  later(on);
  set(on, 'dave-gh', 'ui', 'major', 'MAJOR', 'minor');
  set(on, 'dave-gh', 'ui', 'major');
  expect([severity(on), since(on)]).toEqual(['major', at]);
  expect(on.jobs('label')).toEqual([]);
});

test('of two, the higher one that goes leaves the lower; who may not lower one is not followed, once', () => {
  const on = labelled('critical', 'minor');
  const told = () => on.stage.messages.filter(({ kind }) => kind === 'hint').length;
  const before = told();
  set(on, 'dave-gh', 'minor');
  expect(severity(on)).toBe('critical');
  expect(told()).toBe(before + 1);
  // Labels that mean no severity are no second word on it.
  set(on, 'dave-gh', 'minor', 'ui');
  set(on, 'dave-gh', 'ui', 'minor', 'docs');
  expect([severity(on), told()]).toEqual(['critical', before + 1]);
  const other = labelled('critical', 'minor');
  set(other, 'quinn-gh', 'minor');
  expect(severity(other)).toBe('minor');
});

test('what a chat raised stays when somebody adds another label before ours is there', () => {
  const on = labelled('minor');
  on.stage.play(`olga: /alert critical ${REF}`);
  set(on, 'olga-gh', 'minor', 'ui');
  expect(severity(on)).toBe('critical');
  set(on, 'baton[bot]', 'minor', 'ui', 'critical');
  set(on, 'baton[bot]', 'ui', 'critical');
  expect(severity(on)).toBe('critical');
  expect(on.stage.world().open('alert')).toHaveLength(1);
});

test('a chat takes the other severities away, and leaves a label that says it already as it is spelled', () => {
  const on = labelled('Minor', 'ui', 'major');
  on.stage.play(`olga: /alert critical ${REF}`);
  expect(on.jobs('label')).toEqual([{ do: 'label', ref: REF, add: ['critical'], remove: ['Minor', 'major'] }]);
  const other = labelled('minor');
  other.stage.play(`olga: /alert major ${REF}`);
  // The label was set by hand in between; news of it comes with the next change.
  set(other, 'olga-gh', 'MAJOR', 'minor');
  expect(other.jobs('label')).toEqual([{ do: 'label', ref: REF, add: ['major'], remove: ['minor'] }]);
});

test.each(['before', 'after'] as const)(
  'what was raised while it was being made is raised there, its webhook coming %s the answer',
  (when) => {
    const on = onForges();
    const webhook = () => on.tell({ ref: REF, open: true, labels: ['bug', 'minor'], by: 'baton[bot]' });
    on.stage.play('wim: /bug minor The form sends nothing');
    later(on);
    on.stage.play('olga: /alert critical baton#1');
    if (when === 'before') webhook();
    on.stage.act((draft) => made(draft, 'baton#1', REF));
    const told = on.stage.messages.length;
    if (when === 'after') webhook();
    on.tell({ ref: REF, open: true, labels: ['bug', 'minor'] });
    expect(on.stage.messages.length).toBe(told);
    expect(severity(on)).toBe('critical');
    expect(on.jobs('label')).toEqual([{ do: 'label', ref: REF, add: ['critical'], remove: ['minor'] }]);
  },
);

test('one that was made as it was ordered is labelled by nobody again', () => {
  const on = onForges();
  on.stage.play('wim: /bug minor The form sends nothing');
  on.stage.act((draft) => made(draft, 'baton#1', REF));
  expect(on.jobs('label')).toEqual([]);
});

test('a closed one has no clock, whatever its labels become; reopened, its clock begins then', () => {
  const on = labelled('major');
  on.tell({ ref: REF, open: false });
  set(on, 'olga-gh', 'critical');
  expect([severity(on), since(on), on.stage.world().open('alert')]).toEqual(['critical', null, []]);
  later(on);
  on.tell({ ref: REF, open: true });
  expect(since(on)).toBe(on.stage.world().now);
  expect(on.stage.world().open('alert')).toMatchObject([{ ref: REF, severity: 'critical' }]);
});
