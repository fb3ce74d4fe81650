import { type Ack, type Answered, ask, type Desk, DONE, formFor, inTime, late, payloadOf, WORKING } from './desk.ts';
import { readSlash } from './inbound.ts';
import { respond } from './respond.ts';
import type { SlashCommand } from './schema.ts';

const STRANGE = 'I could not ask Slack who I am, so I did nothing. Say it again in a minute.';

/** A slash command: decided and committed, then answered in its acknowledgement, or by the form that asks for the rest. */
export async function takeCommand(desk: Desk, command: SlashCommand): Promise<Ack> {
  const asking = ask(desk, (own) => readSlash(command, own));
  const answering = asking.then((answered) =>
    answered === undefined ? alone(STRANGE) : answerTo(desk, command, answered),
  );
  const payload = await inTime(answering);
  if (payload === late) {
    desk.go(answering.then((later) => later && respond(command.response_url, desk.apiUrl, later)));
    return { is: 'ack', payload: alone(WORKING) };
  }
  return payload === undefined ? DONE : { is: 'ack', payload };
}

const alone = (text: string): object => ({ response_type: 'ephemeral', text });

/** Undefined: nothing is to be said. A form that opens says all; where it does not, the text is what is left. */
async function answerTo(desk: Desk, command: SlashCommand, answered: Answered): Promise<object | undefined> {
  const { reply, incoming } = answered;
  if (
    reply.form !== undefined &&
    (await desk.outbound.openView(command.trigger_id, formFor(desk, reply.form, incoming)))
  )
    return undefined;
  return reply.code === 'silent' ? undefined : payloadOf(desk, answered);
}
