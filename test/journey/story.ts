import { join } from 'node:path';
import { expect } from 'vitest';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { createWhole, type Whole } from '../support/whole-bot.ts';
import { type InChats, inChats } from './in-chats.ts';
import { type OnForges, onForges } from './on-forges.ts';

/** What people do in the journey, in words: each of them waits until all that follows from it has happened everywhere. */

export interface Story extends InChats, OnForges {
  readonly whole: Whole;
  /** All that follows from what was done on GitHub or in Circles has happened, everywhere. */
  settles(): Promise<void>;
  /** It is that moment now; the forges were looked at every few minutes, last just before it. */
  clock(instant: string): Promise<void>;
}

const FIVE_MINUTES = 5 * 60_000;

/**
 * `webhooks`: every platform calls the bot. `none`: Telegram is polled, Slack has its socket, and what GitHub and Circles
 * send is lost on its way; the bot finds it by asking.
 */
export type Ways = 'webhooks' | 'none';

export async function begin(at: string, ways: Ways): Promise<Story> {
  const read = readOrganisation(join(import.meta.dirname, 'organisation.yaml'));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const whole = await createWhole({
    organisation: read.organisation,
    asInTheFile: true,
    strangers: ['zed'],
    ...(ways === 'webhooks' ? { chats: ways } : {}),
    at: Date.parse(at),
  });
  const { github, circles } = whole;
  await closeTestersChat(whole);
  if (ways === 'none') {
    github.hooks.plan = () => 'drop';
    circles.peer.hooks.drop(() => true);
  }
  const settles = async (): Promise<void> => {
    await whole.settled();
    if (ways === 'webhooks') return;
    // What the bot does by itself every five minutes.
    await whole.sweep();
    expect(await whole.reconcile(), 'the forges are compared').toBe(true);
    await whole.settled();
  };
  return {
    whole,
    settles,
    ...inChats(whole),
    ...onForges(whole, settles),
    async clock(instant) {
      await whole.until(new Date(Date.parse(instant) - FIVE_MINUTES).toISOString());
      expect(await whole.reconcile(), 'the forges are compared').toBe(true);
      await whole.until(instant);
    },
  };
}

/** The testers' group is closed: who is not of the organisation gets in by a link of their own. The bot makes these there. */
async function closeTestersChat({ stage, settled }: Whole): Promise<void> {
  const { id } = stage.telegramChat('testers');
  const group = { id, title: 'testers', topics: {} };
  const owner = stage.onTelegram('sam');
  stage.onTelegram('zed').leave(group);
  stage.telegram.addBot(group, owner, { admin: true });
  await settled();
}
