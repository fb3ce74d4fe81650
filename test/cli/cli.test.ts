import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const home = mkdtempSync(join(tmpdir(), 'baton-cli-'));
const db = join(home, 'baton.db');
const organisation = join(root, 'docs/example/organisation.yaml');

function baton(args: readonly string[], options: { input?: string; env?: Record<string, string> } = {}) {
  const env = { PATH: process.env.PATH ?? '', HOME: home, ...options.env };
  const run = spawnSync(process.execPath, [join(root, 'src/main.ts'), ...args], {
    cwd: home,
    input: options.input ?? '',
    encoding: 'utf8',
    env,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

beforeAll(() => {
  const played = baton(['simulate', '--org', organisation, '--db', db], {
    input: readFileSync(join(root, 'docs/example/try.jsonl'), 'utf8'),
  });
  expect(played).toMatchObject({ code: 0, err: '' });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test.each(['start', 'simulate', 'say', 'doctor', 'backup', 'restore', 'verify', 'export', 'process', 'org'])(
  'baton %s --help says how it goes',
  (name) => {
    const { code, out } = baton([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`baton ${name}`);
  },
);

test('a mistyped command is answered with the nearest, an unknown option with how it goes', () => {
  expect(baton(['verfy'])).toMatchObject({
    code: 2,
    err: 'baton: there is no command verfy; did you mean baton verify?\n',
  });
  expect(baton(['verify', '--dbx'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^baton: [^\n]*--dbx[^\n]*; it goes: baton verify [^\n]*\n$/),
  });
});

test.skipIf(!existsSync('/dev/full'))('an output that takes nothing more is told in one line', () => {
  const full = openSync('/dev/full', 'w');
  const args = [join(root, 'src/main.ts'), 'export', '--db', db];
  const run = spawnSync(process.execPath, args, { cwd: home, stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  closeSync(full);
  expect(run.status).toBe(2);
  expect(run.stderr).toMatch(/^baton: nothing more can be printed \(ENOSPC[^\n]*; make room where the output goes\n$/);
});

test('verify proves the history, and finds what was changed in it', () => {
  expect(baton(['verify', '--db', db])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^whole: \d+ events, \d+ states\n$/),
  });
  const forged = join(home, 'forged.db');
  copyFileSync(db, forged);
  const handle = new Sqlite(forged);
  const triggers = handle.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as { name: string }[];
  for (const { name } of triggers) handle.exec(`DROP TRIGGER "${name}"`);
  handle.exec(`UPDATE events SET data = replace(data, 'A page for', 'Another page for')`);
  handle.close();
  const found = baton(['verify', '--db', forged]);
  expect(found.code).toBe(1);
  expect(found.err).not.toBe('');
});

test('backup, restore and verify, and what was replaced is kept', () => {
  const copy = join(home, 'copy.db');
  expect(baton(['backup', copy, '--db', db])).toMatchObject({ code: 0 });
  const target = join(home, 'restored.db');
  copyFileSync(copy, target);
  const restored = baton(['restore', copy, '--db', target]);
  expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('what was there is kept as') });
  expect(restored.out).toMatch(/is the backup of event \d+: \d+ bytes in \d+\.\d s; what was there/);
  expect(baton(['restore', copy, '--db', join(home, 'fresh.db')]).out).toMatch(/: \d+ bytes in \d+\.\d s\n$/);
  expect(baton(['verify', '--db', target]).code).toBe(0);
  writeFileSync(join(home, 'broken.db'), 'not a database');
  expect(baton(['restore', join(home, 'broken.db'), '--db', target])).toMatchObject({ code: 1 });
  expect(baton(['restore', join(home, 'absent.db'), '--db', target])).toMatchObject({ code: 2 });
  expect(baton(['verify', '--db', target]).code).toBe(0);
});

test('verify compares a head that was posted outside', () => {
  const last = new Sqlite(db, { readonly: true });
  const { seq, hash } = last.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1').get() as {
    seq: number;
    hash: string;
  };
  last.close();
  expect(baton(['verify', '--head', `${seq}`, hash, '--db', db])).toMatchObject({
    code: 0,
    out: expect.stringContaining(`; event ${seq} is the one that was posted\n`),
  });
  expect(baton(['verify', '--head', `${seq + 1}`, hash, '--db', db])).toMatchObject({
    code: 1,
    err: expect.stringContaining('was cut off'),
  });
  expect(baton(['verify', '--head', `${seq - 1}`, hash, '--db', db])).toMatchObject({ code: 1 });
  expect(baton(['verify', '--head', `${seq}`, '--db', db])).toMatchObject({ code: 2 });
});

test('doctor --leave-safe-mode needs a process that runs', () => {
  expect(baton(['doctor', '--leave-safe-mode', '--db', db])).toMatchObject({
    code: 2,
    err: expect.stringContaining('no process runs on'),
  });
});

test('a database that is not whole is told from a backup that could not be made', () => {
  expect(baton(['backup', join(home, 'forged-copy.db'), '--db', join(home, 'forged.db')])).toMatchObject({ code: 1 });
  expect(baton(['backup', db, '--db', db])).toMatchObject({ code: 2 });
  // Its chain is whole; what people may do is not what the events say.
  const granted = join(home, 'granted.db');
  copyFileSync(db, granted);
  const handle = new Sqlite(granted);
  handle.exec("UPDATE states SET state = json_set(state, '$.forged', 1) WHERE stream = 'people/all'");
  handle.close();
  const refused = baton(['backup', join(home, 'granted-copy.db'), '--db', granted]);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('state of people/all') });
});

test('backups go to BATON_BACKUPS, and what a killed one has left there goes', () => {
  const folder = join(home, 'backups');
  mkdirSync(folder);
  const left = ['baton-2026-01-01T00-00-00Z.db.part', 'baton-2026-01-01T00-00-00Z.db.trial.lock'];
  for (const name of [...left, 'not-ours.db.part']) writeFileSync(join(folder, name), '');
  const { code, out } = baton(['backup', '--db', db], { env: { BATON_BACKUPS: folder } });
  expect(code).toBe(0);
  const file = out.split(':')[0] ?? '';
  expect(file.startsWith(folder)).toBe(true);
  expect(readdirSync(folder).sort()).toEqual([basename(file), 'not-ours.db.part'].sort());
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each([
  ['backup', 'a.db', 'b.db'],
  ['restore', 'a.db', 'b.db'],
  ['doctor', 'b.db'],
])('a word too many is told, in one line: baton %s', (name, ...words) => {
  const { code, err } = baton([name, ...words, '--db', db]);
  expect(code).toBe(2);
  expect(err).toMatch(new RegExp(`^baton: b\\.db is too much; it goes: baton ${name} .*\\n$`));
  expect(existsSync(join(home, 'a.db'))).toBe(false);
});

test('export: JSON lines and CSV', () => {
  const lines = baton(['export', '--db', db]).out.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(lines.map((_, n) => n + 1));
  expect(baton(['export', '--csv', '--db', db]).out.split('\n')[0]).toContain('seq');
});

test('say acts as a person, marked so in the history', () => {
  const env = { BATON_ORG: organisation };
  expect(baton(['say', '--db', db, '--as', 'sam', '/status WEB-1'], { env })).toMatchObject({
    code: 0,
    out: expect.stringContaining('WEB-1'),
  });
  expect(baton(['say', '--db', db, '--as', 'wim', '/release WEB-1 production'], { env })).toMatchObject({
    code: 1,
    out: expect.stringContaining('R1'),
  });
  expect(baton(['say', '--db', db, '--as', 'pam', '/accept WEB-1'], { env })).toMatchObject({ code: 0 });
  expect(baton(['say', '--db', db, '--as', 'sam', '/history WEB-1'], { env }).out).toContain(
    '(from the shell): accepted',
  );
  expect(baton(['say', '--db', db, '--as', 'pam']).code).toBe(2);
});

test('doctor says what is wrong and what to do, with an exit code', () => {
  const env = { BATON_ORG: organisation };
  expect(baton(['say', '--db', db, '--as', 'adam', '/role grant qa wim'], { env }).code).toBe(0);
  const found = baton(['doctor', '--db', db], { env });
  expect(found.out).toContain('no platform is connected');
  expect(found.out).toContain('wim has the role qa by a command, and the file says otherwise\n  → the command wins');
  expect(found.code).toBe(1);
  expect(baton(['doctor', '--db', join(home, 'none.db')])).toMatchObject({
    code: 1,
    out: expect.stringContaining('it is made at the first start'),
  });
});

test('settings: every problem at once', () => {
  const { code, err } = baton(['doctor'], {
    env: { BATON_DBB: 'x', SLACK_BOT_TOKEN: 'xoxb-1', PORT: 'http', BATON_URL: '' },
  });
  expect(code).toBe(2);
  for (const name of [
    'BATON_DBB is no setting of Baton; did you mean BATON_DB?',
    'SLACK_BOT_TOKEN is set alone',
    'PORT must be a port number',
    'BATON_URL is set and empty',
  ])
    expect(err).toContain(name);
});

test('org check warns of people in the rotation who are not of OPS: they may be granted it from chat', () => {
  const path = join(home, 'idle.yaml');
  writeFileSync(
    path,
    'organisation: X\ntimezone: Europe/Brussels\npeople:\n  - { id: wim }\n  - { id: olga, roles: [ops] }\non_call: { starts: 2026-11-02, people: [wim, olga] }\n',
  );
  const { code, out } = baton(['org', 'check', path]);
  expect(code).toBe(0);
  expect(out).toContain('worth a look: on_call names wim, who is not ops');
  expect(out).not.toContain('on_call names olga');
});

test('org check and process check: all mistakes, with line and column', () => {
  expect(baton(['org', 'check', organisation])).toMatchObject({ code: 0 });
  const bad = join(home, 'bad.yaml');
  writeFileSync(bad, 'organisation: X\ntimezone: Mars\npeople:\n  - { id: a, colour: red }\n  - { id: a }\n');
  const { code, err } = baton(['org', 'check', bad]);
  expect(code).toBe(2);
  expect(err).toContain(`${bad}:2:1: timezone`);
  expect(err).toContain(`${bad}:4:14: people.0.colour`);
  expect(err).toContain(`${bad}:5:7: people.1.id`);
  expect(existsSync(join(home, 'data'))).toBe(false);
  const process = join(home, 'audit.yaml');
  writeFileSync(
    process,
    'kind: audit\nprefix: AUD\ntitle: Audit\nproposed_by: [stakeholder]\nsteps:\n  - { id: look, kind: test, owner: qa, on_fail: nowhere }\n  - { id: out, kind: release, owner: ops, environment: moon }\n',
  );
  const checked = baton(['process', 'check', process]);
  expect(checked.code).toBe(2);
  expect(checked.err).toContain(`${process}:6:`);
  expect(checked.err).toContain(`${process}:7:`);
  expect(baton(['process', 'show', 'web'])).toMatchObject({ code: 0, out: expect.stringContaining('flowchart TD') });
  expect(baton(['process', 'show', 'wep']).err).toContain('did you mean web?');
});
