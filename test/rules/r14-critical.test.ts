import { describe, it } from 'vitest';
import { withDatabase } from '../time/play.ts';
import { site, toProduction } from '../time/site.ts';
import { check } from '../time/table.ts';

/** R14: acknowledged within 15 minutes of the first delivery, or one escalation; asked for news every hour, in daytime. */

const escalations = { organisation: site(), kinds: ['escalation'] };
const news = { organisation: site(), kinds: ['sla'] };

describe('an alert that nobody acknowledges', () => {
  it('is escalated once, 15 minutes after it was delivered: without an item to the dev leads', async () => {
    await check(
      escalations,
      `
      when                 who   says                    -> outcome
      Tue 24 Nov 10:00:30  dev   /alert critical Broken  -> alerted
      Tue 24 Nov 10:15:29  clock                         -> moved
      Tue 24 Nov 10:15:30  bot   escalation              -> lea
      Fri 27 Nov 23:00:00  clock                         -> moved
      `,
    );
  });

  it('with an item to its circle owner', async () => {
    await check(
      { ...escalations, before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who   says                          -> outcome
      Tue 24 Nov 10:00:00  dev   /alert critical WEB-1 Broken  -> alerted
      Tue 24 Nov 10:14:59  clock                               -> moved
      Tue 24 Nov 10:15:00  bot   escalation                    -> pia
      Tue 24 Nov 12:00:00  clock                               -> moved
      `,
    );
  });

  it('with an item that it was linked to afterwards to that one’s', async () => {
    await check(
      { ...escalations, before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who      says                              -> outcome
      Tue 24 Nov 10:00:00  @dev-gh  opened example/grid#9 critical    -> received
      Tue 24 Nov 10:01:00  pia      /link WEB-1 example/grid#9        -> linked
      Tue 24 Nov 10:15:00  bot      escalation                        -> pia
      Tue 24 Nov 10:15:00  clock                                      -> moved
      `,
    );
  });

  it('that was granted to somebody else goes to them', async () => {
    await check(
      {
        organisation: site({ people: '  - { id: ada, name: Ada, roles: [admin], telegram: 1040 }' }),
        kinds: ['escalation'],
        before: toProduction('Mon 23 Nov 10:00'),
      },
      `
      when                 who   says                               -> outcome
      Tue 24 Nov 10:00:00  ada   /role grant circle-owner wes WEB-1 -> granted
      Tue 24 Nov 10:00:00  dev   /alert critical WEB-1 Broken       -> alerted
      Tue 24 Nov 10:15:00  bot   escalation                         -> wes
      Tue 24 Nov 10:15:00  clock                                    -> moved
      `,
    );
  });

  it('counts from the delivery, not from the report: what was held has its 15 minutes', async () => {
    await check(
      escalations,
      `
      when                 who   says                    -> outcome
      Fri 27 Nov 08:00:00  dev   /alert critical Broken  -> held
      Fri 27 Nov 09:14:59  clock                         -> moved
      Fri 27 Nov 09:15:00  bot   escalation              -> lea
      Sun 29 Nov 12:00:00  clock                         -> moved
      `,
    );
  });

  it('is not escalated when it was acknowledged a second before', async () => {
    await check(
      escalations,
      `
      when                 who   says                    -> outcome
      Tue 24 Nov 10:00:00  dev   /alert critical Broken  -> alerted
      Tue 24 Nov 10:14:59  olga  /ack ALERT-1            -> acknowledged
      Tue 24 Nov 11:59:59  clock                         -> moved
      `,
    );
  });

  it('is escalated 15 minutes after it became critical, also when it was lowered between', async () => {
    await check(
      escalations,
      `
      when                 who      says                                 -> outcome
      Tue 24 Nov 10:00:00  dev      /alert major Slow                    -> alerted
      Tue 24 Nov 11:00:00  dev      /alert critical baton#1              -> alerted
      Tue 24 Nov 11:14:59  clock                                         -> moved
      Tue 24 Nov 11:15:00  bot      escalation                           -> lea
      Tue 24 Nov 13:00:00  clock                                         -> moved
      `,
    );
    await check(
      escalations,
      `
      when                 who      says                                 -> outcome
      Tue 24 Nov 10:00:00  @dev-gh  opened example/grid#3 critical       -> received
      Tue 24 Nov 10:05:00  @lea-gh  labeled example/grid#3 major         -> received
      Tue 24 Nov 11:00:00  @dev-gh  labeled example/grid#3 critical      -> received
      Tue 24 Nov 11:15:00  bot      escalation                           -> lea
      Tue 24 Nov 13:00:00  clock                                         -> moved
      `,
    );
  });

  it('is not escalated when it is major', async () => {
    await check(
      escalations,
      `
      when                 who   says                    -> outcome
      Tue 24 Nov 10:00:00  dev   /alert major Slow       -> alerted
      Tue 24 Nov 18:00:00  clock                         -> moved
      `,
    );
  });
});

describe('news', () => {
  it('is asked for every hour in daytime, of the dev leads and of who acknowledged it, until it is closed', async () => {
    await check(
      news,
      `
      when                 who      says                             -> outcome
      Tue 24 Nov 15:20:00  @dev-gh  opened example/grid#3 critical   -> received
      Tue 24 Nov 15:21:00  olga     /ack                             -> acknowledged
      Tue 24 Nov 16:19:59  clock                                     -> moved
      Tue 24 Nov 16:20:00  bot      sla                              -> lea, olga
      Tue 24 Nov 17:20:00  bot      sla                              -> lea, olga
      Tue 24 Nov 17:20:00  olga     /ack ALERT-1 nearly there        -> acknowledged
      Wed 25 Nov 09:19:59  clock                                     -> moved
      Wed 25 Nov 09:20:00  bot      sla                              -> lea, olga
      Wed 25 Nov 10:19:59  @dev-gh  closed example/grid#3            -> received
      Wed 25 Nov 18:00:00  clock                                     -> moved
      `,
    );
  });

  it('is asked for at nine, and no longer at six', async () => {
    await check(
      news,
      `
      when                 who      says                             -> outcome
      Tue 24 Nov 17:00:00  @dev-gh  opened example/grid#3 critical   -> received
      Wed 25 Nov 08:59:59  clock                                     -> moved
      Wed 25 Nov 09:00:00  bot      sla                              -> lea
      Wed 25 Nov 09:00:00  clock                                     -> moved
      `,
    );
  });

  it('of the holder of the item that the issue is linked to', async () => {
    await check(
      { ...news, before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who      says                             -> outcome
      Tue 24 Nov 10:00:00  @dev-gh  opened example/grid#9 critical   -> received
      Tue 24 Nov 10:00:00  pia      /link WEB-1 example/grid#9       -> linked
      Tue 24 Nov 11:00:00  bot      sla                              -> olga
      Tue 24 Nov 11:00:00  clock                                     -> moved
      `,
    );
  });

  it('is asked for on on-call days, in their hours', async () => {
    await check(
      news,
      `
      when                 who      says                             -> outcome
      Fri 27 Nov 16:30:00  @dev-gh  opened example/grid#3 critical   -> received
      Fri 27 Nov 16:31:00  omar     /ack                             -> acknowledged
      Fri 27 Nov 17:30:00  bot      sla                              -> lea, omar
      Fri 27 Nov 18:30:00  clock                                     -> moved
      Sat 28 Nov 09:30:00  bot      sla                              -> lea, omar
      Sat 28 Nov 09:30:00  clock                                     -> moved
      `,
    );
  });

  it('is asked for again after the process was down over an evening', async () => {
    await withDatabase(async (path) => {
      const table = { ...news, path };
      await check(
        table,
        `
        when                 who      says                             -> outcome
        Tue 24 Nov 16:30:00  @dev-gh  opened example/grid#3 critical   -> received
        `,
      );
      await check(
        table,
        `
        when                 who      says                             -> outcome
        Tue 24 Nov 20:00:00  clock                                     -> moved
        Wed 25 Nov 09:30:00  bot      sla                              -> lea
        Wed 25 Nov 09:30:00  clock                                     -> moved
        `,
      );
    });
  });
});
