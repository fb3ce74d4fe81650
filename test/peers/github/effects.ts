/** What GitHub makes of a text: whom it tells, what it closes, what it loads. Stricter than the service, never laxer. */

export interface Effects {
  readonly mentions: readonly string[];
  /** Issues that it names, and with that links itself to. */
  readonly references: readonly string[];
  /** Keywords followed by an issue. */
  readonly closes: readonly string[];
  readonly images: readonly string[];
  readonly html: readonly string[];
  /** Links under a label of their own. */
  readonly links: readonly string[];
}

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([found]) => found.trim());

/** Reads a body as it is stored; marks of ours at its end are left out by the caller. */
export function effectsOf(text: string): Effects {
  return {
    mentions: all(text, /(?<![A-Za-z0-9])@[a-z0-9][a-z0-9-]*(?:\/[\w.-]+)?/gi),
    references: all(text, /(?<![&])#\d+|\bGH-\d+/gi),
    closes: all(
      text,
      /\b(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?|duplicate of)\s*:?\s+(?:#\d+|GH-\d+|[\w.-]+\/[\w.-]+#\d+|https?:\/\/github\.com\/\S+\/(?:issues|pull)\/\d+)/gi,
    ),
    images: all(text, /(?<!\\)!\[[^\]]*\](?:\(|\[)/g),
    html: all(text, /(?<!\\)<[a-z!/?][^>]*>?/gi),
    links: all(text, /(?<!\\)\[[^\]]*(?<!\\)\](?:\(|\[|:)/g),
  };
}

/** The words without our own marks. */
export const withoutMarks = (body: string): string => body.replace(/(?:<!-- baton:\S+ -->\s*)+$/, '').trimEnd();
