import { describe, expect, it } from 'vitest';
import { site } from './site.ts';
import { check, played } from './table.ts';

/** Who is on call: weeks before and after \`starts\`, the weekday on which shifts change, swaps, holidays. */

const three = '{ rotates: weekly, starts: 2026-11-04, people: [olga, omar, otto] }';
const people = '  - { id: otto, name: Otto, roles: [ops], telegram: 1020 }';

describe('the rotation', () => {
  it.each([
    // Wednesday 4 November is olga's first day; before it the rotation counts backwards.
    ['Wed 4 Nov 00:00:00', 'olga'],
    ['Tue 10 Nov 23:59:59', 'olga'],
    ['Wed 11 Nov 00:00:00', 'omar'],
    ['Tue 17 Nov 23:59:59', 'omar'],
    ['Wed 18 Nov 00:00:00', 'otto'],
    ['Wed 25 Nov 00:00:00', 'olga'],
    ['Tue 3 Nov 23:59:59', 'otto'],
    ['Wed 28 Oct 00:00:00', 'otto'],
    ['Tue 27 Oct 23:59:59', 'omar'],
    ['Tue 20 Oct 23:59:59', 'olga'],
    ['Tue 13 Oct 23:59:59', 'otto'],
  ])('at %s pages %s', async (when, who) => {
    await check(
      { organisation: site({ onCall: three, people }), kinds: ['page'] },
      `
      when     who   says                    -> outcome
      ${when}  bot   page                    -> ${who}
      ${when}  dev   /alert critical Broken  -> alerted
      `,
    );
  });

  it('changes at the midnight of the organisation, wherever that is', async () => {
    for (const timezone of ['America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'])
      await check(
        { organisation: site({ timezone }), kinds: ['page'] },
        `
        when                 who   says                 -> outcome
        Sun 29 Nov 23:59:59  bot   page                 -> omar
        Sun 29 Nov 23:59:59  dev   /alert critical One  -> alerted
        Sun 29 Nov 23:59:59  omar  /ack ALERT-1         -> acknowledged
        Mon 30 Nov 00:00:00  bot   page                 -> olga
        Mon 30 Nov 00:00:00  dev   /alert critical Two  -> alerted
        `,
      );
  });
});

describe('a swap', () => {
  it('passes when the other accepts, for its day alone; who gave it away is second', async () => {
    await check(
      { organisation: site({ people }), kinds: ['page', 'request'] },
      `
      when              who   says                            -> outcome
      Wed 25 Nov 10:00  olga  /oncall swap otto 2026-11-28    -> forbidden R7
      Wed 25 Nov 10:00  omar  /oncall swap lea 2026-11-28     -> refused R7
      Wed 25 Nov 10:00  omar  /oncall swap nobody 2026-11-28  -> not-found
      Wed 25 Nov 10:00  omar  /oncall swap otto 2026-11-24    -> usage
      Wed 25 Nov 10:00  bot   request                         -> otto
      Wed 25 Nov 10:00  omar  /oncall swap otto 2026-11-28    -> offered
      Wed 25 Nov 10:01  olga  /oncall take 2026-11-28         -> not-found
      Wed 25 Nov 10:01  lea   /oncall take 2026-11-28         -> forbidden R7
      Fri 27 Nov 09:00  bot   page                            -> omar
      Fri 27 Nov 09:00  dev   /alert critical Before          -> alerted
      Fri 27 Nov 09:00  omar  /resolve ALERT-1                -> resolved
      Fri 27 Nov 12:00  otto  /oncall take 2026-11-28         -> taken
      Fri 27 Nov 12:01  otto  /oncall take 2026-11-28         -> already
      Fri 27 Nov 12:02  bot   page                            -> omar
      Fri 27 Nov 12:02  dev   /alert critical Still Friday    -> alerted
      Fri 27 Nov 12:02  omar  /resolve ALERT-2                -> resolved
      Sat 28 Nov 09:30  bot   page                            -> otto
      Sat 28 Nov 09:30  dev   /alert critical Saturday        -> alerted
      Sat 28 Nov 09:40  bot   page                            -> otto
      Sat 28 Nov 09:50  bot   page                            -> otto
      Sat 28 Nov 10:00  bot   page                            -> omar
      Sat 28 Nov 10:00  omar  /resolve ALERT-3                -> resolved
      Sun 29 Nov 00:00  bot   page                            -> omar
      Sun 29 Nov 00:00  dev   /alert critical Sunday          -> alerted
      `,
    );
  });

  it('without a date is the next on-call day of who gives it away', async () => {
    const lines = await check(
      { organisation: site(), kinds: ['page'] },
      `
      when              who   says                     -> outcome
      Mon 23 Nov 10:00  olga  /oncall swap omar        -> offered
      Mon 23 Nov 10:01  omar  /oncall take             -> taken
      Fri 4 Dec 10:00   bot   page                     -> omar
      Fri 4 Dec 10:00   dev   /alert critical Broken   -> alerted
      `,
    );
    expect(lines[0]?.text).toContain('Fri 4 Dec');
  });

  it('that nobody takes changes nothing', async () => {
    await check(
      { organisation: site(), kinds: ['page'] },
      `
      when              who   says                           -> outcome
      Mon 23 Nov 10:00  omar  /oncall swap olga 2026-11-27   -> offered
      Fri 27 Nov 10:00  bot   page                           -> omar
      Fri 27 Nov 10:00  dev   /alert critical Broken         -> alerted
      `,
    );
  });
});

describe('a holiday on one of OPS’s days', () => {
  const calendar = '  holidays: [2026-11-24, 2026-11-27]';
  it('is an on-call day', async () => {
    await check(
      { organisation: site({ calendar }), kinds: ['page', 'held-alert', 'task'] },
      `
      when                 who   says                     -> outcome
      Mon 23 Nov 23:59:59  bot   task                     -> ops
      Mon 23 Nov 23:59:59  bot   page                     -> omar
      Mon 23 Nov 23:59:59  dev   /alert critical Eve      -> alerted
      Mon 23 Nov 23:59:59  omar  /resolve ALERT-1         -> resolved
      Tue 24 Nov 00:00:00  dev   /alert critical Night    -> held
      Tue 24 Nov 09:00:00  bot   page                     -> omar
      Tue 24 Nov 09:00:00  omar  /resolve ALERT-2         -> resolved
      Tue 24 Nov 10:00:00  dev   /alert major Can wait    -> held
      Tue 24 Nov 17:59:59  bot   page                     -> omar
      Tue 24 Nov 17:59:59  dev   /alert critical Day      -> alerted
      Tue 24 Nov 17:59:59  omar  /resolve ALERT-4         -> resolved
      Tue 24 Nov 18:00:00  dev   /alert critical Evening  -> held
      Wed 25 Nov 09:00:00  bot   held-alert               -> ops, ops
      Wed 25 Nov 09:00:00  clock                          -> moved
      `,
    );
  });

  it('on a Friday changes nothing', async () => {
    await check(
      { organisation: site({ calendar }), kinds: ['page', 'held-alert', 'task'] },
      `
      when                 who   says                     -> outcome
      Fri 27 Nov 08:59:59  dev   /alert critical Early    -> held
      Fri 27 Nov 09:00:00  bot   page                     -> omar
      Fri 27 Nov 09:00:00  clock                          -> moved
      `,
    );
  });

  it('comes from a country, too', async () => {
    await check(
      { organisation: site({ calendar: '  holidays: { country: BE }' }), kinds: ['page', 'held-alert', 'task'] },
      `
      when                 who   says                     -> outcome
      Tue 21 Jul 10:00:00  bot   page                     -> omar
      Tue 21 Jul 10:00:00  dev   /alert critical Feast    -> alerted
      `,
    );
  });

  it('is in the list that OPS gets on Thursday', async () => {
    const { lines } = await played(
      { organisation: site({ calendar: '  holidays: [2026-12-01]' }) },
      `
      when              who    says  -> outcome
      Thu 26 Nov 10:00  clock        -> moved
      Thu 26 Nov 17:00  clock        -> moved
      `,
    );
    const text = lines.find((line) => line.sent === 'on-call')?.text ?? '';
    for (const day of ['Fri 27 Nov', 'Sat 28 Nov', 'Tue 1 Dec']) expect(text).toContain(day);
  });
});
