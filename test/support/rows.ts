import { test } from 'vitest';
import { script, table } from './script.ts';
import { outcomeOf, play } from './simulator.ts';

/**
 * Plays each row of a text table after what came before, on its own store. A row is `who  words -> outcome`, with further
 * lines before the last split by `;`. The outcome is the code, and the rule and the needs where there are some.
 */
export function rows(before: string, text: string, expect: (found: string, wanted: string) => void): void {
  for (const { columns, outcome } of table(text)) {
    const [who = '', words = ''] = columns;
    test(`${who} ${words} -> ${outcome}`, async () => {
      const lines = words.split(/;\s*/).map((each) => (/^(\w+:|[@{?])/.test(each) ? each : `${who}: ${each}`));
      const played = await play(script([before, ...lines].join('\n')));
      expect(outcomeOf(played.answers.at(-1) ?? {}), outcome);
    });
  }
}
