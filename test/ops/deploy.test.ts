import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/settings.ts';
import { unexpected } from '../tools/licences.ts';

/** What the product is run by: the unit of systemd, the container, the compose file, and what they are made of. */

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The settings of a unit by name; what is named twice has both. */
function unit(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of read('docs/deploy/baton.service').split('\n')) {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value ?? '']);
  }
  return found;
}

test('the unit: nobody in particular, with nothing that is not needed, watched', () => {
  const all = unit();
  const one = (name: string) => all.get(name)?.join('\n');
  for (const name of [
    'NoNewPrivileges', 'PrivateTmp', 'PrivateDevices', 'PrivateUsers', 'ProtectHome', 'ProtectClock', 'ProtectHostname',
    'ProtectControlGroups', 'ProtectKernelLogs', 'ProtectKernelModules', 'ProtectKernelTunables', 'RestrictNamespaces',
    'RestrictRealtime', 'RestrictSUIDSGID', 'LockPersonality',
  ]) expect(one(name), name).toBe('yes'); // biome-ignore format: a list
  expect(one('ProtectSystem')).toBe('strict');
  expect([one('CapabilityBoundingSet'), one('AmbientCapabilities')]).toEqual(['', '']);
  expect(one('SystemCallFilter')).toBe('@system-service\n~@privileged @resources');
  expect(one('RestrictAddressFamilies')).toBe('AF_UNIX AF_INET AF_INET6');
  expect([one('UMask'), one('StateDirectoryMode'), one('LimitCORE')]).toEqual(['0077', '0700', '0']);
  expect([one('Type'), one('NotifyAccess')]).toEqual(['notify', 'all']);
  expect(Number(one('WatchdogSec'))).toBeGreaterThan(0);
  expect(one('User')).not.toMatch(/^(root|0)?$/);
  // A start that is refused is refused again; whatever else ends it, it comes back.
  expect([one('Restart'), one('RestartPreventExitStatus')]).toEqual(['always', '2']);
});

test('the unit, the container and the compose file set nothing but settings of Baton', () => {
  const known = new Set([...SETTINGS.flatMap(({ name }) => [name, `${name}_FILE`]), 'NODE_ENV']);
  const inUnit =
    unit()
      .get('Environment')
      ?.map((pair) => pair.split('=')[0] ?? '') ?? [];
  const inImage = [...(/^ENV ([\s\S]*?[^\\])$/m.exec(read('Dockerfile'))?.[1] ?? '').matchAll(/(\w+)=/g)].map(
    ([, name]) => name ?? '',
  );
  const inCompose = Object.keys(parse(read('compose.yaml')).services.baton.environment);
  expect([inUnit.length > 3, inImage.length > 3, inCompose.length > 2]).toEqual([true, true, true]);
  expect([...inUnit, ...inImage, ...inCompose].filter((name) => !known.has(name))).toEqual([]);
  expect(read('compose.yaml') + read('docs/deploy/baton.service') + read('Dockerfile')).not.toMatch(
    /xox[bp]-|\d{8,}:AA|ghp_/,
  );
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test.skipIf(!hasSystemd)('systemd itself finds nothing wrong with the unit, and little that is exposed', () => {
  const path = join(root, 'docs/deploy/baton.service');
  const analyze = (...words: readonly string[]) => spawnSync('systemd-analyze', [...words, path], { encoding: 'utf8' });
  // Whether Node is where the unit says is a matter of the machine.
  const complaints = analyze('verify')
    .stderr.split('\n')
    .filter((line) => line !== '' && !/is not executable/.test(line));
  expect(complaints).toEqual([]);
  const { stdout } = analyze('security', '--offline=true', '--no-pager');
  expect(Number(/exposure level for baton\.service: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(2);
});

/** The instructions of the image's last stage. */
function image(): readonly string[] {
  const whole = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  return whole.slice(whole.findLastIndex((line) => line.startsWith('FROM')));
}

test('the container: no root, no tools to build with, a health check, and only what runs is in it', () => {
  const lines = image();
  const of = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  expect(of('USER')).toEqual(['1000:1000']);
  expect(lines.findIndex((line) => line.startsWith('USER'))).toBeGreaterThan(
    lines.findIndex((line) => line.startsWith('RUN')),
  );
  expect(of('HEALTHCHECK')[0]).toContain('/healthz');
  expect(of('ENTRYPOINT')).toEqual(['["node", "src/main.ts"]']);
  expect(read('Dockerfile')).toContain('npm ci --omit=dev');
  expect(read('Dockerfile')).not.toMatch(/\bADD\b|curl|wget|sudo|chmod 777|:latest/);
  const copied = of('COPY').flatMap((words) =>
    words
      .replace(/^--from=\S+ /, '')
      .split(' ')
      .slice(0, -1),
  );
  expect(copied.filter((path) => !path.startsWith('/app/') && !existsSync(join(root, path)))).toEqual([]);
  expect(
    read('.dockerignore')
      .split('\n')
      .filter((line) => !line.startsWith('#'))[0],
  ).toBe('*');
  const major = /^FROM node:(\d+)/m.exec(read('Dockerfile'))?.[1];
  expect(`node ${major}`).toBe(`node ${/\^(\d+)/.exec(JSON.parse(read('package.json')).devDependencies.node)?.[1]}`);
});

test('the compose file: read-only, no capabilities, secrets as files, on this machine alone', () => {
  const { services, secrets } = parse(read('compose.yaml'));
  const { baton } = services;
  expect(baton).toMatchObject({
    user: '1000:1000',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
  expect(baton.privileged ?? false).toBe(false);
  expect(baton.ports.every((port: string) => port.startsWith('127.0.0.1:'))).toBe(true);
  expect(baton.tmpfs[0]).toMatch(/^\/tmp:.*noexec,nosuid/);
  for (const name of baton.secrets) expect(secrets[name].file, name).toMatch(/^\.\/secrets\//);
  const written = baton.volumes.filter((volume: string) => !volume.endsWith(':ro'));
  expect(written).toEqual(['data:/data', 'backups:/backups']);
  expect(baton.image).toBe(`baton:${JSON.parse(read('package.json')).version}`);
});

test('what runs needs no package that is for the tests alone', async () => {
  const { dependencies } = JSON.parse(read('package.json'));
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'adapters'], {
    cwd: root,
    encoding: 'utf8',
  });
  const sources = listed.stdout.split('\n').filter((path) => path.endsWith('.ts') && existsSync(join(root, path)));
  expect(sources.length).toBeGreaterThan(100);
  const named = sources.flatMap((path) =>
    [
      ...read(path).matchAll(
        /^(?:import|export)\s(?!type\b)[^'\n]*?(?:\{[^}]*\}\s*)?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm,
      ),
    ].map((found) => found[1] ?? found[2] ?? ''),
  );
  const packages = new Set(
    named.map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    ),
  );
  const isThere = (name: string) => name.startsWith('node:') || builtinModules.includes(name) || name in dependencies;
  expect([...packages].filter((name) => !isThere(name))).toEqual([]);
  expect(packages).toContain('better-sqlite3');
});

test('the licences of what comes with it are those that we expect', () => {
  expect(unexpected(JSON.parse(read('package-lock.json')))).toEqual([]);
  expect(
    unexpected({
      packages: {
        '': {},
        'node_modules/a': { license: 'MIT' },
        'node_modules/a/node_modules/b': { license: 'GPL-3.0' },
        'node_modules/c': { license: '(MIT OR GPL-3.0)' },
        'node_modules/d': { license: '(ISC AND GPL-3.0)' },
        'node_modules/e': {},
        'node_modules/f': { license: 'GPL-3.0', dev: true },
      },
    }),
  ).toEqual(['b: GPL-3.0', 'd: (ISC AND GPL-3.0)', 'e: it names no licence']);
});
