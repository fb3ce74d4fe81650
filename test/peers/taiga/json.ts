import { readFileSync } from 'node:fs';

/** JSON as Taiga reads and writes it. */

export type Row = Record<string, unknown>;

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const rowOf = (value: unknown): Row => (isRow(value) ? value : {});
export const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRow) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
};

/** One of the recordings, whole. */
export function recording(name: string): { readonly request: Row; readonly response: Row } {
  const whole = rowOf(readRecorded(name));
  return { request: rowOf(whole.request), response: rowOf(whole.response) };
}

/** The body of a recorded answer: what the peer's own have the shape of. */
export const recordedBody = (name: string): unknown => recording(name).response.body;

export const readRecorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./recorded/${name}.json`, import.meta.url), 'utf8'));

/** Python writes a space after commas and colons, and one of the numbers as a float. The bytes are what is signed. */
export function pythonJson(value: unknown, key = ''): string {
  if (Array.isArray(value)) return `[${value.map((each) => pythonJson(each)).join(', ')}]`;
  if (isRow(value))
    return `{${Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => `${JSON.stringify(name)}: ${pythonJson(each, name)}`)
      .join(', ')}}`;
  if (key === 'disponibility' && Number.isInteger(value)) return `${String(value)}.0`;
  return JSON.stringify(value ?? null);
}

/** The order in which the database gives keys back: by length, then by bytes. A resend has it. */
export function inStoredOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inStoredOrder);
  if (!isRow(value)) return value;
  const keys = Object.keys(value).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, inStoredOrder(value[key])]));
}
