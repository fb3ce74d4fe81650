import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';

/** `.env`: read as Node reads it, and written so that every line that somebody wrote stays. */

export interface EnvironmentFile {
  readonly path: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Undefined where there is no file yet. */
  readonly mode: number | undefined;
}

const OWNER_ONLY = 0o600;

export function readEnvironmentFile(path: string): EnvironmentFile | { readonly problem: string } {
  try {
    const text = readFileSync(path, 'utf8');
    return { path, text, values: parseEnv(text), mode: statSync(path).mode & 0o777 };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { path, text: '', values: {}, mode: undefined };
    return { problem: `${path} can not be read (${codeOf(error)}); check its permissions, or take it away` };
  }
}

/** May others read it? */
export const isOpenToOthers = ({ mode }: EnvironmentFile): boolean => mode !== undefined && (mode & 0o077) !== 0;

/**
 * The text with these values in it: in place of what was set, below the commented line that waits for it, or at the end.
 * Undefined where a value can not be written so that Node reads the same again.
 */
export function withValues(text: string, values: ReadonlyMap<string, string>): string | undefined {
  if (values.size === 0) return text;
  const before = parseEnv(text);
  // What goes on over several lines is not one line to replace; and a quote that nothing closes takes in what follows.
  if ([...values].some(([name, value]) => before[name]?.includes('\n') === true || quoteFor(value) === undefined))
    return undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(newline);
  for (const [name, value] of values) {
    const line = `${name}=${quoted(value)}`;
    const set = lines.findLastIndex((each) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(each));
    const waiting = lines.findLastIndex((each) => new RegExp(`^\\s*#\\s*${name}=`).test(each));
    if (set >= 0) lines[set] = `${/^\s*export\s+/.exec(lines[set] ?? '')?.[0] ?? ''}${line}`;
    else if (waiting >= 0) lines.splice(waiting + 1, 0, line);
    else lines.push(line);
  }
  const out = lines.length === 0 ? '' : `${lines.join(newline)}${newline}`;
  return isSame(parseEnv(out), { ...before, ...Object.fromEntries(values) }) ? out : undefined;
}

const quoteFor = (value: string): string | undefined => ["'", '"', '`'].find((each) => !value.includes(each));
const quoted = (value: string): string => {
  const mark = /^[\w.:/@+~-]*$/.test(value) ? '' : (quoteFor(value) ?? '');
  return `${mark}${value}${mark}`;
};

function isSame(one: NodeJS.Dict<string>, other: NodeJS.Dict<string>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

/** Writes it for its owner alone. Whoever reads meanwhile, or after the power went, sees the old file or the new one. */
export function writeEnvironmentFile(path: string, text: string): { readonly problem: string } | undefined {
  let temporary: string | undefined;
  try {
    const target = realPath(path);
    temporary = join(dirname(target), `.env.new-${randomBytes(6).toString('hex')}`);
    const handle = openSync(temporary, 'wx', OWNER_ONLY);
    try {
      fchmodSync(handle, OWNER_ONLY);
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, target);
    return undefined;
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    return { problem: `${path} can not be written (${codeOf(error)}); check the permissions of its folder` };
  }
}

/** Where a link leads, so that the link itself stays. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'for a reason that is not known';
