import { describe, it } from 'vitest';
import { site } from './site.ts';
import { check } from './table.ts';

/** An acknowledgement without news for two hours of daytime lapses, and the ladder begins again (R7). */

const table = { organisation: site(), kinds: ['page', 'held-alert'] };

describe('an acknowledgement', () => {
  it('lapses after two hours, and not a second sooner', async () => {
    await check(
      table,
      `
      when                 who   says                    -> outcome
      Fri 27 Nov 10:00:00  bot   page                    -> omar
      Fri 27 Nov 10:00:00  dev   /alert critical Broken  -> alerted
      Fri 27 Nov 10:05:00  omar  /ack                    -> acknowledged
      Fri 27 Nov 12:04:59  clock                         -> moved
      Fri 27 Nov 12:05:00  bot   page                    -> omar
      Fri 27 Nov 12:15:00  bot   page                    -> omar
      Fri 27 Nov 12:25:00  bot   page                    -> omar
      Fri 27 Nov 12:35:00  bot   page                    -> olga
      Fri 27 Nov 12:36:00  olga  /ack                    -> acknowledged
      Fri 27 Nov 14:36:00  bot   page                    -> omar
      Fri 27 Nov 14:36:00  clock                         -> moved
      `,
    );
  });

  it('lives two hours longer with every news, by note or by comment', async () => {
    await check(
      table,
      `
      when                 who      says                                  -> outcome
      Fri 27 Nov 10:00:00  bot      page                                  -> omar
      Fri 27 Nov 10:00:00  @dev-gh  opened example/grid#3 critical        -> received
      Fri 27 Nov 10:05:00  omar     /ack                                  -> acknowledged
      Fri 27 Nov 11:00:00  omar     /ack ALERT-1                          -> already
      Fri 27 Nov 12:04:59  omar     /ack ALERT-1 it is the disk           -> acknowledged
      Fri 27 Nov 14:04:58  @dev-gh  comments example/grid#3 cleaning up   -> received
      Fri 27 Nov 16:04:57  clock                                          -> moved
      Fri 27 Nov 16:04:58  bot      page                                  -> omar
      Fri 27 Nov 16:04:58  clock                                          -> moved
      `,
    );
  });

  it('rests at night: its two hours go on in the morning', async () => {
    await check(
      table,
      `
      when                 who   says                    -> outcome
      Fri 27 Nov 17:00:00  bot   page                    -> omar
      Fri 27 Nov 17:00:00  dev   /alert critical Broken  -> alerted
      Fri 27 Nov 17:00:00  omar  /ack                    -> acknowledged
      Sat 28 Nov 09:59:59  clock                         -> moved
      Sat 28 Nov 10:00:00  bot   page                    -> omar
      Sat 28 Nov 10:00:00  omar  /resolve ALERT-1        -> resolved
      Sat 28 Nov 18:00:00  clock                         -> moved
      `,
    );
  });

  it('in OPS’s hours comes back to OPS’s chat', async () => {
    await check(
      table,
      `
      when                 who   says                    -> outcome
      Tue 24 Nov 10:00:00  dev   /alert critical Broken  -> alerted
      Tue 24 Nov 10:00:00  olga  /ack                    -> acknowledged
      Tue 24 Nov 11:59:59  clock                         -> moved
      Tue 24 Nov 12:00:00  bot   held-alert              -> ops
      Tue 24 Nov 12:00:00  clock                         -> moved
      `,
    );
  });

  it('of one that is held, by its key, spares the page of the morning', async () => {
    await check(
      table,
      `
      when                 who   says                    -> outcome
      Fri 27 Nov 02:00:00  dev   /alert critical Broken  -> held
      Fri 27 Nov 08:30:00  omar  /ack ALERT-1            -> acknowledged
      Fri 27 Nov 10:59:59  clock                         -> moved
      Fri 27 Nov 11:00:00  bot   page                    -> omar
      Fri 27 Nov 11:00:00  clock                         -> moved
      `,
    );
  });

  it('ends with the issue', async () => {
    await check(
      table,
      `
      when                 who      says                             -> outcome
      Fri 27 Nov 10:00:00  bot      page                             -> omar
      Fri 27 Nov 10:00:00  @dev-gh  opened example/grid#3 critical   -> received
      Fri 27 Nov 10:09:59  @dev-gh  closed example/grid#3            -> received
      Fri 27 Nov 17:00:00  omar     /ack ALERT-1                     -> already
      Fri 27 Nov 17:59:59  clock                                     -> moved
      `,
    );
  });
});
