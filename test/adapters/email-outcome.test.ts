import { afterEach, expect, test } from 'vitest';
import type { MailOptions } from '../../adapters/email/index.ts';
import type { Posted } from '../../src/forge-ports.ts';
import type { Fault } from '../peers/smtp/peer.ts';
import { createStage, letter, type Stage } from './email-stage.ts';

/** What a letter comes to when the server does not take it. */

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});
const open = async (more: Partial<MailOptions> = {}): Promise<Stage> => {
  stage = await createStage({}, more);
  return stage;
};

/** For servers that say nothing; with the others it is waited as long as a busy machine may need. */
const SHORT = { connect: 1_500, greeting: 1_500, silence: 1_500, whole: 10_000 };

test.each<[string, Fault, Posted['is'], Partial<Posted>]>([
  ['closing down at once', { at: 'connect', reply: 421 }, 'later', { after: 120_000 }],
  ['no service here', { at: 'connect', reply: 554 }, 'away', {}],
  ['closing down', { at: 'mail', reply: 421 }, 'later', { after: 120_000 }],
  ['we are not welcome', { at: 'mail', reply: 550 }, 'away', {}],
  ['too large, said early', { at: 'mail', reply: 552 }, 'refused', {}],
  ['come again', { at: 'rcpt', reply: 451 }, 'put-off', { after: 60_000 }],
  ['greylisted', { at: 'rcpt', reply: 450 }, 'put-off', {}],
  ['no room at present', { at: 'rcpt', reply: 452 }, 'put-off', { after: 300_000 }],
  ['closing down before the letter', { at: 'rcpt', reply: 421 }, 'later', { after: 120_000 }],
  ['come again, to the sender', { at: 'mail', reply: 451 }, 'later', {}],
  ['no such person', { at: 'rcpt', reply: 550 }, 'refused', { unreachable: true }],
  ['out of step', { at: 'rcpt', reply: 503 }, 'later', {}],
  ['come again, after the letter', { at: 'data', reply: 451 }, 'put-off', {}],
  ['closing down, after the letter', { at: 'data', reply: 421 }, 'later', {}],
  ['not with these words', { at: 'data', reply: 554 }, 'refused', {}],
  ['cut before the letter', { at: 'rcpt', cut: true }, 'away', {}],
  ['cut within the letter', { at: 'data', cut: true }, 'uncertain', {}],
  ['cut after the letter', { at: 'after-data', cut: true }, 'uncertain', {}],
  ['silent at the greeting', { at: 'connect', hang: true }, 'away', {}],
  ['silent before the letter', { at: 'mail', hang: true }, 'away', {}],
  ['silent after the letter', { at: 'after-data', hang: true }, 'uncertain', {}],
])('%s', async (_, fault, is, more) => {
  const { mail, peer } = await open('hang' in fault ? { patience: SHORT } : {});
  peer.fault(fault);
  expect(await mail.send(letter())).toMatchObject({ is, why: expect.stringMatching(/./), ...more });
  expect(peer.mails).toHaveLength(fault.at === 'after-data' ? 1 : 0);
  // Nothing was tried again behind the outbox's back, and the next one goes through.
  expect(peer.connections).toBe(1);
  expect(await mail.send(letter({ id: 'm-2' }))).toMatchObject({ is: 'sent' });
});

test.each<[number, string, boolean]>([
  [550, 'no such user here', true],
  [550, '5.1.1 no such user here', true],
  [550, '5.1.10 the domain takes no mail', true],
  [550, '5.2.1 the mailbox is disabled', true],
  [550, '5.4.1 access denied', true],
  [551, 'user has moved', true],
  [553, 'no such mailbox', true],
  [550, '5.7.1 you are on a list', false],
  [554, '5.7.1 relay access denied', false],
  [554, 'no', false],
  [552, '5.2.2 the mailbox is full', false],
  [550, '5.2.2 the mailbox is full', false],
])('refused with %i %s: is nobody there? %j', async (reply, words, isGone) => {
  const { mail, peer } = await open();
  peer.fault({ at: 'rcpt', reply, words });
  const sent = await mail.send(letter());
  expect(sent).toEqual({ is: 'refused', why: `${reply} ${words}`, ...(isGone ? { unreachable: true } : {}) });
});
