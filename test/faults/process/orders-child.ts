/**
 * Loaded into a bot's process beside everything else: does to it what a test orders. The event loop stands still for a
 * while, the memory runs out, or its clock goes on faster, never in a step that safe mode would take for one.
 */

/** Of these many milliseconds each. */
interface Order {
  readonly block?: number;
  readonly hoard?: boolean;
  readonly ahead?: number;
}

const isOrder = (message: unknown): message is Order =>
  typeof message === 'object' && message !== null && ('block' in message || 'hoard' in message || 'ahead' in message);

const hoarded: unknown[] = [];
let ahead = 0;
const before = Date.now;
Date.now = () => before() + ahead;

process.on('message', (message) => {
  if (!isOrder(message)) return;
  const until = performance.now() + (message.block ?? 0);
  while (performance.now() < until);
  ahead += message.ahead ?? 0;
  if (message.hoard === true)
    setInterval(() => {
      hoarded.push(Array.from({ length: 50_000 }, (_, n) => ({ n })));
    }, 10);
});
process.channel?.unref();
