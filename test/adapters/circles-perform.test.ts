import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namesOf } from '../../adapters/circles/circle.ts';
import type { Job } from '../../src/forge-ports.ts';
import type { Thing } from '../peers/taiga/world.ts';
import { ALL, createRig, logJob, type Rig } from './circles-rig.ts';

let rig: Rig;
let story: Thing;
let ref: string;
beforeEach(async () => {
  rig = await createRig({ timeout: 400 });
  story = rig.peer.add('userstory', rig.grid, rig.anna, { subject: 'One', tags: ['web'] });
  ref = `${rig.grid.slug}/us:${story.ref}`;
});
afterEach(() => rig.close());

let serial = 0;
const perform = (job: Job, marker?: string, again = false) => {
  serial += 1;
  return rig.circles.perform(job, marker ?? `marker-${serial}`, again);
};
const commentsOf = (thing: Thing): string[] => thing.history.map(({ comment }) => comment).filter(Boolean);
const issues = () => rig.peer.world.things.issue;
const stories = () => rig.peer.world.things.userstory;
const statusOf = ({ project, status, kind }: Thing) =>
  project.lists[kind === 'issue' ? 'issue_statuses' : 'us_statuses'].find(({ id }) => id === status)?.slug;

describe('log', () => {
  it('makes a story with its labels, and an issue with its severity', async () => {
    const made = await perform(logJob(rig.grid.slug, { labels: ['Web', 'a,b'], severity: 'critical' }));
    expect(made).toEqual({ is: 'done', ref: `${rig.grid.slug}/us:2` });
    expect(
      stories()[1]
        ?.tags.map(([name]) => name)
        .slice(0, 3),
    ).toEqual(['web', 'a b', 'critical']);
    const severities = ['critical', 'major', 'minor', null] as const;
    for (const severity of severities) await perform(logJob(rig.grid.slug, { sort: 'issue', severity }));
    const names = issues().map((each) => rig.grid.lists.severities.find(({ id }) => id === each.fields.severity)?.name);
    expect(names).toEqual(['Critical', 'Important', 'Minor', 'Normal']);
    await perform(logJob(rig.grid.slug, { sort: 'feedback' }));
    const type = rig.grid.lists.issue_types.find(({ id }) => id === issues()[4]?.fields.type);
    expect(type?.name).toBe('Enhancement');
    expect(await rig.circles.look(`${rig.grid.slug}/us:2`)).toMatchObject({
      open: true,
      labels: ['web', 'a b', 'critical'],
    });
  });

  it.each([
    ['the answer was lost', { reset: 'after' }],
    ['no answer came', { hang: 'after' }],
    ['a proxy answered instead', { html: true }],
    ['the server failed after it', { status: 502, after: true }],
  ] as const)('never makes a second one when %s', async (_, fault) => {
    rig.peer.fault('POST', /^\/userstories/, fault, 1);
    const job = logJob(rig.grid.slug, { title: 'Two' });
    expect(await perform(job, 'm2')).toMatchObject({ is: 'uncertain' });
    // Others made some in the meantime, and changed ours.
    const ours = stories()[1];
    if (ours !== undefined) rig.peer.edit(ours, rig.anna, { description: 'rewritten', subject: 'Renamed' });
    rig.peer.add('userstory', rig.grid, rig.anna, { subject: 'Two' });
    expect(await perform(job, 'm2', true)).toEqual({ is: 'done', ref: `${rig.grid.slug}/us:2` });
    expect(stories()).toHaveLength(3);
  });

  it('makes it where the earlier try never came through', async () => {
    rig.peer.fault('POST', /^\/userstories/, { reset: 'before' }, 1);
    const job = logJob(rig.grid.slug);
    expect(await perform(job, 'm3')).toMatchObject({ is: 'uncertain' });
    expect(await perform(job, 'm3', true)).toMatchObject({ is: 'done' });
    expect(stories()).toHaveLength(2);
  });

  it('leaves no doubt where nothing was written, but keeps the one that there was', async () => {
    const job = logJob(rig.grid.slug);
    rig.peer.fault('GET', /^\/projects\/by_slug/, { status: 500 }, 1);
    expect(await perform(job)).toMatchObject({ is: 'away' });
    rig.peer.fault('GET', /^\/userstories/, { status: 500 }, 1);
    expect(await perform(job, 'm4', true)).toMatchObject({ is: 'uncertain' });
    rig.peer.fault('GET', /^\/userstories/, { reset: 'before' }, 1);
    expect(await perform(job, 'm4', true)).toMatchObject({ is: 'uncertain' });
    rig.peer.fault('POST', /^\/userstories/, { status: 429, wait: '7' }, 1);
    expect(await perform(job)).toEqual({ is: 'later', after: 7_000, why: '429 Out of order' });
    await rig.peer.away(true);
    // The connection that was kept open is found broken by whoever comes first.
    expect(await rig.circles.look(ref)).toBeUndefined();
    expect(await perform(job)).toMatchObject({ is: 'away', why: 'Circles is not reached (ECONNREFUSED)' });
    await rig.peer.away(false);
    expect(stories()).toHaveLength(1);
  });

  it('says what to do where it may not, or there is no such circle', async () => {
    rig.peer.member(rig.grid, rig.bot, ['view_project', 'view_us']);
    expect(await perform(logJob(rig.grid.slug))).toEqual({
      is: 'refused',
      why: 'Circles says 403 You do not have permission to perform this action.',
    });
    expect(await perform(logJob('nowhere'))).toEqual({
      is: 'refused',
      why: 'there is no circle nowhere, or our user is no member of it',
    });
  });
});

describe('comment', () => {
  const comment = (body: string, status = false): Job => ({ do: 'comment', ref, body, status });

  it('is written once, however often it is tried', async () => {
    rig.peer.fault('PATCH', /./, { reset: 'after' }, 1);
    expect(await perform(comment('hello'), 'c1')).toMatchObject({ is: 'uncertain' });
    expect(await perform(comment('hello'), 'c1', true)).toEqual({ is: 'done', ref });
    expect(commentsOf(story)).toHaveLength(1);
    expect(commentsOf(story)[0]).toMatch(/^hello\n\n<!-- baton:[0-9a-f]{20} -->$/);
  });
  it('that tells where it stands is one, changed as it goes', async () => {
    await perform(comment('testing', true), 's1');
    rig.peer.say(story, rig.anna, 'fine <!-- baton:status -->');
    await perform(comment('released', true), 's2');
    await perform(comment('released', true), 's2', true);
    expect(commentsOf(story)).toHaveLength(2);
    expect(commentsOf(story)[0]).toMatch(/^released\n/);
    expect(commentsOf(story)[1]).toMatch(/^fine/);
  });
  it('goes to issues too, and nowhere where there is nothing', async () => {
    const issue = rig.peer.add('issue', rig.grid, rig.anna, { subject: 'Bug' });
    await perform({ do: 'comment', ref: `${rig.grid.slug}/issue:${issue.ref}`, body: 'seen', status: true });
    expect(commentsOf(issue)).toHaveLength(1);
    expect(await perform({ ...comment('x'), ref: `${rig.grid.slug}/us:99` } as Job)).toEqual({
      is: 'refused',
      why: `${rig.grid.slug}/us:99 is not in Circles`,
    });
    expect(await perform({ ...comment('x'), ref: 'org/repo#1' } as Job)).toMatchObject({ is: 'refused' });
  });
});

describe('changes to what is there', () => {
  it('move a story by the slug of a status, or by its name', async () => {
    expect(await perform({ do: 'move', ref, status: 'ready-for-test' })).toEqual({ is: 'done', ref });
    expect(statusOf(story)).toBe('ready-for-test');
    await perform({ do: 'move', ref, status: 'In progress' });
    expect(statusOf(story)).toBe('in-progress');
    const { version } = story;
    await perform({ do: 'move', ref, status: 'in-progress' });
    expect(story.version).toBe(version);
    expect(await perform({ do: 'move', ref, status: 'gone' })).toEqual({
      is: 'refused',
      why: `${rig.grid.slug} has no status gone; it has new, ready, in-progress, ready-for-test, done, archived`,
    });
  });
  it('turn it to a status that counts', async () => {
    await perform({ do: 'turn', ref, to: 'closed' });
    expect(statusOf(story)).toBe('done');
    await perform({ do: 'turn', ref, to: 'open' });
    expect(statusOf(story)).toBe('new');
    rig.peer.status(rig.grid, 'Verified', { isClosed: true });
    const strict = rig.another({ closedStatuses: ['verified'] });
    rig.peer.moveTo(story, rig.anna, 'done');
    await strict.perform({ do: 'turn', ref, to: 'closed' }, 't', false);
    expect(statusOf(story)).toBe('verified');
    const issue = rig.peer.add('issue', rig.grid, rig.anna, { subject: 'Bug' });
    await strict.perform({ do: 'turn', ref: `${rig.grid.slug}/issue:${issue.ref}`, to: 'closed' }, 'u', false);
    expect(statusOf(issue)).toBe('closed');
  });
  it('set labels and leave the others, ours included', async () => {
    const made = await perform(logJob(rig.grid.slug, { labels: ['a', 'b'] }));
    const thing = stories()[1] as Thing;
    await perform({
      do: 'label',
      ref: made.is === 'done' ? (made.ref ?? '') : '',
      add: ['C', 'a'],
      remove: ['B', 'z'],
    });
    expect(thing.tags.map(([name]) => name)).toEqual(['a', expect.stringMatching(/^baton-/), 'c']);
  });
  it('read again and decide again when others were quicker, and give way in the end', async () => {
    let left = 2;
    const before = rig.peer.seen.length;
    rig.peer.meddle(/^\/userstories\/1$/, () => {
      left -= 1;
      if (left >= 0) rig.peer.edit(story, rig.anna, { tags: [...story.tags, `by-anna-${left}`] });
    });
    expect(await perform({ do: 'label', ref, add: ['urgent'], remove: ['web'] })).toEqual({ is: 'done', ref });
    expect(story.tags.map(([name]) => name)).toEqual(['by-anna-1', 'by-anna-0', 'urgent']);
    expect(rig.peer.seen.slice(before).filter(({ method }) => method === 'PATCH')).toHaveLength(3);
    rig.peer.meddle(/^\/userstories\/1$/, () =>
      rig.peer.edit(story, rig.anna, { tags: [...story.tags, `more-${story.version}`] }),
    );
    expect(await perform({ do: 'label', ref, add: ['late'], remove: [] })).toMatchObject({ is: 'later' });
  });
  it('keep the issue of a story where Taiga keeps it, and any other in a comment, once', async () => {
    const pair = (issue: string): Job => ({ do: 'pair', story: ref, issue });
    await perform(pair('org/repo#12'));
    await perform(pair('https://github.com/org/repo/issues/12'));
    expect(story.fields.external_reference).toEqual(['github', 'https://github.com/org/repo/issues/12']);
    expect(commentsOf(story)).toEqual([]);
    await perform(pair('org/other#3'));
    await perform(pair('org/other#3'));
    expect(commentsOf(story)).toEqual([expect.stringMatching(/^Issue: https:\/\/github.com\/org\/other\/issues\/3\n/)]);
    expect(await perform(pair('javascript:alert(1)'))).toMatchObject({ is: 'refused' });
  });
  it('leave deployments to others', async () => {
    expect(await perform({ do: 'check', repository: 'o/r', sha: 'a', frozen: true, summary: '' })).toMatchObject({
      is: 'refused',
    });
  });
});

describe('circle', () => {
  const circle = (name: string): Job => ({ do: 'circle', name, description: 'Why it is there' });
  const make = async () => {
    const template = rig.peer.project('TEMPLATE_Project', rig.anna);
    rig.peer.member(template, rig.bot, ALL);
    rig.peer.status(template, 'Verified', { isClosed: true });
    return rig.another({ template: template.slug });
  };
  it('is made from the template with its statuses and members, once', async () => {
    const maker = await make();
    const made = await Promise.all([
      maker.perform(circle('Farm'), 'a', false),
      maker.perform(circle('Farm'), 'b', false),
      maker.perform(circle('project_farm'), 'c', false),
    ]);
    for (const each of made) expect(each).toEqual({ is: 'done', ref: 'baton-project_farm' });
    const farms = rig.peer.world.projects.filter(({ name }) => /farm/i.test(name));
    expect(farms).toHaveLength(1);
    expect(farms[0]?.name).toBe('PROJECT_Farm');
    expect(farms[0]?.isPrivate).toBe(true);
    expect(farms[0]?.lists.us_statuses.map(({ slug }) => slug)).toContain('verified');
    expect(farms[0]?.members.map(({ user }) => user.username)).toEqual(['baton', 'anna']);
  });
  it('is found again after an answer that was lost, and the one that somebody made is taken', async () => {
    const maker = await make();
    rig.peer.fault('POST', /duplicate$/, { reset: 'after' }, 1);
    expect(await maker.perform(circle('Mill'), 'd', false)).toMatchObject({ is: 'uncertain' });
    expect(await maker.perform(circle('Mill'), 'd', true)).toEqual({ is: 'done', ref: 'baton-project_mill' });
    expect(await maker.perform(circle('Grid'), 'e', false)).toEqual({ is: 'done', ref: rig.grid.slug });
    expect(rig.peer.world.projects).toHaveLength(3);
  });
  it('is not the archived one; other prefixes may be set', async () => {
    const maker = await make();
    const old = rig.peer.project('ARCHIVE_Barn', rig.anna);
    rig.peer.member(old, rig.bot, ALL);
    expect(await maker.perform(circle('Barn'), 'f', false)).toEqual({ is: 'done', ref: 'baton-project_barn' });
    const other = rig.another({ template: old.slug, prefixes: ['P-'] });
    expect(await other.perform(circle('Shed'), 'g', false)).toEqual({ is: 'done', ref: 'baton-p-shed' });
  });
  it('is looked for under every name that means the same', () => {
    expect(namesOf('Farm')).toEqual(['PROJECT_Farm', 'Farm', 'TEAM_Farm']);
    expect(namesOf('team_Farm')).toEqual(['team_Farm']);
    expect(namesOf(' Farm\n2 ', {})).toEqual(['Farm 2']);
    expect(namesOf('Farm', { kanban: 'K_', project: '' })).toEqual(['Farm', 'K_Farm']);
  });
  it('needs a template that can be seen', async () => {
    expect(await perform(circle('X'))).toMatchObject({
      is: 'refused',
      why: expect.stringContaining('no template is set'),
    });
    const blind = rig.another({ template: 'anna-template' });
    expect(await blind.perform(circle('X'), 'h', false)).toMatchObject({ is: 'refused' });
  });
});
