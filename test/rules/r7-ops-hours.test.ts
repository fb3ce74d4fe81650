import { describe, expect, it } from 'vitest';
import { site } from '../time/site.ts';
import { check } from '../time/table.ts';

/** R7: delivered, paged or held by the hour at which an alert is raised; what is held goes out when its hours begin. */

const ALERTS = ['page', 'held-alert', 'task'];
const brussels = (options: Parameters<typeof site>[0] = {}) => ({ organisation: site(options), kinds: ALERTS });

describe('a critical alert', () => {
  it('on Friday before nine is held, and paged at nine', async () => {
    const lines = await check(
      brussels(),
      `
      when                 who    says                     -> outcome
      Fri 27 Nov 08:59:59  dev    /alert critical It burns -> held
      Fri 27 Nov 09:00:00  bot    page                     -> omar
      Fri 27 Nov 09:00:00  clock                           -> moved
      `,
    );
    expect(lines[0]?.text).toContain('Fri 27 Nov 09:00');
  });

  it('on Friday at nine pages at once', async () => {
    await check(
      brussels(),
      `
      when                 who   says                      -> outcome
      Fri 27 Nov 09:00:00  bot   page                      -> omar
      Fri 27 Nov 09:00:00  dev   /alert critical It burns  -> alerted
      `,
    );
  });

  it('on Friday just before six pages at once; at six it is held until Saturday nine', async () => {
    const lines = await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 17:59:59  bot    page                      -> omar
      Fri 27 Nov 17:59:59  dev    /alert critical It burns  -> alerted
      Fri 27 Nov 18:00:00  olga   /ack ALERT-1              -> acknowledged
      Fri 27 Nov 18:00:00  dev    /alert critical And that  -> held
      Sat 28 Nov 08:59:59  clock                            -> moved
      Sat 28 Nov 09:00:00  bot    page                      -> omar
      Sat 28 Nov 09:00:00  clock                            -> moved
      `,
    );
    expect(lines.find((line) => line.code === 'held')?.text).toContain('Sat 28 Nov 09:00');
  });

  it('on Saturday at six is held until Sunday nine, for OPS’s chat', async () => {
    const lines = await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Sat 28 Nov 18:00:00  dev    /alert critical It burns  -> held
      Sun 29 Nov 08:59:59  clock                            -> moved
      Sun 29 Nov 09:00:00  bot    held-alert                -> ops
      Sun 29 Nov 09:00:00  clock                            -> moved
      `,
    );
    expect(lines.find((line) => line.code === 'held')?.text).toContain('Sun 29 Nov 09:00');
  });

  it('inside OPS’s hours goes to OPS’s chat, and nobody is paged', async () => {
    await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Tue 24 Nov 09:00:00  bot    task                      -> ops
      Tue 24 Nov 09:00:00  dev    /alert critical One       -> alerted
      Tue 24 Nov 17:59:59  bot    task                      -> ops
      Tue 24 Nov 17:59:59  dev    /alert critical Two       -> alerted
      `,
    );
  });

  it('in the nights of OPS’s days goes to OPS’s chat and pages the week’s person', async () => {
    await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Sun 22 Nov 00:00:00  bot    task                      -> ops
      Sun 22 Nov 00:00:00  bot    page                      -> olga
      Sun 22 Nov 00:00:00  dev    /alert critical Sunday    -> alerted
      Sun 22 Nov 00:00:00  olga   /resolve ALERT-1          -> resolved
      Tue 24 Nov 08:59:59  bot    task                      -> ops
      Tue 24 Nov 08:59:59  bot    page                      -> omar
      Tue 24 Nov 08:59:59  dev    /alert critical Morning   -> alerted
      Tue 24 Nov 08:59:59  omar   /ack ALERT-2              -> acknowledged
      `,
    );
    await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Tue 24 Nov 18:01:00  bot    task                      -> ops
      Tue 24 Nov 18:01:00  bot    page                      -> omar
      Tue 24 Nov 18:01:00  dev    /alert critical Evening   -> alerted
      Tue 24 Nov 18:01:00  omar   /ack ALERT-1              -> acknowledged
      `,
    );
  });

  it('on Thursday night pages until midnight, and on Friday night is held', async () => {
    await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Thu 26 Nov 23:59:59  bot    task                      -> ops
      Thu 26 Nov 23:59:59  bot    page                      -> omar
      Thu 26 Nov 23:59:59  dev    /alert critical Last      -> alerted
      Fri 27 Nov 00:00:00  dev    /alert critical First     -> held
      `,
    );
  });

  it('waits for the morning where the file says critical_nights: false', async () => {
    await check(
      brussels({ calendar: '  critical_nights: false' }),
      `
      when                 who    says                      -> outcome
      Tue 24 Nov 18:00:00  dev    /alert critical Evening   -> held
      Wed 25 Nov 08:59:59  dev    /alert critical Morning   -> held
      Wed 25 Nov 09:00:00  bot    held-alert                -> ops, ops
      Wed 25 Nov 09:00:00  clock                            -> moved
      Wed 25 Nov 09:00:00  olga   /ack ALERT-1              -> acknowledged
      Wed 25 Nov 09:00:00  olga   /ack ALERT-2              -> acknowledged
      Wed 25 Nov 09:01:00  olga   /resolve ALERT-1          -> resolved
      Wed 25 Nov 09:01:00  olga   /resolve ALERT-2          -> resolved
      Thu 26 Nov 18:00:00  dev    /alert critical Thursday  -> held
      Fri 27 Nov 09:00:00  bot    page                      -> omar
      Fri 27 Nov 09:00:00  clock                            -> moved
      `,
    );
  });
});

describe('what is not critical', () => {
  it('waits for OPS’s hours', async () => {
    const lines = await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 12:00:00  dev    /alert major Slow         -> held
      Fri 27 Nov 12:01:00  dev    /alert minor Ugly         -> held
      Sun 29 Nov 08:59:59  clock                            -> moved
      Sun 29 Nov 09:00:00  bot    held-alert                -> ops, ops
      Sun 29 Nov 09:00:00  clock                            -> moved
      `,
    );
    expect(lines[0]?.text).toContain('Sun 29 Nov 09:00');
  });

  it('on a Tuesday evening waits for Wednesday, on a Thursday evening for Sunday', async () => {
    await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Tue 24 Nov 17:59:59  bot    task                      -> ops
      Tue 24 Nov 17:59:59  dev    /alert major In time      -> alerted
      Tue 24 Nov 18:00:00  dev    /alert major Late         -> held
      Wed 25 Nov 09:00:00  bot    held-alert                -> ops
      Wed 25 Nov 09:00:00  clock                            -> moved
      Thu 26 Nov 18:00:00  dev    /alert major Later        -> held
      Sun 29 Nov 09:00:00  bot    held-alert                -> ops
      Sun 29 Nov 09:00:00  clock                            -> moved
      `,
    );
  });

  it('is never paged: an acknowledgement of it that lapses on an on-call day waits for OPS again', async () => {
    await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Thu 26 Nov 17:00:00  bot    task                      -> ops
      Thu 26 Nov 17:00:00  dev    /alert major Slow         -> alerted
      Thu 26 Nov 17:00:00  olga   /ack ALERT-1              -> acknowledged
      Sun 29 Nov 09:00:00  bot    held-alert                -> ops
      Sun 29 Nov 09:00:00  clock                            -> moved
      `,
    );
  });
});

describe('the reporter is told when it goes out', () => {
  it('who set a label on GitHub hears it from the bot', async () => {
    const lines = await check(
      { organisation: site(), kinds: ['hint', 'page'] },
      `
      when              who      says                             -> outcome
      Fri 27 Nov 08:00  bot      hint                             -> dev
      Fri 27 Nov 08:00  @dev-gh  opened example/grid#3 critical   -> received
      Fri 27 Nov 09:00  bot      page                             -> omar
      Fri 27 Nov 09:00  clock                                     -> moved
      `,
    );
    expect(lines.find((line) => line.sent === 'hint')?.text).toContain('Fri 27 Nov 09:00');
  });

  it('who logs a critical bug reads it in the answer', async () => {
    const lines = await check(
      { organisation: site(), kinds: ['page'] },
      `
      when              who      says                        -> outcome
      Fri 27 Nov 08:00  dev      /bug critical It is down    -> logged
      `,
    );
    expect(JSON.stringify(lines)).toContain('Fri 27 Nov 09:00');
  });
});

describe('one alert an issue', () => {
  it('said twice it is already there; closing the issue resolves it; reopening raises another', async () => {
    await check(
      { organisation: site(), kinds: [...ALERTS, 'hint'] },
      `
      when              who      says                              -> outcome
      Tue 24 Nov 10:00  bot      task                              -> ops
      Tue 24 Nov 10:00  dev      /alert critical example/grid#3    -> alerted
      Tue 24 Nov 10:01  dev      /alert critical example/grid#3    -> already
      Tue 24 Nov 10:02  @lea-gh  labeled example/grid#3 critical   -> received
      Tue 24 Nov 10:03  @lea-gh  closed example/grid#3             -> received
      Tue 24 Nov 10:04  olga     /ack ALERT-1                      -> already
      Tue 24 Nov 10:05  bot      task                              -> ops
      Tue 24 Nov 10:05  @lea-gh  reopened example/grid#3           -> received
      Tue 24 Nov 10:06  olga     /ack ALERT-2                      -> acknowledged
      `,
    );
  });

  it('an issue that is first seen when it is closed alerts nobody', async () => {
    await check(
      brussels(),
      `
      when              who      says                              -> outcome
      Tue 24 Nov 10:00  @lea-gh  opened example/grid#3             -> received
      Tue 24 Nov 10:00  clock    {"event":"github","name":"issues","payload":{"action":"closed","issue":{"number":9,"state":"closed","labels":["critical"]},"repository":{"full_name":"example/grid"}}}  -> received
      `,
    );
  });

  it('a major one that becomes critical is paged right away', async () => {
    await check(
      brussels(),
      `
      when              who      says                              -> outcome
      Fri 27 Nov 12:00  dev      /alert major example/grid#3       -> held
      Fri 27 Nov 12:30  bot      page                              -> omar
      Fri 27 Nov 12:30  @lea-gh  labeled example/grid#3 critical   -> received
      `,
    );
  });
});

describe('hours and days are the organisation’s to set', () => {
  it('other OPS hours, other on-call hours, another timezone', async () => {
    const calendar = `  ops_hours: { days: [Mon, Tue, Wed, Thu, Fri], from: "08:00", until: "16:30" }
  on_call_hours: { days: [Sat, Sun], from: "10:00", until: "14:00" }`;
    await check(
      brussels({ timezone: 'Asia/Kolkata', calendar }),
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 16:29:59  bot    task                      -> ops
      Fri 27 Nov 16:29:59  dev    /alert critical A         -> alerted
      Fri 27 Nov 16:30:00  bot    page                      -> omar
      Fri 27 Nov 16:30:00  bot    task                      -> ops
      Fri 27 Nov 16:30:00  bot    page                      -> omar
      Fri 27 Nov 16:30:00  dev    /alert critical B         -> alerted
      Fri 27 Nov 16:31:00  omar   /ack ALERT-1              -> acknowledged
      Fri 27 Nov 16:31:00  omar   /resolve ALERT-1          -> resolved
      Fri 27 Nov 16:31:00  omar   /ack ALERT-2              -> acknowledged
      Fri 27 Nov 16:31:00  omar   /resolve ALERT-2          -> resolved
      Sat 28 Nov 09:59:59  dev    /alert critical C         -> held
      Sat 28 Nov 10:00:00  bot    page                      -> omar
      Sat 28 Nov 10:00:00  omar   /resolve ALERT-3          -> resolved
      Sun 29 Nov 14:00:00  dev    /alert critical D         -> held
      Mon 30 Nov 08:00:00  bot    held-alert                -> ops
      Mon 30 Nov 08:00:00  clock                            -> moved
      `,
    );
  });
});
