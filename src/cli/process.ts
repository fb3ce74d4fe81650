import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { hashOf, loadProcesses } from '../catalogue.ts';
import { nearest } from '../core/nearest.ts';
import type { Process, Step } from '../core/process.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { readProcess } from '../shell/read-process.ts';
import { runningItems } from '../store/running-items.ts';
import type { CliCommand, ExitCode, Invocation } from './cli.ts';
import { DB_OPTION, databasePath } from './database.ts';

export const processCommand: CliCommand = {
  usage: 'process check FILE [--db FILE] | process show KIND [--org FILE]',
  summary:
    'Checks a process file (mistakes with line and column, and which running items it would touch), or shows a process as a table and a Mermaid diagram.',
  options: { ...DB_OPTION, org: { type: 'string', help: 'the organisation whose own processes count too' } },
  mostWords: 2,
  run: async (invocation) => {
    const [act, word] = invocation.words;
    if (act === 'check' && word !== undefined) return check(invocation, word);
    if (act === 'show' && word !== undefined) return show(invocation, word);
    return invocation.complain('it goes: baton process check FILE, or baton process show KIND');
  },
};

function check(invocation: Invocation, file: string): ExitCode {
  if (!existsSync(file)) return invocation.complain(`there is no file ${file}`);
  const text = readFileSync(file, 'utf8');
  const read = readProcess(file, text);
  if ('problems' in read) return invocation.complain(...read.problems);
  const { process } = read;
  invocation.print(`${process.kind} (${process.prefix}): ${process.steps.length} steps, version ${hashOf(text)}`);
  const path = databasePath(invocation);
  const items = path !== undefined && existsSync(path) ? runningItems(path, process.kind, hashOf(text)) : [];
  for (const item of items)
    invocation.print(`${item.key} goes on by the version that it started with (${item.process}), at ${item.step}`);
  if (items.length === 0) invocation.print('no running item is on another version');
  return 0;
}

function show(invocation: Invocation, kind: string): ExitCode {
  const own = ownFolder(invocation);
  if (own === null) return 2;
  const loaded = loadProcesses(own);
  if ('problems' in loaded) return invocation.complain(...loaded.problems);
  const version = loaded.processes.get(kind);
  if (version === undefined) {
    const kinds = [...loaded.processes.keys()];
    const guess = nearest(kind, kinds);
    return invocation.complain(
      `there is no process ${kind}${guess === undefined ? `; there are ${kinds.join(', ')}` : `; did you mean ${guess}?`}`,
    );
  }
  invocation.print(`# ${version.process.title} (${version.process.prefix}), version ${version.hash}\n`);
  for (const line of [...processTable(version.process), '', ...processDiagram(version.process)]) invocation.print(line);
  return 0;
}

/** The folder of the organisation's own processes; null when its file has mistakes, which were told. */
function ownFolder(invocation: Invocation): string | undefined | null {
  const file = typeof invocation.options.org === 'string' ? invocation.options.org : invocation.environment.BATON_ORG;
  if (file === undefined) return undefined;
  const read = readOrganisation(file);
  if ('problems' in read) {
    invocation.complain(...read.problems);
    return null;
  }
  return read.organisation.processes === undefined ? undefined : resolve(dirname(file), read.organisation.processes);
}

/** A process as a Markdown table: also the README's. */
export function processTable(process: Process): string[] {
  const rows = process.steps.map(
    (step, index) =>
      `| ${index + 1} | \`${step.id}\` | ${ownerOf(step)} | ${kindOf(step)} | ${needsOf(process, step, index)} |`,
  );
  return ['| # | step | owner | kind | needs before it closes |', '| --- | --- | --- | --- | --- |', ...rows];
}

const ownerOf = (step: Step): string =>
  `${step.owner}${step.on === undefined ? '' : `, on ${step.on}`}${step.kind === 'release' && step.performer !== undefined ? `, performed by ${step.performer}` : ''}`;

function kindOf(step: Step): string {
  switch (step.kind) {
    case 'vote':
      return `vote: majority of ${step.majority}`;
    case 'decide':
      return `decide: ${['rank', ...step.decides].join(', ')}`;
    case 'handover':
      return `handover to ${step.to}`;
    case 'release':
      return `release ${step.environment}${step.skip_confirmed_by === undefined ? '' : `; may be skipped, confirmed by ${step.skip_confirmed_by}`}`;
    case 'test':
      return `test; fails to \`${step.on_fail}\``;
    case 'work':
    case 'invite':
      return step.kind;
    default:
      return step satisfies never;
  }
}

function needsOf(process: Process, step: Step, index: number): string {
  const needs = step.needs.map((need) => (typeof need === 'string' ? need : `released on ${need.released}`));
  const rules = [
    step.kind === 'vote' && step.on_call ? ['an open call (R12)'] : [],
    step.kind === 'decide' ? ['an open call (R12)', 'earlier rounds developed (R11)'] : [],
    step.kind === 'release' && step.review !== undefined
      ? [`majority of ${step.review.majority} approved what is on ${step.review.of}`]
      : [],
    step.kind === 'release' && (step.environment === 'mainnet' || step.environment === 'production')
      ? ['no freeze (R2)', 'OPS (R1)']
      : [],
    index === process.steps.length - 1 ? ['stories and issues closed (R5)'] : [],
  ].flat();
  return [...needs, ...rules].join('; ');
}

/** A process as a Mermaid flow chart: steps in order, and where tests and reviews send an item back. */
export function processDiagram(process: Process): string[] {
  const node = (step: Step) => `  ${step.id}["${step.id}<br/>${step.owner}"]`;
  const forward = process.steps.slice(1).map((step, index) => `  ${process.steps[index]?.id} --> ${step.id}`);
  const back = process.steps.flatMap((step) =>
    step.kind === 'test'
      ? [`  ${step.id} -. fail .-> ${step.on_fail}`]
      : step.kind === 'release' && step.review !== undefined
        ? [`  ${step.id} -. rejected .-> ${step.review.on_reject}`]
        : [],
  );
  return ['```mermaid', 'flowchart TD', ...process.steps.map(node), ...forward, ...back, '```'];
}
