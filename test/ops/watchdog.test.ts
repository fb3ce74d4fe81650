import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createLog } from '../../src/shell/log.ts';
import { createWatchdog } from '../../src/web/watchdog.ts';
import { folder } from './rig.ts';

/** What systemd is told, by its own tool: here by one that writes down what it is called with. */

function tool() {
  const home = folder();
  const told = join(home, 'told');
  const path = join(home, 'systemd-notify');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> ${told}\n`);
  chmodSync(path, 0o755);
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const environment = { PATH: `${home}:/usr/bin:/bin`, NOTIFY_SOCKET: '/run/systemd/notify' };
  const said = (): string[] => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []);
  return { environment, said, log, lines };
}

test('it is ready, it lives, it ends', async () => {
  const { environment, said, log } = tool();
  const watchdog = createWatchdog({ ...environment, WATCHDOG_USEC: '150000' }, log);
  expect(said()).toEqual([]);
  watchdog.ready();
  await vi.waitFor(() => expect(said().filter((line) => line === 'WATCHDOG=1').length).toBeGreaterThan(2));
  watchdog.stop();
  await vi.waitFor(() => expect(said()).toContain('STOPPING=1'));
  expect(said()).toContain('--ready --status=The bot runs.');
});

test('without systemd nobody is told, and a tool that is not there is said once', async () => {
  const { environment, said, log, lines } = tool();
  const none = createWatchdog({ PATH: environment.PATH }, log);
  none.ready();
  none.stop();
  const lost = createWatchdog({ ...environment, PATH: '/nowhere', WATCHDOG_USEC: '30000' }, log);
  lost.ready();
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  lost.stop();
  expect(lines[0]).toContain('systemd could not be told');
  expect(said()).toEqual([]);
});
