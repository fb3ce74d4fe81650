import { bad } from './refusal.ts';

/** Reads the arguments of a call. The real server takes a number as a string, and so does this. */

export type Params = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key with its value, or nothing at all: what optional properties are built from. */
export function opt<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  const made: { [P in K]?: V } = {};
  if (value !== undefined) made[key] = value;
  return made;
}

export function readInteger(params: Params, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw bad(`field "${name}" must be a valid Number`);
}

export function needInteger(params: Params, name: string, lacking: string): number {
  const value = readInteger(params, name);
  if (value === undefined) throw bad(lacking);
  return value;
}

export function readBoolean(params: Params, name: string): boolean {
  const value = params[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'True' || value === '1') return true;
  if (value === 'false' || value === 'False' || value === '0') return false;
  throw bad(`field "${name}" must be of type Boolean`);
}

export function readString(params: Params, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw bad(`field "${name}" must be of type String`);
}

/** An object, or the JSON of one: that is how a form carries it. */
export function readObject(params: Params, name: string): Params | undefined {
  const value = decoded(params, name);
  if (value === undefined) return undefined;
  if (isObject(value)) return value;
  throw bad(`object expected as ${name.replaceAll('_', ' ')}`);
}

export function readArray(params: Params, name: string): readonly unknown[] | undefined {
  const value = decoded(params, name);
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value;
  throw bad(`expected an Array as ${name}`);
}

function decoded(params: Params, name: string): unknown {
  const value = params[name];
  if (value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw bad(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
  }
}
