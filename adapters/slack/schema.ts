import { z } from 'zod';

/** What is read of Slack's payloads: only the fields that are used, and nothing is refused for a field that is new. */

const Words = z.string().max(64);

export const Envelope = z.object({
  type: z.literal('event_callback'),
  event_id: Words,
  /** Added by us before it is stored, where the event is about a channel. */
  channel_name: z.string().nullish(),
  team_id: Words.nullish(),
  enterprise_id: Words.nullish(),
  is_ext_shared_channel: z.boolean().nullish(),
  authorizations: z
    .array(z.object({ team_id: Words.nullish(), enterprise_id: Words.nullish(), user_id: Words.nullish() }))
    .nullish(),
  event: z.looseObject({ type: Words }),
});
export type Envelope = z.infer<typeof Envelope>;

/** A message, or a mention of ours: they differ in the type alone. */
export const Message = z.object({
  subtype: Words.nullish(),
  channel: Words,
  channel_type: Words.nullish(),
  user: Words.nullish(),
  user_team: Words.nullish(),
  team: Words.nullish(),
  bot_id: Words.nullish(),
  bot_profile: z.unknown().optional(),
  hidden: z.boolean().nullish(),
  edited: z.unknown().optional(),
  text: z.string().nullish(),
  ts: Words,
  thread_ts: Words.nullish(),
  parent_user_id: Words.nullish(),
});
export type Message = z.infer<typeof Message>;

export const MemberJoined = z.object({
  user: Words,
  channel: Words,
  channel_type: Words.nullish(),
  inviter: Words.nullish(),
});
export const IdChanged = z.object({ old_channel_id: Words, new_channel_id: Words });
export const HomeOpened = z.object({ user: Words, tab: Words.nullish() });

export const SlashCommand = z.object({
  command: Words,
  text: z.string().default(''),
  team_id: Words,
  enterprise_id: Words.nullish(),
  channel_id: Words,
  user_id: Words,
  user_name: z.string().nullish(),
  trigger_id: z.string().max(200),
  response_url: z.string().nullish(),
});
export type SlashCommand = z.infer<typeof SlashCommand>;

const Who = {
  user: z.object({
    id: Words,
    name: z.string().nullish(),
    username: z.string().nullish(),
    team_id: Words.nullish(),
  }),
  team: z.object({ id: Words, enterprise_id: Words.nullish() }).nullish(),
  enterprise: z.object({ id: Words }).nullish(),
  trigger_id: z.string().max(200).nullish(),
};

/** One value of a form, in the shape of whichever element it was put in by. */
const Value = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_user: Words.nullish(),
});
const View = z.object({
  id: z.string(),
  hash: z.string().nullish(),
  type: Words.nullish(),
  callback_id: z.string().nullish(),
  private_metadata: z.string().nullish(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), Value)) }).nullish(),
});

export const BlockActions = z.object({
  ...Who,
  type: z.literal('block_actions'),
  actions: z
    .array(z.object({ value: z.string().nullish(), action_id: z.string().nullish(), action_ts: Words.nullish() }))
    .min(1),
  container: z
    .object({ message_ts: Words.nullish(), channel_id: Words.nullish(), is_ephemeral: z.boolean().nullish() })
    .nullish(),
  channel: z.object({ id: Words }).nullish(),
  message: z.object({ ts: Words.nullish(), thread_ts: Words.nullish() }).nullish(),
  view: View.nullish(),
  response_url: z.string().nullish(),
});
export type BlockActions = z.infer<typeof BlockActions>;

export const ViewSubmission = z.object({ ...Who, type: z.literal('view_submission'), view: View });
export type ViewSubmission = z.infer<typeof ViewSubmission>;

const Shortcut = z.object({ ...Who, type: z.literal('shortcut'), callback_id: z.string() });
export const MessageShortcut = z.object({
  ...Who,
  type: z.literal('message_action'),
  callback_id: z.string(),
  channel: z.object({ id: Words }),
  message: z.object({ ts: Words.nullish(), thread_ts: Words.nullish(), text: z.string().nullish() }),
  response_url: z.string().nullish(),
});
export type MessageShortcut = z.infer<typeof MessageShortcut>;

export const Interaction = z.discriminatedUnion('type', [BlockActions, ViewSubmission, Shortcut, MessageShortcut]);
export type Interaction = z.infer<typeof Interaction>;

/** What a form keeps while it is open: the command's token, and where its answer belongs. */
export const Kept = z.object({
  token: z.string(),
  chat: z.string(),
  thread: z.string().optional(),
  isPrivate: z.boolean(),
  title: z.string().default('Baton'),
});
export type Kept = z.infer<typeof Kept>;

/** A form as its button carries it. */
export const KeptForm = z.object({
  token: z.string(),
  title: z.string(),
  example: z.string(),
  fields: z.array(
    z
      .object({
        name: z.string(),
        label: z.string(),
        optional: z.boolean(),
        sort: z.enum(['text', 'long', 'person', 'choice']),
        choices: z.array(z.string()).optional(),
        value: z.string().optional(),
      })
      .transform(({ choices, value, ...field }) => ({
        ...field,
        ...(choices === undefined ? {} : { choices }),
        ...(value === undefined ? {} : { value }),
      })),
  ),
});
