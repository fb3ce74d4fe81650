import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between the bot and a platform, and does to the connections what bad networks do. */

/**
 * What happens to one request. `before`: cut off before the platform hears of it; `after`: it was done, and the answer never
 * comes; `middle`: cut off within the answer; `short`: the answer ends too early, in good order.
 */
export type Cut = 'before' | 'after' | 'middle' | 'short';
/** What happens to all connections. `hole`: they come about and nothing passes; `drip`: one byte of an answer a second. */
type Weather = 'fair' | 'refused' | 'hole' | 'drip';

export interface FaultProxy {
  /** The same address as the platform's, by way of here. */
  through(url: string): string;
  /** The next requests whose first bytes match this are cut. */
  cut(how: Cut, only: RegExp, times?: number): void;
  /** How many are still to be cut. */
  cutsLeft(): number;
  weather(now: Weather): Promise<void>;
  /** How many bytes of answers were passed on. */
  passed(): number;
  close(): Promise<void>;
}

interface Plan {
  readonly how: Cut;
  readonly only: RegExp;
  left: number;
}

const SECOND = 1_000;

export async function createFaultProxy(target: string): Promise<FaultProxy> {
  const there = Number(new URL(target).port);
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let plan: Plan | undefined;
  let weather: Weather = 'fair';
  let port = 0;
  let passed = 0;
  let server: Server;

  const readPlan = (data: Buffer): Cut | undefined => {
    if (plan === undefined || plan.left <= 0 || !plan.only.test(data.toString('latin1'))) return undefined;
    plan.left -= 1;
    return plan.how;
  };

  function join(near: Socket): void {
    const far = connect(there, '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    let cut: Cut | undefined;
    const drops: number[] = [];
    const dripping = setInterval(() => {
      const drop = drops.shift();
      if (drop !== undefined && near.writable) near.write(Buffer.of(drop));
    }, SECOND);
    const end = (): void => {
      clearInterval(dripping);
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      // In a black hole nobody hears that the other one has gone.
      socket.on('close', () => (weather === 'hole' || drops.length > 0 ? socket.destroy() : end()));
    }
    near.on('close', end);
    near.on('data', (data) => {
      if (weather === 'hole') return;
      cut ??= readPlan(data);
      if (cut === 'before') near.resetAndDestroy();
      else far.write(data);
    });
    far.on('data', (given) => {
      if (weather === 'hole') return;
      const data = here(given);
      if (weather === 'drip') return void drops.push(...data);
      if (cut === 'after') return void near.resetAndDestroy();
      if (cut === undefined) {
        passed += data.length;
        near.write(data);
      } else if (cut === 'short') near.end(data.subarray(0, -2));
      else near.write(data.subarray(0, data.length / 2), () => near.resetAndDestroy());
    });
  }

  /** A platform that names its own address, as Slack does for a socket, names ours: both have as many digits. */
  const here = (data: Buffer): Buffer =>
    Buffer.from(data.toString('latin1').replaceAll(`127.0.0.1:${there}`, `127.0.0.1:${port}`), 'latin1');

  async function open(): Promise<void> {
    server = createServer(join);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    ({ port } = address);
  }
  async function shut(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    await closed;
  }
  await open();
  if (String(port).length !== String(there).length) throw new Error('the ports are not of one length');

  return {
    through: (url) => url.replace(`:${there}`, `:${port}`),
    cut: (how, only, times = 1) => {
      plan = { how, only, left: times };
    },
    cutsLeft: () => plan?.left ?? 0,
    async weather(now) {
      const before = weather;
      weather = now;
      if (now === 'refused') return shut();
      if (before === 'refused') await open();
      // What was swallowed leaves no connection that could be used again.
      if (before === 'hole' || before === 'drip') for (const { near } of pairs) near.destroy();
    },
    passed: () => passed,
    close: shut,
  };
}
