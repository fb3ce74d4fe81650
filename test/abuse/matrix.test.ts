import { describe, expect, test } from 'vitest';
import { everyCommand } from '../core/stage.ts';
import { tally } from '../support/tally.ts';
import { DRAWINGS, type Scene, SPEAKERS, sceneAt } from './matrix-scenes.ts';
import { expectedOf, type Moment, ROWS } from './matrix-table.ts';

/** Every role and every command at every step of every process: carried out or not, exactly as the specification says. */

const MOMENTS: readonly { readonly name: string; readonly moment: Moment; prepare(scene: Scene): void }[] = [
  { name: 'on the call', moment: { call: true, frozen: false }, prepare: () => undefined },
  {
    name: 'between the calls, in the freeze',
    moment: { call: false, frozen: true },
    prepare: ({ stage }) => stage.moveTo('2026-11-26T10:00:00+01:00'),
  },
];

let asked = 0;
let carriedOut = 0;

/** What came otherwise than expected: `who: /command → what came, not what was expected`. */
function differences(scene: Scene, moment: Moment): string[] {
  const { stage, drawing, step } = scene;
  const wrong: string[] = [];
  const before = JSON.stringify(stage.world().get('item', drawing.key));
  for (const row of ROWS)
    for (const speaker of SPEAKERS) {
      const line = `/${row.command} ${row.words(drawing.key, scene)}`.trim();
      const { outcome } = stage.ask(speaker.id, line, { place: row.place ?? null });
      const expected = expectedOf(row, speaker, scene, moment);
      const [code = '', rule] = expected.split(' ');
      const said = `${outcome.code}${!outcome.ok && outcome.rule !== undefined ? ` ${outcome.rule}` : ''}`;
      // A rule that the table names must be the one that is said; where it names none, any may be.
      const isRight = code.split('|').includes(outcome.code) && (rule === undefined || said === `${outcome.code} ${rule}`);
      if (!isRight) wrong.push(`${drawing.kind}/${step.id} ${speaker.id} (${speaker.role}): ${line} → ${said}, not ${expected}`);
      asked += 1;
      if (outcome.ok) carriedOut += 1;
    }
  expect(JSON.stringify(stage.world().get('item', drawing.key))).toBe(before);
  return wrong;
} // biome-ignore format: long lines

test('every command has its rows', () => {
  const inTable = new Set(ROWS.map(({ command }) => command));
  expect(everyCommand.map(({ name }) => name).filter((name) => !inTable.has(name))).toEqual([]);
});

describe.each(DRAWINGS)('$kind', (drawing) => {
  test('has the steps that the specification draws', () => {
    const scene = sceneAt(drawing, 0);
    const process = scene.stage.world().processes.get(drawing.kind)?.process;
    expect(process?.steps.map(({ id, kind, owner }) => [id, kind, owner])).toEqual(
      drawing.steps.map(({ id, kind, owner }) => [id, kind, owner]),
    );
  });

  test.each(MOMENTS)('$name', ({ moment, prepare }) => {
    const wrong = drawing.steps.flatMap((_step, at) => {
      const scene = sceneAt(drawing, at);
      prepare(scene);
      expect(scene.stage.world().get('item', drawing.key)?.step).toBe(scene.step.id);
      return differences(scene, moment);
    });
    expect(wrong).toEqual([]);
  });
});

/** A vote that is open at a step, and who of the speakers has a voice in it. */
const VOTES = [
  { what: 'the sign-off of a roadmap', kind: 'product', step: 'roadmap', ready: 'pia: /link PROD-1 us:34', electors: ['arno'] },
  { what: 'the review of what is on staging', kind: 'web', step: 'production', ready: undefined, electors: ['sol'] },
  { what: 'a step that is left out', kind: 'product', step: 'mainnet', ready: 'lea: /skip PROD-1 a library', electors: ['pia'] },
]; // biome-ignore format: a table

test.each(VOTES)('$what is voted on by its electorate alone', ({ kind, step, ready, electors }) => {
  const drawn = DRAWINGS.find((each) => each.kind === kind);
  if (drawn === undefined) throw new Error(`there is no ${kind}`);
  const at = drawn.steps.findIndex(({ id }) => id === step);
  const steps = drawn.steps.map((each) => {
    const { ready: _before, ...rest } = each;
    return each.id === step ? { ...rest, ...(ready === undefined ? {} : { ready }) } : each;
  });
  const { stage } = sceneAt({ ...drawn, steps }, at);
  for (const command of ['approve', 'reject', 'abstain'])
    for (const { id } of SPEAKERS) {
      const { outcome } = stage.ask(id, `/${command} ${drawn.key} because`);
      expect([command, id, outcome.ok]).toEqual([command, id, electors.includes(id)]);
      if (!outcome.ok) expect([command, id, outcome.code]).toEqual([command, id, 'forbidden']);
    }
});

test('thousands of combinations were asked, and many of both sorts', () => {
  expect(asked).toBeGreaterThan(10_000);
  expect(carriedOut).toBeGreaterThan(asked / 5);
  expect(carriedOut).toBeLessThan((asked * 4) / 5);
  tally('bad input', 'every role, command and step', asked - carriedOut);
});
