import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tally } from '../../support/tally.ts';
import { play } from '../../time/play.ts';
import { site, toStaging } from '../../time/site.ts';
import { played } from '../../time/table.ts';

/** The bot ends and starts anew while a vote is open: after each ballot, at the tie, at the close, before the release. */

const organisation = site({ people: '  - { id: sol, name: Sol, roles: [stakeholder], telegram: 1020 }' });

let folder = '';
let files = 0;
/** WEB-1 waits on staging, and the vote on it is open. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-votes-'));
  // Of four, two are no majority.
  const agreed = toStaging('Mon 23 Nov 10:00').replace('sam  /prioritise', 'stan  /approve WEB-1\n  sam  /prioritise');
  const before = `${agreed}\n  olga  /release WEB-1 staging`;
  await played({ organisation, before, path: join(folder, 'base.db') }, '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Said = readonly [at: string, as: string, say: string];
const MONDAY = '2026-11-23T1';
const ballots = (...choices: readonly ('approve' | 'reject')[]): readonly Said[] =>
  choices.map((choice, n) => {
    const person = ['sam', 'sue', 'stan', 'sol'][n] ?? '';
    return [
      `${MONDAY}${n + 1}:00:00+01:00`,
      person,
      `/${choice} WEB-1${choice === 'reject' ? ' not good enough' : ''}`,
    ];
  });
const tries: readonly Said[] = [
  [`${MONDAY}5:30:00+01:00`, 'sam', '/status WEB-1'],
  [`${MONDAY}6:00:00+01:00`, 'olga', '/release WEB-1 production'],
  [`${MONDAY}6:30:00+01:00`, 'sue', '/why WEB-1'],
];

interface End {
  readonly answers: readonly unknown[];
  readonly sent: readonly unknown[];
  readonly events: readonly unknown[];
}

/** Says it all; the bot is another one from each of these lines on. */
async function live(said: readonly Said[], restarts: readonly number[]): Promise<End> {
  files += 1;
  const path = join(folder, `${files}.db`);
  copyFileSync(join(folder, 'base.db'), path);
  const lines = said.map(([at, as, say]) => (say === '' ? { at } : { at, as, say }));
  const cuts = [0, ...restarts, lines.length];
  const out = [];
  for (const [n, cut] of cuts.slice(1).entries()) {
    const part = lines.slice(cuts[n], cut);
    if (part.length > 0) out.push(...(await play(organisation, part, path)));
  }
  const db = new Sqlite(path, { readonly: true });
  const events = db.prepare('select stream, version, type, at, actor, via, data from events order by seq').all();
  db.close();
  return {
    answers: out.filter(({ line }) => line !== undefined).map(({ code, rule, text }) => ({ code, rule, text })),
    sent: out.flatMap(({ sent, to, key, text, at }) => (sent === undefined ? [] : [{ sent, to, key, text, at }])),
    events,
  };
}

/** Without the reminders of the calendar, which are late where nobody was there at their minute. */
const ofItem = ({ events, sent }: End) => ({
  events: events.filter((event) => (event as { stream: string }).stream === 'item/WEB-1'),
  sent: sent.filter((message) => (message as { key?: string }).key === 'WEB-1'),
});
const typesOf = ({ events }: End): readonly string[] => events.map((event) => (event as { type: string }).type);

test.each([
  ['three to one', ballots('approve', 'reject', 'approve', 'approve'), 'released'],
  ['two to two', ballots('approve', 'reject', 'reject', 'approve'), 'refused'],
  ['one to three', ballots('reject', 'approve', 'reject', 'reject'), 'refused'],
])('a vote that ends %s comes out as without a restart', async (_how, votes, code) => {
  const said = [...votes, ...tries];
  const undisturbed = await live(said, []);
  expect(undisturbed.answers).toContainEqual(expect.objectContaining({ code }));
  expect(typesOf(undisturbed).filter((type) => type === 'ballot-cast').length).toBeGreaterThanOrEqual(3);
  const gaps = said.map((_line, n) => n).slice(1);
  for (const restarts of [...gaps.map((gap) => [gap]), gaps]) {
    const restarted = await live(said, restarts);
    expect(restarted.answers, `restarted at ${restarts.join(', ')}`).toEqual(undisturbed.answers);
    expect(restarted.events, `restarted at ${restarts.join(', ')}`).toEqual(undisturbed.events);
    expect(restarted.sent).toEqual(undisturbed.sent);
  }
  tally('fault', 'a restart in mid-vote, at the tie, at the close, before the release', gaps.length + 1);
});

test('the hours of an open vote are in the file: its reminder and its escalation come as without a restart', async () => {
  // Each line only moves the clock: to just before, to the hour, and past it.
  const clock = (at: string): Said => [at, '', ''];
  const said: readonly Said[] = [
    [`${MONDAY}1:00:00+01:00`, 'sam', '/approve WEB-1'],
    clock('2026-11-24T09:59:59+01:00'),
    clock('2026-11-24T10:00:00+01:00'),
    clock('2026-11-24T10:00:01+01:00'),
    clock('2026-11-26T09:59:59+01:00'),
    clock('2026-11-26T10:00:00+01:00'),
    clock('2026-11-26T12:00:00+01:00'),
  ];
  const undisturbed = await live(said, []);
  expect(typesOf(undisturbed).filter((type) => type === 'vote-reminded')).toHaveLength(1);
  expect(typesOf(undisturbed).filter((type) => type === 'escalated')).toHaveLength(1);
  const gaps = said.map((_line, n) => n).slice(1);
  for (const restarts of [...gaps.map((gap) => [gap]), gaps]) {
    const restarted = await live(said, restarts);
    expect(ofItem(restarted), `restarted at ${restarts.join(', ')}`).toEqual(ofItem(undisturbed));
  }
  tally('fault', 'a restart in mid-vote, at the tie, at the close, before the release', gaps.length + 1);
});
