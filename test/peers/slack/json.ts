/** Reading what came over the wire: nothing about it is known. */

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const object = (value: unknown): Json => (isJson(value) ? value : {});

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const objects = (value: unknown): readonly Json[] => list(value).filter(isJson);

export const string = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An argument that is a truth value: forms carry it as a word. */
export const truth = (value: unknown): boolean => value === true || value === 'true' || value === '1' || value === 1;

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An argument that is JSON by itself: within a form it is a string. */
export const nested = (value: unknown): unknown => (typeof value === 'string' ? parse(value) : value);

/** Every object within a value, with the path to it. */
export function* walk(value: unknown, at = ''): Generator<readonly [Json, string]> {
  if (isJson(value)) yield [value, at];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, held] of Object.entries(value)) yield* walk(held, `${at}/${key}`);
}
