import { type Ack, type Answered, ask, type Desk, DONE, formFor, inTime, keptAt, late } from './desk.ts';
import { showHome } from './home.ts';
import { readPress } from './inbound.ts';
import { render } from './render.ts';
import { respond } from './respond.ts';
import type { BlockActions } from './schema.ts';
import { FILL_IN, readForm, renderAnswer } from './views.ts';

/** A button: decided and committed before it is acknowledged; the answer follows, as its acknowledgement carries none. */
export async function takePress(desk: Desk, press: BlockActions): Promise<Ack> {
  if (press.actions[0]?.action_id === FILL_IN) {
    desk.go(fillIn(desk, press));
    return DONE;
  }
  const asking = ask(desk, (own) => readPress(press, own));
  const answered = await inTime(asking);
  if (answered === late) desk.go(asking.then((later) => later && answerPress(desk, press, later, false)));
  else if (answered !== undefined) desk.go(answerPress(desk, press, answered, true));
  return DONE;
}

/** The answer is for the one who pressed, and takes the first way that is open. */
async function answerPress(desk: Desk, press: BlockActions, answered: Answered, canOpen: boolean): Promise<void> {
  const { reply, incoming } = answered;
  const isHome = press.view?.type === 'home';
  if (isHome) desk.go(showHome(desk, press.user.id, incoming.account));
  if (canOpen && (await openForm(desk, press, answered))) return;
  if (reply.code === 'silent') return;
  const { address, account, isPrivate } = incoming;
  if (press.view != null && !isHome) {
    const view = renderAnswer(reply.nodes, reply.token, keptAt(address, isPrivate), desk.spelling.shared);
    if (await desk.outbound.updateView(press.view.id, view)) return;
  }
  // A slash command's answer may stand in a conversation with somebody else: only our own messages are surely with us alone.
  const spell = isPrivate && incoming.message !== undefined ? desk.spelling.private : desk.spelling.shared;
  const rendered = render(reply.nodes, { token: reply.token, spell });
  const thread = address.thread === undefined ? {} : { thread_ts: address.thread };
  const payload = { response_type: 'ephemeral', replace_original: false, parse: 'none', ...rendered, ...thread };
  if (await respond(press.response_url, desk.apiUrl, payload)) return;
  const sent = await desk.outbound.whisper(address, account, rendered);
  if (sent.is !== 'sent') desk.log.warn('The answer to a button did not get through to Slack.', { became: sent.is });
}

async function openForm(desk: Desk, press: BlockActions, { reply, incoming }: Answered): Promise<boolean> {
  if (reply.form === undefined || press.trigger_id == null) return false;
  return desk.outbound.openView(press.trigger_id, formFor(desk, reply.form, incoming));
}

/** Opens the form that the button carries; nothing is decided until it is sent off. */
async function fillIn(desk: Desk, press: BlockActions): Promise<void> {
  const own = desk.known() ?? (await desk.own());
  const form = readForm(press.actions[0]?.value);
  const pressed = own === undefined ? undefined : readPress(press, own);
  if (form === undefined || pressed === undefined || press.trigger_id == null) return;
  await desk.outbound.openView(press.trigger_id, formFor(desk, form, pressed.incoming));
}
