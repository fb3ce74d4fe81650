import { describe, it } from 'vitest';
import { site, toProduction } from './site.ts';
import { check } from './table.ts';

describe('freeze edges', () => {
  it('Brussels', async () => {
    await check({ organisation: site(), before: toProduction('Mon 23 Nov 10:00') }, `
    Wed 25 Nov 23:59:59  clock                             -> moved
    Thu 26 Nov 00:00:00  olga   /release WEB-1 production  -> refused R2
    Sun 29 Nov 23:59:59  olga   /release WEB-1 production  -> refused R2
    Mon 30 Nov 00:00:00  olga   /release WEB-1 production  -> released
    `);
  });
});
