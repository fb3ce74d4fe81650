import { describe, expect, it } from 'vitest';
import { site } from '../time/site.ts';
import { check } from '../time/table.ts';

/** R7: an alert always has somebody: whoever is on call when it becomes critical, the admins where OPS has nobody. */

const ALERTS = ['page', 'held-alert', 'task'];
const brussels = (options: Parameters<typeof site>[0] = {}) => ({ organisation: site(options), kinds: ALERTS });

describe('what becomes critical', () => {
  it('pages at once and begins the ladder anew, also when it was acknowledged as something smaller', async () => {
    await check(
      brussels(),
      `
      when                 who    says                      -> outcome
      Thu 26 Nov 17:30:00  bot    task                      -> ops
      Thu 26 Nov 17:30:00  dev    /alert major Slow         -> alerted
      Thu 26 Nov 17:31:00  olga   /ack ALERT-1              -> acknowledged
      Thu 26 Nov 20:00:00  bot    task                      -> ops
      Thu 26 Nov 20:00:00  bot    page                      -> omar
      Thu 26 Nov 20:00:00  dev    /alert critical baton#1   -> alerted
      Thu 26 Nov 20:10:00  bot    page                      -> omar
      Thu 26 Nov 20:11:00  omar   /ack ALERT-1              -> acknowledged
      `,
    );
  });
});

describe('an OPS of nobody', () => {
  const ADA = '  - { id: ada, name: Ada, roles: [admin], telegram: 1040 }';
  const before = `Mon 23 Nov 10:00  ada  /person remove olga
  ada  /person remove omar`;
  it('is the admins’ to be paged', async () => {
    const lines = await check(
      { ...brussels({ people: ADA, onCall: '' }), before },
      `
      when                 who    says                      -> outcome
      Fri 27 Nov 10:00:00  bot    page                      -> ada
      Fri 27 Nov 10:00:00  dev    /alert critical It burns  -> alerted
      `,
    );
    expect(lines.at(-1)?.text).toContain('the admins are paged');
  });

  it('and to be told, where it has no chat either', async () => {
    const chats = '  - { name: general, team: everyone, telegram: -1001 }';
    const lines = await check(
      { ...brussels({ people: ADA, onCall: '', chats }), before },
      `
      when                 who    says                      -> outcome
      Tue 24 Nov 10:00:00  bot    task                      -> ada
      Tue 24 Nov 10:00:00  dev    /alert major Slow         -> alerted
      `,
    );
    expect(lines.at(-1)?.text).toContain('the admins are told');
  });
});
