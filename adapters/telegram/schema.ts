import { z } from 'zod';

/** What is read of Telegram's updates, and nothing more; unknown fields are let be. */

/** Ids have up to 52 bits, so a number holds them; they leave as strings. */
const Id = z.number().int();

const User = z.object({
  id: Id,
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  username: z.string().optional(),
});
export type User = z.infer<typeof User>;

const Chat = z.object({
  id: Id,
  type: z.string(),
  title: z.string().optional(),
});
export type Chat = z.infer<typeof Chat>;

const Entity = z.object({
  type: z.string(),
  offset: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  user: User.optional(),
  url: z.string().optional().catch(undefined),
});
export type Entity = z.infer<typeof Entity>;

/** There, whatever it holds. */
const Mark = z.unknown().optional();

const Answered = z.object({
  message_id: Id,
  from: User.optional(),
  /** In a topic every message answers the one that opened the topic. */
  forum_topic_created: Mark,
});

const Message = z.object({
  message_id: Id,
  message_thread_id: Id.optional(),
  is_topic_message: z.boolean().optional(),
  from: User.optional(),
  sender_chat: Chat.optional(),
  chat: Chat,
  text: z.string().optional(),
  entities: z.array(Entity).optional(),
  reply_to_message: Answered.optional().catch(undefined),
  migrate_to_chat_id: Id.optional(),
  forward_origin: Mark,
  forward_date: Mark,
  is_automatic_forward: Mark,
  via_bot: Mark,
  edit_date: Mark,
  business_connection_id: Mark,
  sender_business_bot: Mark,
  guest_query_id: Mark,
  guest_bot_caller_user: Mark,
  guest_bot_caller_chat: Mark,
});
export type Message = z.infer<typeof Message>;

/** An old card comes without its content: the chat and the number are all that is left. */
const Card = z.object({
  message_id: Id,
  message_thread_id: Id.optional(),
  is_topic_message: z.boolean().optional(),
  reply_to_message: Mark,
  chat: Chat,
});

const CallbackQuery = z.object({
  id: z.string(),
  from: User,
  data: z.string().optional(),
  message: Card.optional(),
});

const Member = z.object({
  status: z.string(),
  is_member: z.boolean().optional(),
});
export type Member = z.infer<typeof Member>;

const MyChatMember = z.object({
  chat: Chat,
  from: User,
  old_chat_member: Member.optional(),
  new_chat_member: Member,
});

const JoinRequest = z.object({
  chat: Chat,
  from: User,
  invite_link: z.object({ invite_link: z.string() }).optional().catch(undefined),
});

/** What every update has. */
export const Numbered = z.looseObject({ update_id: z.number().int().nonnegative() });

export const Update = z.object({
  update_id: z.number().int().nonnegative(),
  message: Message.optional(),
  callback_query: CallbackQuery.optional(),
  my_chat_member: MyChatMember.optional(),
  chat_join_request: JoinRequest.optional(),
  /** Ours: who we were when it came in, so that it reads the same after a restart and before the first call. */
  received_by: z.object({ username: z.string(), seesAll: z.boolean() }).optional().catch(undefined),
});
export type Update = z.infer<typeof Update>;

/** The kinds of updates that are asked for. The platform's own default leaves some of them out. */
export const ALLOWED_UPDATES = [
  'message',
  'callback_query',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
] as const;

/** What `getMe` tells. */
export const Me = z.object({
  id: Id,
  first_name: z.string().optional(),
  username: z.string().min(1),
  can_join_groups: z.boolean().optional(),
  can_read_all_group_messages: z.boolean().optional(),
});
export type Me = z.infer<typeof Me>;
