import Database from 'better-sqlite3';
import { expect, vi } from 'vitest';
import type { Organisation } from '../../src/core/organisation.ts';
import { createRig, type Rig, type RigOptions } from '../faults/rig.ts';
import type { Shown } from '../peers/telegram/types.ts';

/** The bot between both chats, with a vote open that everybody would like to decide. */

/** Of the inbox, newest last: what came, and what was answered. */
export interface Audit {
  readonly id: string;
  readonly code: string | undefined;
  readonly rule: string | undefined;
}

export interface Scene {
  readonly rig: Rig;
  /** What is true: it must be the same after an abuse as before. */
  events(): number;
  audits(): readonly Audit[];
  /** Says something as a person of the organisation, past the chats. */
  said(as: string, text: string): Promise<string>;
  /** The card of the vote on Telegram. */
  readonly card: Shown;
  /** Resolves when all that came in has been dealt with and answered. */
  settled(): Promise<void>;
}

export async function voting(
  options: RigOptions & { readonly change?: (file: Organisation) => Organisation } = {},
): Promise<Scene> {
  const rig = await createRig({ strangers: ['mallory', 'eve'], ...options });
  const { store } = rig.bot().engine;
  const said = async (as: string, text: string): Promise<string> =>
    (await rig.bot().engine.handle({ as, via: 'web', place: null, text, pressed: false })).code;
  expect(await said('bea', '/propose product Alpha')).toBe('proposed');
  expect(await said('sam', '/call open')).toBe('opened');
  const board = rig.stage.telegramChat('board');
  const card = await rig.voices.telegram.waitFor(() =>
    rig.stage.telegram.fromBot({ id: board.id }).find(({ text }) => text.includes('Agree on PROD-1')),
  );
  await rig.drained();
  return {
    rig,
    card,
    said,
    // What people are called at present is learnt from whatever they say.
    events: () => store.events(0, 10_000).filter(({ type }) => type !== 'handle-seen').length,
    audits: () => auditsIn(rig.path),
    settled: async () => {
      await vi.waitFor(
        () => {
          const { telegram, slack } = rig.stage;
          if (telegram.pending().length > 0) throw new Error('Telegram holds something');
          if (slack.deliveries.some(({ state }) => state === 'waiting')) throw new Error('Slack holds something');
          const waiting = ['telegram', 'slack'].flatMap((source) => store.received(source, 10));
          if (waiting.length > 0) throw new Error('something waits to be decided');
        },
        { timeout: 10_000, interval: 5 },
      );
      await rig.drained();
    },
  };
}

/** Everything that came in and was stored, with what was answered. */
export function auditsIn(path: string): readonly Audit[] {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare<[], { key: string; outcome: string }>('select key, outcome from inbox order by id').all();
    return rows.map(({ key, outcome }) => {
      const said = JSON.parse(outcome) as { code?: string; rule?: string } | null;
      return { id: key, code: said?.code, rule: said?.rule };
    });
  } finally {
    db.close();
  }
}
