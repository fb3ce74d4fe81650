import { createHmac } from 'node:crypto';
import type { Happening } from './actions.ts';
import { inStoredOrder, pythonJson, type Row, rowOf } from './json.ts';
import { gravatarOf, isDone, shownName, statusRow } from './render.ts';
import type { Hook, Milestone, Project, Thing, User, World } from './world.ts';

/** What Taiga's hooks tell, and how: signed, once, and never again. */

const FRONT = 'https://circles.example';

export interface Delivery {
  readonly hook: Hook;
  readonly payload: Row;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const who = (user: User, host: string): Row => ({
  id: user.id,
  permalink: `${FRONT}/profile/${user.username}`,
  username: user.username,
  full_name: shownName(user),
  photo: user.isSystem ? `${host}/` : null,
  gravatar_id: gravatarOf(user),
});

const projectOf = ({ id, slug, name }: Project): Row => ({
  id,
  permalink: `${FRONT}/project/${slug}`,
  name,
  logo_big_url: null,
});

function milestoneOf(world: World, milestone: Milestone, host: string): Row {
  const { id, name, slug, start, finish, created, modified, project, owner } = milestone;
  return {
    id,
    name,
    slug,
    estimated_start: start,
    estimated_finish: finish,
    created_date: created,
    modified_date: modified,
    closed: isDone(world.things.userstory.filter(({ fields }) => fields.milestone === id)),
    disponibility: 0,
    permalink: `${FRONT}/project/${project.slug}/taskboard/${slug}`,
    project: projectOf(project),
    owner: who(owner, host),
  };
}

const PATHS = { userstory: 'us', issue: 'issue', task: 'task', epic: 'epic' } as const;

function thingOf(world: World, thing: Thing, host: string): Row {
  const { fields, project } = thing;
  const status = statusRow(thing);
  const milestone = world.milestones.find(({ id }) => id === fields.milestone);
  const row: Row = {
    custom_attributes_values: Object.fromEntries(
      Object.entries(thing.attributes.values).map(([id, value]) => [
        String(world.attributes.find((each) => String(each.id) === id)?.name),
        value,
      ]),
    ),
    id: thing.id,
    ref: thing.ref,
    project: projectOf(project),
    created_date: thing.created,
    modified_date: thing.modified,
    subject: fields.subject,
    watchers: [...thing.watchers],
    description: fields.description,
    tags: thing.tags.map(([name]) => name),
    permalink: `${FRONT}/project/${project.slug}/${PATHS[thing.kind]}/${thing.ref}`,
    owner: who(thing.owner, host),
    assigned_to: null,
    status: {
      id: status.id,
      name: status.name,
      slug: status.slug,
      color: status.color,
      is_closed: status.is_closed,
      ...(thing.kind === 'userstory' ? { is_archived: status.is_archived } : {}),
    },
  };
  if (thing.kind === 'epic')
    return {
      ...row,
      color: '#edd400',
      client_requirement: false,
      team_requirement: false,
      epics_order: thing.orders.epics_order,
    };
  Object.assign(row, {
    external_reference: fields.external_reference ?? null,
    due_date: null,
    due_date_reason: '',
    milestone: milestone === undefined ? null : milestoneOf(world, milestone, host),
  });
  if (thing.kind === 'issue') return { ...row, finished_date: thing.finished, promoted_to: [], ...choices(thing) };
  Object.assign(row, { is_blocked: false, blocked_note: '' });
  if (thing.kind === 'task') {
    const story = world.things.userstory.find(({ id }) => id === fields.user_story);
    return {
      ...row,
      ...thing.orders,
      finished_date: thing.finished,
      is_iocaine: false,
      promoted_to: [],
      user_story: story === undefined ? null : thingOf(world, story, host),
    };
  }
  return {
    ...row,
    is_closed: thing.isClosed,
    finish_date: thing.finished,
    client_requirement: false,
    team_requirement: false,
    generated_from_issue: null,
    generated_from_task: null,
    from_task_ref: null,
    tribe_gig: null,
    assigned_users: [],
    points: project.lists.roles
      .filter((each) => each.computable === true)
      .map((each) => ({ role: each.name, name: '?', value: null })),
  };
}

function choices({ fields, project }: Thing): Row {
  const pick = (list: 'issue_types' | 'priorities' | 'severities', id: unknown): Row => {
    const row = rowOf(project.lists[list].find((each) => each.id === id));
    return { id: row.id, name: row.name, color: row.color };
  };
  return {
    type: pick('issue_types', fields.type),
    priority: pick('priorities', fields.priority),
    severity: pick('severities', fields.severity),
  };
}

export const projectIn = (what: Happening): Project => {
  if ('milestone' in what) return what.milestone.project;
  return 'related' in what ? what.related.epic.project : what.thing.project;
};

export function payloadOf(world: World, what: Happening, host: string): Row {
  const common = { by: who(what.by, host), date: world.stamp() };
  if ('milestone' in what)
    return { action: what.action, type: 'milestone', ...common, data: milestoneOf(world, what.milestone, host) };
  if ('related' in what) {
    const { id, story, epic } = what.related;
    const data = {
      id,
      user_story: thingOf(world, story, host),
      epic: thingOf(world, epic, host),
      order: world.order(),
    };
    return { action: what.action, type: 'relateduserstory', ...common, data };
  }
  const payload: Row = {
    action: what.action,
    type: what.thing.kind,
    ...common,
    data: thingOf(world, what.thing, host),
  };
  if (what.action === 'change')
    payload.change = {
      comment: what.entry.comment,
      comment_html: what.entry.comment === '' ? '' : `<p>${what.entry.comment}</p>`,
      delete_comment_date: null,
      comment_versions: null,
      edit_comment_date: null,
      diff: what.entry.diff,
    };
  return payload;
}

export const testPayload = (world: World, by: User, host: string): Row => ({
  action: 'test',
  type: 'test',
  by: who(by, host),
  date: world.stamp(),
  data: { test: 'test' },
});

/** The bytes and their signature. `again`: as a resend has them, with the same words in another order. */
export function delivery(hook: Hook, payload: Row, again = false): Delivery {
  const body = Buffer.from(pythonJson(again ? inStoredOrder(payload) : payload));
  const signature = createHmac('sha1', hook.key).update(body).digest('hex');
  return {
    hook,
    payload,
    body,
    headers: {
      'x-taiga-webhook-signature': signature,
      'x-hub-signature': `sha1=${signature}`,
      'content-type': 'application/json',
      'content-length': String(body.length),
    },
  };
}
