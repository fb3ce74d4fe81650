import { describe, it } from 'vitest';
import { site, toProduction } from '../time/site.ts';
import { check } from '../time/table.ts';

/** R15: due 48 hours after the label was set, by the clock and not by the calendar; reminded at half time. */

const table = { organisation: site(), kinds: ['sla', 'escalation'] };

describe('a major issue', () => {
  it('is reminded after 24 hours and escalated after 48, once each', async () => {
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Mon 23 Nov 10:00:30  @dev-gh  opened example/grid#3 major    -> received
      Tue 24 Nov 10:00:29  clock                                   -> moved
      Tue 24 Nov 10:00:30  bot      sla                            -> lea
      Wed 25 Nov 10:00:29  clock                                   -> moved
      Wed 25 Nov 10:00:30  bot      escalation                     -> lea
      Mon 30 Nov 10:00:30  clock                                   -> moved
      `,
    );
  });

  it('of an item says so to its holder, and climbs to the team that holds it', async () => {
    await check(
      { ...table, before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who      says                           -> outcome
      Mon 23 Nov 11:00:00  @dev-gh  opened example/grid#9 major    -> received
      Mon 23 Nov 11:00:00  pia      /link WEB-1 example/grid#9     -> linked
      Tue 24 Nov 11:00:00  bot      sla                            -> olga
      Wed 25 Nov 11:00:00  bot      escalation                     -> ops
      Wed 25 Nov 11:00:00  clock                                   -> moved
      `,
    );
  });

  it('counts hours, not days, over the nights on which the clock changes', async () => {
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Sat 24 Oct 10:00:00  @dev-gh  opened example/grid#3 major    -> received
      Sun 25 Oct 09:00:00  bot      sla                            -> lea
      Mon 26 Oct 09:00:00  bot      escalation                     -> lea
      Mon 26 Oct 12:00:00  clock                                   -> moved
      `,
    );
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Sat 28 Mar 10:00:00  @dev-gh  opened example/grid#3 major    -> received
      Sun 29 Mar 11:00:00  bot      sla                            -> lea
      Mon 30 Mar 11:00:00  bot      escalation                     -> lea
      Mon 30 Mar 12:00:00  clock                                   -> moved
      `,
    );
  });

  it('that is closed a second before says nothing; reopened, it has 48 hours again', async () => {
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Mon 23 Nov 10:00:00  @dev-gh  opened example/grid#3 major    -> received
      Tue 24 Nov 09:59:59  @dev-gh  closed example/grid#3          -> received
      Wed 25 Nov 12:00:00  @dev-gh  reopened example/grid#3        -> received
      Thu 26 Nov 12:00:00  bot      sla                            -> lea
      Fri 27 Nov 12:00:00  bot      escalation                     -> lea
      Fri 27 Nov 12:00:00  clock                                   -> moved
      `,
    );
  });

  it('that /bug logs has the same clock', async () => {
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Mon 23 Nov 10:00:00  dev      /bug major It is slow          -> logged
      Tue 24 Nov 10:00:00  bot      sla                            -> lea
      Wed 25 Nov 10:00:00  bot      escalation                     -> lea
      Wed 25 Nov 10:00:00  clock                                   -> moved
      `,
    );
  });
});
