import { test } from 'vitest';
import { formOf } from '../../src/core/form.ts';
import { homeOf } from '../../src/core/home.ts';
import { menuOf } from '../../src/core/menu.ts';
import { DRAWINGS, type Drawing, SPEAKERS, sceneAt, TESTER } from '../abuse/matrix-scenes.ts';
import { same, show, told } from './pictures.ts';
import { catalogue, createStage, everyCommand } from './stage.ts';

/**
 * What is there to be seen, to the letter: at each step of each process what people are told, and what they find when they
 * ask.
 */

/** Those who ask: whoever could have a say, and one who has none. */
const ASKING: Readonly<Record<string, readonly string[]>> = {
  why: ['nora', 'olga'],
  status: ['nora', TESTER],
  mine: ['sol', 'pia', 'olga', 'dave', 'quinn', 'wim'],
};

function sightsAt(drawing: Drawing, at: number): string[] {
  const { stage, step } = sceneAt(drawing, at);
  const seen = [`## ${step.id}`];
  for (const [command, people] of Object.entries(ASKING))
    for (const who of people) {
      const { text } = stage.ask(who, command === 'mine' ? '/mine' : `/${command} ${drawing.key}`).outcome;
      seen.push(`  ${who} asks /${command}: ${show(text)}`);
    }
  for (const { title, nodes } of homeOf(stage.world(), catalogue, 'pia')) seen.push(`  ${title}: ${show(nodes)}`);
  return seen;
}

test.each(DRAWINGS.map((drawing) => [drawing.kind, drawing] as const))(
  '%s: what is seen at each step',
  (kind, drawing) =>
    same(
      kind,
      drawing.steps.flatMap((_step, at) => sightsAt(drawing, at)),
    ),
);

test.each(DRAWINGS.map((drawing) => [drawing.kind, drawing] as const))('%s: what is told', (kind, drawing) => {
  const { stage, step } = sceneAt(drawing, drawing.steps.length - 1);
  if (step.close !== '') stage.play(step.close);
  const { text } = stage.ask('sam', `/history ${drawing.key} 100`).outcome;
  same(`${kind}-told`, [...told(stage, 0), `  /history: ${show(text)}`]);
});

test('menus, from first to last', () => {
  const { stage } = sceneAt(DRAWINGS[0] ?? (undefined as never), 4);
  const lines = [...SPEAKERS.map(({ id }) => id), undefined].flatMap((who) =>
    (['private', 'group'] as const).map((where) => {
      const menu = menuOf(stage.world(), catalogue, who, where).map(({ command }) => command);
      return `${who ?? 'nobody'} in ${where === 'private' ? 'private' : 'a group'}: ${menu.join(' ')}`;
    }),
  );
  same('menus', lines);
});

test('what each command asks for, when little was said', () => {
  const stage = createStage();
  stage.play('mia: /propose web Campaign');
  const said = everyCommand.flatMap(({ name }) =>
    ['', ' WEB-1', ' x', ' WEB-1 x y'].map((words) => `/${name}${words}`),
  );
  const lines = said.map((line) => {
    const form = formOf(catalogue, stage.world('sam'), line);
    if (form === undefined) return `${line}: nothing is asked`;
    const fields = form.fields.map(({ name, label, optional, sort, choices, value }) =>
      [
        `${name} “${label}”`,
        sort,
        optional ? 'or not' : '',
        choices?.join('/'),
        value === undefined ? '' : `= ${value}`,
      ]
        .filter(Boolean)
        .join(' '),
    );
    return [`${line}: ${form.title} (${form.example})`, ...fields].join('\n    ');
  });
  same('forms', lines);
});
