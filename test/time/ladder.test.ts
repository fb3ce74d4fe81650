import { describe, it } from 'vitest';
import { site, toProduction } from './site.ts';
import { check } from './table.ts';

/** R7's ladder: a page every ten minutes; three to the first, three to the second, then all of OPS and the circle owner. */

const KINDS = ['page', 'held-alert', 'task'];
const table = (onCall?: string, more: Parameters<typeof site>[0] = {}) => ({
  organisation: site({ ...(onCall === undefined ? {} : { onCall }), ...more }),
  kinds: KINDS,
});

describe('the ladder', () => {
  it('to the minute: first, second, all', async () => {
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 10:00:30  bot    page                      -> omar
      Fri 27 Nov 10:00:30  dev    /alert critical It burns  -> alerted
      Fri 27 Nov 10:10:29  clock                            -> moved
      Fri 27 Nov 10:10:30  bot    page                      -> omar
      Fri 27 Nov 10:20:30  bot    page                      -> omar
      Fri 27 Nov 10:30:30  bot    page                      -> olga
      Fri 27 Nov 10:40:30  bot    page                      -> olga
      Fri 27 Nov 10:50:30  bot    page                      -> olga
      Fri 27 Nov 11:00:30  bot    page                      -> olga, omar
      Fri 27 Nov 11:10:30  bot    page                      -> olga, omar
      Fri 27 Nov 11:15:00  clock                            -> moved
      `,
    );
  });

  it('from the seventh page on reaches the circle owner of the item', async () => {
    await check(
      { ...table(), kinds: ['page'], before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who    says                                  -> outcome
      Fri 27 Nov 10:00:00  bot    page                                  -> omar
      Fri 27 Nov 10:00:00  dev    /alert critical WEB-1 It burns        -> alerted
      Fri 27 Nov 10:10:00  bot    page                                  -> omar
      Fri 27 Nov 10:20:00  bot    page                                  -> omar
      Fri 27 Nov 10:30:00  bot    page                                  -> olga
      Fri 27 Nov 10:40:00  bot    page                                  -> olga
      Fri 27 Nov 10:50:00  bot    page                                  -> olga
      Fri 27 Nov 11:00:00  bot    page                                  -> olga, omar, pia
      Fri 27 Nov 11:00:00  clock                                        -> moved
      `,
    );
  });

  it('ends with /ack, by button too', async () => {
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 10:00:00  bot    page                      -> omar
      Fri 27 Nov 10:00:00  dev    /alert critical It burns  -> alerted
      Fri 27 Nov 10:10:00  bot    page                      -> omar
      Fri 27 Nov 10:10:00  omar   press ack ALERT-1         -> acknowledged
      Fri 27 Nov 10:10:01  olga   /ack ALERT-1              -> already
      Fri 27 Nov 10:10:02  lea    /ack ALERT-1              -> forbidden
      Fri 27 Nov 11:59:59  clock                            -> moved
      `,
    );
  });

  it('pauses at six and starts anew on Saturday at nine; on Sunday OPS’s chat has it', async () => {
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 17:25:00  bot    page                      -> omar
      Fri 27 Nov 17:25:00  dev    /alert critical It burns  -> alerted
      Fri 27 Nov 17:35:00  bot    page                      -> omar
      Fri 27 Nov 17:45:00  bot    page                      -> omar
      Fri 27 Nov 17:55:00  bot    page                      -> olga
      Sat 28 Nov 08:59:59  clock                            -> moved
      Sat 28 Nov 09:00:00  bot    page                      -> omar
      Sat 28 Nov 09:10:00  bot    page                      -> omar
      Sat 28 Nov 09:15:00  clock                            -> moved
      `,
    );
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Sat 28 Nov 17:50:00  bot    page                      -> omar
      Sat 28 Nov 17:50:00  dev    /alert critical It burns  -> alerted
      Sun 29 Nov 08:59:59  clock                            -> moved
      Sun 29 Nov 09:00:00  bot    held-alert                -> ops
      Sun 29 Nov 17:59:59  clock                            -> moved
      `,
    );
  });

  it('does not page at six sharp', async () => {
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 17:50:00  bot    page                      -> omar
      Fri 27 Nov 17:50:00  dev    /alert critical It burns  -> alerted
      Fri 27 Nov 18:00:00  clock                            -> moved
      Sat 28 Nov 09:00:00  bot    page                      -> omar
      Sat 28 Nov 09:00:00  clock                            -> moved
      `,
    );
  });

  it('pauses at midnight on Friday, when OPS’s night becomes nobody’s', async () => {
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Thu 26 Nov 23:45:00  bot    task                      -> ops
      Thu 26 Nov 23:45:00  bot    page                      -> omar
      Thu 26 Nov 23:45:00  dev    /alert critical It burns  -> alerted
      Thu 26 Nov 23:55:00  bot    page                      -> omar
      Fri 27 Nov 08:59:59  clock                            -> moved
      Fri 27 Nov 09:00:00  bot    page                      -> omar
      Fri 27 Nov 09:10:00  bot    page                      -> omar
      Fri 27 Nov 09:10:00  clock                            -> moved
      `,
    );
  });

  it('follows the shift that changes at midnight', async () => {
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Sun 29 Nov 23:45:00  bot    task                      -> ops
      Sun 29 Nov 23:45:00  bot    page                      -> omar
      Sun 29 Nov 23:45:00  dev    /alert critical It burns  -> alerted
      Sun 29 Nov 23:55:00  bot    page                      -> omar
      Mon 30 Nov 00:05:00  bot    page                      -> olga
      Mon 30 Nov 00:15:00  bot    page                      -> omar
      Mon 30 Nov 00:15:00  clock                            -> moved
      `,
    );
  });

  it('begins with what waited for on-call hours', async () => {
    await check(
      table(),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 02:00:00  dev    /alert critical It burns  -> held
      Fri 27 Nov 09:00:00  bot    page                      -> omar
      Fri 27 Nov 09:10:00  bot    page                      -> omar
      Fri 27 Nov 09:20:00  bot    page                      -> omar
      Fri 27 Nov 09:30:00  bot    page                      -> olga
      Fri 27 Nov 09:30:00  clock                            -> moved
      `,
    );
  });

  it('with one in the rotation has all of OPS as its second rung', async () => {
    await check(
      table('{ rotates: weekly, starts: 2026-11-02, people: [omar] }'),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 10:00:00  bot    page                      -> omar
      Fri 27 Nov 10:00:00  dev    /alert critical It burns  -> alerted
      Fri 27 Nov 10:10:00  bot    page                      -> omar
      Fri 27 Nov 10:20:00  bot    page                      -> omar
      Fri 27 Nov 10:30:00  bot    page                      -> olga, omar
      Fri 27 Nov 10:40:00  bot    page                      -> olga, omar
      Fri 27 Nov 10:40:00  clock                            -> moved
      `,
    );
  });

  it('with nobody in the rotation has all of OPS as its first', async () => {
    for (const onCall of ['', '{ rotates: weekly, starts: 2026-11-02, people: [] }'])
      await check(
        table(onCall),
        `
        when                 who    says                      -> outcome
        Fri 27 Nov 10:00:00  bot    page                      -> olga, omar
        Fri 27 Nov 10:00:00  dev    /alert critical It burns  -> alerted
        Fri 27 Nov 10:10:00  bot    page                      -> olga, omar
        Fri 27 Nov 10:10:00  clock                            -> moved
        `,
      );
  });

  it('is not woken by a change of the clock: pages stay ten minutes apart', async () => {
    await check(
      { ...table(), kinds: ['page'] },
      `
      when                    who    says                      -> outcome
      Sun 25 Oct 02:45:00+02  bot    page                      -> olga
      Sun 25 Oct 02:45:00+02  dev    /alert critical It burns  -> alerted
      Sun 25 Oct 02:55:00+02  bot    page                      -> olga
      Sun 25 Oct 02:05:00+01  bot    page                      -> olga
      Sun 25 Oct 02:15:00+01  bot    page                      -> omar
      Sun 25 Oct 02:15:00+01  clock                            -> moved
      `,
    );
  });
});
