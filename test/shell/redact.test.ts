import { expect, test } from 'vitest';
import { createLog } from '../../src/shell/log.ts';
import { keepSecret, purge, redact } from '../../src/shell/redact.ts';
import { findCanaries } from '../abuse/canaries.ts';

// Written in two halves, so that no scanner takes these for real ones.
const CANARIES = [
  `123456789:${'AAE'}hBOweik6ad9r_QXMENQjcrGbqCr4K-bc`,
  `xoxb-${'123456789012'}-abcdefghijkl`,
  `xapp-${'1-A0123456789'}-0123456789-abcdef`,
  `ghp_${'abcdefghijklmnopqrstuvwxyz0123456789'}`,
  `github_pat_${'11ABCDEFG0123456789_abcdefghij'}`,
];

test.each(CANARIES)('%s is never logged', (canary) => {
  const lines: string[] = [];
  const log = createLog('trace', { write: (line: string) => void lines.push(line) });
  log.info(`posted to https://api.telegram.org/bot${canary}/sendMessage`, {
    token: canary,
    nested: { deep: [canary] },
  });
  log.fault('it failed', new Error(`refused: ${canary}`));
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain(canary);
});

test('a password or a sign-in in an address, and a value that the settings hold, are redacted; words are not', () => {
  keepSecret('a-very-own-secret');
  expect(redact('smtp://user:hunter22@mail.example.org and a-very-own-secret')).toBe(
    'smtp://user:[redacted]@mail.example.org and [redacted]',
  );
  expect(redact('see http://127.0.0.1:8080/sign-in#AbC-123_x, once')).toBe(
    'see http://127.0.0.1:8080/sign-in#[redacted], once',
  );
  expect(redact('/approve WEB-1 the token economy is fine')).toBe('/approve WEB-1 the token economy is fine');
});

test('a secret is never logged, in whatever form it stands there', () => {
  const quoted = 'canary"quoted\\and/+so on';
  for (const secret of [quoted, 'canaryOne', 'canaryOne-and-a-longer-tail']) keepSecret(secret);
  keepSecret('smtp://bot:p%40ss%2Fcanary@mail.example.org:25');
  const password = 'p@ss/canary';
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const lines: string[] = [];
  const log = createLog('trace', { write: (line: string) => void lines.push(line) });
  log.warn(`said ${quoted}`, {
    inJson: JSON.stringify({ said: quoted }),
    inAnAddress: [encodeURIComponent(quoted), new URLSearchParams({ q: quoted }).toString()],
    inBase64: ['', 'a', 'ab'].map((before) => base64(`${before}${quoted}!`)),
    longer: 'canaryOne-and-a-longer-tail',
    password,
    logins: [base64(`bot:${password}`), base64(`\0bot\0${password}`)],
    answer: '{"auth_token":"canary-of-theirs","refresh":"canary-of-theirs-too"}',
  });
  log.fault('it failed', new Error(`refused: ${quoted}`));
  const canaries = [quoted, password, '-and-a-longer-tail', 'canary-of-theirs', `bot:${password}`];
  const named = canaries.map((text) => ({ name: text, text }));
  expect(lines.flatMap((line) => findCanaries('the log', line, named))).toEqual([]);
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  expect(redact('canaryOne, canaryOne-and-a-longer-tail')).toBe('[redacted], [redacted]');
  expect(redact(base64(`bot:${password}`))).toBe('[redacted]');
  expect(purge('canaryOne-and-a-longer-tail')).not.toContain('longer');
});

test('a line that pretends to be two stays one', () => {
  const lines: string[] = [];
  createLog('info', { write: (line: string) => void lines.push(line) }).info('one\n{"level":"fatal"}');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trim().split('\n')).toHaveLength(1);
});
