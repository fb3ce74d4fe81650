import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { processDiagram, processTable } from '../../src/cli/process.ts';
import { SETTINGS } from '../../src/settings.ts';
import { reliabilityPage } from './reliability.ts';

/** The tables of the README, `.env.example` and the pages of docs/ that are made from the code. */

const root = join(import.meta.dirname, '..', '..');
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

async function commandsTable(): Promise<string> {
  const { commands } = await loadCommands();
  const rows = [...new Set(commands.values())].map(
    ({ usage, who, summary }) =>
      `| ${usage
        .split(' | ')
        .map((each) => `\`${cell(each)}\``)
        .join('<br>')} | ${cell(who)} | ${cell(summary)} |`,
  );
  return ['| command | who | what |', '| --- | --- | --- |', ...rows].join('\n');
}

async function rulesTable(): Promise<string> {
  const rows = (await loadRules()).map(
    ({ id, name, statement, source }) => `| ${id} | \`${name}\` | ${cell(statement)} | ${cell(source)} |`,
  );
  return ['| rule | name | what holds | from |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function processes() {
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return [...loaded.processes.values()].map(({ process }) => process);
}

const processesTable = (): string =>
  [
    '| process | keys | proposed by | steps |',
    '| --- | --- | --- | --- |',
    ...processes().map(
      ({ kind, prefix, proposed_by, steps }) =>
        `| ${kind} | \`${prefix}-1\` | ${proposed_by.join(', ')} | ${steps.map(({ id }) => id).join(' → ')} |`,
    ),
  ].join('\n');

const processesPage = (): string =>
  [
    '# The processes',
    '',
    'Made from `src/processes/` by `npm run docs`.',
    ...processes().flatMap((process) => [
      '',
      `## ${process.title} (\`${process.prefix}\`)`,
      '',
      ...processTable(process),
      '',
      ...processDiagram(process),
    ]),
    '',
  ].join('\n');

const settingsTable = (): string =>
  [
    '| name | what | default |',
    '| --- | --- | --- |',
    ...SETTINGS.map(
      ({ name, sentence, fallback }) =>
        `| \`${name}\` | ${cell(sentence)} | ${fallback === undefined ? '' : `\`${fallback}\``} |`,
    ),
  ].join('\n');

function exampleEnvironment(): string {
  const groups = [...new Set(SETTINGS.map(({ group }) => group))];
  const blocks = groups.map((group) =>
    [
      `# ${group}`,
      ...SETTINGS.filter((each) => each.group === group).map(
        ({ name, sentence, fallback }) => `# ${sentence}\n# ${name}=${fallback ?? ''}`,
      ),
    ].join('\n'),
  );
  return `# Copy to .env and take the # off what you set. A name that ends in _FILE reads the value from a file.\n# Made by npm run docs.\n\n${blocks.join('\n\n')}\n`;
}

const fenced = (text: string): string => `\`\`\`jsonl\n${text.trim()}\n\`\`\``;

/** What really comes back when the README's script is played. */
function answersOf(script: string): string {
  const run = spawnSync(process.execPath, ['src/main.ts', 'simulate', '--org', 'docs/example/organisation.yaml'], {
    cwd: root,
    input: script,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

/** Puts a table between its markers in a page. */
function between(page: string, name: string, table: string): string {
  const marks = [`<!-- ${name} -->`, `<!-- /${name} -->`] as const;
  const [start, end] = [page.indexOf(marks[0]), page.indexOf(marks[1])];
  if (start < 0 || end < start) throw new Error(`README.md has no place for ${name}`);
  return `${page.slice(0, start + marks[0].length)}\n${table}\n${page.slice(end)}`;
}

/** Every generated file, by its path from the root, as it should be. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const script = readFileSync(join(root, 'docs/example/try.jsonl'), 'utf8');
  const tables = {
    try: fenced(script),
    answers: fenced(answersOf(script)),
    commands: await commandsTable(),
    rules: await rulesTable(),
    processes: processesTable(),
    settings: settingsTable(),
  };
  const readme = Object.entries(tables).reduce(
    (page, [name, table]) => between(page, name, table),
    readFileSync(join(root, 'README.md'), 'utf8'),
  );
  return new Map([
    ['README.md', readme],
    ['.env.example', exampleEnvironment()],
    ['docs/processes.md', processesPage()],
    ['docs/reliability.md', reliabilityPage()],
  ]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const [path, text] of await generated()) writeFileSync(join(root, path), text);
