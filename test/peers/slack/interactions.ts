import { createTrigger, type Desk, failureOf } from './desk.ts';
import { isJson, type Json, list, object, objects, string } from './json.ts';
import { contentOfView, redraw, show, viewJson } from './methods-views.ts';
import { elementsOf } from './notify.ts';
import { channelJson, kindOf, messageJson } from './service.ts';
import { APP, type Human, type Message, TEAM, type View } from './world.ts';

/** Buttons, forms and shortcuts, as a person uses them. */

export interface Outcome {
  /** What the client told the person: `operation_timeout`, `dispatch_failed`, `unknown_command`, or why it showed nothing. */
  readonly error?: string;
  /** What was shown at once. */
  readonly message?: Message;
  /** The form is gone. */
  readonly closed?: true;
  /** What is wrong with the fields, by block. */
  readonly errors?: Json;
  /** The form that is in front now. */
  readonly view?: View;
}
export interface Interactions {
  /** Presses a button by its label or `action_id`, or chooses something where the element is a choice. */
  press(on: Message | View, which: string, chosen?: string): Promise<Outcome>;
  /** Fills in the fields, by block or action, and submits. */
  submit(view: View, values: Readonly<Record<string, string>>): Promise<Outcome>;
  /** Closes a form without submitting it. */
  close(view: View): Promise<Outcome>;
  shortcut(callback: string): Promise<Outcome>;
  messageShortcut(message: Message, callback: string): Promise<Outcome>;
}

const isView = (on: Message | View): on is View => 'content' in on;

export function createInteractions(desk: Desk, human: Human): Interactions {
  const { world } = desk.service;

  const common = (trigger: string): Json => ({
    user: { id: human.id, username: human.name, name: human.name, team_id: human.team },
    api_app_id: APP,
    token: 'verification',
    team: { id: TEAM, domain: 'baton' },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: trigger,
  });

  const ask = async (body: Json): Promise<Outcome & { readonly payload?: Json }> => {
    const trigger = createTrigger(desk.service, human.id);
    const attempt = await desk.ask('interactive', trigger, { ...common(trigger), ...body });
    if (!attempt.acked) return { error: failureOf(attempt.reason) };
    return attempt.payload === undefined ? {} : { payload: attempt.payload };
  };

  /** An answer that means nothing here is not shown; the service ignores it too. */
  const plainly = async (body: Json): Promise<Outcome> => {
    const { payload, ...outcome } = await ask(body);
    if (payload !== undefined) world.oddities.push(`${string(body.type)} was answered with a payload`);
    return outcome;
  };

  const press: Interactions['press'] = async (on, which, chosen) => {
    const blocks = isView(on) ? objects(on.content.blocks) : on.blocks;
    const found = elementsOf(blocks).find(([, part]) => string(part.action_id) === which || labelOf(part) === which);
    if (found === undefined) throw new Error(`there is nothing called ${which} to press`);
    const [block, element] = found;
    const action = {
      type: element.type,
      action_id: element.action_id,
      block_id: block.block_id,
      action_ts: world.ts(),
      ...answered(element, chosen),
    };
    return plainly({
      type: 'block_actions',
      ...placeOf(desk, human, on),
      actions: [action],
      state: { values: isView(on) ? stateOf(on, {}).values : {} },
    });
  };

  const submit: Interactions['submit'] = async (view, values) => {
    const stack = world.modals.get(human.id) ?? [];
    if (stack.at(-1) !== view) throw new Error('this form is not in front');
    const state = stateOf(view, values);
    // The client holds back what lacks a required field; the bot hears nothing of it.
    if (state.missing.length > 0) return { errors: Object.fromEntries(state.missing.map((id) => [id, 'required'])) };
    const body = { type: 'view_submission', view: viewJson(view, state.values), response_urls: [] };
    const { payload, ...outcome } = await ask(body);
    return outcome.error !== undefined ? outcome : submitted(desk, human, view, payload ?? {});
  };

  return {
    press,
    submit,
    close: async (view) => {
      const stack = world.modals.get(human.id) ?? [];
      world.modals.set(
        human.id,
        stack.filter((each) => each !== view),
      );
      world.changed();
      if (view.content.notify_on_close !== true) return { closed: true };
      return { ...(await plainly({ type: 'view_closed', view: viewJson(view), is_cleared: false })), closed: true };
    },
    shortcut: (callback) => plainly({ type: 'shortcut', callback_id: callback, action_ts: world.ts() }),
    messageShortcut: (message, callback) => {
      const url = desk.urls.create(message.channel, human.id, message);
      const channel = world.channels.get(message.channel);
      return plainly({
        type: 'message_action',
        callback_id: callback,
        action_ts: world.ts(),
        message_ts: message.ts,
        message: messageJson(world, message),
        channel: { id: message.channel, name: channel?.name ?? '' },
        response_url: `${desk.origin}${url}`,
      });
    },
  };
}

const labelOf = (element: Json): string => string(object(element.text).text);

/** Where the element stands: on a message, or in a view. */
function placeOf(desk: Desk, human: Human, on: Message | View): Json {
  const { world } = desk.service;
  if (isView(on)) return { container: { type: 'view', view_id: on.id }, view: viewJson(on) };
  const channel = world.channels.get(on.channel);
  const name =
    channel === undefined ? '' : kindOf(channel) === 'im' ? 'directmessage' : string(channelJson(world, channel).name);
  const ephemeral = on.only !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: on.ts,
      channel_id: on.channel,
      is_ephemeral: ephemeral,
      ...(on.thread === undefined ? {} : { thread_ts: on.thread }),
    },
    channel: { id: on.channel, name },
    ...(ephemeral ? {} : { message: messageJson(world, on) }),
    response_url: `${desk.origin}${desk.urls.create(on.channel, human.id, on)}`,
  };
}

/** What an element says once it is used. */
function answered(element: Json, chosen: string | undefined): Json {
  const type = string(element.type);
  if (type === 'button')
    return { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
  return chosen === undefined ? {} : chosenIn(element, chosen);
}

function chosenIn(element: Json, value: string): Json {
  const type = string(element.type);
  if (type === 'users_select') return { selected_user: value };
  if (type === 'channels_select') return { selected_channel: value };
  if (type === 'conversations_select') return { selected_conversation: value };
  if (type === 'datepicker') return { selected_date: value };
  if (type === 'timepicker') return { selected_time: value };
  if (/_input$/.test(type)) return { value };
  const options = [
    ...objects(element.options),
    ...objects(element.option_groups).flatMap((group) => objects(group.options)),
  ];
  const option = options.find((each) => each.value === value || labelOf(each) === value);
  if (option === undefined) throw new Error(`${value} is not among the choices`);
  return /^multi|checkboxes/.test(type) ? { selected_options: [option] } : { selected_option: option };
}

const NOTHING: Readonly<Record<string, Json>> = {
  static_select: { selected_option: null },
  users_select: { selected_user: null },
  datepicker: { selected_date: null },
  plain_text_input: { value: null },
};

/** The fields of a form as they are sent, and the blocks that lack what they must have. */
function stateOf(view: View, values: Readonly<Record<string, string>>): { values: Json; missing: readonly string[] } {
  const missing: string[] = [];
  const state: Record<string, Json> = {};
  for (const block of objects(view.content.blocks)) {
    const element = block.element;
    if (block.type !== 'input' || !isJson(element)) continue;
    const [id, action] = [string(block.block_id), string(element.action_id)];
    const value = values[id] ?? values[action] ?? firstOf(element);
    if (value === '' && block.optional !== true) missing.push(id);
    const type = string(element.type);
    const held = value === '' ? (NOTHING[type] ?? {}) : chosenIn(element, value);
    state[id] = { [action]: { type, ...held } };
  }
  return { values: state, missing };
}

const firstOf = (element: Json): string =>
  string(element.initial_value ?? element.initial_user ?? element.initial_date ?? object(element.initial_option).value);

/** What the client does with the bot's answer to a form. */
function submitted(desk: Desk, human: Human, view: View, answer: Json): Outcome {
  const { world } = desk.service;
  const stack = world.modals.get(human.id) ?? [];
  const action = string(answer.response_action);
  if (action === 'errors') {
    const errors = object(answer.errors);
    const ids = list(view.content.blocks).map((block) => string(object(block).block_id));
    const lost = Object.keys(errors).filter((id) => !ids.includes(id));
    return lost.length > 0 || Object.keys(errors).length === 0 ? { error: 'invalid_errors' } : { errors };
  }
  if (action === 'update' || action === 'push') {
    const checked = contentOfView(answer.view, 'modal', world);
    if ('refusal' in checked) return { error: string(checked.refusal.error) };
    if (action === 'push') return { view: show(world, human.id, checked.content) };
    redraw(world, view, checked.content);
    return { view };
  }
  if (action !== '' && action !== 'clear') return { error: 'unknown_response_action' };
  const left = action === 'clear' ? [] : stack.filter((each) => each !== view);
  world.modals.set(human.id, left);
  world.changed();
  const front = left.at(-1);
  return { closed: true, ...(front === undefined ? {} : { view: front }) };
}
