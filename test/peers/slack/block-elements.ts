import { isJson, type Json, objects, string } from './json.ts';
import {
  also,
  anything,
  byType,
  type Check,
  fail,
  flag,
  matching,
  oneOf,
  type Rule,
  several,
  shape,
  unique,
  whole,
  words,
} from './schema.ts';

/** The parts that blocks are made of, and their limits. */

const type: Rule = anything;
const http = matching(/^https?:\/\/\S{1,2990}$/);

export const plain = (most: number, least = 1): Rule =>
  byType({ plain_text: shape({ type, text: words(most, least) }, { emoji: flag }) });
const mrkdwn = (most: number): Rule => byType({ mrkdwn: shape({ type, text: words(most) }, { verbatim: flag }) });
export const eitherText = (most: number): Rule =>
  byType({
    plain_text: shape({ type, text: words(most) }, { emoji: flag }),
    mrkdwn: shape({ type, text: words(most) }, { verbatim: flag }),
  });

const confirm = shape(
  { title: plain(100), text: eitherText(300), confirm: plain(30), deny: plain(30) },
  { style: oneOf('primary', 'danger') },
);
const option = shape({ text: plain(75), value: words(150) }, { description: plain(75) });
const ticked = shape({ text: eitherText(75), value: words(150) }, { description: eitherText(75) });
const linked = shape({ text: plain(75), value: words(150) }, { description: plain(75), url: words(3000) });
const group = shape({ label: plain(75), options: several(option, 1, 100) });

const common = { action_id: unique('actions') };
const choosing = { ...common, placeholder: plain(150), confirm, focus_on_load: flag };
const typing = {
  ...common,
  placeholder: plain(150),
  focus_on_load: flag,
  dispatch_action_config: shape({ trigger_actions_on: anything }),
};
const written = {
  ...typing,
  initial_value: words(3000, 0),
  min_length: whole(0, 3000),
  max_length: whole(1, 3000),
};

const same = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other);

/** Options, or groups of them, but not both; what is chosen at first is one of them, letter by letter. */
function choices(value: Json, at: string, check: Check): void {
  const { options, option_groups: groups } = value;
  if ((options === undefined) === (groups === undefined))
    fail(check, 'either options or option_groups is required', at);
  const offered = groups === undefined ? objects(options) : objects(groups).flatMap((each) => objects(each.options));
  const first = isJson(value.initial_option) ? [value.initial_option] : objects(value.initial_options);
  for (const chosen of first)
    if (!offered.some((each) => same(each, chosen))) fail(check, 'the initial option is not among the options', at);
}

const chosenOf = (each: Rule) => ({ options: several(each, 1, 100), option_groups: several(group, 1, 100) });
const many = { max_selected_items: whole(1, 100) };
const filter = shape(
  {},
  {
    include: several(oneOf('im', 'mpim', 'private', 'public'), 1, 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);

const selects: Readonly<Record<string, Rule>> = {
  static_select: also(shape({ type }, { ...choosing, ...chosenOf(option), initial_option: option }), choices),
  multi_static_select: also(
    shape({ type }, { ...choosing, ...many, ...chosenOf(option), initial_options: several(option, 1, 100) }),
    choices,
  ),
  external_select: shape({ type }, { ...choosing, initial_option: option, min_query_length: whole(0, 100) }),
  users_select: shape({ type }, { ...choosing, initial_user: words(20) }),
  multi_users_select: shape({ type }, { ...choosing, ...many, initial_users: several(words(20), 1, 100) }),
  channels_select: shape({ type }, { ...choosing, initial_channel: words(20), response_url_enabled: flag }),
  conversations_select: shape(
    { type },
    {
      ...choosing,
      initial_conversation: words(20),
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter,
    },
  ),
};

const picking: Readonly<Record<string, Rule>> = {
  datepicker: shape({ type }, { ...choosing, initial_date: matching(/^\d{4}-\d\d-\d\d$/) }),
  timepicker: shape({ type }, { ...choosing, initial_time: matching(/^\d\d:\d\d$/), timezone: words(50) }),
  datetimepicker: shape(
    { type },
    { ...common, confirm, focus_on_load: flag, initial_date_time: whole(1_000_000_000, 9_999_999_999) },
  ),
  radio_buttons: also(
    shape(
      { type, options: several(ticked, 1, 10) },
      { ...common, confirm, focus_on_load: flag, initial_option: ticked },
    ),
    choices,
  ),
  checkboxes: also(
    shape(
      { type, options: several(ticked, 1, 10) },
      { ...common, confirm, focus_on_load: flag, initial_options: several(ticked, 1, 10) },
    ),
    choices,
  ),
};

const button = shape(
  { type, text: plain(75) },
  {
    ...common,
    value: words(2000),
    url: words(3000),
    style: oneOf('primary', 'danger'),
    confirm,
    accessibility_label: words(75),
  },
);
const overflow = shape({ type, options: several(linked, 1, 5) }, { ...common, confirm });

export const image = also(shape({ type, alt_text: words(2000) }, { image_url: http, slack_file: anything }), oneSource);

/** A picture comes from one place. */
export function oneSource(value: Json, at: string, check: Check): void {
  if ((value.image_url === undefined) === (value.slack_file === undefined))
    fail(check, 'either image_url or slack_file is required', at);
}

export const actionElement = byType({ button, overflow, ...selects, ...picking });
export const accessory = byType({ button, overflow, image, ...selects, ...picking });
export const contextElement = byType({
  image,
  plain_text: plain(3000),
  mrkdwn: mrkdwn(3000),
});

export const inputElement = byType({
  ...selects,
  ...picking,
  plain_text_input: also(shape({ type }, { ...written, multiline: flag }), lengths),
  email_text_input: shape({ type }, { ...typing, initial_value: words(255) }),
  url_text_input: shape({ type }, { ...typing, initial_value: words(3000) }),
  number_input: shape(
    { type, is_decimal_allowed: flag },
    { ...typing, initial_value: words(50), min_value: words(50), max_value: words(50) },
  ),
});

function lengths(value: Json, at: string, check: Check): void {
  const { min_length: least, max_length: most } = value;
  if (typeof least === 'number' && typeof most === 'number' && least > most)
    fail(check, 'min_length must not be more than max_length', at);
  if (typeof most === 'number' && string(value.initial_value).length > most)
    fail(check, 'initial_value is longer than max_length', at);
}
