import type { ModalView } from '@slack/types';
import type { Button, Text } from '../../src/ports.ts';
import { type Ack, ask, type Desk, DONE, formFor, inTime, keptAt, late, WORKING } from './desk.ts';
import { addressOf, isDirect } from './identity.ts';
import { accountIn, readSubmission } from './inbound.ts';
import { unwrap } from './inbound-text.ts';
import { cut, render } from './render.ts';
import { respond } from './respond.ts';
import type { Kept, MessageShortcut, ViewSubmission } from './schema.ts';
import { renderAnswer, renderForm } from './views.ts';

const MOST_ERROR = 150;

/** A form that was sent off. The acknowledgement shows the answer in its place: as an error, or as what was done. */
export async function takeSubmission(desk: Desk, sent: ViewSubmission): Promise<Ack> {
  const asking = ask(desk, (own) => readSubmission(sent, own));
  const answered = await inTime(asking);
  if (answered === undefined) return DONE;
  if (answered === late) {
    const change = (view: ModalView) => desk.outbound.updateView(sent.view.id, view);
    desk.go(asking.then((later) => later && change(viewOf(later.reply, later.asked.kept))));
    return update(renderAnswer([WORKING], () => '', keptAt({ platform: 'slack', chat: '' }, true)));
  }
  const { reply, incoming, asked } = answered;
  if (reply.form !== undefined && incoming.sort === 'said') return update(formFor(reply.form, incoming));
  const field = Object.keys(sent.view.state?.values ?? {})[0];
  if (!reply.ok && reply.code === 'usage' && field !== undefined) {
    // Errors are shown as they are: what was escaped for a message must not be, here.
    const error = cut(unwrap(render(reply.nodes, reply).text), MOST_ERROR);
    return { is: 'ack', payload: { response_action: 'errors', errors: { [field]: error } } };
  }
  return reply.code === 'silent' ? DONE : update(viewOf(reply, asked.kept));
}

const viewOf = (reply: { readonly nodes: Text; token(button: Button): string }, kept: Kept): ModalView =>
  renderAnswer(reply.nodes, reply.token, { ...kept, token: '' });

const update = (view: ModalView): Ack => ({ is: 'ack', payload: { response_action: 'update', view } });

/** A message that is to become a story or a bug: the form of that command, with the message in it. */
export async function takeMessageShortcut(desk: Desk, shortcut: MessageShortcut): Promise<void> {
  const command = /^baton_(story|bug)$/.exec(shortcut.callback_id)?.[1];
  const own = desk.known() ?? (await desk.own());
  if (command === undefined || own === undefined || shortcut.trigger_id == null) return;
  const { channel, message } = shortcut;
  const thread = message.thread_ts === message.ts ? undefined : message.thread_ts;
  const account = accountIn(shortcut, own);
  const address = addressOf(channel.id, thread, account);
  const form = await desk.intake.form(command, unwrap(message.text ?? ''), address, account);
  const view = form === undefined ? undefined : renderForm(form, address, isDirect(channel.id));
  if (view !== undefined && (await desk.outbound.openView(shortcut.trigger_id, view))) return;
  const text = `The form could not be opened. Say /baton ${command} and what it is about.`;
  await respond(shortcut.response_url, desk.apiUrl, { response_type: 'ephemeral', replace_original: false, text });
}
