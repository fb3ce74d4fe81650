import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killers } from './killers.ts';
import type { Survey } from './protocol.ts';
import type { Sandbox } from './sandbox.ts';

/** What runs hand on to one another; not committed. */
export const CACHE = process.env.MUTATION_CACHE ?? join(import.meta.dirname, '..', '..', '.cache', 'mutation');

/** A survey takes minutes: it is kept for as long as neither the sources nor the tests that are run were changed. */
export function keptSurvey({ folder, files }: Sandbox) {
  const path = join(CACHE, 'survey.json');
  const hash = createHash('sha256').update(JSON.stringify(files));
  const sources = globSync('src/**/*.{ts,yaml}', { cwd: folder }).filter((file) => !(file in files));
  for (const file of [...sources.sort(), ...killers]) hash.update(readFileSync(join(folder, file)));
  const key = hash.digest('hex');
  return {
    read(): Survey | undefined {
      if (!existsSync(path)) return undefined;
      const kept = JSON.parse(readFileSync(path, 'utf8')) as { key: string; survey: Survey };
      return kept.key === key ? kept.survey : undefined;
    },
    write(survey: Survey): void {
      mkdirSync(CACHE, { recursive: true });
      writeFileSync(path, JSON.stringify({ key, survey }));
    },
  };
}
