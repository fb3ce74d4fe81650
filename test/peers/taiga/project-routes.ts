import { forbidden, notFound, Refusal } from './actions.ts';
import { type Delivery, delivery, testPayload } from './deliveries.ts';
import { numberOf, type Row, recordedBody, rowOf, textOf } from './json.ts';
import { listOf } from './lists.ts';
import { milestoneRow, projectRow } from './render.ts';
import { memberIds, nameIn, projectAt, type Route, signedIn } from './routes.ts';
import { addMember, addProject, type Hook, LISTS, may, memberOf, type Project, slugify, type User } from './world.ts';

/** Projects, what belongs to them, and their hooks. */

const mustAdmin = (project: Project, user: User): void => {
  if (memberOf(project, user)?.isAdmin !== true) throw forbidden();
};

const templates: Route = ({ world }, call, view) => listOf(call, view, undefined, world.templates, (row) => row);

const addOne: Route = ({ world }, call) => {
  const owner = signedIn(call);
  const template = call.body.creation_template ?? 1;
  if (!world.templates.some(({ id }) => id === template))
    throw new Refusal(400, { creation_template: [`Incorrect type. Expected pk value, received ${typeof template}.`] });
  const name = nameIn(call.body, 'name');
  const description = nameIn(call.body, 'description');
  const isPrivate = call.body.is_private !== false;
  const project = addProject(world, { name, description, isPrivate, template: Number(template), owner });
  return { status: 201, body: projectRow(project, owner) };
};

const listProjects: Route = ({ world }, call, view) => {
  const member = numberOf(call.query.get('member'));
  const found = world.projects
    .filter((each) => may(each, call.user, 'view_project'))
    .filter((each) => member === undefined || each.members.some(({ user }) => user.id === member))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
  return listOf(call, view, undefined, found, (each) => projectRow(each, call.user));
};

const bySlug: Route = ({ world }, call) => {
  const found = world.projects.find(({ slug }) => slug === call.query.get('slug'));
  if (found === undefined || !may(found, call.user, 'view_project')) throw notFound();
  return { status: 200, body: projectRow(found, call.user) };
};

const duplicate: Route = (stage, call, _view, [id]) => {
  const owner = signedIn(call);
  const like = projectAt(stage, id);
  if (!may(like, owner, 'view_project')) throw forbidden();
  const name = nameIn(call.body, 'name');
  const description = nameIn(call.body, 'description');
  const members = memberIds(call.body.users).map((user) => like.members.find((each) => each.user.id === user));
  const isPrivate = call.body.is_private !== false;
  const project = addProject(stage.world, { name, description, isPrivate, template: like.template, owner, like });
  for (const each of members) {
    if (each === undefined) throw notFound();
    addMember(project, each.user, each.isAdmin ? 'admin' : each.permissions);
  }
  return { status: 201, body: projectRow(project, owner) };
};

const createTemplate: Route = (stage, call, _view, [id]) => {
  const user = signedIn(call);
  if (user.username !== 'admin') throw forbidden();
  const project = projectAt(stage, id);
  const { template_name: name, template_description: description } = call.body;
  const base = rowOf(stage.world.templates.find((each) => each.id === project.template));
  const lists = Object.fromEntries(
    LISTS.filter((list) => list in base).map((list) => [
      list,
      project.lists[list].map(({ id: _, project_id: __, ...row }) => row),
    ]),
  );
  const stamps = { created_date: stage.world.stamp(), modified_date: stage.world.stamp(), order: stage.world.order() };
  const row: Row = {
    ...structuredClone(base),
    ...stamps,
    ...lists,
    videoconferences_extra_data: null,
    id: stage.world.templates.length + 1,
    name,
    slug: slugify(textOf(name)),
    description,
  };
  stage.world.templates.push(row);
  return { status: 201, body: row };
};

const modules: Route = (stage, call, view, [id]) => {
  const project = projectAt(stage, id);
  mustAdmin(project, signedIn(call));
  const like = JSON.stringify(recordedBody('53-GET_projects_1_modules'));
  return { status: 200, body: JSON.parse(like.replaceAll('http://127.0.0.1:8899', view.host)) };
};

const addStatus: Route = (stage, call) => {
  const project = projectAt(stage, call.body.project);
  mustAdmin(project, signedIn(call));
  const { name, is_closed = false, order = 10, color = '#999999' } = call.body;
  const id = stage.world.nextId('us_statuses');
  const row = { id, name, slug: slugify(textOf(name)), order, is_closed, is_archived: false, color, wip_limit: null };
  project.lists.us_statuses.push({ ...row, project_id: project.id });
  return { status: 201, body: { ...row, project: project.id } };
};

const addMilestone: Route = (stage, call, view) => {
  const owner = signedIn(call);
  const project = projectAt(stage, call.body.project);
  const name = nameIn(call.body, 'name');
  if (stage.world.milestones.some((each) => each.project === project && each.name === name))
    throw new Refusal(400, { name: ['Duplicated name'] });
  const milestone = {
    id: stage.world.nextId('milestone'),
    project,
    name,
    slug: slugify(name),
    owner,
    start: textOf(call.body.estimated_start),
    finish: textOf(call.body.estimated_finish),
    created: stage.world.stamp(),
    modified: stage.world.stamp(),
  };
  stage.world.milestones.push(milestone);
  stage.happened({ action: 'create', milestone, by: owner });
  return { status: 201, body: milestoneRow(milestone, view) };
};

const getMilestone: Route = ({ world }, _call, view, [id]) => {
  const found = world.milestones.find((each) => each.id === numberOf(id));
  if (found === undefined) throw notFound();
  return { status: 200, body: milestoneRow(found, view) };
};

const hookRow = ({ id, project, name, url, key, logs }: Hook): Row => ({
  id,
  project: project.id,
  name,
  url,
  key,
  logs_counter: logs.length,
});

const addHook: Route = (stage, call) => {
  const project = projectAt(stage, call.body.project);
  mustAdmin(project, signedIn(call));
  const { name, url, key } = call.body;
  const id = stage.world.nextId('hook');
  const hook: Hook = { id, project, name: textOf(name), url: textOf(url), key: textOf(key), logs: [] };
  stage.world.hooks.push(hook);
  return { status: 201, body: hookRow(hook), headers: { location: hook.url } };
};

/** To those who are no administrators there are no hooks. */
const listHooks: Route = ({ world }, call, view) => {
  const wanted = numberOf(call.query.get('project'));
  const found = world.hooks.filter(
    ({ project }) => (wanted === undefined || project.id === wanted) && memberOf(project, call.user)?.isAdmin === true,
  );
  return listOf(call, view, undefined, found, hookRow);
};

const listLogs: Route = ({ world }, call, view) => {
  const hook = world.hooks.find(({ id }) => id === numberOf(call.query.get('webhook')));
  const logs = hook !== undefined && memberOf(hook.project, call.user)?.isAdmin === true ? hook.logs : [];
  return listOf(call, view, undefined, logs.toReversed(), (row) => row);
};

/** Routes that send something and answer with what became of it. */
type SendingRoute = (...given: Parameters<Route>) => { readonly send: Delivery };

const testHook: SendingRoute = (stage, call, view, [id]) => {
  const hook = stage.world.hooks.find((each) => each.id === numberOf(id));
  if (hook === undefined) throw notFound();
  mustAdmin(hook.project, signedIn(call));
  return { send: delivery(hook, testPayload(stage.world, signedIn(call), view.host)) };
};

const resend: SendingRoute = (stage, call, _view, [id]) => {
  const hook = stage.world.hooks.find(({ logs }) => logs.some((log) => log.id === numberOf(id)));
  if (hook === undefined) throw notFound();
  mustAdmin(hook.project, signedIn(call));
  const log = rowOf(hook.logs.find((each) => each.id === numberOf(id)));
  return { send: delivery(hook, rowOf(log.request_data), true) };
};

export const PROJECT_ROUTES: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
  ['GET', /^\/project-templates$/, templates],
  ['POST', /^\/projects$/, addOne],
  ['GET', /^\/projects$/, listProjects],
  ['GET', /^\/projects\/by_slug$/, bySlug],
  ['POST', /^\/projects\/(\d+)\/duplicate$/, duplicate],
  ['POST', /^\/projects\/(\d+)\/create_template$/, createTemplate],
  ['GET', /^\/projects\/(\d+)\/modules$/, modules],
  ['POST', /^\/userstory-statuses$/, addStatus],
  ['POST', /^\/milestones$/, addMilestone],
  ['GET', /^\/milestones\/(\d+)$/, getMilestone],
  ['POST', /^\/webhooks$/, addHook],
  ['GET', /^\/webhooks$/, listHooks],
  ['GET', /^\/webhooklogs$/, listLogs],
];
export const SENDING_ROUTES: readonly (readonly [method: string, path: RegExp, route: SendingRoute])[] = [
  ['POST', /^\/webhooks\/(\d+)\/test$/, testHook],
  ['POST', /^\/webhooklogs\/(\d+)\/resend$/, resend],
];
