import { DateTime } from 'luxon';
import { expect } from 'vitest';
import type { Organisation } from '../../src/core/organisation.ts';
import { type Line, play } from './play.ts';

/**
 * Text tables. A row is `when  who  says  -> outcome`, its cells parted by two blanks; an empty `when` is the row's above.
 * What `bot` says is expected there, between the rows that make it say so: `when  bot  kind  -> to, and whom next`.
 * Only the kinds that a table asks for are looked at, and of those all. `clock` only moves; `@login` is GitHub.
 */

interface Row {
  readonly when: string;
  readonly who: string;
  readonly says: string;
  readonly outcome: string;
}

export interface Table {
  readonly organisation: Organisation;
  /** The kinds of messages that the table is about. */
  readonly kinds?: readonly string[];
  /** Only messages about this key. */
  readonly key?: string;
  readonly year?: number;
  /** Rows that are played before and not looked at; each must be carried out. */
  readonly before?: string;
  readonly path?: string;
}

const FORMS = ['ccc d LLL HH:mm:ss', 'ccc d LLL HH:mm'];

/** `Fri 27 Nov 09:00`, with seconds or not; `Sun 25 Oct 02:30+01` where the hour comes twice. */
function instantOf(organisation: Organisation, year: number, when: string): number {
  const [, plain = '', offset] = /^(.*?)([+-]\d\d)?$/.exec(when) ?? [];
  for (const form of FORMS) {
    const zone = offset === undefined ? organisation.timezone : `UTC${offset}`;
    const at = DateTime.fromFormat(`${plain} ${year}`, `${form} yyyy`, { zone, locale: 'en' });
    if (at.isValid) return at.toMillis();
  }
  throw new Error(`${when} ${year} is no moment; is it that weekday?`);
}

function rowsOf(text: string): Row[] {
  let last = '';
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*(when\s|#)/.test(line))
    .map((line) => {
      const [left = '', outcome = ''] = line.split(/\s*->\s?/);
      const cells = left.trimEnd().split(/\s{2,}/);
      const timed = cells.findIndex((cell) => /^[A-Z][a-z]{2} \d/.test(cell));
      const [who = '', ...says] = cells.slice(timed + 1).filter((cell) => cell !== '');
      last = timed < 0 ? last : (cells[timed] ?? '');
      return { when: last, who, says: says.join(' '), outcome: outcome.trim() };
    });
}

/** The state that GitHub would send along: its payloads always carry all labels. */
type Issues = Map<string, { labels: string[]; state: string }>;

function githubLine(issues: Issues, login: string, says: string): object {
  const [action = '', ref = '', ...words] = says.split(' ');
  const [repository = '', number = '0'] = ref.split('#');
  const issue = issues.get(ref) ?? { labels: [], state: 'open' };
  if (action === 'opened' || action === 'labeled' || action === 'unlabeled') issue.labels = words;
  if (action === 'closed') issue.state = 'closed';
  if (action === 'reopened') issue.state = 'open';
  issues.set(ref, issue);
  const payload = {
    action: action === 'comments' ? 'created' : action,
    issue: {
      number: Number(number),
      title: `Issue ${number}`,
      state: issue.state,
      labels: issue.labels.map((name) => ({ name })),
    },
    repository: { full_name: repository },
    sender: { login },
    ...(action === 'comments' ? { comment: { body: words.join(' ') } } : {}),
  };
  return { event: 'github', name: action === 'comments' ? 'issue_comment' : 'issues', payload };
}

function inputOf(row: Row, issues: Issues): object {
  if (row.who === 'clock')
    return row.says === 'restart' ? { restart: true } : row.says === '' ? {} : JSON.parse(row.says);
  if (row.who.startsWith('@')) return githubLine(issues, row.who.slice(1), row.says);
  const press = /^press (\S+) (\S+)$/.exec(row.says);
  return press === null ? { as: row.who, say: row.says } : { as: row.who, press: press[1], on: press[2] };
}

const outcomeOf = (line: Line): string =>
  [line.item === undefined ? line.code : 'dumped', ...(line.rule === undefined ? [] : [line.rule])].join(' ');

/** Plays the table, and says it again as it went. */
export async function played(
  table: Table,
  text: string,
): Promise<{ want: string[]; got: string[]; lines: readonly Line[] }> {
  const { organisation, year = 2026 } = table;
  const issues: Issues = new Map();
  const before = rowsOf(table.before ?? '');
  const rows = rowsOf(text);
  const asked = [...before, ...rows.filter((row) => row.who !== 'bot')];
  const input = asked.map((row) => ({
    ...inputOf(row, issues),
    ...(row.when === '' ? {} : { at: new Date(instantOf(organisation, year, row.when)).toISOString() }),
  }));
  const out = await play(organisation, input, table.path);
  const answerAt = (n: number) => out.findIndex((line) => line.line === n);
  before.forEach((row, n) => {
    const line = out[answerAt(n + 1)];
    if (line?.ok !== true && line?.item === undefined)
      throw new Error(`before the table, ${row.who} ${row.says}: ${line?.code} ${line?.text}`);
  });
  const lines = before.length === 0 ? out : out.slice(answerAt(before.length) + 1);
  const got = said(table, lines, (n) => asked[n - 1]);
  const want = rows.map((row) => show(showWhen(organisation, year, row.when), row.who, row.says, row.outcome));
  return { want, got, lines };
}

/** Plays the table and compares, row by row. */
export async function check(table: Table, text: string): Promise<readonly Line[]> {
  const { want, got, lines } = await played(table, text);
  expect(got).toEqual(want);
  return lines;
}

const show = (when: string, who: string, says: string, outcome: string): string =>
  `${when} | ${who} | ${says} -> ${outcome}`;

function showWhen(organisation: Organisation, year: number, when: string): string {
  return showAt(organisation, instantOf(organisation, year, when));
}

const showAt = (organisation: Organisation, at: number): string =>
  DateTime.fromMillis(at, { zone: organisation.timezone }).setLocale('en').toFormat('ccc d LLL HH:mm:ss ZZ');

/** The bot's messages of one kind at one instant are one row, whoever they go to. */
function said(table: Table, lines: readonly Line[], asked: (line: number) => Row | undefined): string[] {
  const { organisation, year = 2026, kinds = [], key } = table;
  const rows: { head: string; to: string[] }[] = [];
  for (const line of lines) {
    if (line.sent !== undefined) {
      if (!kinds.includes(line.sent) || (key !== undefined && line.key !== key)) continue;
      const when = showAt(organisation, Date.parse(line.at ?? ''));
      const head = `${when} | bot | ${line.sent}${line.late === true ? ' late' : ''} -> `;
      const to = line.to?.person ?? line.to?.chat ?? line.to?.email ?? '';
      const last = rows.at(-1);
      if (last?.head === head) last.to.push(to);
      else rows.push({ head, to: [to] });
      continue;
    }
    const row = asked(line.line ?? 0);
    if (row === undefined) continue;
    rows.push({ head: show(showWhen(organisation, year, row.when), row.who, row.says, outcomeOf(line)), to: [] });
  }
  return rows.map(({ head, to }) => `${head}${to.join(', ')}`);
}
