import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Strings that nobody may ever read, and every form in which somebody could. */

export interface Canary {
  readonly name: string;
  readonly text: string;
}

/** As it is, as an address has it, in JSON, in hex, and in base64 wherever it begins in what was encoded. */
export function formsOf(text: string): readonly string[] {
  const inBase64 = (encoding: 'base64' | 'base64url') =>
    [0, 1, 2].map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString(encoding).replace(/=+$/, '');
      // The letters at either end depend on what stands beside it.
      return encoded.slice(before === 0 ? 0 : before + 1, Buffer.byteLength(text) % 3 === 0 && before === 0 ? undefined : -2);
    });
  const hex = Buffer.from(text).toString('hex');
  return [
    ...new Set([
      text, encodeURIComponent(text), encodeURI(text), JSON.stringify(text).slice(1, -1), hex, hex.toUpperCase(),
      ...inBase64('base64'), ...inBase64('base64url'),
    ]),
  ];
} // biome-ignore format: a list

/** `where: canary`, for each that is there in any form. */
export function findCanaries(where: string, content: string | Buffer, canaries: readonly Canary[]): string[] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return canaries.flatMap(({ name, text }) =>
    formsOf(text).some((form) => bytes.includes(form)) ? [`${where}: ${name}`] : [],
  );
}

/** Every file of a folder, and of those in it, with its bytes. */
export function filesIn(folder: string): readonly { readonly path: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path: path.slice(folder.length + 1), bytes: readFileSync(path) }));
}

/** A private key is read in the pieces that its lines are. */
export const linesOfKey = (name: string, key: string): readonly Canary[] =>
  key
    .split('\n')
    .filter((line) => line.length >= 32 && !line.startsWith('-----'))
    .map((text, at) => ({ name: `${name}, line ${at + 1}`, text }));
