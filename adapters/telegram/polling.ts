import type { Api } from 'grammy';
import { z } from 'zod';
import type { AdapterLog, Clock, Intake } from '../../src/ports.ts';
import type { Connection } from './connection.ts';
import { type Failure, failureOf } from './errors.ts';
import type { Identity } from './identity.ts';
import { ALLOWED_UPDATES, Numbered } from './schema.ts';

/**
 * Our own way of polling. Asking for the next batch tells Telegram that the one before may be forgotten, so it is asked
 * only once the one before is on disk; whatever ends the process in between, Telegram sends the batch again.
 */

export interface PollingOptions {
  /** The client for polls: it waits longer than a poll takes. */
  readonly api: Api;
  readonly identity: Identity;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: AdapterLog;
  readonly signal: AbortSignal;
  /** Waits; resolves early when the adapter stops. */
  pause(milliseconds: number): Promise<void>;
}

const LONG_POLL = 30;
const BATCH = 100;
/** A server that overlooks how long to wait would be asked without a pause. */
const TOO_SOON = 500;
/** After a week without any, Telegram numbers the next update by chance: it may be below where we were. */
const GOOD_FOR = 6 * 24 * 3_600_000;

/** Where to go on: of which bot, from which number, since when. */
const Bookmark = z
  .tuple([z.coerce.number().int(), z.coerce.number().int(), z.coerce.number().int()])
  .transform(([bot, next, at]) => ({ bot, next, at }));

/** Polls until the signal comes. Never throws. */
export async function poll(intake: Intake, options: PollingOptions): Promise<void> {
  const { connection, signal, log, clock } = options;
  let conflict: Failure | undefined;
  let isFirst = true;
  while (!signal.aborted) {
    let updates: unknown;
    let asked = 0;
    let isShort = true;
    try {
      await options.identity.learn();
      // A short question tells soonest that all is well again; that nobody else polls shows only in a long one.
      isShort = (isFirst || connection.isTroubled) && conflict === undefined;
      asked = clock.now();
      updates = await ask(intake, isShort ? 0 : LONG_POLL, options);
      isFirst = false;
      conflict = undefined;
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      const isNew = conflict === undefined;
      conflict = failure.is === 'answered' && failure.code === 409 ? failure : undefined;
      const isMended = isNew && isWebhook(failure) && (await removeWebhook(options));
      if (!isMended) await connection.failed(failure);
      continue;
    }
    try {
      await take(intake, updates, options);
      const isIdle = Array.isArray(updates) && updates.length === 0;
      if (!isShort && isIdle && clock.now() - asked < TOO_SOON) await options.pause(TOO_SOON);
    } catch (error) {
      const reference = log.fault('what came from Telegram could not be stored', error);
      await connection.held(`what comes in can't be stored (${reference}); Telegram keeps it`);
    }
  }
}

function ask(intake: Intake, timeout: number, { api, identity, clock, signal }: PollingOptions): Promise<unknown> {
  const kept = Bookmark.safeParse(intake.bookmark()?.split(' ')).data;
  // From the beginning is always right: what was confirmed is gone there, and what is known is stored once.
  const isGood = kept !== undefined && kept.bot === identity.id && clock.now() - kept.at < GOOD_FOR;
  return api.getUpdates(
    {
      offset: isGood ? kept.next : 0,
      limit: BATCH,
      timeout,
      allowed_updates: ALLOWED_UPDATES,
    },
    // The client's type is that of an older stand-in; it only listens to the signal.
    signal as Parameters<Api['getUpdates']>[1],
  );
}

async function take(intake: Intake, answer: unknown, { connection, identity, clock }: PollingOptions): Promise<void> {
  const updates = Array.isArray(answer) ? answer.map((update) => Numbered.safeParse(update).data) : undefined;
  const known = updates?.filter((update) => update !== undefined);
  if (known === undefined || (known.length === 0 && updates?.length !== 0))
    return connection.failed({ is: 'unknown', why: 'Telegram gave an answer that is not understood' });
  if (known.length > 0) {
    const next = Math.max(...known.map((update) => update.update_id)) + 1;
    const bodies = known.map((update) => ({ id: identity.inboxId(update.update_id), body: identity.stamp(update) }));
    if ((await intake.receive(bodies, `${identity.id} ${next} ${clock.now()}`)) === 'full')
      return connection.held('too much waits to be worked on; Telegram keeps the rest');
  }
  connection.recovered();
  connection.tell({ is: 'connected', line: `Telegram: connected as @${identity.username() ?? ''}, by polling.` });
}

const isWebhook = (failure: Failure): boolean =>
  failure.is === 'answered' && failure.code === 409 && /webhook/i.test(failure.why);

/** A webhook of earlier keeps polls away. What waits for it stays and comes by polling. */
async function removeWebhook({ api, log }: PollingOptions): Promise<boolean> {
  try {
    await api.deleteWebhook({ drop_pending_updates: false });
    log.info('Telegram: the webhook of earlier is removed, for TELEGRAM_WEBHOOK_SECRET is not set');
    return true;
  } catch {
    return false;
  }
}
