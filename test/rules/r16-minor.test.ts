import { describe, it } from 'vitest';
import { site } from '../time/site.ts';
import { check } from '../time/table.ts';

/** R16: due when the sprint ends in which the label was set; reminded two days before, inside them at once. */

const table = { organisation: site(), kinds: ['sla', 'escalation'] };

describe('a minor issue', () => {
  it('is reminded two days before the end of its sprint, and escalated at it', async () => {
    // Sprints begin on 2, 16, 30 November.
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Tue 17 Nov 10:00:00  @dev-gh  opened example/grid#3 minor    -> received
      Fri 27 Nov 23:59:59  clock                                   -> moved
      Sat 28 Nov 00:00:00  bot      sla                            -> lea
      Sun 29 Nov 23:59:59  clock                                   -> moved
      Mon 30 Nov 00:00:00  bot      escalation                     -> lea
      Wed 30 Dec 00:00:00  clock                                   -> moved
      `,
    );
  });

  it('labelled in the sprint’s last second is of that sprint, and at its end of the next', async () => {
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Sun 29 Nov 23:59:59  bot      sla                            -> lea
      Sun 29 Nov 23:59:59  @dev-gh  opened example/grid#3 minor    -> received
      Mon 30 Nov 00:00:00  bot      escalation                     -> lea
      Mon 30 Nov 00:00:00  @dev-gh  opened example/grid#4 minor    -> received
      Fri 11 Dec 23:59:59  clock                                   -> moved
      Sat 12 Dec 00:00:00  bot      sla                            -> lea
      Mon 14 Dec 00:00:00  bot      escalation                     -> lea
      Mon 14 Dec 00:00:00  clock                                   -> moved
      `,
    );
  });

  it('inside the last two days is reminded at once, before the answer', async () => {
    await check(
      table,
      `
      when                 who      says                           -> outcome
      Sat 28 Nov 00:00:01  bot      sla                            -> lea
      Sat 28 Nov 00:00:01  @dev-gh  opened example/grid#3 minor    -> received
      Sat 28 Nov 12:00:00  bot      sla                            -> lea
      Sat 28 Nov 12:00:00  dev      /bug minor It is ugly          -> logged
      Mon 30 Nov 00:00:00  bot      escalation                     -> lea, lea
      Mon 30 Nov 00:00:00  clock                                   -> moved
      `,
    );
  });

  it('has sprints before the first that the file names, and of other lengths', async () => {
    await check(
      { ...table, organisation: site({ calendar: '  sprint: { starts: 2026-11-04, days: 7 }' }) },
      `
      when                 who      says                           -> outcome
      Fri 23 Oct 10:00:00  @dev-gh  opened example/grid#3 minor    -> received
      Mon 26 Oct 00:00:00  bot      sla                            -> lea
      Wed 28 Oct 00:00:00  bot      escalation                     -> lea
      Wed 28 Oct 00:00:00  clock                                   -> moved
      `,
    );
  });

  it('ends at the local midnight, also where the clock is changed on that day', async () => {
    await check(
      {
        ...table,
        organisation: site({ timezone: 'Asia/Beirut', calendar: '  sprint: { starts: 2026-03-15, days: 14 }' }),
      },
      `
      when                 who      says                           -> outcome
      Mon 16 Mar 10:00:00  @dev-gh  opened example/grid#3 minor    -> received
      Fri 27 Mar 01:00:00  bot      sla                            -> lea
      Sun 29 Mar 01:00:00  bot      escalation                     -> lea
      Sun 29 Mar 01:00:00  clock                                   -> moved
      `,
    );
  });
});
