import { approvalRefused, withdrawApproval } from '../core/deploying.ts';
import { circleMade, circleNotMade, made, notMade, turned } from '../core/made.ts';
import type { ForgeAdapter, ForgePlatform, Job, Performed } from '../forge-ports.ts';
import type { Clock } from '../ports.ts';
import { type OutboxRow, OVERTAKEN } from '../store/port.ts';
import type { Breaker } from './breaker.ts';
import { type Carrier, createSlots, type Slots, STILL_ON_ITS_WAY, waitOf } from './carrier.ts';
import type { JobBody } from './commit.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';

/** Jobs on their way to the forges: in order at each repository and circle, at least once, and never made twice. */

export interface ForgeJobsParts {
  readonly engine: Engine;
  readonly adapters: ReadonlyMap<ForgePlatform, ForgeAdapter>;
  readonly breakerOf: (platform: ForgePlatform) => Breaker;
  readonly clock: Clock;
  readonly log: Log;
}

const DAY = 24 * 3_600_000;
/** What nobody could tell for so long is shown as failed, and whoever looks at it can put it back. */
const IN_DOUBT_FOR = 7 * DAY;
const ADDRESS = /^(github|circles):/;

const platformAt = (address: string): ForgePlatform | undefined => {
  const found = ADDRESS.exec(address)?.[1];
  return found === 'github' || found === 'circles' ? found : undefined;
};

export function createForgeJobs(parts: ForgeJobsParts): Carrier {
  const { adapters, breakerOf, engine } = parts;
  const allArrivedAt = parts.clock.now() + STILL_ON_ITS_WAY;
  const slots = new Map<ForgePlatform, Slots>([...adapters.keys()].map((platform) => [platform, createSlots()]));
  return {
    owns: (address) => platformAt(address) !== undefined,
    may(address, now) {
      const platform = platformAt(address);
      const room = platform === undefined ? undefined : slots.get(platform);
      // Not connected any more: it is written down as failed.
      if (platform === undefined || room === undefined) return true;
      if (!breakerOf(platform).may(now) || !room.take(now)) return false;
      breakerOf(platform).begin();
      return true;
    },
    async deliver(row) {
      const platform = platformAt(row.address ?? '');
      const adapter = platform === undefined ? undefined : adapters.get(platform);
      if (adapter === undefined)
        return engine.store.mark(row.id, 'failed', {
          reason: `${platform ?? 'this platform'} is not connected any more`,
        });
      try {
        // To look now for what an earlier process made, and make it, might be to make it twice.
        if (row.state === 'uncertain' && parts.clock.now() < allArrivedAt) {
          breakerOf(adapter.platform).cancelled();
          const reason = 'it may still be on its way';
          return await engine.store.mark(row.id, 'uncertain', { dueAt: allArrivedAt, reason });
        }
        await deliver(parts, adapter, row);
      } catch (error) {
        breakerOf(adapter.platform).cancelled();
        throw error;
      } finally {
        slots.get(adapter.platform)?.free();
      }
    },
  };
}

async function deliver(parts: ForgeJobsParts, adapter: ForgeAdapter, row: OutboxRow): Promise<void> {
  const { engine } = parts;
  const { job, marker, of } = row.body as JobBody;
  const over = await whyOver(engine, row, job, of);
  if (over !== undefined) {
    parts.breakerOf(adapter.platform).cancelled();
    return engine.store.mark(row.id, 'expired', { reason: over });
  }
  const again = row.state === 'uncertain' || row.attempts > 1;
  const result = await adapter.perform(job, marker, again).catch((error: unknown): Performed => {
    parts.log.fault(`a job for ${adapter.platform} failed`, error);
    return { is: 'uncertain', why: 'our own error; the log has it' };
  });
  await settle(parts, adapter.platform, row, result);
}

/** Nothing is to be done any more; said by a newer one, or decided otherwise since. */
async function whyOver(engine: Engine, row: OutboxRow, job: Job, of: string): Promise<string | undefined> {
  if (job.do === 'comment' && job.status && engine.store.behind(row.id).newer) return OVERTAKEN.followed;
  if (job.do !== 'deployment') return undefined;
  // It may have waited for the platform while the freeze began: nothing that may not go now is let go.
  if (job.decision === 'approved') await engine.act('forges', 'system', (draft) => withdrawApproval(draft, of));
  return engine.world().get('deployment', of)?.state === job.decision ? undefined : OVERTAKEN.decided;
}

async function settle(
  parts: ForgeJobsParts,
  platform: ForgePlatform,
  row: OutboxRow,
  result: Performed,
): Promise<void> {
  const { engine, clock } = parts;
  const { store } = engine;
  const breaker = parts.breakerOf(platform);
  const now = clock.now();
  const { job, of } = row.body as JobBody;
  switch (result.is) {
    case 'done':
      breaker.succeeded();
      // Before the row is done: a crash in between has it found by its marker, and taken over once.
      await done(parts, job, of, result.ref);
      return store.mark(row.id, 'sent', result.ref === undefined ? {} : { platformId: `${platform}:${result.ref}` });
    case 'refused':
      breaker.succeeded();
      parts.log.warn('a job was refused', { platform, job: job.do, of, why: result.why });
      await refused(parts, job, of, result.why);
      return store.mark(row.id, 'failed', { reason: result.why });
    case 'later':
      breaker.pause(now, result.after);
      return store.mark(row.id, 'new', { dueAt: now + result.after, reason: result.why });
    case 'away':
      breaker.failed(now);
      return store.mark(row.id, 'new', { dueAt: now + waitOf(row), reason: result.why });
    case 'uncertain':
      breaker.failed(now);
      if (now - row.at > IN_DOUBT_FOR) return store.mark(row.id, 'failed', { reason: result.why });
      return store.mark(row.id, 'uncertain', { dueAt: now + waitOf(row), reason: result.why });
    default:
      return result satisfies never;
  }
}

/** What follows from it here: our own doing is not told to us by a webhook. */
async function done({ engine, log }: ForgeJobsParts, job: Job, of: string, ref: string | undefined): Promise<void> {
  if (job.do === 'turn') return engine.act('forges', 'system', (draft) => turned(draft, job.ref, job.to));
  if (job.do !== 'log' && job.do !== 'circle') return;
  if (ref === undefined) return log.warn('a platform made something and did not say what', { job: job.do, of });
  return engine.act('forges', 'system', (draft) =>
    job.do === 'log' ? made(draft, of, ref) : circleMade(draft, of, ref),
  );
}

async function refused({ engine }: ForgeJobsParts, job: Job, of: string, why: string): Promise<void> {
  if (job.do === 'log') return engine.act('forges', 'system', (draft) => notMade(draft, of, why));
  if (job.do === 'circle') return engine.act('forges', 'system', (draft) => circleNotMade(draft, of, why));
  if (job.do === 'deployment' && job.decision === 'approved')
    return engine.act('forges', 'system', (draft) => approvalRefused(draft, of, why));
}
