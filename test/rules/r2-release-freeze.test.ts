import { describe, expect, it } from 'vitest';
import { rule } from '../../src/rules/r2-release-freeze.ts';
import { site, toProduction } from '../time/site.ts';
import { check } from '../time/table.ts';

/** R2: the freeze is about mainnet and production; the answer says when it opens. More of its edges are in test/time. */

describe(rule.id, () => {
  it('says when it opens, and what is asked of OPS meanwhile is no release', async () => {
    const lines = await check(
      { organisation: site(), before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who   says                          -> outcome
      Wed 25 Nov 23:59:59  dev   /freeze                       -> shown
      Thu 26 Nov 00:00:00  dev   /freeze                       -> shown
      Thu 26 Nov 00:00:00  olga  /release WEB-1 production     -> refused R2
      Thu 26 Nov 00:00:00  sam   /release WEB-1 production     -> forbidden R1
      Thu 26 Nov 00:00:01  sam   /why WEB-1                    -> shown
      Mon 30 Nov 00:00:00  olga  press release WEB-1           -> usage
      Mon 30 Nov 00:00:00  olga  /release production           -> released
      `,
    );
    const [open, frozen, refused] = lines.filter((line) => line.line !== undefined);
    expect(open?.text).toContain('Thu 26 Nov 00:00');
    expect(frozen?.text).toContain('Mon 30 Nov 00:00');
    expect(refused?.text).toContain('Mon 30 Nov 00:00');
    expect(lines.find((line) => line.text?.includes('(R2)') && line.code === 'shown')?.text).toContain(
      'Mon 30 Nov 00:00',
    );
  });
});
