import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Looks at the licence of everything that is installed with the product; an unexpected one ends with 1. */

/** All of them allow use in a product under Apache-2.0, with their notices. */
const EXPECTED = new Set([
  'Apache-2.0', 'MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0',
  'PSF-2.0', 'CC-BY-3.0', 'CC-BY-4.0',
]); // biome-ignore format: a list

interface Package {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** `(ISC AND CC-BY-3.0)` wants both, `(MIT OR GPL-3.0)` one. */
function isExpected(licence: string): boolean {
  const bare = licence.replace(/^\((.*)\)$/, '$1');
  if (/\bOR\b/.test(bare)) return bare.split(/\s+OR\s+/).some(isExpected);
  if (/\bAND\b/.test(bare)) return bare.split(/\s+AND\s+/).every(isExpected);
  return EXPECTED.has(bare);
}

/** A line for each package of a lock file that comes with the product under a licence that nobody expected. */
export function unexpected(lock: { readonly packages: Readonly<Record<string, Package>> }): readonly string[] {
  return Object.entries(lock.packages).flatMap(([path, { license, dev, link }]) => {
    if (path === '' || dev === true || link === true) return [];
    const name = path.replace(/^.*node_modules\//, '');
    if (license === undefined) return [`${name}: it names no licence`];
    return isExpected(license) ? [] : [`${name}: ${license}`];
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));
  const found = unexpected(lock);
  for (const line of found) console.error(line);
  console.log(found.length === 0 ? 'every licence is one that we expect' : `${found.length} licences to look at`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
