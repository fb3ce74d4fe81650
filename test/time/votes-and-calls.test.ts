import { describe, expect, it } from 'vitest';
import { site, toStaging } from './site.ts';
import { check } from './table.ts';

/** Votes remind after 24 hours and climb after 72, `agree` votes never; calls close after four hours; agendas go out an hour before. */

const STAGED = 'Mon 23 Nov 10:00';

describe('a review vote', () => {
  const table = {
    organisation: site(),
    kinds: ['vote-reminder', 'escalation'],
    key: 'WEB-1',
    before: toStaging(STAGED),
  };
  it('reminds who has not voted after 24 hours, privately, and climbs after 72', async () => {
    await check(
      table,
      `
      when                 who    says                     -> outcome
      Mon 23 Nov 11:00:30  olga   /release WEB-1 staging   -> released
      Mon 23 Nov 12:00:00  sam    /approve WEB-1           -> voted
      Mon 23 Nov 12:00:00  stan   /abstain WEB-1           -> voted
      Tue 24 Nov 11:00:29  clock                           -> moved
      Tue 24 Nov 11:00:30  bot    vote-reminder            -> sue
      Thu 26 Nov 11:00:29  clock                           -> moved
      Thu 26 Nov 11:00:30  bot    escalation               -> pia
      Wed 2 Dec 11:00:30   clock                           -> moved
      `,
    );
  });

  it('that closed a second before says nothing', async () => {
    await check(
      table,
      `
      when                 who    says                     -> outcome
      Mon 23 Nov 11:00:00  olga   /release WEB-1 staging   -> released
      Mon 23 Nov 12:00:00  sam    /approve WEB-1           -> voted
      Tue 24 Nov 10:59:59  sue    /approve WEB-1           -> approved
      Thu 26 Nov 12:00:00  clock                           -> moved
      `,
    );
  });

  it('begins its hours anew with a new version on staging', async () => {
    await check(
      table,
      `
      when                 who    says                        -> outcome
      Mon 23 Nov 11:00:00  olga   /release WEB-1 staging v1   -> released
      Mon 23 Nov 12:00:00  sam    /approve WEB-1              -> voted
      Mon 23 Nov 15:00:00  olga   /release WEB-1 staging v2   -> released
      Tue 24 Nov 14:59:59  clock                              -> moved
      Tue 24 Nov 15:00:00  bot    vote-reminder               -> sam, sue, stan
      Thu 26 Nov 15:00:00  bot    escalation                  -> pia
      Thu 26 Nov 15:00:00  clock                              -> moved
      `,
    );
  });

  it('counts hours, not days, when the clock falls back', async () => {
    await check(
      { ...table, before: toStaging('Mon 19 Oct 10:00') },
      `
      when                 who    says                     -> outcome
      Sat 24 Oct 11:00:00  olga   /release WEB-1 staging   -> released
      Sun 25 Oct 10:00:00  bot    vote-reminder            -> sam, sue, stan
      Tue 27 Oct 10:00:00  bot    escalation               -> pia
      Tue 27 Oct 10:00:00  clock                           -> moved
      `,
    );
  });
});

describe('an agree vote', () => {
  it('has no clock: it stands on the next agenda', async () => {
    await check(
      { organisation: site(), kinds: ['vote-reminder', 'escalation', 'vote-opened'] },
      `
      when              who    says                                      -> outcome
      Mon 23 Nov 10:00  sam    /propose product A grid                   -> proposed
      Mon 23 Nov 10:00  bot    vote-opened                               -> sam, sue, stan
      Mon 23 Nov 10:00  sam    /call open                                -> opened
      Mon 23 Nov 10:01  sam    /approve PROD-1                           -> voted
      Mon 23 Nov 10:02  sam    /call close                               -> closed
      Mon 30 Nov 10:02  sue    /approve PROD-1                           -> refused R12
      Mon 30 Nov 10:03  sue    /call open                                -> opened
      Mon 30 Nov 10:04  sue    /approve PROD-1                           -> approved
      `,
    );
  });
});

describe('a call', () => {
  const table = { organisation: site(), before: 'Mon 23 Nov 09:30  sam  /propose product A grid' };
  it('closes by itself after four hours', async () => {
    await check(
      table,
      `
      when                 who    says              -> outcome
      Mon 23 Nov 10:00:00  sam    /call open        -> opened
      Mon 23 Nov 10:00:00  sue    /call open        -> already
      Mon 23 Nov 13:59:59  sam    /approve PROD-1   -> voted
      Mon 23 Nov 14:00:00  sue    /approve PROD-1   -> refused R12
      Mon 23 Nov 14:00:00  sue    /call close       -> already
      Mon 23 Nov 14:00:01  sue    /call open        -> opened
      Mon 23 Nov 14:00:02  sue    /approve PROD-1   -> approved
      Mon 23 Nov 18:00:00  sue    /call close       -> closed
      `,
    );
  });

  it('that was closed and opened again lasts four hours from then', async () => {
    await check(
      table,
      `
      when                 who    says              -> outcome
      Mon 23 Nov 10:00:00  sam    /call open        -> opened
      Mon 23 Nov 12:00:00  sam    /call close       -> closed
      Mon 23 Nov 13:00:00  sam    /call open        -> opened
      Mon 23 Nov 14:00:00  sam    /approve PROD-1   -> voted
      Mon 23 Nov 16:59:59  sam    /call open        -> already
      Mon 23 Nov 17:00:00  sam    /call close       -> already
      `,
    );
  });
});

describe('the agenda', () => {
  const table = {
    organisation: site(),
    kinds: ['agenda'],
    before: 'Mon 23 Nov 09:30  pia  /propose web A page',
  };
  it('goes out an hour before a planned call, to stakeholders and proposers', async () => {
    const lines = await check(
      table,
      `
      when                 who    says                   -> outcome
      Mon 23 Nov 10:00:00  sam    /call plan Tue 14:00   -> planned
      Tue 24 Nov 12:59:59  clock                         -> moved
      Tue 24 Nov 13:00:00  bot    agenda                 -> sam, sue, stan, pia
      Tue 24 Nov 15:00:00  clock                         -> moved
      `,
    );
    expect(lines.find((line) => line.sent === 'agenda')?.text).toContain('WEB-1');
  });

  it('of a call that is planned less than an hour ahead goes out at once, before the answer', async () => {
    await check(
      table,
      `
      when                 who    says                   -> outcome
      Mon 23 Nov 10:00:00  bot    agenda                 -> sam, sue, stan, pia
      Mon 23 Nov 10:00:00  sam    /call plan 10:30       -> planned
      `,
    );
  });

  it('of a call that was planned anew goes out for the new time alone', async () => {
    await check(
      table,
      `
      when                 who    says                              -> outcome
      Mon 23 Nov 10:00:00  sam    /call plan 2026-11-24T14:00       -> planned
      Mon 23 Nov 10:05:00  sam    /call plan 2026-11-25 16:00       -> planned
      Wed 25 Nov 15:00:00  bot    agenda                            -> sam, sue, stan, pia
      Wed 25 Nov 15:00:00  clock                                    -> moved
      `,
    );
  });

  it('is not sent when nothing is on it, or where the file turns it off', async () => {
    await check(
      { organisation: site(), kinds: ['agenda'] },
      `
      when                 who    says                   -> outcome
      Mon 23 Nov 10:00:00  sam    /call plan Tue 14:00   -> planned
      Tue 24 Nov 14:00:00  clock                         -> moved
      `,
    );
    await check(
      { ...table, organisation: site({ reminders: '{ agenda: off }' }) },
      `
      when                 who    says                   -> outcome
      Mon 23 Nov 10:00:00  sam    /call plan Tue 14:00   -> planned
      Tue 24 Nov 14:00:00  clock                         -> moved
      `,
    );
  });
});
