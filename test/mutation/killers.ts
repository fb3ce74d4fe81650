import { globSync } from 'node:fs';
import { join } from 'node:path';

/** The tests that try mutants: those that run in one process, quickly, and without peers, browsers or platforms. */

const root = join(import.meta.dirname, '..', '..');
const FOLDERS = ['core', 'rules', 'commands', 'time', 'shell'];
const ABUSES = ['credentials', 'flood', 'links', 'lookups', 'matrix', 'speakers', 'words'];
const MORE = [
  ...ABUSES.map((name) => `test/abuse/${name}.test.ts`),
  'test/transcripts/transcripts.test.ts',
  'test/mail/choice.test.ts',
  'test/mail/letters.test.ts',
  'test/web/seed.test.ts',
];
/** It stops the clock of the whole process. */
const NOT = ['test/shell/document-gate.test.ts'];

export const killers: readonly string[] = [
  ...FOLDERS.flatMap((folder) => globSync(`test/${folder}/**/*.test.ts`, { cwd: root })),
  ...MORE,
]
  .filter((file) => !NOT.includes(file))
  .sort();

/** A test that takes longer than this finds too little for its time. */
export const LONGEST = 6000;

/** They look at what is evaluated when the sources are loaded: words, tables, forms. Which of it, no count of hits can tell. */
export const OF_TABLES: readonly string[] = ['test/rules/catalogue.test.ts', 'test/core/sights.test.ts'];
