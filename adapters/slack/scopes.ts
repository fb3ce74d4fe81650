/** What the bot asks of a workspace, each with its reason: the manifest asks for these, and the check looks for them. */

export interface Scope {
  readonly scope: string;
  readonly reason: string;
}

export const SCOPES: readonly Scope[] = [
  { scope: 'commands', reason: 'the slash command, and the shortcuts' },
  { scope: 'chat:write', reason: 'answers, cards and notices' },
  { scope: 'app_mentions:read', reason: 'commands that begin with @baton, also in threads' },
  { scope: 'im:history', reason: 'what people write to the bot in private' },
  { scope: 'im:write', reason: 'opens the private conversation with somebody whom a notice or a page is for' },
  { scope: 'channels:read', reason: 'being added to a public channel, and a channel that gets another id' },
  { scope: 'groups:read', reason: 'the same for private channels' },
  {
    scope: 'channels:history',
    reason: 'the rule about disturbing developers, in listed channels; finds a message again whose sending was cut off',
  },
  { scope: 'groups:history', reason: 'the same for private channels' },
  {
    scope: 'pins:write',
    reason: 'pins the head of the history in OPS’s channel, where nobody who changes the file changes it',
  },
];

export const EVENTS: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'channel_id_changed',
  'member_joined_channel',
  'message.channels',
  'message.groups',
  'message.im',
];
