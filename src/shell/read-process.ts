import { Process, processMistakes } from '../core/process.ts';
import { readYaml } from './yaml.ts';

/** Reads a process file strictly; each problem with file, line and column, and what to write instead. */
export function readProcess(file: string, text: string): { process: Process } | { problems: readonly string[] } {
  const read = readYaml(file, text, Process, processMistakes);
  return 'problems' in read ? read : { process: read.value };
}
