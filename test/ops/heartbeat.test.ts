import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../src/shell/log.ts';
import { createHeartbeat } from '../../src/web/heartbeat.ts';

/** The dead man's address. */

async function watcher(status: number) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { location: '/elsewhere' }).end('noted\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const { port } = server.address() as AddressInfo;
  return { asked, server, lines, ping: createHeartbeat(`http://127.0.0.1:${port}/a-secret-path`, log) };
}

test('it is asked, and nothing is said of that', async () => {
  const { asked, lines, ping } = await watcher(200);
  await ping?.();
  expect([asked, lines]).toEqual([['/a-secret-path'], []]);
});

test.each([404, 302, 500])(
  'an address that answers %s is logged, without the address, and not followed',
  async (status) => {
    const { asked, lines, ping } = await watcher(status);
    await ping?.();
    expect(asked).toEqual(['/a-secret-path']);
    expect(lines).toEqual([expect.stringContaining(`"status":${status}`)]);
    expect(lines.join()).not.toContain('secret-path');
  },
);

test('an address that is away is logged, and none is none', async () => {
  const { server, lines, ping } = await watcher(200);
  server.close();
  await once(server, 'close');
  await ping?.();
  expect(lines).toEqual([expect.stringContaining('did not get through')]);
  expect(lines.join()).not.toContain('secret-path');
  expect(createHeartbeat(undefined, createLog('silent'))).toBeUndefined();
});
