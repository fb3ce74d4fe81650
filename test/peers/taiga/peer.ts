import { type Accounts, createAccounts } from './accounts.ts';
import { change, create, drag, type Happening, pushedTo, Refusal, remove, type Stage } from './actions.ts';
import { type Delivery, delivery, payloadOf, projectIn } from './deliveries.ts';
import { type Row, rowOf } from './json.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { PROJECT_ROUTES, SENDING_ROUTES } from './project-routes.ts';
import { type Call, THING_ROUTES } from './routes.ts';
import { createPeerServer, type Given, type PeerServer, type Seen } from './server.ts';
import {
  addMember,
  addProject,
  createWorld,
  type Kind,
  type Project,
  type Thing,
  type User,
  type World,
} from './world.ts';

/** A Taiga of our own, for tests: it answers as the recorded one does, on loopback, driven and watched by whoever made it. */
export interface TaigaPeer {
  /** What the client gets as its address. */
  readonly url: string;
  readonly world: World;
  readonly accounts: Accounts;
  readonly hooks: Outbox;
  readonly seen: readonly Seen[];
  fault: PeerServer['fault'];
  clearFaults: PeerServer['clearFaults'];
  away: PeerServer['away'];
  /** Does something right after a GET of this path was answered, before anything else comes in. */
  meddle(path: RegExp, act: () => void): void;
  user(username: string, password?: string): User;
  project(name: string, owner: User, settings?: { readonly isPrivate?: boolean; readonly like?: Project }): Project;
  member(project: Project, user: User, rights: 'admin' | readonly string[]): void;
  hook(project: Project, url: string, key: string): void;
  status(project: Project, name: string, settings: { readonly isClosed: boolean }): void;
  /** By hand, as a person does it in the browser. */
  add(kind: Kind, project: Project, by: User, fields: Row): Thing;
  edit(thing: Thing, by: User, fields: Row): void;
  remove(thing: Thing, by: User): void;
  /** To a status by its slug. */
  moveTo(thing: Thing, by: User, slug: string): void;
  drag(story: Thing, by: User, slug: string): void;
  say(thing: Thing, by: User, comment: string): void;
  /** Taiga's own GitHub hook is called: a commit message, or an issue that was opened. */
  githubPush(thing: Thing, slug: string): void;
  githubIssue(project: Project, subject: string, url: string, description?: string): Thing;
  find(project: Project, ref: number): Thing | undefined;
  close(): Promise<void>;
}

export interface PeerOptions {
  readonly now?: () => number;
}

const SYSTEM = 'github-4107264a1d174df2940535f018460834';
const STATUS_LIST = {
  userstory: 'us_statuses',
  issue: 'issue_statuses',
  task: 'task_statuses',
  epic: 'epic_statuses',
} as const;

export async function createTaigaPeer({ now = Date.now }: PeerOptions = {}): Promise<TaigaPeer> {
  const world = createWorld(now);
  const accounts = createAccounts(world);
  const hooks = createOutbox(world);
  let host = '';
  const happened = (what: Happening): void => {
    for (const hook of world.hooks)
      if (hook.project === projectIn(what)) hooks.push(delivery(hook, payloadOf(world, what, host)));
  };
  const stage: Stage = { world, happened };
  let meddling: { readonly path: RegExp; act(): void } | undefined;
  const server = await createPeerServer(async (seen, headers, ours) => {
    host = ours;
    const given = await answer(stage, accounts, hooks, seen, 'x-disable-pagination' in headers, ours);
    // What is answered is what was there: rows are copies.
    const copy = structuredClone(given);
    if (seen.method === 'GET' && meddling?.path.test(seen.path) === true) meddling.act();
    return copy;
  }, now);
  const addUser = (username: string, password: string, isSystem: boolean): User => {
    const fullName = isSystem ? 'GitHub' : '';
    const user = { id: world.nextId('user'), username, fullName, password, isSystem };
    world.users.push(user);
    return user;
  };
  // As Taiga comes: with users of its own for the hooks of four platforms.
  const systems = ['bitbucket', 'github', 'gitlab', 'gogs'].map((name) =>
    addUser(name === 'github' ? SYSTEM : `${name}-0e2a1a5c4b7b4e4b9d1f0c8b5a6d7e8f`, '', true),
  );
  const github = systems[1] as User;
  const statusOf = ({ kind, project }: Thing, slug: string): number => {
    const found = project.lists[STATUS_LIST[kind]].find((each) => each.slug === slug);
    if (found === undefined) throw new Error(`no status ${slug} in ${project.slug}`);
    return Number(found.id);
  };
  const edit = (thing: Thing, by: User, fields: Row): void =>
    change(stage, thing, by, { ...fields, version: thing.version });

  return {
    url: server.url,
    world,
    accounts,
    hooks,
    seen: server.seen,
    fault: server.fault,
    clearFaults: server.clearFaults,
    away: server.away,
    meddle: (path, act) => {
      meddling = { path, act };
    },
    user: (username, password = 'secret') => addUser(username, password, false),
    project: (name, owner, { isPrivate = true, like } = {}) =>
      addProject(world, { name, description: name, isPrivate, template: 2, owner, like }),
    member: addMember,
    hook: (project, url, key) =>
      void world.hooks.push({ id: world.nextId('hook'), project, name: 'bot', url, key, logs: [] }),
    status: (project, name, { isClosed }) => {
      const id = world.nextId('us_statuses');
      const slug = name.toLowerCase();
      project.lists.us_statuses.push({
        id,
        name,
        slug,
        order: 9,
        is_closed: isClosed,
        is_archived: false,
        color: '#fff',
      });
    },
    add: (kind, project, by, fields) => create(stage, kind, project, by, fields),
    edit,
    remove: (thing, by) => remove(stage, thing, by),
    moveTo: (thing, by, slug) => edit(thing, by, { status: statusOf(thing, slug) }),
    drag: (story, by, slug) => drag(stage, story, by, statusOf(story, slug)),
    say: (thing, by, comment) => edit(thing, by, { comment }),
    githubPush: (thing, slug) => pushedTo(stage, thing, github, slug, 'changed the status from GitHub commit'),
    githubIssue: (project, subject, url, description = 'b') => {
      const issue = create(stage, 'issue', project, github, {
        subject,
        description,
        external_reference: ['github', url],
      });
      pushedTo(stage, issue, github, 'new', 'Issue created from GitHub');
      return issue;
    },
    find: (project, ref) =>
      Object.values(world.things)
        .flat()
        .find((each) => each.project === project && each.ref === ref),
    close: async () => {
      await hooks.settled();
      await server.close();
    },
  };
}

async function answer(
  stage: Stage,
  accounts: Accounts,
  hooks: Outbox,
  { method, path: whole, body, authorization }: Seen,
  unpaged: boolean,
  host: string,
): Promise<Given> {
  try {
    const url = new URL(whole, 'http://peer');
    const path = url.pathname;
    if (method === 'POST' && path === '/auth') return { status: 200, body: accounts.login(body) };
    if (method === 'POST' && path === '/auth/refresh') return { status: 200, body: accounts.refresh(body) };
    const user = accounts.userOf(authorization);
    if (method === 'GET' && path === '/users/me') return { status: 200, body: accounts.me(user) };
    const call: Call = { method, path, query: url.searchParams, body, user, unpaged };
    const view = { world: stage.world, viewer: user, host };
    for (const [wanted, pattern, route] of [...PROJECT_ROUTES, ...THING_ROUTES]) {
      const found = wanted === method ? pattern.exec(path) : null;
      if (found !== null) return route(stage, call, view, found.slice(1));
    }
    for (const [wanted, pattern, route] of SENDING_ROUTES) {
      const found = wanted === method ? pattern.exec(path) : null;
      if (found === null) continue;
      const sent: Delivery = route(stage, call, view, found.slice(1)).send;
      return { status: 200, body: rowOf(await hooks.send(sent)) };
    }
    return { status: 404, body: { _error_message: 'Not found.' } };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body };
    throw error;
  }
}
