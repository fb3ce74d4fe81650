import type { Forges } from '../core/job.ts';
import { keeperOf } from '../core/reference.ts';
import type { ForgeAdapter, ForgePlatform, TrackerNews } from '../forge-ports.ts';

/** What decisions may ask of the forges: who is connected, when all was compared last, and what one thing is now. */
export interface ForgeWatch extends Forges {
  /** What a story or issue is at this moment; undefined: nobody could tell soon enough. */
  look(ref: string): Promise<TrackerNews | null | undefined>;
  /** All that we know of the platform was compared with it at this instant. */
  verified(platform: ForgePlatform, at: number): void;
}

/** Somebody waits for the answer, and it can be given without: so long at most. */
const LOOK_FOR = 2_000;

export function createForgeWatch(adapters: readonly ForgeAdapter[]): ForgeWatch {
  const byPlatform = new Map(adapters.map((adapter) => [adapter.platform, adapter]));
  const verifiedAt = new Map<ForgePlatform, number>();
  return {
    connected: (platform) => byPlatform.has(platform),
    verifiedAt: (platform) => verifiedAt.get(platform),
    verified: (platform, at) => void verifiedAt.set(platform, at),
    async look(ref) {
      const keeper = keeperOf(ref);
      const adapter = keeper === undefined ? undefined : byPlatform.get(keeper.platform);
      if (adapter === undefined) return undefined;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), LOOK_FOR);
      });
      try {
        return await Promise.race([adapter.look(ref), late]);
      } catch {
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
