import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue, Command } from './core/command.ts';
import type { ProcessVersion } from './core/process.ts';
import type { Rule } from './core/rule.ts';
import { readProcess } from './shell/read-process.ts';

/** Finds commands, rules and processes at start: flat folders, and an import error is never swallowed. */

/** The rules that must be there: a missing one would let something through, so nothing starts without it. */
const RULES = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13', 'R14', 'R15', 'R16'];

const here = import.meta.dirname;
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort();

export async function loadCommands(): Promise<Catalogue> {
  const folder = join(here, 'commands');
  const commands = new Map<string, Command>();
  for (const file of filesIn(folder, '.ts')) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { default?: Command };
    const command = module.default;
    const name = basename(file, '.ts');
    if (command === undefined || command.name !== name)
      throw new Error(`src/commands/${file} must export the command ${name} by default`);
    for (const each of [command.name, ...(command.aliases ?? [])]) {
      if (commands.has(each)) throw new Error(`two commands are called /${each}`);
      commands.set(each, command);
    }
  }
  return { commands, names: [...commands.keys()] };
}

export async function loadRules(): Promise<readonly Rule[]> {
  const folder = join(here, 'rules');
  const rules: Rule[] = [];
  for (const file of filesIn(folder, '.ts')) {
    const { rule } = (await import(pathToFileURL(join(folder, file)).href)) as { rule?: Rule };
    if (rule === undefined || basename(file, '.ts') !== `${rule.id.toLowerCase()}-${rule.name}`)
      throw new Error(`src/rules/${file} must export its rule, and be called by its id and name`);
    rules.push(rule);
  }
  rules.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  const found = rules.map((rule) => rule.id).join(' ');
  if (found !== RULES.join(' ')) throw new Error(`the rules must be ${RULES.join(' ')}; found ${found}`);
  return rules;
}

export interface ProcessText extends ProcessVersion {
  readonly text: string;
}

/** The version of a process text: the first letters of its hash. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** The processes of the product, and an organisation's own beside them; a kind of its own wins. All problems at once. */
export function loadProcesses(
  own?: string,
): { processes: ReadonlyMap<string, ProcessText> } | { problems: readonly string[] } {
  const processes = new Map<string, ProcessText>();
  const problems: string[] = [];
  for (const folder of [join(here, 'processes'), ...(own === undefined ? [] : [own])]) {
    let files: string[] = [];
    try {
      files = filesIn(folder, '.yaml');
    } catch {
      problems.push(`${folder}: there is no such folder; name the one with your process files, or leave processes out`);
    }
    const prefixes = new Map<string, string>();
    for (const file of files) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      const read = readProcess(path, text);
      if ('problems' in read) problems.push(...read.problems);
      else {
        const { kind, prefix } = read.process;
        const other =
          [...processes.values()].find((each) => each.process.prefix === prefix && each.process.kind !== kind)?.process
            .kind ?? prefixes.get(prefix);
        if (other !== undefined)
          problems.push(`${path}: the prefix ${prefix} belongs to ${other}; choose other letters`);
        prefixes.set(prefix, kind);
        processes.set(kind, { process: read.process, text, hash: hashOf(text) });
      }
    }
  }
  return problems.length > 0 ? { problems } : { processes };
}
