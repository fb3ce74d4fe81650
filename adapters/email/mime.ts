/**
 * As much of MIME as a report of a bounce needs: headers, parts, three encodings. A whole mail parser would bring a dozen
 * packages into the product and open attachments that nobody looks at.
 */

export interface Part {
  readonly headers: Headers;
  readonly body: string;
}
/** By names in small letters; the first one counts. */
export type Headers = ReadonlyMap<string, string>;

const MOST_PARTS = 20;
const MOST_HEADERS = 200;

export function readPart(text: string): Part {
  const end = /\r?\n\r?\n/.exec(text);
  // A part may begin with the empty line: then it has no headers.
  if (/^\r?\n/.test(text)) return { headers: new Map(), body: text.replace(/^\r?\n/, '') };
  return end === null
    ? { headers: readHeaders(text), body: '' }
    : { headers: readHeaders(text.slice(0, end.index)), body: text.slice(end.index + end[0].length) };
}

/** Reads headers; a line that begins with a blank goes on with the one before. */
export function readHeaders(text: string): Headers {
  const headers = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      if (name !== undefined) headers.set(name, `${headers.get(name)} ${line.trim()}`.trim());
      continue;
    }
    const colon = line.indexOf(':');
    const given = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    name = /^[\w-]{1,80}$/.test(given) && !headers.has(given) && headers.size < MOST_HEADERS ? given : undefined;
    if (name !== undefined) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

/** The type in small letters, without what stands behind it. */
export const typeOf = ({ headers }: Part): string =>
  (headers.get('content-type') ?? 'text/plain').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** A word behind the type: `boundary`, `report-type`. */
export function parameter({ headers }: Part, name: string): string | undefined {
  const rest = headers.get('content-type') ?? '';
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(rest);
  return found?.[1] ?? found?.[2];
}

/** The parts of a multipart; none where it is no such thing. */
export function partsOf(part: Part): readonly Part[] {
  const boundary = parameter(part, 'boundary');
  if (!typeOf(part).startsWith('multipart/') || boundary === undefined || boundary === '') return [];
  const parts: string[][] = [];
  let current: string[] | undefined;
  for (const line of part.body.split(/\r?\n/)) {
    const mark = line.trimEnd();
    if (mark === `--${boundary}--`) break;
    if (mark === `--${boundary}`) {
      if (parts.length === MOST_PARTS) break;
      current = [];
      parts.push(current);
    } else current?.push(line);
  }
  return parts.map((lines) => readPart(lines.join('\n')));
}

/** What a part of text says. */
export function textOf({ headers, body }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.trim().toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/[ \t]*=\r?\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
