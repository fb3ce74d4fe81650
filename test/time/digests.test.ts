import { describe, expect, it } from 'vitest';
import { site, toProduction, toStaging } from './site.ts';
import { check } from './table.ts';

/** One digest each working morning: what was not touched for five working days, and the votes that wait. Never an empty one. */

const kinds = ['digest'];
const upTo = (says: string, when: string): string => {
  const all = toStaging(when);
  return all.slice(0, all.indexOf(says)).trimEnd();
};

describe('the digest', () => {
  it('lists what its holder did not touch for five working days', async () => {
    const lines = await check(
      { organisation: site(), kinds, before: upTo('  wes  /handover WEB-1 ops', 'Mon 16 Nov 08:00') },
      `
      when                 who    says                        -> outcome
      Fri 20 Nov 12:00:00  clock                              -> moved
      Mon 23 Nov 08:59:59  clock                              -> moved
      Mon 23 Nov 09:00:00  bot    digest                      -> wes
      Mon 23 Nov 12:00:00  clock                              -> moved
      Tue 24 Nov 09:00:00  bot    digest                      -> wes
      Tue 24 Nov 10:00:00  wes    /handover WEB-1 ops         -> handed-over
      Wed 25 Nov 10:00:00  clock                              -> moved
      `,
    );
    expect(lines.find((line) => line.sent === 'digest')?.text).toContain('WEB-1');
  });

  it('of one that was touched at ten comes on the morning after five whole days', async () => {
    await check(
      { organisation: site(), kinds, before: upTo('  wes  /handover WEB-1 ops', 'Mon 16 Nov 10:00') },
      `
      when                 who    says                        -> outcome
      Mon 23 Nov 12:00:00  clock                              -> moved
      Tue 24 Nov 09:00:00  bot    digest                      -> wes
      Tue 24 Nov 09:00:00  clock                              -> moved
      `,
    );
  });

  it('leaves out holidays, both as days that count and as mornings', async () => {
    await check(
      {
        organisation: site({ calendar: '  holidays: [2026-11-18, 2026-11-24]' }),
        kinds,
        before: upTo('  wes  /handover WEB-1 ops', 'Mon 16 Nov 08:00'),
      },
      `
      when                 who    says                        -> outcome
      Tue 24 Nov 12:00:00  clock                              -> moved
      Wed 25 Nov 09:00:00  bot    digest                      -> wes
      Wed 25 Nov 09:00:00  clock                              -> moved
      `,
    );
  });

  it('of what was touched on a Sunday counts from Monday', async () => {
    await check(
      { organisation: site(), kinds, before: upTo('  wes  /handover WEB-1 ops', 'Sun 15 Nov 08:00') },
      `
      when                 who    says                        -> outcome
      Fri 20 Nov 12:00:00  clock                              -> moved
      Mon 23 Nov 09:00:00  bot    digest                      -> wes
      Mon 23 Nov 09:00:00  clock                              -> moved
      `,
    );
  });

  it('lists votes to cast on working mornings, to each who has not voted', async () => {
    const lines = await check(
      { organisation: site(), kinds, before: toStaging('Thu 19 Nov 10:00') },
      `
      when                 who    says                        -> outcome
      Thu 19 Nov 11:00:00  olga   /release WEB-1 staging      -> released
      Thu 19 Nov 11:01:00  sam    /approve WEB-1              -> voted
      Fri 20 Nov 09:00:00  bot    digest                      -> sue, stan
      Sun 22 Nov 09:00:00  clock                              -> moved
      Mon 23 Nov 09:00:00  bot    digest                      -> sue, stan
      Mon 23 Nov 09:01:00  sue    /approve WEB-1              -> approved
      Tue 24 Nov 12:00:00  clock                              -> moved
      `,
    );
    expect(lines.find((line) => line.sent === 'digest')?.text).toContain('WEB-1');
  });

  it('comes to OPS on OPS’s days, which are Sundays too and no Fridays', async () => {
    await check(
      { organisation: site(), kinds, before: toProduction('Wed 18 Nov 10:00') },
      `
      when                 who    says                        -> outcome
      Thu 26 Nov 08:59:59  clock                              -> moved
      Thu 26 Nov 09:00:00  bot    digest                      -> olga
      Fri 27 Nov 12:00:00  clock                              -> moved
      Sun 29 Nov 09:00:00  bot    digest                      -> olga
      Sun 29 Nov 09:00:00  clock                              -> moved
      `,
    );
  });

  it('is not sent at all where nothing waits', async () => {
    await check(
      { organisation: site(), kinds },
      `
      when                 who    says  -> outcome
      Mon 16 Nov 08:00:00  clock        -> moved
      Fri 27 Nov 12:00:00  clock        -> moved
      `,
    );
  });
});
