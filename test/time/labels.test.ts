import { describe, it } from 'vitest';
import { site } from './site.ts';
import { check } from './table.ts';

/** What labels do to clocks: change, repetition, lowering, several at once, closing and reopening. */

const table = { organisation: site(), kinds: ['sla', 'escalation', 'hint'] };

describe('a label', () => {
  it('that changes restarts its clock from the moment of the change', async () => {
    await check(
      table,
      `
      when                 who      says                                 -> outcome
      Tue 17 Nov 10:00:00  @dev-gh  opened example/grid#3 minor          -> received
      Mon 23 Nov 15:00:00  @dev-gh  labeled example/grid#3 major         -> received
      Tue 24 Nov 15:00:00  bot      sla                                  -> lea
      Wed 25 Nov 15:00:00  bot      escalation                           -> lea
      Mon 30 Nov 12:00:00  clock                                         -> moved
      `,
    );
  });

  it('set again restarts nothing, whatever else is set', async () => {
    await check(
      table,
      `
      when                 who      says                                     -> outcome
      Mon 23 Nov 10:00:00  @dev-gh  opened example/grid#3 major              -> received
      Mon 23 Nov 20:00:00  @dev-gh  labeled example/grid#3 major             -> received
      Mon 23 Nov 21:00:00  @dev-gh  labeled example/grid#3 bug MAJOR minor   -> received
      Tue 24 Nov 10:00:00  bot      sla                                      -> lea
      Wed 25 Nov 10:00:00  bot      escalation                               -> lea
      Wed 25 Nov 10:00:00  clock                                             -> moved
      `,
    );
  });

  it.each([
    ['lea', 'lea-gh', 'the dev lead'],
    ['quin', 'quin-gh', 'QA'],
    ['omar', 'omar-gh', 'OPS'],
  ])('is lowered by %s (%s), %s: the clock is the lower one’s', async (_id, login) => {
    await check(
      table,
      `
      when                 who        says                             -> outcome
      Tue 17 Nov 10:00:00  @dev-gh    opened example/grid#3 major      -> received
      Tue 17 Nov 11:00:00  @${login}  labeled example/grid#3 minor     -> received
      Fri 20 Nov 10:00:00  clock                                       -> moved
      Sat 28 Nov 00:00:00  bot        sla                              -> lea
      Mon 30 Nov 00:00:00  bot        escalation                       -> lea
      Mon 30 Nov 00:00:00  clock                                       -> moved
      `,
    );
  });

  it('that a developer or a stranger lowers or takes away stays in force, and OPS is told', async () => {
    await check(
      table,
      `
      when                 who        says                             -> outcome
      Mon 23 Nov 10:00:00  @dev-gh    opened example/grid#3 major      -> received
      Mon 23 Nov 11:00:00  bot        hint                             -> ops
      Mon 23 Nov 11:00:00  @dev-gh    unlabeled example/grid#3         -> received
      Mon 23 Nov 12:00:00  bot        hint                             -> ops
      Mon 23 Nov 12:00:00  @stranger  labeled example/grid#3 minor     -> received
      Tue 24 Nov 10:00:00  bot        sla                              -> lea
      Wed 25 Nov 10:00:00  bot        escalation                       -> lea
      Wed 25 Nov 10:00:00  clock                                       -> moved
      `,
    );
  });

  it('that was set in the chat is not lowered by news that are not about labels', async () => {
    await check(
      table,
      `
      when                 who        says                             -> outcome
      Mon 23 Nov 10:00:00  @dev-gh    opened example/grid#3            -> received
      Mon 23 Nov 10:00:00  dev        /alert critical example/grid#3   -> alerted
      Mon 23 Nov 10:05:00  @dev-gh    assigned example/grid#3          -> received
      Mon 23 Nov 10:06:00  @omar-gh   edited example/grid#3            -> received
      Mon 23 Nov 10:10:00  olga       /ack ALERT-1                     -> acknowledged
      Mon 23 Nov 11:00:00  bot        sla                              -> lea, olga
      Mon 23 Nov 11:00:00  clock                                       -> moved
      `,
    );
  });

  it('that was taken away in vain is told once, not with every edit', async () => {
    await check(
      table,
      `
      when                 who        says                             -> outcome
      Mon 23 Nov 10:00:00  @dev-gh    opened example/grid#3 major      -> received
      Mon 23 Nov 11:00:00  bot        hint                             -> ops
      Mon 23 Nov 11:00:00  @dev-gh    unlabeled example/grid#3         -> received
      Mon 23 Nov 11:01:00  @dev-gh    edited example/grid#3            -> received
      `,
    );
  });

  it('on a closed issue starts no clock; reopened, it starts anew', async () => {
    await check(
      table,
      `
      when                 who      says                              -> outcome
      Mon 16 Nov 10:00:00  @dev-gh  opened example/grid#3             -> received
      Mon 16 Nov 11:00:00  @dev-gh  closed example/grid#3             -> received
      Mon 16 Nov 12:00:00  @dev-gh  labeled example/grid#3 major      -> received
      Mon 23 Nov 09:30:00  @dev-gh  reopened example/grid#3           -> received
      Tue 24 Nov 09:30:00  bot      sla                               -> lea
      Wed 25 Nov 09:30:00  bot      escalation                        -> lea
      Wed 25 Nov 09:30:00  clock                                      -> moved
      `,
    );
  });

  it('of the organisation’s own name counts, in any case', async () => {
    await check(
      table,
      `
      when                 who      says                                        -> outcome
      Mon 23 Nov 10:00:00  @dev-gh  opened example/grid#3 Priority_Critical     -> received
      Mon 23 Nov 10:15:00  bot      escalation                                  -> lea
      Mon 23 Nov 11:00:00  bot      sla                                         -> lea
      Mon 23 Nov 11:00:00  clock                                                -> moved
      `,
    );
  });

  it('that sinks from critical to major has the clock of major from then on, and no more news is asked for', async () => {
    await check(
      table,
      `
      when                 who      says                                 -> outcome
      Mon 23 Nov 10:00:00  @dev-gh  opened example/grid#3 critical       -> received
      Mon 23 Nov 10:01:00  olga     /ack ALERT-1                         -> acknowledged
      Mon 23 Nov 10:30:00  @lea-gh  labeled example/grid#3 major         -> received
      Mon 23 Nov 10:31:00  olga     /resolve ALERT-1                     -> resolved
      Tue 24 Nov 10:30:00  bot      sla                                  -> lea
      Wed 25 Nov 10:30:00  bot      escalation                           -> lea
      Wed 25 Nov 10:30:00  clock                                         -> moved
      `,
    );
  });
});
