import { describe, expect, it } from 'vitest';
import type { Line } from './play.ts';
import { site, toProduction, toStaging } from './site.ts';
import { check } from './table.ts';

/** Every row of the reminders' table: its hour, its kind, to whom, also when nothing waits. */

const kinds = ['freeze', 'on-call', 'page-test', 'held-alert'];
const textOf = (lines: readonly Line[], at: string, kind: string) =>
  lines.find((line) => line.sent === kind && line.at?.startsWith(at))?.text ?? '';

describe('a week in which nothing waits', () => {
  it('has every row of kind freeze and on-call, at its hour', async () => {
    const lines = await check(
      { organisation: site(), kinds },
      `
      when                 who    says         -> outcome
      Mon 23 Nov 08:00:00  clock               -> moved
      Mon 23 Nov 09:00:00  bot    freeze       -> ops
      Wed 25 Nov 09:00:00  bot    freeze       -> ops
      Wed 25 Nov 16:00:00  bot    freeze       -> ops
      Thu 26 Nov 09:00:00  bot    freeze       -> ops, general
      Thu 26 Nov 16:00:00  bot    page-test    -> omar
      Thu 26 Nov 17:00:00  bot    on-call      -> ops
      Fri 27 Nov 09:00:00  bot    on-call      -> omar
      Sat 28 Nov 09:00:00  bot    on-call      -> omar
      Sat 28 Nov 18:00:00  bot    on-call      -> omar
      Sun 29 Nov 09:00:00  bot    on-call      -> ops
      Mon 30 Nov 09:00:00  bot    freeze       -> ops
      Mon 30 Nov 09:00:00  clock               -> moved
      `,
    );
    expect(textOf(lines, '2026-11-25T09', 'freeze')).toContain('Thu 26 Nov 00:00');
    expect(textOf(lines, '2026-11-26T09', 'freeze')).toContain('Mon 30 Nov 00:00');
    expect(textOf(lines, '2026-11-26T17', 'on-call')).toMatch(/Fri 27 Nov.*Omar.*Telegram.*\n?.*Sat 28 Nov.*Omar/s);
  });

  it('keeps its hours on the weeks in which the clock changes', async () => {
    await check(
      { organisation: site(), kinds },
      `
      when                 who    says         -> outcome
      Thu 22 Oct 08:00:00  clock               -> moved
      Thu 22 Oct 09:00:00  bot    freeze       -> ops, general
      Thu 22 Oct 16:00:00  bot    page-test    -> olga
      Thu 22 Oct 17:00:00  bot    on-call      -> ops
      Fri 23 Oct 09:00:00  bot    on-call      -> olga
      Sat 24 Oct 09:00:00  bot    on-call      -> olga
      Sat 24 Oct 18:00:00  bot    on-call      -> olga
      Sun 25 Oct 09:00:00  bot    on-call      -> ops
      Mon 26 Oct 09:00:00  bot    freeze       -> ops
      Mon 26 Oct 12:00:00  clock               -> moved
      `,
    );
  });

  it('goes to each of OPS privately where OPS has no chat', async () => {
    await check(
      { organisation: site({ chats: '  - { name: general, telegram: -1001 }' }), kinds },
      `
      when                 who    says         -> outcome
      Mon 23 Nov 08:00:00  clock               -> moved
      Mon 23 Nov 09:00:00  bot    freeze       -> olga, omar
      Wed 25 Nov 09:00:00  bot    freeze       -> olga, omar
      Wed 25 Nov 16:00:00  bot    freeze       -> olga, omar
      Thu 26 Nov 09:00:00  bot    freeze       -> general
      Thu 26 Nov 09:00:00  clock               -> moved
      `,
    );
  });

  it('pages nobody for a test where nobody is in the rotation, and says that nobody is', async () => {
    const lines = await check(
      { organisation: site({ onCall: '' }), kinds },
      `
      when                 who    says         -> outcome
      Thu 26 Nov 10:00:00  clock               -> moved
      Thu 26 Nov 17:00:00  bot    on-call      -> ops
      Thu 26 Nov 17:00:00  clock               -> moved
      `,
    );
    expect(textOf(lines, '2026-11-26T17', 'on-call')).toMatch(/nobody/i);
  });
});

describe('the freeze rows', () => {
  it('name what waits, and go to its owner, too', async () => {
    const lines = await check(
      { organisation: site(), kinds: ['freeze'], before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who    says                        -> outcome
      Wed 25 Nov 09:00:00  bot    freeze                      -> ops, pia
      Wed 25 Nov 16:00:00  bot    freeze                      -> ops
      Wed 25 Nov 16:00:00  clock                              -> moved
      Thu 26 Nov 09:00:00  bot    freeze                      -> ops, general
      Thu 26 Nov 09:00:00  clock                              -> moved
      Mon 30 Nov 08:59:59  clock                              -> moved
      Mon 30 Nov 09:00:00  bot    freeze                      -> ops, pia
      Mon 30 Nov 09:00:00  clock                              -> moved
      `,
    );
    expect(textOf(lines, '2026-11-25T09', 'freeze')).toContain('WEB-1');
    expect(textOf(lines, '2026-11-30T09', 'freeze')).toContain('WEB-1');
  });

  it('on Wednesday afternoon go to stakeholders with open votes on staging, with the votes still missing', async () => {
    const lines = await check(
      {
        organisation: site(),
        kinds,
        before: `${toStaging('Tue 24 Nov 10:00')}\n  olga  /release WEB-1 staging\n  sam  /approve WEB-1`,
      },
      `
      when                 who    says                        -> outcome
      Wed 25 Nov 09:00:00  bot    freeze                      -> ops, pia
      Wed 25 Nov 16:00:00  bot    freeze                      -> ops, sue, stan
      Wed 25 Nov 16:00:00  clock                              -> moved
      `,
    );
    const text = textOf(lines, '2026-11-25T16', 'freeze');
    expect(text).toContain('WEB-1');
    expect(text).toMatch(/sue/i);
  });

  it('know of a declared freeze that adds up with the weekly one', async () => {
    const lines = await check(
      { organisation: site(), kinds: ['freeze'] },
      `
      when                 who    says                                           -> outcome
      Wed 25 Nov 17:00:00  olga   /freeze declare 2026-11-30 2026-12-01 a feast  -> declared
      Thu 26 Nov 09:00:00  bot    freeze                                         -> ops, general
      Mon 30 Nov 09:00:00  bot    freeze                                         -> ops
      Mon 30 Nov 09:00:00  clock                                                 -> moved
      `,
    );
    expect(textOf(lines, '2026-11-26T09', 'freeze')).toContain('Wed 2 Dec 00:00');
    expect(textOf(lines, '2026-11-30T09', 'freeze')).not.toMatch(/window is open/);
  });
});

describe('the on-call rows', () => {
  it('say what is open, what is held, and what was held; what was held goes out beside them', async () => {
    const lines = await check(
      { organisation: site(), kinds: ['on-call', 'held-alert'] },
      `
      when                 who    says                       -> outcome
      Fri 27 Nov 08:00:00  dev    /alert critical It burns   -> held
      Fri 27 Nov 09:00:00  bot    on-call                    -> omar
      Fri 27 Nov 09:05:00  omar   /resolve ALERT-1           -> resolved
      Fri 27 Nov 12:00:00  dev    /alert major It is slow    -> held
      Sat 28 Nov 09:00:00  bot    on-call                    -> omar
      Sat 28 Nov 18:00:00  bot    on-call                    -> omar
      Sun 29 Nov 09:00:00  bot    on-call                    -> ops
      Sun 29 Nov 09:00:00  bot    held-alert                 -> ops
      Sun 29 Nov 09:00:00  clock                             -> moved
      `,
    );
    expect(textOf(lines, '2026-11-27T09', 'on-call')).toContain('ALERT-1');
    expect(textOf(lines, '2026-11-28T18', 'on-call')).toContain('ALERT-2');
    expect(textOf(lines, '2026-11-29T09', 'on-call')).toContain('ALERT-2');
  });

  it('page-test is confirmed with /ack, and the list shows who did not', async () => {
    const confirmed = await check(
      { organisation: site(), kinds: ['page-test', 'on-call'] },
      `
      when                 who    says          -> outcome
      Thu 26 Nov 15:00:00  clock                -> moved
      Thu 26 Nov 16:00:00  bot    page-test     -> omar
      Thu 26 Nov 16:30:00  omar   /ack          -> acknowledged
      Thu 26 Nov 17:00:00  bot    on-call       -> ops
      Thu 26 Nov 17:00:00  clock                -> moved
      `,
    );
    expect(textOf(confirmed, '2026-11-26T17', 'on-call')).not.toMatch(/not confirmed/);
    const silent = await check(
      { organisation: site(), kinds: ['page-test', 'on-call'] },
      `
      when                 who    says          -> outcome
      Thu 26 Nov 15:00:00  clock                -> moved
      Thu 26 Nov 16:00:00  bot    page-test     -> omar
      Thu 26 Nov 17:00:00  bot    on-call       -> ops
      Thu 26 Nov 17:00:00  clock                -> moved
      `,
    );
    expect(textOf(silent, '2026-11-26T17', 'on-call')).toMatch(/not confirmed/);
  });

  it('a test page that is not confirmed is shown until it is mended', async () => {
    const lines = await check(
      { organisation: site(), kinds: ['page-test'] },
      `
      when                 who    says          -> outcome
      Thu 26 Nov 16:00:00  bot    page-test     -> omar
      Thu 26 Nov 16:00:00  clock                -> moved
      Thu 26 Nov 18:00:00  olga   /oncall       -> shown
      `,
    );
    expect(lines.at(-1)?.text).toMatch(/not confirmed/);
  });

  it('go to who took the day over', async () => {
    await check(
      { organisation: site(), kinds: ['page-test', 'on-call'] },
      `
      when                 who    says                           -> outcome
      Thu 26 Nov 10:00:00  omar   /oncall swap olga 2026-11-28   -> offered
      Thu 26 Nov 10:01:00  olga   /oncall take                   -> taken
      Thu 26 Nov 16:00:00  bot    page-test                      -> omar, olga
      Thu 26 Nov 17:00:00  bot    on-call                        -> ops
      Fri 27 Nov 09:00:00  bot    on-call                        -> omar
      Sat 28 Nov 09:00:00  bot    on-call                        -> olga
      Sat 28 Nov 18:00:00  bot    on-call                        -> olga
      Sat 28 Nov 18:00:00  clock                                 -> moved
      `,
    );
  });
});

describe('the organisation’s file', () => {
  it('moves one by its name, turns another off, and leaves the rest', async () => {
    await check(
      { organisation: site({ reminders: '{ wednesday-morning: "30 7 * * Wed", wednesday-afternoon: off }' }), kinds },
      `
      when                 who    says         -> outcome
      Tue 24 Nov 12:00:00  clock               -> moved
      Wed 25 Nov 07:30:00  bot    freeze       -> ops
      Thu 26 Nov 09:00:00  bot    freeze       -> ops, general
      Thu 26 Nov 12:00:00  clock               -> moved
      `,
    );
  });

  it('has its hours in its own timezone', async () => {
    await check(
      { organisation: site({ timezone: 'Pacific/Auckland' }), kinds },
      `
      when                 who    says         -> outcome
      Mon 23 Nov 08:59:59  clock               -> moved
      Mon 23 Nov 09:00:00  bot    freeze       -> ops
      Wed 25 Nov 09:00:00  bot    freeze       -> ops
      Wed 25 Nov 12:00:00  clock               -> moved
      `,
    );
  });
});
