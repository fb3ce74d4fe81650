import { expect } from 'vitest';
import type { Story } from './story.ts';

/** Monday morning: two ideas, one call, votes on both platforms. */
export async function theCall({ says, presses, card }: Story): Promise<void> {
  // Bea writes on Slack, Sam on Telegram; their ideas wait for the call.
  await says('slack', 'bea', '/propose product A new grid', 'PROD-1 “A new grid” is proposed');
  await says('telegram', 'sam', '/propose project Harbour', 'PRJ-1 “Harbour” is proposed');
  await says('telegram', 'sam', '/call open', 'The call is open', 'board');
  // The board is on both platforms: each vote has a card on each.
  for (const on of ['telegram', 'slack'] as const)
    expect(card(on, 'Agree on PROD-1', 'board')).toContain('Missing: Sam, Sue and Sol. Needed: 2.');

  await presses('telegram', 'sam', 'Approve', 'Agree on PROD-1', 'board');
  // What is pressed on Telegram is on the card of Slack at once.
  expect(card('slack', 'Agree on PROD-1', 'board')).toContain('Approve: Sam. Reject: –. Missing: Sue and Sol.');
  await presses('slack', 'sue', 'Approve', 'Agree on PROD-1', 'board');

  // Sol is on both, changes his mind on the other platform, and counts once.
  await presses('telegram', 'sol', 'Abstain', 'Agree on PRJ-1', 'board');
  expect(card('slack', 'Agree on PRJ-1', 'board')).toContain('Missing: Sam and Sue. Abstained: Sol.');
  await presses('slack', 'sol', 'Approve', 'Agree on PRJ-1', 'board');
  expect(card('telegram', 'Agree on PRJ-1', 'board')).toContain('Approve: Sol. Reject: –. Missing: Sam and Sue.');
  await says('telegram', 'sam', '/approve PRJ-1', 'PRJ-1: approved, by Sam as the last one needed', 'board');

  await says('slack', 'sue', '/prioritise PROD-1 1 owner pia', 'PROD-1 “A new grid” has rank 1, owner Pia', 'board');
  await says('telegram', 'sam', '/prioritise PRJ-1 2 owner tom team mia', 'rank 2, owner Tom, team Mia', 'board');
  await says('telegram', 'sam', '/call close', 'The call is closed', 'board');
}
