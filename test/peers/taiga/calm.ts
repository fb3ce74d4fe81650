import { isRow } from './json.ts';

/** What differs from one run to the next and means nothing: dates, orders, tokens, ports. */
export function calm(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const rows = value.map((each) => calm(each));
    // The database gives permissions in no order.
    return /permissions$/.test(key) ? rows.toSorted() : rows;
  }
  if (isRow(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, calm(each, name)]));
  if (typeof value === 'number') return value > 1e12 || key === 'duration' ? '<order>' : value;
  if (typeof value !== 'string') return value;
  if (key === 'auth_token' || key === 'refresh') return '<jwt>';
  if (key === 'id' && /-/.test(value)) return '<uuid>';
  if (key === 'uuid') return '<uuid>';
  return value
    .replace(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}[.\d]*(Z|\+00:00)?/g, '<date>')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, '<host>')
    .replace(/: 1\d{12,15}/g, ': <order>');
}

/** Rendered text and the words of Taiga's own hook are not what the peer is for; neither is what the receiver answered. */
const PASSED_OVER = new Set([
  'comment_html',
  'diff',
  'response_data',
  'response_headers',
  'X-TAIGA-WEBHOOK-SIGNATURE',
  'X-Hub-Signature',
  'Content-Length',
]);

export function withoutRendering(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRendering);
  if (!isRow(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !PASSED_OVER.has(name))
      .map(([name, each]) => [
        name,
        name === 'comment' && typeof each === 'string' && /GitHub/.test(each) ? '<by GitHub>' : withoutRendering(each),
      ]),
  );
}
