import { describe, it } from 'vitest';
import { site, toProduction, toStaging } from './site.ts';
import { check } from './table.ts';

/** R6: an offer is reminded after four working hours of the receiving team, and escalated after eight. */

const kinds = ['offer', 'escalation'];

/** WEB-1 is about to be handed to the web team, or to OPS. */
const upTo = (says: string, when: string): string => {
  const all = toStaging(when);
  return all.slice(0, all.indexOf(says)).trimEnd();
};
const toWeb = '  pia  /handover WEB-1 web';
const toOps = '  wes  /handover WEB-1 ops';

describe('an offer to a team that works from Monday to Friday', () => {
  const organisation = site();
  it('is said again after four hours and climbs after eight', async () => {
    await check(
      { organisation, kinds, key: 'WEB-1', before: upTo(toWeb, 'Mon 23 Nov 08:00') },
      `
      when                 who    says                 -> outcome
      Mon 23 Nov 09:30:00  bot    offer                -> wes
      Mon 23 Nov 09:30:00  pia    /handover WEB-1 web  -> handed-over
      Mon 23 Nov 13:29:59  clock                       -> moved
      Mon 23 Nov 13:30:00  bot    offer                -> wes
      Mon 23 Nov 17:29:59  clock                       -> moved
      Mon 23 Nov 17:30:00  bot    escalation           -> pia
      Fri 27 Nov 09:30:00  clock                       -> moved
      `,
    );
  });

  it('waits over the weekend', async () => {
    await check(
      { organisation, kinds, key: 'WEB-1', before: upTo(toWeb, 'Fri 27 Nov 08:00') },
      `
      when                 who    says                 -> outcome
      Fri 27 Nov 16:00:00  bot    offer                -> wes
      Fri 27 Nov 16:00:00  pia    /handover WEB-1 web  -> handed-over
      Mon 30 Nov 10:59:59  clock                       -> moved
      Mon 30 Nov 11:00:00  bot    offer                -> wes
      Mon 30 Nov 15:00:00  bot    escalation           -> pia
      Mon 30 Nov 15:00:00  clock                       -> moved
      `,
    );
  });

  it('leaves out holidays, and hours before nine', async () => {
    await check(
      {
        organisation: site({ calendar: '  holidays: [2026-11-24]' }),
        kinds,
        key: 'WEB-1',
        before: upTo(toWeb, 'Mon 23 Nov 07:00'),
      },
      `
      when                 who    says                 -> outcome
      Mon 23 Nov 15:00:00  bot    offer                -> wes
      Mon 23 Nov 15:00:00  pia    /handover WEB-1 web  -> handed-over
      Wed 25 Nov 09:59:59  clock                       -> moved
      Wed 25 Nov 10:00:00  bot    offer                -> wes
      Wed 25 Nov 14:00:00  bot    escalation           -> pia
      Wed 25 Nov 14:00:00  clock                       -> moved
      `,
    );
    await check(
      { organisation, kinds, key: 'WEB-1', before: upTo(toWeb, 'Mon 23 Nov 06:00') },
      `
      when                 who    says                 -> outcome
      Mon 23 Nov 06:30:00  bot    offer                -> wes
      Mon 23 Nov 06:30:00  pia    /handover WEB-1 web  -> handed-over
      Mon 23 Nov 13:00:00  bot    offer                -> wes
      Mon 23 Nov 17:00:00  bot    escalation           -> pia
      Mon 23 Nov 17:00:00  clock                       -> moved
      `,
    );
  });

  it('that is accepted, or acted on, says no more', async () => {
    for (const says of ['/accept WEB-1', '/docs WEB-1 https://docs.example.org/x', 'press accept WEB-1'])
      await check(
        { organisation, kinds, key: 'WEB-1', before: upTo(toWeb, 'Mon 23 Nov 08:00') },
        `
        when                 who    says                 -> outcome
        Mon 23 Nov 09:30:00  bot    offer                -> wes
        Mon 23 Nov 09:30:00  pia    /handover WEB-1 web  -> handed-over
        Mon 23 Nov 13:29:59  wes    ${says}  -> ${says.includes('docs') ? 'recorded' : 'accepted'}
        Wed 25 Nov 09:30:00  clock                       -> moved
        `,
      );
  });

  it('climbs a rung once: said again after its step came back, it climbs again', async () => {
    await check(
      { organisation, kinds, key: 'WEB-1', before: upTo(toWeb, 'Mon 23 Nov 08:00') },
      `
      when                 who    says                             -> outcome
      Mon 23 Nov 09:00:00  bot    offer                            -> wes
      Mon 23 Nov 09:00:00  pia    /handover WEB-1 web              -> handed-over
      Mon 23 Nov 13:00:00  bot    offer                            -> wes
      Mon 23 Nov 17:00:00  bot    escalation                       -> pia
      Mon 23 Nov 17:30:00  bot    offer                            -> pia
      Mon 23 Nov 17:30:00  wes    /return WEB-1 us:1 not enough    -> returned
      Tue 24 Nov 09:00:00  bot    offer                            -> wes
      Tue 24 Nov 09:00:00  pia    /handover WEB-1 web              -> handed-over
      Tue 24 Nov 13:00:00  bot    offer                            -> wes
      Tue 24 Nov 17:00:00  bot    escalation                       -> pia
      Tue 24 Nov 17:00:00  clock                                   -> moved
      `,
    );
  });
});

describe('an offer to OPS', () => {
  it('counts OPS’s hours: on Sundays they run, on Fridays they rest', async () => {
    await check(
      { organisation: site(), kinds, key: 'WEB-1', before: upTo(toOps, 'Thu 26 Nov 08:00') },
      `
      when                 who    says                 -> outcome
      Thu 26 Nov 17:00:00  bot    offer                -> ops
      Thu 26 Nov 17:00:00  wes    /handover WEB-1 ops  -> handed-over
      Sun 29 Nov 11:59:59  clock                       -> moved
      Sun 29 Nov 12:00:00  bot    offer                -> ops
      Sun 29 Nov 16:00:00  bot    escalation           -> pia
      Sun 29 Nov 16:00:00  clock                       -> moved
      `,
    );
  });

  it('leaves out holidays on OPS’s days', async () => {
    await check(
      {
        organisation: site({ calendar: '  holidays: [2026-11-29]' }),
        kinds,
        key: 'WEB-1',
        before: upTo(toOps, 'Thu 26 Nov 08:00'),
      },
      `
      when                 who    says                 -> outcome
      Thu 26 Nov 17:00:00  bot    offer                -> ops
      Thu 26 Nov 17:00:00  wes    /handover WEB-1 ops  -> handed-over
      Sun 29 Nov 18:00:00  clock                       -> moved
      Mon 30 Nov 12:00:00  bot    offer                -> ops
      Mon 30 Nov 12:00:00  clock                       -> moved
      `,
    );
  });

  it('made on a Friday begins to count on Sunday at nine', async () => {
    await check(
      { organisation: site(), kinds, key: 'WEB-1', before: upTo(toOps, 'Fri 27 Nov 08:00') },
      `
      when                 who    says                 -> outcome
      Fri 27 Nov 12:00:00  bot    offer                -> ops
      Fri 27 Nov 12:00:00  wes    /handover WEB-1 ops  -> handed-over
      Sun 29 Nov 13:00:00  bot    offer                -> ops
      Sun 29 Nov 17:00:00  bot    escalation           -> pia
      Sun 29 Nov 17:00:00  clock                       -> moved
      `,
    );
  });

  it('is not made by a vote: while it waits for production only the vote reminds', async () => {
    await check(
      { organisation: site(), kinds, key: 'WEB-1', before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who    says  -> outcome
      Fri 27 Nov 10:00:00  clock        -> moved
      `,
    );
  });
});
