import { describe, expect, it } from 'vitest';
import { ROTATION, site, toProduction } from './site.ts';
import { check } from './table.ts';

/** R2's emergency path: only where the file turns it on, only who is on call, only for an open critical issue of the item. */

const ON = '  release_freeze: { emergency: true }';
const table = (calendar: string | undefined = ON, onCall = ROTATION) => ({
  organisation: site({ ...(calendar === undefined ? {} : { calendar }), onCall }),
  before: `${toProduction('Mon 23 Nov 10:00')}
  Thu 26 Nov 10:00  @lea-gh  opened example/grid#7 critical
  olga  /link WEB-1 example/grid#7`,
});

describe('an emergency release', () => {
  it('is asked for, approved by two, carried out and told', async () => {
    const lines = await check(
      { ...table(), kinds: ['vote-opened', 'vote-closed', 'hint'], key: 'WEB-1' },
      `
      when              who   says                                                 -> outcome
      Fri 27 Nov 10:00  bot   vote-opened                                          -> sam, sue, stan
      Fri 27 Nov 10:00  omar  /release WEB-1 production emergency example/grid#7   -> requested
      Fri 27 Nov 10:00  olga  /release WEB-1 production                            -> refused R2
      Fri 27 Nov 10:01  omar  /release WEB-1 production emergency example/grid#7   -> already
      Fri 27 Nov 10:05  sam   /approve WEB-1                                       -> signed
      Fri 27 Nov 10:06  olga  /release WEB-1 production                            -> refused R2
      Fri 27 Nov 10:10  bot   vote-closed                                          -> sam, sue, stan, pia
      Fri 27 Nov 10:10  bot   hint                                                 -> sam, sue, stan
      Fri 27 Nov 10:10  sue   /approve WEB-1                                       -> signed
      Fri 27 Nov 10:11  sam   /history WEB-1                                       -> shown
      Fri 27 Nov 10:12  clock  {"dump":"WEB-1"}                                     -> dumped
      `,
    );
    expect(lines.at(-2)?.text).toMatch(/emergency|inside the freeze/i);
    expect(JSON.stringify(lines.at(-1)?.item?.environments)).toContain('production');
  });

  it('is refused where the file does not turn it on', async () => {
    await check(
      table('  critical_nights: true'),
      `
      when              who   says                                                 -> outcome
      Fri 27 Nov 10:00  omar  /release WEB-1 production emergency example/grid#7   -> refused R2
      `,
    );
  });

  it('is for the person on call alone', async () => {
    await check(
      table(),
      `
      when                 who   says                                                 -> outcome
      Sun 29 Nov 23:59:59  olga  /release WEB-1 production emergency example/grid#7   -> forbidden R2
      Sun 29 Nov 23:59:59  lea   /release WEB-1 production emergency example/grid#7   -> forbidden R1
      Sun 29 Nov 23:59:59  sam   /release WEB-1 production emergency example/grid#7   -> forbidden R1
      Sun 29 Nov 23:59:59  omar  /release WEB-1 production emergency example/grid#7   -> requested
      `,
    );
  });

  it('names an open critical issue of the item', async () => {
    await check(
      table(),
      `
      when              who      says                                                 -> outcome
      Fri 27 Nov 10:00  omar     /release WEB-1 production emergency example/grid#1   -> refused R2
      Fri 27 Nov 10:00  omar     /release WEB-1 production emergency example/grid#99  -> refused R2
      Fri 27 Nov 10:01  @lea-gh  labeled example/grid#7 major                         -> received
      Fri 27 Nov 10:02  omar     /release WEB-1 production emergency example/grid#7   -> refused R2
      Fri 27 Nov 10:03  @lea-gh  labeled example/grid#7 major critical                -> received
      Fri 27 Nov 10:04  @lea-gh  closed example/grid#7                                -> received
      Fri 27 Nov 10:05  omar     /release WEB-1 production emergency example/grid#7   -> refused R2
      Fri 27 Nov 10:06  @lea-gh  reopened example/grid#7                              -> received
      Fri 27 Nov 10:07  omar     /release WEB-1 production emergency example/grid#7   -> requested
      `,
    );
  });

  it('is not carried out when two can no longer approve', async () => {
    await check(
      table(),
      `
      when              who   says                                                 -> outcome
      Fri 27 Nov 10:00  omar  /release WEB-1 production emergency example/grid#7   -> requested
      Fri 27 Nov 10:01  sam   /reject WEB-1 wait until Monday                      -> voted
      Fri 27 Nov 10:02  sue   /reject WEB-1 wait until Monday                      -> rejected
      Fri 27 Nov 10:03  olga  /release WEB-1 production                            -> refused R2
      Mon 30 Nov 00:00  olga  /release WEB-1 production                            -> released
      `,
    );
  });

  it('with a version of its own is kept apart from the reference', async () => {
    await check(
      table(),
      `
      when              who   says                                                      -> outcome
      Fri 27 Nov 10:00  omar  /release WEB-1 production emergency                       -> usage
      Fri 27 Nov 10:00  omar  /release WEB-1 production emergency example/grid#7 v2     -> usage
      Fri 27 Nov 10:00  olga  /release WEB-1 staging emergency example/grid#7           -> refused
      `,
    );
  });
});
