import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest } from '../core/nearest.ts';
import type { Mistake } from '../core/organisation.ts';

/** Reads YAML strictly against a schema. Every mistake has its file, line and column, and all are told at once. */
export function readYaml<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  across: (raw: unknown) => readonly Mistake[],
): { value: T } | { problems: readonly string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  if (document.errors.length > 0)
    return { problems: document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`) };
  const raw: unknown = document.toJS() ?? {};
  const parsed = schema.safeParse(raw);
  const problem = (path: readonly PropertyKey[], message: string): string => {
    const name = path.map(String).join('.');
    return `${at(offsetOf(document, path))}: ${name === '' ? '' : `${name}: `}${message}`;
  };
  const mistakes = across(raw).map(({ path, message }) => problem(path, message));
  if (parsed.success && mistakes.length === 0) return { value: parsed.data };
  const known = keysOf(schema);
  const problems = (parsed.error?.issues ?? []).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [problem(issue.path, issue.message)];
    return issue.keys.map((key) => problem([...issue.path, key], strangerAmong(known, key)));
  });
  return { problems: [...problems, ...mistakes] };
}

function strangerAmong(known: readonly string[], key: string): string {
  const guess = nearest(key, known);
  return guess === undefined || guess === key
    ? 'there is no such key here; take it out'
    : `there is no such key here; did you mean ${guess}?`;
}

/** Every key that a schema knows, at any depth: what a mistyped one may have been meant to be. */
function keysOf(schema: z.ZodType): string[] {
  const keys = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null)
      for (const key of Object.keys(node.properties)) keys.add(key);
    for (const inner of Object.values(node)) walk(inner);
  };
  walk(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }));
  return [...keys];
}

/** Where a path stands in the text: the key, or the nearest thing around it that exists. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const offset = rangeIn(parent, last);
    if (offset !== undefined) return offset;
  }
  return 0;
}

interface Ranged {
  readonly range?: readonly [number, number, number] | null;
}
interface Entry {
  readonly key?: Ranged & { readonly value?: unknown };
  readonly range?: readonly [number, number, number] | null;
}

function rangeIn(parent: unknown, key: PropertyKey | undefined): number | undefined {
  const items =
    typeof parent === 'object' && parent !== null && 'items' in parent && Array.isArray(parent.items)
      ? (parent.items as Entry[])
      : [];
  if (typeof key === 'number') return items[key]?.range?.[0] ?? items[key]?.key?.range?.[0];
  return items.find((entry) => String(entry.key?.value) === String(key))?.key?.range?.[0];
}
