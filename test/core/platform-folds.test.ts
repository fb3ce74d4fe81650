import { describe, expect, test } from 'vitest';
import { type AlertEvent, type AlertState, evolveAlert } from '../../src/core/alert.ts';
import { type AnnouncementEvent, type AnnouncementState, evolveAnnouncement } from '../../src/core/announcement.ts';
import { askedAnew, type DeploymentEvent, type DeploymentState, evolveDeployment, evolvePipeline, isVersion, pipelineOf } from '../../src/core/deployment.ts'; // biome-ignore format: one line
import { evolveRef, isLower, type RefEvent, type RefState, severityOf } from '../../src/core/tracked.ts';
import { openVote } from '../../src/core/vote.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';

/** What each event makes of what is known of stories, alerts, announcements and deployments. */

const META = { at: 9, actor: 'sam' };

describe('a story or issue', () => {
  const seen = { type: 'seen', ref: 'a#1', kind: 'issue', title: 'Broken', open: true, by: 'sam' } as const;
  const start = evolveRef(undefined, seen, META);
  const making = { platform: 'github', where: 'a', why: null } as const;
  const news = { open: false, severity: 'minor', since: 3, item: 'WEB-2', alert: null, told: ['team'] } as const;
  const pull = (state: 'open' | 'draft' | 'merged' | 'closed') =>
    ({ type: 'pull-changed', by: 'x', state, closes: ['a#2'] }) as const;
  const isPull = (state: string, open: boolean) => ({
    kind: 'pull',
    open,
    pull: { state, closes: ['a#2'] },
    confirmed: true,
  });

  test('begins with being seen', () => {
    const nothing = { labels: [], severity: null, since: null, item: null, alert: null, told: [], version: 1 };
    expect(start).toEqual({ ref: 'a#1', kind: 'issue', title: 'Broken', open: true, ...nothing });
    expect(() => evolveRef(undefined, { type: 'confirmed' }, META)).toThrow(
      'begins with being seen, not with confirmed',
    );
  });

  test.each<[string, Partial<RefState>, RefEvent, object]>([
    ['retitled', {}, { type: 'retitled', title: 'New' }, { title: 'New' }],
    ['labelled', { labels: ['x'] }, { type: 'labelled', labels: ['bug'] }, { labels: ['bug'] }],
    ['in a milestone', {}, { type: 'milestone-set', milestone: 'M1', by: 'x' }, { milestone: 'M1' }],
    ['an open pull request', {}, pull('open'), isPull('open', true)],
    ['a draft', { open: false }, pull('draft'), isPull('draft', true)],
    ['merged', {}, pull('merged'), isPull('merged', false)],
    ['closed without being merged', {}, pull('closed'), isPull('closed', false)],
    ['a pull request closes it', {}, { type: 'pull-joined', pull: 'a#7' }, { pulls: ['a#7'] }],
    ['the same once more', { pulls: ['a#7', 'a#8'] }, { type: 'pull-joined', pull: 'a#7' }, { pulls: ['a#8', 'a#7'] }],
    ['it does not any more', { pulls: ['a#7', 'a#8'] }, { type: 'pull-parted', pull: 'a#7' }, { pulls: ['a#8'] }],
    ['it never did', {}, { type: 'pull-parted', pull: 'a#7' }, { pulls: [] }],
    [
      'a severity begins its clock',
      {},
      { type: 'severity-set', severity: 'major', by: 'x' },
      { severity: 'major', since: 9 },
    ],
    [
      'a severity of what is closed',
      { open: false },
      { type: 'severity-set', severity: 'major', by: 'x' },
      { severity: 'major' },
    ],
    [
      'a severity is taken away',
      { severity: 'major', since: 3 },
      { type: 'severity-set', severity: null, by: 'x' },
      { severity: null, since: null },
    ],
    ['a severity stays', { severity: 'major', since: 3 }, { type: 'severity-kept', wanted: null, by: 'x' }, {}],
    ['closed', { severity: 'major', since: 3 }, { type: 'closed', by: 'x' }, { open: false, since: null }],
    [
      'opened again',
      { open: false, severity: 'major', told: ['team'] },
      { type: 'reopened', by: 'x' },
      { open: true, told: [], since: 9 },
    ],
    ['opened again, with no severity', { open: false }, { type: 'reopened', by: 'x' }, { open: true }],
    ['joins an item', {}, { type: 'claimed', item: 'WEB-1' }, { item: 'WEB-1' }],
    ['leaves it', { item: 'WEB-1' }, { type: 'parted', item: 'WEB-1' }, { item: null }],
    ['leaves another', { item: 'WEB-1' }, { type: 'parted', item: 'WEB-2' }, {}],
    ['an alert', {}, { type: 'alert-opened', alert: 'ALERT-1' }, { alert: 'ALERT-1' }],
    ['no alert any more', { alert: 'ALERT-1' }, { type: 'alert-closed', alert: 'ALERT-1' }, { alert: null }],
    [
      'climbs',
      { told: ['team'] },
      { type: 'ref-escalated', rung: 'owner', by: 'x', reason: '', people: [] },
      { told: ['team', 'owner'] },
    ],
    [
      'is being made',
      {},
      { type: 'logging', platform: 'github', where: 'a', sort: 'issue', labels: [], by: 'x' },
      { making },
    ],
    ['can not be made', { making }, { type: 'not-logged', why: 'away' }, { making: { ...making, why: 'away' } }],
    ['was not being made', {}, { type: 'not-logged', why: 'away' }, {}],
    [
      'has its real name',
      { since: 3, alert: 'ALERT-1' },
      { type: 'became', ref: 'a#9' },
      { became: 'a#9', open: false, since: null, alert: null },
    ],
    ['takes over', {}, { type: 'took-over', from: 'new-1', ...news }, { ...news, confirmed: true }],
    ['is confirmed', {}, { type: 'confirmed' }, { confirmed: true }],
    [
      'was there before us',
      {},
      { type: 'imported', labels: ['bug'], severity: 'major' },
      { labels: ['bug'], severity: 'major', confirmed: true },
    ],
    ['is spoken of', {}, { type: 'commented', by: 'x', text: 'hm' }, {}],
  ])('%s', (_name, before, event, after) =>
    expect(evolveRef({ ...start, ...before }, event, META)).toEqual({ ...start, ...before, version: 2, ...after }),
  );

  test('of several severities the highest counts, in whatever case', () => {
    const read = parseOrganisation('o.yaml', 'organisation: X\ntimezone: UTC\npeople: []\n');
    if ('problems' in read) throw new Error(read.problems.join());
    const [minor = '', major = '', critical = ''] = (['minor', 'major', 'critical'] as const).map(
      (each) => read.organisation.severities[each][0],
    );
    expect(severityOf(read.organisation, [minor, major.toUpperCase(), 'x'])).toBe('major');
    expect(severityOf(read.organisation, [minor, critical])).toBe('critical');
    expect(severityOf(read.organisation, ['x'])).toBeNull();
  });

  test.each([
    ['major', 'critical', true], ['critical', 'major', false], ['minor', 'major', true], ['major', 'major', false],
    [null, 'minor', true], ['minor', null, false], [null, null, false],
  ] as const)('from %s to %s', (to, from, lower) => expect(isLower(to, from)).toBe(lower)); // biome-ignore format: a table
});

describe('an alert', () => {
  const raised = { type: 'raised', key: 'ALERT-1', ref: 'a#1', title: 'Down', severity: 'critical', item: null, by: 'sam' } as const;
  const start = evolveAlert(undefined, raised, META);

  test('begins with being raised', () => {
    const nothing = { heldUntil: null, deliveredAt: null, pages: 0, paged: [], unreached: [], acknowledgedBy: null, newsAt: null, note: null };
    const known = { key: 'ALERT-1', ref: 'a#1', title: 'Down', severity: 'critical', item: null, reporter: 'sam', state: 'open', raisedAt: 9 };
    expect(start).toEqual({ ...known, ...nothing, resolved: null, escalated: false, version: 1 });
    expect(() => evolveAlert(undefined, { type: 'lapsed', by: 'x' }, META)).toThrow('begins with being raised, not with lapsed');
  });

  test.each<[string, Partial<AlertState>, AlertEvent, object]>([
    ['held', {}, { type: 'held', until: 20, for: 'ops-hours' }, { state: 'held', heldUntil: 20 }],
    ['delivered', { state: 'held', heldUntil: 20, pages: 2 }, { type: 'delivered', to: 'ops', held: true }, { state: 'open', heldUntil: null, deliveredAt: 9, pages: 0 }],
    ['delivered again', { deliveredAt: 3 }, { type: 'delivered', to: 'ops', held: false }, {}],
    ['paged', { pages: 1, paged: ['olga'], unreached: ['olga'] }, { type: 'paged', rung: 'second', people: ['omar'] }, { pages: 2, paged: ['omar'], unreached: [] }],
    ['a page is refused', { paged: ['olga'], unreached: ['ole'] }, { type: 'page-refused', person: 'olga', people: ['omar'] }, { paged: ['olga', 'omar'], unreached: ['ole', 'olga'] }],
    ['nobody is reached', { pages: 1 }, { type: 'nobody-reached', people: [] }, {}],
    ['paging stops', { pages: 3 }, { type: 'ladder-paused', until: null }, { pages: 0 }],
    ['worse', {}, { type: 'severity-changed', severity: 'major', by: 'x' }, { severity: 'major' }],
    ['acknowledged', { state: 'held', heldUntil: 20 }, { type: 'acknowledged', by: 'olga', note: 'on it' }, { state: 'acknowledged', heldUntil: null, deliveredAt: 9, acknowledgedBy: 'olga', newsAt: 9, note: 'on it' }],
    ['acknowledged after it came', { deliveredAt: 3 }, { type: 'acknowledged', by: 'olga', note: null }, { state: 'acknowledged', acknowledgedBy: 'olga', newsAt: 9 }],
    ['news', { newsAt: 3, note: 'on it' }, { type: 'news', by: 'olga', note: 'soon' }, { newsAt: 9, note: 'soon' }],
    ['lapsed', { state: 'acknowledged', acknowledgedBy: 'olga', newsAt: 3, note: 'x', pages: 2 }, { type: 'lapsed', by: 'system' }, { state: 'open', acknowledgedBy: null, newsAt: null, note: null, pages: 0 }],
    ['its issue has another name', {}, { type: 'issue-renamed', ref: 'a#2' }, { ref: 'a#2' }],
    ['nobody acknowledged it', {}, { type: 'unacknowledged', people: [] }, { escalated: true }],
    ['resolved', { note: 'soon', heldUntil: 20 }, { type: 'alert-resolved', by: 'olga', note: null }, { state: 'resolved', heldUntil: null, resolved: { by: 'olga', at: 9 } }],
    ['resolved with a word', { note: 'soon' }, { type: 'alert-resolved', by: 'olga', note: 'done' }, { state: 'resolved', note: 'done', resolved: { by: 'olga', at: 9 } }],
  ])('%s', (_name, before, event, after) =>
    expect(evolveAlert({ ...start, ...before }, event, META)).toEqual({ ...start, ...before, version: 2, ...after }),
  );
}); // biome-ignore format: tables

describe('an announcement', () => {
  const groups = [{ role: 'stakeholder', electorate: ['sam', 'sue'], needed: 2, majority: true }, { role: 'architect', electorate: ['arno'], needed: 1, majority: false }];
  const drafted = { type: 'drafted', key: 'ANN-1', item: 'WEB-1', text: 'Soon', date: null, by: 'mia', vote: 'V1', groups } as const;
  const start = evolveAnnouncement(undefined, drafted, META);
  const { vote } = start;
  const [stakeholders, architects] = groups;

  test('begins with a draft', () => {
    const known = { key: 'ANN-1', item: 'WEB-1', text: 'Soon', date: null, by: 'mia', state: 'drafted', version: 1 };
    expect(start).toEqual({ ...known, vote: openVote('V1', 'announcement', groups, 9, null) });
    expect(() => evolveAnnouncement(undefined, { type: 'announced' }, META)).toThrow('begins with a draft, not with announced');
  });

  test.each<[string, Partial<AnnouncementState>, AnnouncementEvent, object]>([
    ['edited', { state: 'rejected' }, { type: 'announcement-edited', text: 'Now', date: '2026-12-15', by: 'wim', vote: 'V2', groups: [] }, { state: 'drafted', text: 'Now', date: '2026-12-15', by: 'wim', vote: openVote('V2', 'announcement', [], 9, null) }],
    ['signed', {}, { type: 'signature-given', person: 'sam', choice: 'approve', note: null }, { vote: { ...vote, ballots: { sam: 'approve' } } }],
    ['a signer leaves', {}, { type: 'signer-left', person: 'sue', role: 'stakeholder' }, { vote: { ...vote, groups: [{ ...stakeholders, electorate: ['sam'], needed: 1 }, architects] } }],
    ['signers join', {}, { type: 'signers-joined', role: 'stakeholder', electorate: ['sam', 'sue', 'sol', 'ole'] }, { vote: { ...vote, groups: [{ ...stakeholders, electorate: ['sam', 'sue', 'sol', 'ole'], needed: 3 }, architects] } }],
    ['another architect joins', {}, { type: 'signers-joined', role: 'architect', electorate: ['arno', 'ann'] }, { vote: { ...vote, groups: [stakeholders, { ...architects, electorate: ['arno', 'ann'] }] } }],
    ['signers are reminded', {}, { type: 'signers-reminded' }, {}],
    ['announced', {}, { type: 'announced' }, { state: 'announced', vote: { ...vote, result: 'approved' } }],
    ['rejected', {}, { type: 'announcement-rejected' }, { state: 'rejected', vote: { ...vote, result: 'rejected' } }],
    ['void', {}, { type: 'voided', why: 'late' }, { state: 'void', vote: { ...vote, result: 'void' } }],
  ])('%s', (_name, before, event, after) =>
    expect(evolveAnnouncement({ ...start, ...before }, event, META)).toEqual({ ...start, ...before, version: 2, ...after }),
  );
}); // biome-ignore format: tables

describe('a deployment', () => {
  const asked = { repository: 'a/b', environment: 'production', callback: 'https://x', sha: 'abcdef1', version: 'v1', by: 'olga-gh', number: 3, installation: 4, unsure: null };
  const start = evolveDeployment(undefined, { type: 'deployment-asked', id: 'D1', ...asked }, META);

  test('begins with being asked for, and begins anew', () => {
    const fresh = { item: null, state: 'asked', reason: null, sort: null, until: null, holds: 0, frozen: null, turns: null };
    expect(start).toEqual({ id: 'D1', ...asked, ...fresh, changes: 1 });
    const again = evolveDeployment({ ...start, state: 'held', holds: 4, changes: 6 }, { type: 'deployment-asked', id: 'D1', ...asked }, META);
    expect(again).toEqual({ ...start, changes: 7 });
    expect(() => evolveDeployment(undefined, { type: 'deployment-approved', item: null }, META)).toThrow('begins with being asked for, not with deployment-approved');
  });

  const held = { type: 'deployment-held', reason: 'R2', sort: 'frozen', until: 20, item: 'WEB-1', forOps: false, frozen: true, turns: 20 } as const;
  const waits = { state: 'held', reason: 'R2', sort: 'frozen', until: 20, item: 'WEB-1', frozen: true, turns: 20, holds: 1 } as const;
  test.each<[string, Partial<DeploymentState>, DeploymentEvent, object]>([
    ['held', {}, held, waits],
    ['held again', waits, held, { holds: 2 }],
    ['the window turns', waits, { type: 'window-turned', frozen: false, turns: 30 }, { frozen: false, turns: 30 }],
    ['the platform refuses', waits, { type: 'approval-refused', item: null, why: 'no' }, { item: null, reason: 'no', sort: 'no', until: null, unsure: 'no' }],
    ['approved', waits, { type: 'deployment-approved', item: 'WEB-2' }, { state: 'approved', item: 'WEB-2', reason: null, until: null, approvedAt: META.at }],
    ['rejected', waits, { type: 'deployment-rejected', item: null, reason: 'R1' }, { state: 'rejected', item: null, reason: 'R1', until: null }],
  ])('%s', (_name, before, event, after) =>
    expect(evolveDeployment({ ...start, ...before }, event, META)).toEqual({ ...start, ...before, changes: 2, ...after }),
  );

  test('the same address may be asked for anew', () => {
    expect(askedAnew(start, asked)).toBeUndefined();
    expect(askedAnew(start, { ...asked, number: 4 })).toEqual({ ...asked, number: 4 });
    expect(askedAnew(start, { ...asked, number: 2, sha: 'other' })).toBeUndefined();
    for (const change of [{ sha: 'x' }, { version: 'x' }, { by: 'x' }, { number: null }, { installation: 5 }])
      expect(askedAnew(start, { ...asked, ...change })?.unsure).toContain('told twice');
    expect(askedAnew({ ...start, number: null }, asked)?.unsure).toContain('told twice');
  });

  test('what was said is expected until it is seen', () => {
    const at = (event: Parameters<typeof evolvePipeline>[1], state?: Parameters<typeof evolvePipeline>[0]) => evolvePipeline(state, event, META);
    const one = { item: 'WEB-1', version: 'v1', emergency: false };
    const said = at({ type: 'release-said', ...one });
    expect(said).toEqual({ expected: [{ ...one, at: 9 }], seen: [] });
    const two = at({ type: 'release-said', ...one, item: 'WEB-2' }, said);
    expect(at({ type: 'release-said', ...one, version: 'v2' }, two).expected.map(({ item, version }) => `${item} ${version}`)).toEqual(['WEB-2 v1', 'WEB-1 v2']);
    expect(at({ type: 'release-done', item: 'WEB-1' }, two).expected.map(({ item }) => item)).toEqual(['WEB-2']);
    const seen = at({ type: 'deployment-seen', mark: '#1 a', sha: 'a', version: 'v1', by: 'x', was: 'u a' }, { expected: [], seen: ['u a', 'u b'] });
    expect(seen.seen).toEqual(['u b', '#1 a']);
    expect(at({ type: 'deployment-unknown', sha: 'a', version: 'v1', by: 'x', why: '' }, two)).toEqual(two);
    const many = Array.from({ length: 50 }, (_, n) => `${n}`);
    expect(at({ type: 'deployment-seen', mark: 'new', sha: 'a', version: 'v1', by: 'x' }, { expected: [], seen: many }).seen).toEqual([...many.slice(1), 'new']);
    expect(at({ type: 'release-said', ...one }, { expected: many.map((item) => ({ ...one, item, at: 1 })), seen: [] }).expected).toHaveLength(50);
    expect(pipelineOf('Example/Web', 'production')).toBe('example/web production');
  });

  test.each([
    ['v1', true], ['v2', false], ['abcdef1234', true], ['abcdef1', true], ['ABCDEF1', true], ['abcdef', false], ['abcdef2', false],
    ['bcdef12', false], ['abcdef1 ', false], ['', false],
  ])('%s is what is deployed: %s', (named, is) => expect(isVersion(named, { version: 'v1', sha: 'abcdef1234' })).toBe(is));

  test('a commit can not be told where none is known', () => expect(isVersion('abcdef1', { version: null, sha: null })).toBe(false));
}); // biome-ignore format: tables
