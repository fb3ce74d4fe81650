import { removed, withoutCredentials } from '../core/credentials.ts';

/** The one redactor: whatever leaves the process as a log passes through it, so that no token is ever read there. */

const SECRETS: readonly RegExp[] = [
  /\bbot\d{6,}:[\w-]{30,}/g,
  /\b\d{8,10}:[\w-]{35}\b/g,
  /xox[a-z]-[\w-]{10,}/g,
  /xapp-[\w-]{10,}/g,
  /gh[a-z]_\w{20,}/g,
  /github_pat_\w{20,}/g,
  // One that is cut off is one too, up to where the text of a line of the log ends.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|(?="|$))/g,
  /\b(?:Bearer|Application|token)\s+[\w.~+/=-]{12,}/g,
  /(?<=:\/\/[^\s:/@]{1,100}:)[^\s@/]{1,200}(?=@)/g,
  /(?<="(?:password|secret|token|code|refresh|auth_token|access_token|refresh_token)":")(?:[^"\\]|\\.)+(?=")/gi,
  // The same, where what somebody sent stands as a text in a line of the log.
  /(?<=\\"(?:password|secret|token|code|refresh|auth_token|access_token|refresh_token)\\":\s?\\")[^"\\]+/gi,
];

const REDACTED = '[redacted]';
/** As they are. */
let values: readonly string[] = [];
/** In every form in which they could be read. */
let forms: readonly string[] = [];

/** One may begin with another one: the longest goes first, or its end would stay. */
const withMore = (old: readonly string[], more: readonly string[]): readonly string[] =>
  [...new Set([...old, ...more.filter(({ length }) => length >= 6)])].sort((a, b) => b.length - a.length);

/** A secret of the settings, which is then redacted wherever it appears: whole, the password in its address, the lines of a key. */
export function keepSecret(value: string): void {
  const { username, password } = URL.canParse(value) ? new URL(value) : { username: '', password: '' };
  const lines = value.split('\n').filter((line) => line.length >= 32 && !line.startsWith('-----'));
  const parts = [value, password, decoded(password), ...lines].filter(({ length }) => length >= 6);
  values = withMore(values, parts);
  const logins = password === '' ? [] : loginsOf(decoded(username), decoded(password));
  forms = withMore(forms, [...parts.flatMap((part) => [part, ...formsOf(part)]), ...logins]);
}

/** In JSON, and in JSON within it; in an address and in a form; in hex; and in base64 wherever it begins in what is encoded. */
function formsOf(text: string): readonly string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  const inAddress = encodeURIComponent(text.toWellFormed());
  const hex = Buffer.from(text).toString('hex');
  const inBase64 = (['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
        .toString(encoding)
        .replace(/=+$/, '');
      // The letters at either end depend on what stands beside it.
      const isWhole = (Buffer.byteLength(text) + before) % 3 === 0;
      return encoded.slice(before === 0 ? 0 : before + 1, isWhole ? undefined : -1);
    }),
  );
  return [
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    inAddress,
    inAddress.replace(/%../g, (sign) => sign.toLowerCase()),
    new URLSearchParams([['', text]]).toString().slice(1),
    hex,
    hex.toUpperCase(),
    ...inBase64,
  ];
}

/** As a mail server or a web server is told them: all of it goes, and not only the password's part. */
const loginsOf = (username: string, password: string): readonly string[] =>
  [`${username}:${password}`, `\0${username}\0${password}`, `${username}\0${username}\0${password}`].map((login) =>
    Buffer.from(login).toString('base64'),
  );

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A way in is a secret to everybody but whoever asked for it. */
const WAY_IN = /(?<=\/sign-in#)[\w-]+/g;

export const redact = (text: string): string => redactForAsker(text).replace(WAY_IN, REDACTED);

/** For a person's own terminal, to whom `baton say --as PERSON /web` hands a way in. */
export function redactForAsker(text: string): string {
  let out = text;
  // What is known is known whole; a pattern may end before it does.
  for (const form of forms) out = out.replaceAll(form, REDACTED);
  for (const secret of SECRETS) out = out.replace(secret, REDACTED);
  return out;
}

const DEEPEST = 100;

/**
 * What somebody sent, without credentials, ours or theirs, before it is stored. The same value comes back where there was
 * none. What lies deeper than anybody reads is left out.
 */
export function purge<T>(value: T): T {
  return purgeAt(value, 0) as T;
}

function purgeAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return purgeText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const purged = items.map((each) => purgeAt(each, depth + 1));
    return purged.some((each, at) => each !== items[at]) ? purged : value;
  }
  const fields = Object.entries(value).map(([name, each]) => ({ name, each }));
  const purged = fields.map(({ name, each }) => [purgeText(name), purgeAt(each, depth + 1)] as const);
  const isSame = purged.every(([name, each], at) => name === fields[at]?.name && each === fields[at]?.each);
  return isSame ? value : Object.fromEntries(purged);
}

function purgeText(text: string): string {
  let left = text;
  // A short one is a word that people use.
  for (const value of values)
    if (value.length >= 12 && left.includes(value)) left = left.replaceAll(value, removed('a secret of mine'));
  return withoutCredentials(left);
}
