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
  /(?<=\/sign-in#)[\w-]+/g,
  /(?<="(?:password|secret|token|code)":")[^"]+(?=")/gi,
];

const REDACTED = '[redacted]';
const values = new Set<string>();

/** A secret of the settings, which is then redacted wherever it appears: whole, the password in its address, the lines of a key. */
export function keepSecret(value: string): void {
  const password = URL.canParse(value) ? new URL(value).password : '';
  const lines = value.split('\n').filter((line) => line.length >= 32 && !line.startsWith('-----'));
  for (const part of [value, password, decoded(password), ...lines]) if (part.length >= 6) values.add(part);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function redact(text: string): string {
  let out = text;
  for (const secret of SECRETS) out = out.replace(secret, REDACTED);
  for (const value of values) out = out.replaceAll(value, REDACTED);
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
