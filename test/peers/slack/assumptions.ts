/**
 * What this peer takes for granted about the real service. Nothing here was tried against it: `docs` is its public
 * documentation, `library` the installed client's source or types, `report` what others wrote of it, `guess` nobody's word.
 */
export interface Assumption {
  readonly what: string;
  readonly source: 'docs' | 'library' | 'report' | 'guess';
}

const docs = (what: string): Assumption => ({ what, source: 'docs' });
const library = (what: string): Assumption => ({ what, source: 'library' });
const report = (what: string): Assumption => ({ what, source: 'report' });
const guess = (what: string): Assumption => ({ what, source: 'guess' });

export const assumptions: readonly Assumption[] = [
  docs('A call without a token is answered not_authed, with an unknown one invalid_auth; both with status 200.'),
  docs('A token of the wrong sort is answered not_allowed_token_type, a missing scope missing_scope.'),
  library('x-oauth-scopes is in every answer and lists the scopes of the token.'),
  library('Arguments are a form whose nested values are JSON; JSON bodies are taken as well.'),
  docs('A public channel without the bot answers not_in_channel, a private one channel_not_found.'),
  guess('Writing to a person who was deactivated answers channel_not_found; opening the conversation user_disabled.'),
  guess('Names of channels are not taken where an id is wanted.'),
  docs(
    'More than 50 blocks, unknown types, unknown fields and everything over a limit is invalid_blocks, with messages.',
  ),
  guess('The words of those messages; only that there are some is relied on.'),
  report('The text of all blocks together is at most about 13,200 characters: msg_blocks_too_long.'),
  report('A text of more than 40,000 characters is msg_too_long (documentation says that it is cut off).'),
  report('chat.update takes a text of at most 4,000 characters: msg_too_long.'),
  docs('chat.update without blocks keeps the former ones; an empty list takes them away.'),
  docs('chat.update without parse means client, not none.'),
  guess('With parse client bare names and addresses in the text work as with full.'),
  guess('An ephemeral message can not be updated or deleted: message_not_found.'),
  guess('Writing into a thread whose first message is gone is cannot_reply_to_message.'),
  docs('Metadata comes back from history and replies only with include_all_metadata.'),
  docs(
    'history is newest first without answers in threads; replies is oldest first, with the first message always in.',
  ),
  docs('A trigger is good for three seconds and once: expired_trigger_id, exchanged_trigger_id.'),
  guess('A view that is refused does not use up the trigger.'),
  docs('At most three views lie on each other: push_limit_reached; an old hash is hash_conflict.'),
  docs('Errors of a form are keyed by the block ids of its inputs; others show the person a failure.'),
  docs('A required field that is empty is held back by the client and the app hears nothing.'),
  docs(
    'Commands, buttons and forms must be acknowledged within three seconds, else the person sees operation_timeout.',
  ),
  guess('Commands and interactions are not tried again, on a socket neither.'),
  docs('An event that was not acknowledged comes three times more: at once, after one minute, after five.'),
  report(
    'The same holds in Socket Mode, with retry_attempt and the reason timeout, and where no socket was open at all.',
  ),
  guess('A socket that closes before it acknowledged counts as a failure at once, with the reason connection_failed.'),
  docs('x-slack-no-retry: 1 on an answer that is no success ends the tries of an event.'),
  guess('After the last try an event is gone; delayed events are off.'),
  report('Each payload goes to one connection out of at most ten.'),
  library('A ticket of apps.connections.open opens one connection.'),
  docs('response_url works five times within thirty minutes.'),
  guess('A spent response_url answers 404, a bad message 400.'),
  docs(
    'An answer is ephemeral unless it says in_channel; replace_original and delete_original touch the message of the interaction.',
  ),
  guess('The interaction with an ephemeral message carries no message, only the container.'),
  docs(
    'A mention of the bot in a channel arrives as app_mention and, where subscribed, as message too, under two event ids.',
  ),
  library('What the bot writes and changes arrives as events as well; the client library drops them.'),
  docs('With should_escape the words of a command carry <@U…|name>, <#C…|name> and <address>.'),
  guess('The words of a command are escaped (& < >) like those of a message.'),
  guess('People of another workspace can not use the slash command of this one.'),
  guess(
    'In an interaction of a person from another workspace user.team_id is theirs and team.id is the one of the app.',
  ),
  docs('Bare @channel, @here and @everyone in mrkdwn without verbatim notify; with verbatim they do not.'),
  guess('Marked mentions in the text beside blocks notify too, and so do those in a code span.'),
  docs('One message a second into a channel, with a short burst.'),
  guess('The burst is four messages.'),
  docs('Methods have tiers of 1, 20, 50 or 100 calls a minute over the workspace; chat.update has 50.'),
  docs('The signature is v0=HMAC-SHA256 over v0:time:body; the address proves itself by url_verification.'),
];
