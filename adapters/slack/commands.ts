import { type Ack, ask, type Desk, DONE, formFor, inTime, late, payloadOf, WORKING } from './desk.ts';
import { readSlash } from './inbound.ts';
import { respond } from './respond.ts';
import type { SlashCommand } from './schema.ts';

const STRANGE = 'I could not ask Slack who I am, so I did nothing. Say it again in a minute.';

/** A slash command: decided and committed, then answered in its acknowledgement. */
export async function takeCommand(desk: Desk, command: SlashCommand): Promise<Ack> {
  const asking = ask(desk, (own) => readSlash(command, own));
  const answered = await inTime(asking);
  if (answered === late) {
    desk.go(asking.then((later) => later && respond(command.response_url, desk.apiUrl, payloadOf(later))));
    return { is: 'ack', payload: { response_type: 'ephemeral', text: WORKING } };
  }
  if (answered === undefined) return { is: 'ack', payload: { response_type: 'ephemeral', text: STRANGE } };
  const { reply, incoming } = answered;
  // The text is the answer whatever becomes of the form, which is a convenience beside it and a call of its own.
  if (reply.form !== undefined) desk.go(desk.outbound.openView(command.trigger_id, formFor(reply.form, incoming)));
  return reply.code === 'silent' ? DONE : { is: 'ack', payload: payloadOf(answered) };
}
