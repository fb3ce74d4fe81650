import { Refusal } from './actions.ts';
import { numberOf, type Row } from './json.ts';
import { gravatarOf, shownName, statusRow, type View } from './render.ts';
import type { Answer, Call } from './routes.ts';
import type { Entry, Kind, Thing } from './world.ts';

/** Lists: narrowed by the filters that are known (others are passed over without a word), ordered, in pages. */

const PAGE = 30;
const MOST_PAGE = 1_000;

export function listOf<T extends object>(
  call: Call,
  view: View,
  kind: Kind | undefined,
  rows: readonly T[],
  show: (row: T) => Row,
): Answer {
  const narrowed =
    kind === undefined
      ? rows
      : ordered(
          rows.filter((row) => isThing(row) && passes(row, call)),
          call,
          kind,
        );
  const headers: Record<string, string> = {};
  if (kind === 'userstory' && call.query.has('project')) headers['taiga-info-userstories-without-swimlane'] = 'true';
  if (call.unpaged) return { status: 200, body: narrowed.map(show), headers };
  const size = Math.min(MOST_PAGE, numberOf(call.query.get('page_size')) ?? PAGE);
  const page = call.query.has('page') ? numberOf(call.query.get('page')) : 1;
  const pages = Math.max(1, Math.ceil(narrowed.length / size));
  if (page === undefined || page < 1 || page > pages)
    throw new Refusal(404, { _error_message: "Page is not 'last', nor can it be converted to an int." });
  const address = (other: number): string => {
    const query = new URLSearchParams(call.query);
    query.delete('page');
    query.append('page', String(other));
    return `${view.host}/api/v1${call.path}?${query}`;
  };
  headers['x-paginated'] = 'true';
  headers['x-paginated-by'] = String(size);
  headers['x-pagination-count'] = String(narrowed.length);
  headers['x-pagination-current'] = String(page);
  if (page < pages) headers['x-pagination-next'] = address(page + 1);
  if (page > 1) headers['x-pagination-prev'] = address(page - 1);
  return { status: 200, body: narrowed.slice((page - 1) * size, page * size).map(show), headers };
}

const isThing = (row: object): row is Thing => 'ref' in row && 'status' in row;

function passes(thing: Thing, { query }: Call): boolean {
  const status = statusRow(thing);
  const isDone = thing.kind === 'userstory' ? thing.isClosed : status.is_closed === true;
  const wants = (name: string, is: (wanted: string) => boolean): boolean => {
    const wanted = query.get(name);
    return wanted === null || wanted === '' || is(wanted);
  };
  const among = (name: string, value: unknown): boolean =>
    wants(name, (wanted) => wanted.split(',').includes(String(value)));
  return (
    among('project', thing.project.id) &&
    among('project__slug', thing.project.slug) &&
    among('milestone', thing.fields.milestone) &&
    among('status', thing.status) &&
    among('owner', thing.owner.id) &&
    (thing.kind !== 'task' || among('user_story', thing.fields.user_story)) &&
    (thing.kind !== 'issue' ||
      (among('severity', thing.fields.severity) && among('priority', thing.fields.priority))) &&
    (thing.kind !== 'userstory' || wants('is_closed', (wanted) => (wanted.toLowerCase() === 'true') === isDone)) &&
    wants('status__is_closed', (wanted) => (wanted.toLowerCase() === 'true') === (status.is_closed === true)) &&
    wants('tags', (wanted) => wanted.split(',').some((tag) => thing.tags.some(([name]) => name === tag))) &&
    wants('q', (wanted) => isFound(thing, wanted)) &&
    passesDates(thing, query)
  );
}

function isFound(thing: Thing, wanted: string): boolean {
  const words = `${thing.fields.subject} ${thing.tags.map(([name]) => name).join(' ')} ${thing.ref} ${thing.fields.description}`;
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) =>
      words
        .toLowerCase()
        .split(/\s+/)
        .some((each) => each.startsWith(word)),
    );
}

function passesDates(thing: Thing, query: URLSearchParams): boolean {
  const dates: Readonly<Record<string, string | null>> = {
    created_date: thing.created,
    modified_date: thing.modified,
    [thing.kind === 'userstory' ? 'finish_date' : 'finished_date']: thing.finished,
  };
  return Object.entries(dates).every(([name, value]) =>
    [
      ['gte', (is: number, wanted: number) => is >= wanted] as const,
      ['gt', (is: number, wanted: number) => is > wanted] as const,
      ['lte', (is: number, wanted: number) => is <= wanted] as const,
      ['lt', (is: number, wanted: number) => is < wanted] as const,
    ].every(([operator, holds]) => {
      const wanted = query.get(`${name}__${operator}`);
      return wanted === null || (value !== null && holds(Date.parse(value), Date.parse(wanted)));
    }),
  );
}

/** What may be asked for; anything else leaves the usual order. */
const ORDERS = new Set(['created_date', 'modified_date', 'status', 'subject']);

function ordered<T extends object>(rows: readonly T[], { query }: Call, kind: Kind): readonly T[] {
  const wanted = query.get('order_by') ?? '';
  const field = wanted.replace(/^-/, '');
  const idOf = (row: T): number => (isThing(row) ? row.id : 0);
  if (!ORDERS.has(field)) return kind === 'issue' ? rows.toSorted((a, b) => idOf(b) - idOf(a)) : rows;
  const keyOf = (row: T): string => {
    if (!isThing(row)) return '';
    const keys = {
      created_date: row.created,
      modified_date: row.modified,
      status: row.status,
      subject: row.fields.subject,
    };
    return String(keys[field as keyof typeof keys]);
  };
  const sign = wanted.startsWith('-') ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === right) return idOf(b) - idOf(a);
    return left < right ? -sign : sign;
  });
}

export function entryRow(entry: Entry, thing: Thing): Row {
  const { user } = entry;
  return {
    id: entry.uuid,
    user: {
      pk: user.id,
      username: user.username,
      name: shownName(user),
      photo: null,
      is_active: !user.isSystem,
      gravatar_id: gravatarOf(user),
    },
    created_at: entry.date,
    type: 1,
    key: `${{ userstory: 'userstories', issue: 'issues', task: 'tasks', epic: 'epics' }[thing.kind]}.${thing.kind}:${thing.id}`,
    diff: entry.diff,
    snapshot: null,
    values: { users: {} },
    values_diff: {},
    comment: entry.comment,
    comment_html: entry.comment === '' ? '' : `<p>${entry.comment}</p>`,
    delete_comment_date: null,
    delete_comment_user: null,
    edit_comment_date: entry.edited,
    is_hidden: false,
    is_snapshot: false,
  };
}
