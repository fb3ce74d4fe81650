import { describe, expect, it } from 'vitest';
import { site, toProduction } from './site.ts';
import { check } from './table.ts';

/** R2: declared freezes are whole days or instants, add up with one another and with the weekly one, and are lifted by their id. */

const table = (monday = 'Mon 23 Nov 10:00', options = {}) => ({
  organisation: site(options),
  before: toProduction(monday),
});

describe('a declared freeze', () => {
  it('lasts the whole of both its days', async () => {
    await check(
      table(),
      `
      when                 who   says                                               -> outcome
      Mon 23 Nov 10:00:00  olga  /freeze declare 2026-11-30 2026-12-01 an incident  -> declared
      Mon 30 Nov 00:00:00  olga  /release WEB-1 production                          -> refused R2
      Tue 1 Dec 23:59:59   olga  /release WEB-1 production                          -> refused R2
      Wed 2 Dec 00:00:00   olga  /release WEB-1 production                          -> released
      `,
    );
  });

  it('lasts one whole day when both are the same', async () => {
    await check(
      table(),
      `
      when                 who   says                                               -> outcome
      Mon 23 Nov 10:00:00  sam   /freeze declare 2026-11-24 2026-11-24 a holiday    -> declared
      Tue 24 Nov 00:00:00  olga  /release WEB-1 production                          -> refused R2
      Tue 24 Nov 23:59:59  olga  /release WEB-1 production                          -> refused R2
      Wed 25 Nov 00:00:00  olga  /release WEB-1 production                          -> released
      `,
    );
  });

  it('lasts from instant to instant', async () => {
    await check(
      table(),
      `
      when                 who   says                                                          -> outcome
      Mon 23 Nov 10:00:00  olga  /freeze declare 2026-11-24T18:00 2026-11-25T09:30 a migration -> declared
      Tue 24 Nov 18:00:00  olga  /release WEB-1 production                                     -> refused R2
      Wed 25 Nov 09:29:59  olga  /release WEB-1 production                                     -> refused R2
      Wed 25 Nov 09:30:00  olga  /release WEB-1 production                                     -> released
      `,
    );
    await check(
      table(),
      `
      when                 who   says                                                          -> outcome
      Mon 23 Nov 10:00:00  olga  /freeze declare 2026-11-24T18:00 2026-11-25T09:30 a migration -> declared
      Tue 24 Nov 17:59:59  olga  /release WEB-1 production                                     -> released
      `,
    );
  });

  it('reads instants with an offset of their own, and mixes them with days', async () => {
    await check(
      table(),
      `
      when                 who   says                                                               -> outcome
      Mon 23 Nov 10:00:00  olga  /freeze declare 2026-11-24T18:00+00:00 2026-11-24T20:00Z a sale     -> declared
      Tue 24 Nov 19:00:00  olga  /release WEB-1 production                                          -> refused R2
      Tue 24 Nov 20:59:59  olga  /release WEB-1 production                                          -> refused R2
      Tue 24 Nov 21:00:00  olga  /freeze declare 2026-11-24T21:00 2026-11-24 the rest of the day    -> declared
      Tue 24 Nov 23:59:59  olga  /release WEB-1 production                                          -> refused R2
      Wed 25 Nov 00:00:00  olga  /release WEB-1 production                                          -> released
      `,
    );
  });

  it('adds up with the weekly one: the answer names when it opens', async () => {
    const lines = await check(
      table(),
      `
      when                 who   says                                               -> outcome
      Mon 23 Nov 10:00:00  olga  /freeze declare 2026-11-30 2026-12-02 an incident  -> declared
      Mon 23 Nov 10:00:00  olga  /freeze declare 2026-12-07 2026-12-07 a feast      -> declared
      Fri 27 Nov 12:00:00  olga  /release WEB-1 production                          -> refused R2
      Fri 27 Nov 12:00:00  dev   /freeze                                            -> shown
      Mon 7 Dec 23:59:59   olga  /release WEB-1 production                          -> refused R2
      Tue 8 Dec 00:00:00   olga  /release WEB-1 production                          -> released
      `,
    );
    const [refused, shown] = lines.filter((line) => line.code === 'refused' || line.code === 'shown');
    expect(refused?.text).toContain('Tue 8 Dec 00:00');
    expect(shown?.text).toContain('Tue 8 Dec 00:00');
  });

  it('two that overlap: lifting the one leaves the other', async () => {
    await check(
      table(),
      `
      when                 who   says                                            -> outcome
      Mon 23 Nov 10:00:00  olga  /freeze declare 2026-11-23 2026-11-24 one       -> declared
      Mon 23 Nov 10:00:00  sue   /freeze declare 2026-11-24 2026-11-25 another   -> declared
      Mon 23 Nov 12:00:00  olga  /release WEB-1 production                       -> refused R2
      Mon 23 Nov 12:00:00  omar  /freeze lift FREEZE-1                           -> lifted
      Mon 23 Nov 12:00:01  omar  /freeze lift FREEZE-1                           -> already
      Tue 24 Nov 00:00:00  olga  /release WEB-1 production                       -> refused R2
      Tue 24 Nov 00:00:00  sam   /freeze lift FREEZE-2                           -> lifted
      Tue 24 Nov 00:00:00  olga  /release WEB-1 production                       -> released
      `,
    );
  });

  it('is for OPS and stakeholders, wants a reason, and the weekly one is not lifted', async () => {
    await check(
      table(),
      `
      when              who   says                                           -> outcome
      Mon 23 Nov 10:00  dev   /freeze declare 2026-11-24 2026-11-25 a wish   -> forbidden R2
      Mon 23 Nov 10:00  lea   /freeze lift FREEZE-1                          -> forbidden R2
      Mon 23 Nov 10:00  olga  /freeze declare 2026-11-24 2026-11-25          -> usage
      Mon 23 Nov 10:00  olga  /freeze declare 2026-11-25 2026-11-24 too soon -> usage
      Mon 23 Nov 10:00  olga  /freeze declare 2026-11-21 2026-11-22 the past -> usage
      Mon 23 Nov 10:00  olga  /freeze declare 2026-02-30 2026-03-01 no day   -> usage
      Mon 23 Nov 10:00  olga  /freeze lift FREEZE-9                          -> not-found
      Thu 26 Nov 10:00  olga  /freeze lift weekly                            -> refused R2
      Thu 26 Nov 10:00  olga  /release WEB-1 production                      -> refused R2
      `,
    );
  });

  it('is as long as its days are on the night the clock changes', async () => {
    await check(
      { ...table('Mon 19 Oct 10:00') },
      `
      when                    who   says                                               -> outcome
      Mon 19 Oct 10:00:00     olga  /freeze declare 2026-10-25 2026-10-26 the hour     -> declared
      Mon 26 Oct 00:00:00     olga  /release WEB-1 production                          -> refused R2
      Mon 26 Oct 23:59:59     olga  /release WEB-1 production                          -> refused R2
      Tue 27 Oct 00:00:00     olga  /release WEB-1 production                          -> released
      `,
    );
  });

  it('survives a change of the clock inside a day without midnight', async () => {
    await check(
      {
        organisation: site({
          timezone: 'Africa/Cairo',
          calendar: '  release_freeze: { from: Sat 00:00, until: Sun 00:00 }',
        }),
        before: toProduction('Mon 20 Apr 10:00'),
      },
      `
      when                    who   says                                               -> outcome
      Mon 20 Apr 10:00:00     olga  /freeze declare 2026-04-24 2026-04-24 the hour     -> declared
      Fri 24 Apr 01:00:00     olga  /release WEB-1 production                          -> refused R2
      Fri 24 Apr 23:59:59     olga  /release WEB-1 production                          -> refused R2
      Sun 26 Apr 00:00:00     olga  /release WEB-1 production                          -> released
      `,
    );
  });
});
