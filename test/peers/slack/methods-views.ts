import { checkView, nameParts } from './block-kit.ts';
import { isJson, type Json, nested, objects, string } from './json.ts';
import { type Method, refuse, refuseParts, type Service } from './service.ts';
import { APP, BOT, TEAM, type View, type World } from './world.ts';

/** Modals and home pages. */

const DEEPEST = 3;

/** A view as the Web API and the payloads carry it. */
export function viewJson(view: View, state: Json = {}): Json {
  const { content } = view;
  return {
    id: view.id,
    team_id: TEAM,
    type: content.type,
    blocks: content.blocks,
    private_metadata: content.private_metadata ?? '',
    callback_id: content.callback_id ?? '',
    external_id: view.external ?? '',
    state: { values: state },
    hash: view.hash,
    title: content.title ?? null,
    submit: content.submit ?? null,
    close: content.close ?? null,
    clear_on_close: content.clear_on_close === true,
    notify_on_close: content.notify_on_close === true,
    previous_view_id: view.previous ?? null,
    root_view_id: view.root,
    app_id: APP,
    bot_id: BOT,
    app_installed_team_id: TEAM,
  };
}

/** The content of a view with its parts named, or the refusal of it. */
export function contentOfView(
  given: unknown,
  surface: 'modal' | 'home',
  world: World,
): { content: Json } | { refusal: Json } {
  const view = nested(given);
  if (!isJson(view))
    return { refusal: refuseParts('invalid_arguments', ['[ERROR] view is required [json-pointer:/view]']) };
  const problems = checkView(view, surface);
  if (problems.length > 0) return { refusal: refuseParts('invalid_arguments', problems) };
  return { content: { ...view, blocks: nameParts(objects(view.blocks), () => world.id('x')) } };
}

/** Uses up a trigger; resolves to whose it was. */
function pull({ world, triggerLife }: Service, id: string): { user: string } | { refusal: Json } {
  const trigger = world.triggers.get(id);
  if (trigger === undefined) return { refusal: refuse('invalid_trigger_id') };
  if (trigger.used) return { refusal: refuse('exchanged_trigger_id') };
  if (world.now() - trigger.at > triggerLife) return { refusal: refuse('expired_trigger_id') };
  trigger.used = true;
  return { user: trigger.user };
}

/** Puts a view in front of a person's other ones. */
export function show(world: World, user: string, content: Json): View {
  const stack = world.modals.get(user) ?? [];
  const id = world.id('V');
  const view: View = {
    id,
    user,
    root: stack[0]?.id ?? id,
    previous: stack.at(-1)?.id,
    external: content.external_id === undefined ? undefined : string(content.external_id),
    hash: `${world.ts()}.${id}`,
    content,
  };
  world.modals.set(user, [...stack, view]);
  world.changed();
  return view;
}

/** Changes what a view shows; what was typed stays where the parts keep their names. */
export function redraw(world: World, view: View, content: Json): void {
  view.content = content;
  view.hash = `${world.ts()}.${view.id}`;
  world.changed();
}

const open: Method = (args, service) => {
  // What is wrong with the view uses up no trigger.
  const checked = contentOfView(args.view, 'modal', service.world);
  if ('refusal' in checked) return checked.refusal;
  const pulled = pull(service, string(args.trigger_id));
  if ('refusal' in pulled) return pulled.refusal;
  service.world.modals.set(pulled.user, []);
  return { ok: true, view: viewJson(show(service.world, pulled.user, checked.content)) };
};

const push: Method = (args, service) => {
  const checked = contentOfView(args.view, 'modal', service.world);
  if ('refusal' in checked) return checked.refusal;
  const pulled = pull(service, string(args.trigger_id));
  if ('refusal' in pulled) return pulled.refusal;
  const depth = service.world.modals.get(pulled.user)?.length ?? 0;
  if (depth === 0) return refuse('not_found');
  if (depth >= DEEPEST) return refuse('push_limit_reached');
  return { ok: true, view: viewJson(show(service.world, pulled.user, checked.content)) };
};

const update: Method = (args, { world }) => {
  const id = string(args.view_id);
  const external = string(args.external_id);
  const all = [...world.modals.values()].flat();
  const view = all.find((each) => each.id === id || (external !== '' && each.external === external));
  if (view === undefined) return refuse('not_found');
  if (args.hash !== undefined && args.hash !== view.hash) return refuse('hash_conflict');
  const checked = contentOfView(args.view, 'modal', world);
  if ('refusal' in checked) return checked.refusal;
  redraw(world, view, checked.content);
  return { ok: true, view: viewJson(view) };
};

const publish: Method = (args, { world }) => {
  const user = string(args.user_id);
  const human = world.people.get(user);
  if (human === undefined || human.deleted) return refuse('user_not_found');
  const checked = contentOfView(args.view, 'home', world);
  if ('refusal' in checked) return checked.refusal;
  const before = world.homes.get(user);
  if (args.hash !== undefined && args.hash !== before?.hash) return refuse('hash_conflict');
  const id = before?.id ?? world.id('V');
  const view: View = { id, user, root: id, previous: undefined, external: undefined, hash: '', content: {} };
  world.homes.set(user, view);
  redraw(world, view, checked.content);
  return { ok: true, view: viewJson(view) };
};

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
