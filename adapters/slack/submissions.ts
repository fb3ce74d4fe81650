import type { ModalView } from '@slack/types';
import type { Form, Reply } from '../../src/ports.ts';
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
    desk.go(asking.then((later) => later && change(viewOf(desk, later.reply, later.asked.kept))));
    return update(
      renderAnswer([WORKING], () => '', keptAt({ platform: 'slack', chat: '' }, true), desk.spelling.shared),
    );
  }
  const { reply, incoming, asked } = answered;
  if (reply.form !== undefined && incoming.sort === 'said') return update(formFor(desk, reply.form, incoming));
  const field = wrongField(sent, incoming.sort === 'filled' ? incoming.values : {}, reply.form);
  if (!reply.ok && reply.code === 'usage' && field !== undefined) {
    const { text } = render(reply.nodes, { token: reply.token, spell: desk.spelling.shared });
    // Errors are shown as they are: what was escaped for a message must not be, here.
    return { is: 'ack', payload: { response_action: 'errors', errors: { [field]: cut(unwrap(text), MOST_ERROR) } } };
  }
  return reply.code === 'silent' ? DONE : update(viewOf(desk, reply, asked.kept));
}

/**
 * The field that the error is about. The form comes again with what was not taken: a field that was filled in and is asked
 * for again was wrong, one that must be there and is not is missing.
 */
function wrongField(
  { view }: ViewSubmission,
  values: Readonly<Record<string, string>>,
  again: Form | undefined,
): string | undefined {
  const names = Object.keys(view.state?.values ?? {});
  const asked = again?.fields.filter(({ name }) => names.includes(name)) ?? [];
  const wrong =
    asked.find(({ name }) => values[name] !== undefined) ?? asked.find(({ optional }) => !optional) ?? asked[0];
  return wrong?.name ?? names[0];
}

const viewOf = ({ spelling }: Desk, { nodes, token }: Pick<Reply, 'nodes' | 'token'>, kept: Kept): ModalView =>
  renderAnswer(nodes, token, { ...kept, token: '' }, spelling.shared);

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
  const view = form === undefined ? undefined : renderForm(form, address, isDirect(channel.id), desk.spelling.shared);
  if (view !== undefined && (await desk.outbound.openView(shortcut.trigger_id, view))) return;
  const text = `The form could not be opened. Say /baton ${command} and what it is about.`;
  await respond(shortcut.response_url, desk.apiUrl, { response_type: 'ephemeral', replace_original: false, text });
}
