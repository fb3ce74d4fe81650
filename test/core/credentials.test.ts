import { expect, test } from 'vitest';
import { removedFrom, withoutCredentials } from '../../src/core/credentials.ts';

/** Every sort of credential by its mark: the shortest that there is, and what is one sign too short to be one. */

const of = (length: number, signs = 'aB3'): string => signs.repeat(length).slice(0, length);

type Row = readonly [what: string, mark: string, length: number, signs?: string];

const ROWS: readonly Row[] = [
  ['a Telegram bot token', '12345678:', 35],
  ['a Telegram bot token', 'bot1234567890:', 35, 'a-_'],
  ['a Slack token', 'xoxb-', 10],
  ['a Slack token', 'xoxe.xoxp-', 10, '1-a'],
  ['a Slack token', 'xapp-1-', 10],
  ['a Slack webhook', 'https://hooks.slack.com/services/', 20, 'T0/'],
  ['a Slack webhook', 'https://hooks.slack.com/workflows/', 20],
  ['a Slack webhook', 'https://hooks.slack.com/triggers/', 20],
  ...['o', 'p', 'r', 's', 'u'].map((sort) => ['a GitHub token', `gh${sort}_`, 30] as const),
  ['a GitHub token', 'github_pat_', 22, 'a_1'],
  ...['pat', 'ptt', 'dt', 'rt', 'cbt', 'soat'].map((sort) => ['a GitLab token', `gl${sort}-`, 20, 'a-_'] as const),
  ['an npm token', 'npm_', 36],
  ['a PyPI token', 'pypi-AgE', 20, 'a-_'],
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((mark) => ['an AWS key', mark, 16, 'A2Z7'] as const),
  ['a Google key', 'AIza', 35, 'a-_'],
  ['a Google key', 'ya29.', 20, 'a-_'],
  ['a Google key', 'GOCSPX-', 28, 'a-_'],
  ['an Azure key', 'AccountKey=', 40, 'a+/9'],
  ...['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_'].map((mark) => ['a Stripe key', mark, 16] as const),
  ['a Stripe key', 'whsec_', 20],
  ...['sk-', 'sk-proj-', 'sk-ant-', 'sk-svcacct-'].map((mark) => ['an API key', mark, 32, 'a-_'] as const),
  ['a SendGrid key', `SG.${of(20)}.`, 30, 'a-_'],
  ...['o', 'p', 'r', 't'].map((sort) => ['a DigitalOcean token', `do${sort}_v1_`, 64, '0f9'] as const),
  ['a Vault token', 'hvs.', 24, 'a-_'],
  ['a Vault token', 'hvb.', 24, 'a-_'],
  ['a signed token', `eyJ${of(8)}.eyJ${of(8)}.`, 16, 'a-_'],
  ['a sign-in link', 'https://baton.example.org/sign-in#', 16, 'a-_'],
];

test.each(ROWS.map((row) => [`${row[0]}: ${row[1]}`, row] as const))('%s', (_name, [what, mark, length, signs]) => {
  const whole = mark + of(length, signs);
  expect(withoutCredentials(`see ${whole} there`)).toBe(`see [removed: ${what}] there`);
  expect(withoutCredentials(`see ${whole}`)).toBe(`see [removed: ${what}]`);
  const short = `see ${whole.slice(0, -1)} there`;
  expect(removedFrom(withoutCredentials(short)).filter((each) => each === what)).toEqual(
    // An API key of one sort may be too short for its mark and long enough without it.
    /^sk-./.test(mark) ? [what] : [],
  );
});

test.each([
  ['an address with a password', 'postgres://olga:secret@db.example.org/x', 'db.example.org/x'],
  ['an address with a password', 'https://:secret@example.org', 'example.org'],
])('%s: %s', (what, address, rest) => expect(withoutCredentials(address)).toBe(`[removed: ${what}]${rest}`));

test('a key is taken out whole, with its end or without one', () => {
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${of(40)}\n`;
  expect(withoutCredentials(`${key}-----END RSA PRIVATE KEY-----\nand more`)).toBe(
    '[removed: a private key]\nand more',
  );
  expect(withoutCredentials(`look: ${key}`)).toBe('look: [removed: a private key]');
  expect(withoutCredentials(`${key.replace('KEY', 'KEY BLOCK')}-----END PGP PRIVATE KEY BLOCK-----.`)).toBe(
    '[removed: a private key].',
  );
});

test('what was taken out is told once, and what only looks like it is let be', () => {
  expect(removedFrom('[removed: an npm token] and [removed: a Slack token], [removed: an npm token]')).toEqual(['an npm token', 'a Slack token']);
  expect(removedFrom('[removed: x]')).toEqual([]);
  expect(removedFrom('removed: an npm token')).toEqual([]);
  for (const text of ['xoxb-1234567890'.slice(0, 14), 'password: hunter2 and so on', `xAKIA${of(16, 'A2')}`, `AKIA${of(17, 'A2')}`])
    expect(withoutCredentials(text)).toBe(text);
}); // biome-ignore format: long lines
