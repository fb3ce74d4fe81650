import type { HomeView, ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { AdapterLog, Address, Outgoing, Sent, Unasked } from '../../src/ports.ts';
import { nameOf, toSent } from './errors.ts';
import { messageId, type Own, readMessageId, userIn, whole } from './identity.ts';
import { type Rendered, render } from './render.ts';
import type { Spelling } from './spelling.ts';
import { withForm } from './views.ts';

/** Says things on Slack: messages, what they are changed to, views. What became of a call is always a value. */
export interface Outbound {
  send(message: Outgoing): Promise<Sent>;
  edit(id: string, message: Outgoing): Promise<Sent>;
  find(message: Outgoing, since: number): Promise<string | null | undefined | Unasked>;
  pin(id: string, yes: boolean): Promise<Sent>;
  /** For one person: in the channel where they are in it, else in their private conversation. */
  whisper(address: Address, account: string, rendered: Rendered): Promise<Sent>;
  openView(trigger: string, view: ModalView): Promise<boolean>;
  updateView(id: string, view: ModalView): Promise<boolean>;
  publish(user: string, view: HomeView): Promise<boolean>;
  channelName(channel: string): Promise<string | undefined>;
}

export interface OutboundParts {
  readonly client: WebClient;
  readonly own: () => Own | undefined;
  readonly log: AdapterLog;
  readonly spelling: Spelling;
}

/** Marks a message as ours, so that one whose answer got lost is found again. */
const EVENT = 'baton_message';
/** Slack's clock may be behind ours: the search begins a minute earlier. */
const MARGIN = 60_000;
const PAGE = 100;
const MOST_PAGES = 20;

/** What every text of ours is sent with: nothing in it is read as markup, nothing becomes a mention or a preview. */
const PLAIN = { parse: 'none', mrkdwn: false, unfurl_links: false, unfurl_media: false } as const;

export function createOutbound({ client, own, log, spelling }: OutboundParts): Outbound {
  const opened = new Map<string, string>();

  /** The channel of an address; a person's private conversation is opened once. */
  async function channelOf({ chat }: Address): Promise<string> {
    const user = userIn(chat);
    if (user === undefined) return chat;
    const known = opened.get(user);
    if (known !== undefined) return known;
    const { channel } = await client.conversations.open({ users: user });
    if (channel?.id === undefined) throw new Error('no channel');
    opened.set(user, channel.id);
    return channel.id;
  }

  async function post(address: Address, thread: string | undefined, rendered: Rendered, id?: string): Promise<Sent> {
    const channel = await channelOf(address);
    const sent = await client.chat.postMessage({
      ...PLAIN,
      ...rendered,
      channel,
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...(id === undefined ? {} : { metadata: { event_type: EVENT, event_payload: { id } } }),
    });
    return postedAs(sent, channel);
  }

  async function whisper(address: Address, account: string, rendered: Rendered): Promise<Sent> {
    const user = userIn(account.slice('slack:'.length));
    if (user === undefined || userIn(address.chat) !== undefined) return post(address, address.thread, rendered);
    try {
      const { thread } = address;
      await client.chat.postEphemeral({
        ...PLAIN,
        ...rendered,
        channel: address.chat,
        user,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
      return { is: 'sent', id: null };
    } catch (error) {
      const failed = toSent(error);
      // They have left the channel, or it can not be written to: what is for them alone reaches them in private.
      if (failed.is !== 'refused') return failed;
      return post({ platform: 'slack', chat: user }, undefined, rendered);
    }
  }

  const safely = (work: Promise<Sent>): Promise<Sent> => work.catch((error: unknown) => toSent(error));

  const view = (what: string, work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      (error: unknown) => {
        log.warn(`Slack did not ${what}.`, { why: nameOf(error) });
        return false;
      },
    );

  return {
    send: (given) => {
      const message = { ...given, address: whole(given.address) };
      const { address, answer, id } = message;
      const rendered = withForm(rendering(spelling, message), answer?.form);
      if (isWhisper(message)) return safely(whisper(address, answer?.account ?? '', rendered));
      return safely(post(address, threadOf(message), rendered, id));
    },
    edit: (id, message) => safely(edit(client, id, message.id, rendering(spelling, message))),
    find: async (given, since) => {
      const message = { ...given, address: whole(given.address) };
      if (isWhisper(message)) return undefined;
      try {
        const found = await search(client, await channelOf(message.address), message, since, own()?.user);
        return found;
      } catch (error) {
        log.warn('Slack could not be asked what became of a message.', { why: nameOf(error) });
        const failed = toSent(error);
        // A scope that is lacking, or a channel that is gone, does not come back by waiting.
        return failed.is === 'refused' || failed.is === 'moved' ? undefined : failed;
      }
    },
    pin: (id, yes) => pin(client, id, yes),
    whisper: (address, account, rendered) => safely(whisper(whole(address), account, rendered)),
    channelName: async (channel) => {
      try {
        return (await client.conversations.info({ channel })).channel?.name;
      } catch (error) {
        log.warn('Slack did not say what a channel is called.', { why: nameOf(error) });
        return undefined;
      }
    },
    openView: (trigger, shown) => view('open a form', client.views.open({ trigger_id: trigger, view: shown })),
    updateView: (id, shown) => view('change a form', client.views.update({ view_id: id, view: shown })),
    publish: (user, shown) => view('show a home page', client.views.publish({ user_id: user, view: shown })),
  };
}

/** The client hands on whatever came with a yes: without the mark that a message has, none was seen to be there. */
function postedAs({ ts, channel }: { readonly ts?: unknown; readonly channel?: unknown }, asked: string): Sent {
  if (typeof ts !== 'string') return { is: 'uncertain', why: 'Slack gave an answer that is not understood' };
  return { is: 'sent', id: messageId(typeof channel === 'string' ? channel : asked, ts) };
}

/** A message as it is shown where it goes. */
function rendering(spelling: Spelling, { nodes, token, address }: Outgoing): Rendered {
  const isPrivate = userIn(whole(address).chat) !== undefined;
  return render(nodes, { token, spell: isPrivate ? spelling.private : spelling.shared });
}

/** A refusal in a channel is for the asker alone; in private everything is. */
const isWhisper = ({ answer, address }: Outgoing): boolean =>
  answer?.quiet === true && !answer.isPrivate && userIn(address.chat) === undefined;

/** An answer to words at a channel's top hangs below them, so that the channel stays readable. */
function threadOf({ address, answer }: Outgoing): string | undefined {
  if (address.thread !== undefined || answer === undefined || answer.isPrivate) return address.thread;
  return answer.message === undefined ? undefined : readMessageId(answer.message)?.ts;
}

async function edit(client: WebClient, id: string, own: string, rendered: Rendered): Promise<Sent> {
  const at = readMessageId(id);
  if (at === undefined) return { is: 'refused', why: 'no such message' };
  await client.chat.update({
    ...rendered,
    ...at,
    parse: 'none',
    metadata: { event_type: EVENT, event_payload: { id: own } },
  });
  return { is: 'sent', id };
}

async function pin(client: WebClient, id: string, yes: boolean): Promise<Sent> {
  const at = readMessageId(id);
  if (at === undefined) return { is: 'refused', why: 'no such message' };
  const where = { channel: at.channel, timestamp: at.ts };
  try {
    await (yes ? client.pins.add(where) : client.pins.remove(where));
  } catch (error) {
    // It is as it should be already.
    if (nameOf(error) !== (yes ? 'already_pinned' : 'no_pin')) return toSent(error);
  }
  return { is: 'sent', id };
}

async function search(
  client: WebClient,
  channel: string,
  message: Outgoing,
  since: number,
  us: string | undefined,
): Promise<string | null | undefined> {
  const thread = threadOf(message);
  const oldest = String(Math.max(0, since - MARGIN) / 1_000);
  let cursor = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { channel, oldest, limit: PAGE, include_all_metadata: true, ...(cursor === '' ? {} : { cursor }) };
    const answer =
      thread === undefined
        ? await client.conversations.history(asked)
        : await client.conversations.replies({ ...asked, ts: thread });
    for (const { metadata, ts, user } of answer.messages ?? []) {
      const payload: { id?: unknown } = metadata?.event_payload ?? {};
      // Another app could put our id on a message of its own.
      const isOurs = us === undefined || user === undefined || user === us;
      if (isOurs && ts !== undefined && metadata?.event_type === EVENT && payload.id === message.id)
        return messageId(channel, ts);
    }
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return null;
  }
  return undefined;
}
