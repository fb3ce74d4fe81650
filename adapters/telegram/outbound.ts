import { FormattedString } from '@grammyjs/parse-mode';
import type { Api } from 'grammy';
import type { AdapterLog, Form, Outgoing, Sent, Text } from '../../src/ports.ts';
import { answerPress, editOne, type Markup, messageOf, sendOne, takeBack, userOf, type Way } from './calls.ts';
import { keyboardOf, startLink } from './keyboard.ts';
import { type Content, createParts } from './parts.ts';
import { render, split } from './render.ts';
import { clean, cut } from './words.ts';

/** Sends what the outbox hands over: answers to presses, quiet answers, cards, pages. */

export interface SenderOptions {
  readonly api: Api;
  readonly log: AdapterLog;
  /** Our name, once it is known. */
  username(): string | undefined;
  /** Waits; resolves early when the adapter stops. */
  pause(milliseconds: number): Promise<void>;
  /** Does something later, unless the adapter stops before. */
  later(milliseconds: number, work: () => Promise<void>): void;
}

export interface Sender {
  send(message: Outgoing): Promise<Sent>;
  edit(id: string, message: Outgoing): Promise<Sent>;
}

const MOST_TOAST = 200;
const SHORT_LIFE = 30_000;

export function createSender(options: SenderOptions): Sender {
  const { api, log } = options;
  const sendAll = createParts(api, options.pause);
  let takesEphemeral = true;

  /** For one alone, in a chat of several: unseen by the others, else in private, else in few words and not for long. */
  async function sendQuietly(message: Outgoing, way: Way, content: Content): Promise<Sent> {
    const receiver = userOf(message.answer?.account ?? '');
    const alone = receiver === undefined ? undefined : await sendAlone(message, { ...way, receiver }, content);
    if (alone !== undefined) return alone;
    if (receiver !== undefined) {
      const sent = await sendAll(message.id, { chat: String(receiver) }, content);
      if (sent.is !== 'refused') return sent;
    }
    const few = await sendOne(api, way, fewWords(message, content.text), openMe(options.username()));
    if (few.is !== 'sent' || few.id === null) return few;
    const { id } = few;
    options.later(SHORT_LIFE, () => takeBack(api, id));
    // It is gone before anything could change it.
    return { is: 'sent', id: null };
  }

  /** Undefined: there is no such way here, take the next. */
  async function sendAlone(message: Outgoing, way: Way, content: Content): Promise<Sent | undefined> {
    if (!takesEphemeral) return undefined;
    const sent = await sendAll(message.id, way, content);
    if (sent.is === 'refused') {
      // Too late after the words, or not in this chat: another time it may go. A server that does not know it never will.
      if (/ephemeral/i.test(sent.why) && /support|unknown|invalid|not available/i.test(sent.why))
        takesEphemeral = false;
      return undefined;
    }
    if (sent.is !== 'sent' || sent.id === null) return sent;
    // An older server overlooks what it does not know and shows it to all: it is taken back, and not tried again.
    takesEphemeral = false;
    log.warn('this Bot API server shows ephemeral messages to everyone; quiet answers go to private conversations');
    await takeBack(api, sent.id);
    return undefined;
  }

  async function answerTo(message: Outgoing, content: Content): Promise<Sent> {
    const { answer, address } = message;
    if (answer === undefined) return sendAll(message.id, wayOf(message), content);
    if (answer.query !== undefined) {
      const done = await toPress(message, answer.query, content);
      if (done !== undefined) return done;
    }
    const isQuiet = (answer.quiet || answer.query !== undefined) && !answer.isPrivate && answer.form === undefined;
    const way = wayOf(message);
    return isQuiet && address.chat !== String(userOf(answer.account))
      ? sendQuietly(message, way, content)
      : sendAll(message.id, way, content);
  }

  /** Ends the waiting of the button. Undefined: more is to be said than fits there. */
  async function toPress(message: Outgoing, query: string, content: Content): Promise<Sent | undefined> {
    const isOk = message.answer?.ok ?? true;
    const words = content.text.rawText;
    const fits = words.length <= MOST_TOAST && content.markup === undefined;
    const shown = await answerPress(
      api,
      query,
      fits ? words : cut(words.split('\n')[0] ?? '', MOST_TOAST),
      !isOk && fits,
    );
    if (shown !== 'shown' && shown !== 'late') return shown;
    const isSaid = fits && (shown === 'shown' || isOk || words === '');
    return isSaid ? { is: 'sent', id: null } : undefined;
  }

  return {
    send: async (message) => {
      const content = contentOf(message, options.username());
      return 'problem' in content ? { is: 'refused', why: content.problem } : answerTo(message, content);
    },
    edit: async (id, message) => {
      const { text, buttons } = render(message.nodes);
      const markup = keyboardOf({ buttons, token: message.token, username: options.username() });
      if (markup !== undefined && 'problem' in markup) return { is: 'refused', why: markup.problem };
      // Of a long message the last part was kept, and that is what is changed.
      return editOne(api, id, split(text).at(-1) ?? text, markup);
    },
  };
}

/** An answer hangs on the words it answers, in a chat of several; elsewhere that would only take room. */
function wayOf({ address, answer, loud }: Outgoing): Way {
  const { query } = answer ?? {};
  const answered = answer === undefined || answer.isPrivate ? undefined : messageOf(answer.message);
  return {
    chat: address.chat,
    thread: address.thread,
    answers: query === undefined && answered?.chat === address.chat ? answered.number : undefined,
    query,
    loud,
  };
}

function contentOf(message: Outgoing, username: string | undefined): Content | { readonly problem: string } {
  const { nodes, answer } = message;
  const form = answer?.form;
  const { text, buttons } = render(form === undefined ? nodes : [...nodes, '\n', ...askingFor(form)]);
  const markup = keyboardOf({ buttons, token: message.token, username });
  if (markup !== undefined && 'problem' in markup) return markup;
  if (form === undefined || markup !== undefined) return { text, markup };
  return { text: answer === undefined ? text : named(text, answer), markup: forceReply(form) };
}

/**
 * Only the one who is asked gets the field for the reply opened: by the message that this answers, or, where a button
 * was pressed in a chat of several, by being named. Nobody but the one who pressed is named so.
 */
function named(text: FormattedString, { account, query, isPrivate }: NonNullable<Outgoing['answer']>): FormattedString {
  const user = userOf(account);
  if (query === undefined || isPrivate || user === undefined) return text;
  const you = { id: user, is_bot: false, first_name: 'You' };
  return new FormattedString('You: ', [{ type: 'text_mention', offset: 0, length: 3, user: you }]).concat(text);
}

/** Asks in words for what a command lacks: Telegram has no forms. */
function askingFor(form: Form): Text {
  const names = (optional: boolean): string =>
    form.fields
      .filter((field) => field.optional === optional)
      .map(({ label, choices }) => (choices === undefined ? label : `${label} (${choices.join(', ')})`))
      .join('; ');
  const needed = names(false);
  const free = names(true);
  return [
    { node: 'code', text: form.title },
    ...(needed === '' ? [] : [' needs: ', { node: 'bold' as const, text: needed }]),
    ...(free === '' ? [] : [needed === '' ? ' may have: ' : '; it may have: ', free]),
    '. Answer this message with it. The whole command, for example: ',
    { node: 'code', text: form.example },
  ];
}

function forceReply(form: Form): Markup {
  const label = clean(form.fields.find(({ optional }) => !optional)?.label ?? form.fields[0]?.label ?? '').trim();
  return {
    force_reply: true,
    selective: true,
    ...(label === '' ? {} : { input_field_placeholder: cut(label, 64) }),
  };
}

/** What others may see for half a minute: a refusal's first line; of an answer only that there is one. */
function fewWords({ answer }: Outgoing, text: FormattedString): FormattedString {
  const line = text.rawText.split('\n')[0] ?? '';
  const isRefusal = answer?.ok === false && line !== '';
  return new FormattedString(
    isRefusal ? cut(line, MOST_TOAST) : 'The answer is for you alone. Open me in private, press Start, and ask again.',
  );
}

function openMe(username: string | undefined): Markup | undefined {
  const link = startLink(username);
  return link === undefined ? undefined : { inline_keyboard: [[{ text: 'Open me in private', url: link }]] };
}
