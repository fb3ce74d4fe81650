import { type Row, recordedBody, rowOf } from './json.ts';
import { type Milestone, memberOf, type Project, type Thing, type User, type World } from './world.ts';

/** What the API answers: in the shape of the recordings, with the values of this world. */

const LIKE_PROJECT = rowOf(recordedBody('06-POST_projects'));
const LIKE: Readonly<Record<Thing['kind'], Row>> = {
  userstory: rowOf(recordedBody('17-POST_userstories')),
  issue: rowOf(recordedBody('36-POST_issues')),
  task: rowOf(recordedBody('31-POST_tasks')),
  epic: rowOf(recordedBody('42-POST_epics')),
};
const GRAVATAR = '96614ec98aa0c0d2ee75796dced6df54';
const SYSTEM_GRAVATAR = '0cd7e41ddb176bb5c6674b51173fced2';

export const gravatarOf = (user: User): string => (user.isSystem ? SYSTEM_GRAVATAR : GRAVATAR);
export const shownName = (user: User): string => (user.fullName === '' ? user.username : user.fullName);

const userRow = (user: User, host: string): Row => ({
  username: user.username,
  full_name_display: shownName(user),
  photo: user.isSystem ? `${host}/` : null,
  big_photo: user.isSystem ? `${host}/` : null,
  gravatar_id: gravatarOf(user),
  is_active: !user.isSystem,
  id: user.id,
});

export function projectRow(project: Project, viewer: User | undefined): Row {
  const member = memberOf(project, viewer);
  const open = project.isPrivate ? [] : LIKE_PROJECT.anon_permissions;
  return {
    ...structuredClone(LIKE_PROJECT),
    id: project.id,
    name: project.name,
    slug: project.slug,
    description: project.description,
    created_date: project.created,
    modified_date: project.modified,
    totals_updated_datetime: project.modified,
    owner: userRow(project.owner, ''),
    members: project.members.map(({ user, role }) => ({
      role,
      role_name: project.lists.roles.find(({ id }) => id === role)?.name,
      full_name: user.fullName,
      full_name_display: shownName(user),
      is_active: true,
      id: user.id,
      color: '#2a2814',
      username: user.username,
      photo: null,
      gravatar_id: gravatarOf(user),
    })),
    creation_template: project.template,
    is_private: project.isPrivate,
    anon_permissions: open,
    public_permissions: open,
    ...project.defaults,
    my_permissions: member?.permissions ?? open,
    i_am_owner: viewer?.id === project.owner.id,
    i_am_admin: member?.isAdmin ?? false,
    i_am_member: member !== undefined,
    total_memberships: project.members.length,
    ...structuredClone(project.lists),
  };
}

const extraOf = ({ name, slug, id }: Project): Row => ({ name, slug, logo_small_url: null, id });

export function statusRow(thing: Thing): Row {
  const lists = { userstory: 'us_statuses', issue: 'issue_statuses', task: 'task_statuses', epic: 'epic_statuses' };
  const list = lists[thing.kind] as 'us_statuses';
  return thing.project.lists[list].find(({ id }) => id === thing.status) ?? {};
}

export interface View {
  readonly world: World;
  readonly viewer: User | undefined;
  readonly host: string;
}

/** As it is answered when it is made or changed. */
export function thingRow(thing: Thing, { world, viewer, host }: View): Row {
  const status = statusRow(thing);
  const milestone = world.milestones.find(({ id }) => id === thing.fields.milestone);
  const isDone = thing.kind === 'userstory' ? thing.isClosed : status.is_closed === true;
  const row: Row = {
    ...structuredClone(LIKE[thing.kind]),
    ...thing.orders,
    ...thing.fields,
    id: thing.id,
    ref: thing.ref,
    project: thing.project.id,
    project_extra_info: extraOf(thing.project),
    version: thing.version,
    status: thing.status,
    status_extra_info: { name: status.name, color: status.color, is_closed: status.is_closed },
    is_closed: isDone,
    owner: thing.owner.id,
    owner_extra_info: userRow(thing.owner, host),
    created_date: thing.created,
    modified_date: thing.modified,
    tags: thing.tags,
    watchers: [...thing.watchers],
    total_watchers: thing.watchers.size,
    is_watcher: viewer !== undefined && thing.watchers.has(viewer.id),
    description_html: thing.fields.description === '' ? '' : `<p>${thing.fields.description}</p>`,
  };
  if (thing.kind === 'userstory' || thing.kind === 'task')
    Object.assign(row, { total_comments: thing.history.filter(({ comment }) => comment !== '').length });
  if (thing.kind === 'userstory' || thing.kind === 'task') row.milestone_slug = milestone?.slug ?? null;
  if (thing.kind === 'userstory') {
    row.milestone_name = milestone?.name ?? null;
    row.finish_date = thing.finished;
    row.epics = thing.epics.length === 0 ? null : thing.epics;
    row.points = Object.fromEntries(
      thing.project.lists.roles.filter((each) => each.computable === true).map((each) => [each.id, firstPoint(thing)]),
    );
  } else if (thing.kind !== 'epic') row.finished_date = thing.finished;
  if (thing.kind === 'task') {
    const story = world.things.userstory.find(({ id }) => id === thing.fields.user_story);
    row.user_story_extra_info =
      story === undefined ? null : { id: story.id, ref: story.ref, subject: story.fields.subject, epics: null };
  }
  return row;
}

const firstPoint = ({ project }: Thing): unknown => project.defaults.default_points;

const NOT_IN_LISTS: Readonly<Record<Thing['kind'], readonly string[]>> = {
  userstory: ['description', 'description_html', 'blocked_note_html'],
  issue: ['description', 'description_html', 'blocked_note_html', 'comment', 'generated_user_stories'],
  task: ['description', 'description_html', 'blocked_note_html', 'comment', 'generated_user_stories'],
  epic: ['description', 'description_html', 'blocked_note_html', 'comment'],
};

export function listRow(thing: Thing, view: View): Row {
  const hidden = NOT_IN_LISTS[thing.kind];
  return Object.fromEntries(Object.entries(thingRow(thing, view)).filter(([name]) => !hidden.includes(name)));
}

/** As it is answered when it is asked for by itself. */
export function detailRow(thing: Thing, view: View): Row {
  const all = view.world.things[thing.kind].filter(({ project }) => project.id === thing.project.id);
  const at = all.indexOf(thing);
  const beside = (other: Thing | undefined): Row | null =>
    other === undefined ? null : { id: other.id, ref: other.ref, subject: other.fields.subject };
  return { ...thingRow(thing, view), neighbors: { previous: beside(all[at - 1]), next: beside(all[at + 1]) } };
}

const IN_MILESTONE = (
  'due_date due_date_reason due_date_status assigned_to assigned_to_extra_info status status_extra_info project ' +
  'project_extra_info id ref milestone is_closed created_date modified_date finish_date subject client_requirement ' +
  'team_requirement external_reference version is_blocked blocked_note backlog_order sprint_order kanban_order epics ' +
  'points total_points'
).split(' ');

export function milestoneRow(milestone: Milestone, view: View): Row {
  const stories = view.world.things.userstory.filter(({ fields }) => fields.milestone === milestone.id);
  return {
    ...structuredClone(rowOf(recordedBody('15-POST_milestones'))),
    project: milestone.project.id,
    project_extra_info: extraOf(milestone.project),
    id: milestone.id,
    name: milestone.name,
    slug: milestone.slug,
    owner: milestone.owner.id,
    estimated_start: milestone.start,
    estimated_finish: milestone.finish,
    created_date: milestone.created,
    modified_date: milestone.modified,
    closed: isDone(stories),
    user_stories: stories.map((each) => {
      const row = thingRow(each, view);
      return Object.fromEntries(IN_MILESTONE.map((name) => [name, row[name]]));
    }),
  };
}

export const isDone = (stories: readonly Thing[]): boolean =>
  stories.length > 0 && stories.every(({ isClosed }) => isClosed);
