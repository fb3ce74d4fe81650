/** How fast the bot may write, and how often it was faster. */

export interface Limits {
  /** Answers 429 to what is too fast; without it breaches are only counted. */
  readonly enforce: boolean;
  /** So many messages at once into one channel before one a second holds. */
  readonly burst: number;
}
export interface Breach {
  readonly method: string;
  /** The channel, where the limit is one of a channel. */
  readonly channel: string | undefined;
  readonly at: number;
  /** Seconds until it would have been in time. */
  readonly after: number;
}

const TIERS: Readonly<Record<string, number>> = {
  'apps.connections.open': 50,
  'chat.update': 50,
  'chat.delete': 50,
  'chat.postEphemeral': 100,
  'conversations.open': 50,
  'conversations.info': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'conversations.list': 20,
  'conversations.members': 100,
  'conversations.invite': 50,
  'conversations.join': 50,
  'users.info': 100,
  'users.list': 20,
  'views.open': 100,
  'views.push': 100,
  'views.update': 100,
  'views.publish': 100,
  'team.info': 50,
  'bots.info': 50,
  'pins.add': 20,
  'pins.remove': 20,
  'auth.test': 300,
};
const MINUTE = 60_000;

/** Counts a call; the breach where it came too fast. */
export function createRates(now: () => number, burst: number): (method: string, channel: string) => Breach | undefined {
  const tokens = new Map<string, { left: number; at: number }>();
  const calls = new Map<string, number[]>();
  const perChannel = (channel: string): number => {
    const bucket = tokens.get(channel) ?? { left: burst, at: now() };
    const left = Math.min(burst, bucket.left + (now() - bucket.at) / 1000);
    const fits = left >= 1;
    tokens.set(channel, { left: fits ? left - 1 : left, at: now() });
    return fits ? 0 : 1 - left;
  };
  const perMinute = (method: string, most: number): number => {
    const kept = (calls.get(method) ?? []).filter((at) => at > now() - MINUTE);
    calls.set(method, kept);
    const first = kept[kept.length - most];
    if (kept.length < most || first === undefined) {
      kept.push(now());
      return 0;
    }
    return (first + MINUTE - now()) / 1000;
  };
  return (method, channel) => {
    const posts = method === 'chat.postMessage';
    const tier = TIERS[method];
    const wait = posts ? perChannel(channel) : tier === undefined ? 0 : perMinute(method, tier);
    if (wait <= 0) return undefined;
    return { method, channel: posts ? channel : undefined, at: now(), after: Math.max(1, Math.ceil(wait)) };
  };
}
