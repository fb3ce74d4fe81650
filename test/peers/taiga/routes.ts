import { change, create, forbidden, notFound, Refusal, type Stage } from './actions.ts';
import { isRow, numberOf, pythonJson, type Row, rowOf, rowsOf, textOf } from './json.ts';
import { entryRow, listOf } from './lists.ts';
import { detailRow, listRow, thingRow, type View } from './render.ts';
import { type Kind, may, type Project, type Thing, type User } from './world.ts';

/** Stories, issues, tasks and what was said about them. */

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Row;
  readonly user: User | undefined;
  readonly unpaged: boolean;
}
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export type Route = (stage: Stage, call: Call, view: View, found: readonly string[]) => Answer;

const KINDS: Readonly<Record<string, Kind>> = {
  userstories: 'userstory',
  issues: 'issue',
  tasks: 'task',
  epics: 'epic',
};
const RIGHTS: Readonly<Record<Kind, string>> = { userstory: 'us', issue: 'issue', task: 'task', epic: 'epic' };
const seeing = (kind: Kind): string => (kind === 'userstory' ? 'view_us' : `view_${kind}s`);

export function signedIn({ user }: Call): User {
  if (user === undefined)
    throw new Refusal(401, {
      _error_message: 'Authentication credentials were not provided.',
      _error_type: 'taiga.base.exceptions.NotAuthenticated',
    });
  return user;
}

export function projectAt({ world }: Stage, id: unknown): Project {
  const found = world.projects.find((each) => each.id === numberOf(id));
  if (found === undefined) throw new Refusal(400, { project: [`Invalid pk '${String(id)}' - object does not exist.`] });
  return found;
}

function thingAt({ world }: Stage, kind: Kind, id: unknown, user: User | undefined): Thing {
  const found = world.things[kind].find((each) => each.id === numberOf(id));
  if (found === undefined) throw notFound();
  if (!may(found.project, user, seeing(kind))) throw forbidden();
  return found;
}

const kindOf = (plural: string | undefined): Kind => KINDS[plural ?? ''] ?? 'userstory';

const post: Route = (stage, call, view, [plural]) => {
  const user = signedIn(call);
  const kind = kindOf(plural);
  const project = projectAt(stage, call.body.project);
  if (!may(project, user, `add_${RIGHTS[kind]}`)) throw forbidden();
  return { status: 201, body: thingRow(create(stage, kind, project, user, call.body), view) };
};

const list: Route = (stage, call, view, [plural]) => {
  const kind = kindOf(plural);
  const visible = stage.world.things[kind].filter(({ project }) => may(project, call.user, seeing(kind)));
  return listOf(call, view, kind, visible, (thing) => listRow(thing, view));
};

const get: Route = (stage, call, view, [plural, id]) => ({
  status: 200,
  body: detailRow(thingAt(stage, kindOf(plural), id, call.user), view),
});

const byRef: Route = (stage, call, view, [plural]) => {
  const kind = kindOf(plural);
  const found = stage.world.things[kind].find(
    ({ ref, project }) =>
      ref === numberOf(call.query.get('ref')) &&
      (project.slug === call.query.get('project__slug') || project.id === numberOf(call.query.get('project'))),
  );
  return { status: 200, body: detailRow(thingAt(stage, kind, found?.id, call.user), view) };
};

const patch: Route = (stage, call, view, [plural, id]) => {
  const user = signedIn(call);
  const kind = kindOf(plural);
  const thing = thingAt(stage, kind, id, user);
  const fields = Object.keys(call.body).filter((name) => name !== 'version' && name !== 'comment');
  const isOnlySaid = fields.length === 0 && 'comment' in call.body;
  const mayChange = may(thing.project, user, `modify_${RIGHTS[kind]}`);
  if (!mayChange && !(isOnlySaid && may(thing.project, user, `comment_${RIGHTS[kind]}`))) throw forbidden();
  change(stage, thing, user, call.body);
  const moved = kind === 'task' ? { [thing.id]: thing.orders.us_order } : {};
  return { status: 200, body: thingRow(thing, view), headers: { 'taiga-info-order-updated': pythonJson(moved) } };
};

const resolve: Route = (stage, call) => {
  const project = stage.world.projects.find(({ slug }) => slug === call.query.get('project'));
  if (project === undefined) throw notFound();
  if (!may(project, call.user, 'view_project')) throw forbidden();
  const result: Row = { project: project.id };
  const names = { us: 'userstory', issue: 'issue', task: 'task', epic: 'epic' } as const;
  for (const [name, kind] of Object.entries(names)) {
    const wanted = call.query.get(name);
    if (wanted === null || !may(project, call.user, seeing(kind))) continue;
    const found = stage.world.things[kind].find((each) => each.project === project && each.ref === numberOf(wanted));
    if (found === undefined) throw notFound();
    result[name] = found.id;
  }
  const ref = numberOf(call.query.get('ref'));
  if (ref !== undefined)
    for (const [name, kind] of Object.entries(names)) {
      const found = stage.world.things[kind].find((each) => each.project === project && each.ref === ref);
      if (found !== undefined && may(project, call.user, seeing(kind))) result[name] = found.id;
    }
  return { status: 200, body: result };
};

const history: Route = (stage, call, view, [model, id]) => {
  const thing = thingAt(stage, model as Kind, id, call.user);
  const wanted = call.query.get('type');
  const rows = thing.history.filter(({ comment }) => wanted !== 'comment' || comment !== '').toReversed();
  return listOf(call, view, undefined, rows, (entry) => entryRow(entry, thing));
};

const editComment: Route = (stage, call, _view, [model, id]) => {
  const user = signedIn(call);
  const thing = thingAt(stage, model as Kind, id, user);
  const entry = thing.history.find(({ uuid }) => uuid === call.query.get('id'));
  if (entry === undefined) throw notFound();
  if (entry.user.id !== user.id && !may(thing.project, user, 'admin_project_values')) throw forbidden();
  if (typeof call.body.comment !== 'string') throw new Refusal(400, { error: 'comment is required' });
  entry.comment = call.body.comment;
  entry.edited = stage.world.stamp();
  return { status: 200, body: null };
};

const relate: Route = (stage, call, _view, [id]) => {
  const user = signedIn(call);
  const epic = thingAt(stage, 'epic', id, user);
  const story = thingAt(stage, 'userstory', call.body.user_story, user);
  const { name, slug, id: project } = epic.project;
  story.epics.push({
    id: epic.id,
    ref: epic.ref,
    subject: epic.fields.subject,
    color: '#edd400',
    project: { id: project, name, slug },
  });
  const order = stage.world.order();
  stage.happened({ action: 'create', related: { id: stage.world.nextId('related'), story, epic }, by: user });
  return { status: 201, body: { epic: epic.id, user_story: story.id, order } };
};

const getValues: Route = (stage, call, _view, [id]) => {
  const { id: story, attributes } = thingAt(stage, 'userstory', id, call.user);
  return {
    status: 200,
    body: { attributes_values: attributes.values, version: attributes.version, user_story: story },
  };
};

const patchValues: Route = (stage, call, _view, [id]) => {
  const user = signedIn(call);
  const story = thingAt(stage, 'userstory', id, user);
  if (call.body.version !== story.attributes.version)
    throw new Refusal(400, { version: "The version doesn't match with the current one" });
  story.attributes.values = rowOf(call.body.attributes_values);
  story.attributes.version += 1;
  stage.happened({
    action: 'change',
    thing: story,
    by: user,
    entry: { id: 0, uuid: '', date: '', user, comment: '', edited: null, diff: { custom_attributes: {} } },
  });
  const { values, version } = story.attributes;
  return { status: 200, body: { attributes_values: values, version, user_story: story.id } };
};

const addAttribute: Route = ({ world }, call) => {
  signedIn(call);
  const { project, name, type, order } = call.body;
  const id = world.nextId('attribute');
  const stamps = { created_date: world.stamp(), modified_date: world.stamp() };
  const row = { id, name, description: '', type, order, project, extra: null, ...stamps };
  world.attributes.push(row);
  return { status: 201, body: row };
};

const THINGS = '(userstories|issues|tasks|epics)';
export const THING_ROUTES: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
  ['GET', /^\/userstories\/custom-attributes-values\/(\d+)$/, getValues],
  ['PATCH', /^\/userstories\/custom-attributes-values\/(\d+)$/, patchValues],
  ['POST', /^\/userstory-custom-attributes$/, addAttribute],
  ['POST', new RegExp(`^/${THINGS}$`), post],
  ['GET', new RegExp(`^/${THINGS}$`), list],
  ['GET', new RegExp(`^/${THINGS}/by_ref$`), byRef],
  ['GET', new RegExp(`^/${THINGS}/(\\d+)$`), get],
  ['PATCH', new RegExp(`^/${THINGS}/(\\d+)$`), patch],
  ['POST', /^\/epics\/(\d+)\/related_userstories$/, relate],
  ['GET', /^\/resolver$/, resolve],
  ['GET', /^\/history\/(userstory|issue|task)\/(\d+)$/, history],
  ['POST', /^\/history\/(userstory|issue|task)\/(\d+)\/edit_comment$/, editComment],
];

export const memberIds = (value: unknown): number[] =>
  rowsOf(value).flatMap((row) => (isRow(row) && typeof row.id === 'number' ? [row.id] : []));
export const nameIn = (body: Row, field: string): string => {
  const text = textOf(body[field]);
  if (text === '') throw new Refusal(400, { [field]: ['This field is required.'] });
  return text;
};
