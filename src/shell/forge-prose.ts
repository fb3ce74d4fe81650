/**
 * What forges send holds much that nobody here reads: descriptions, the words of commits, fields of people's own. It is left
 * out before it is stored, so that what is private there, or should never have been written, is not kept here as well.
 */

const PROSE =
  /^(?:description|body_html|body_text|message|patch|custom_attributes|blocked_note|content|head_commit|commits$)/;
/** Our own mark stands at the end of what we wrote, and tells that we did. */
const MARK = /<!-- baton:[^>]{1,300}-->\s*$/;
const DEEPEST = 40;

/** The same without its prose. Words of a comment stay: they may be a command, or news of an alert. */
export function withoutProse(value: unknown, within = '', depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map((each) => withoutProse(each, within, depth + 1));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (PROSE.test(name)) return [];
      if (name === 'body' && typeof each === 'string' && within !== 'comment')
        return [[name, MARK.exec(each.slice(-400))?.[0] ?? '']];
      return [[name, withoutProse(each, name, depth + 1)]];
    }),
  );
}
