import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** Reads YAML strictly against a schema. Every mistake has its file, line and column, and all are told at once. */
export function readYaml<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
): { value: T } | { problems: readonly string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  if (document.errors.length > 0)
    return { problems: document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`) };
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return { value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return keys.map((key) => {
      const path = [...issue.path, ...(key === undefined ? [] : [key])];
      const name = path.map(String).join('.');
      const message =
        key === undefined
          ? issue.message
          : 'there is no such key; take it out, or see the documentation for its right name';
      return `${at(offsetOf(document, path))}: ${name === '' ? '' : `${name}: `}${message}`;
    });
  });
  return { problems };
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
