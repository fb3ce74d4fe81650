import { FormattedString } from '@grammyjs/parse-mode';
import type { Api } from 'grammy';
import type { Outgoing, Sent } from '../../src/ports.ts';
import { answerPress, editOne, type Markup, messageOf, sendOne, takeBack, userOf, type Way } from './calls.ts';
import type { Ephemeral } from './ephemeral.ts';
import { keyboardOf, startLink } from './keyboard.ts';
import { type Content, createParts } from './parts.ts';
import { forceReply, named, promptOf } from './prompt.ts';
import { render, split } from './render.ts';
import { cut } from './words.ts';

/** Sends what the outbox hands over: answers to presses, quiet answers, cards, pages. */

export interface SenderOptions {
  readonly api: Api;
  readonly ephemeral: Ephemeral;
  /** Our name, once it is known. */
  username(): string | undefined;
  /** Waits; resolves early when the adapter stops. */
  pause(milliseconds: number): Promise<void>;
  /** Lets something go on that nothing here waits for; stopping does. */
  go(work: Promise<unknown>): void;
  /** Does something later, unless the adapter stops before. */
  later(milliseconds: number, work: () => Promise<void>): void;
}

type Answer = NonNullable<Outgoing['answer']>;

interface Made extends Content {
  /** It asks for a reply. */
  readonly isPrompt: boolean;
}

export interface Sender {
  send(message: Outgoing): Promise<Sent>;
  edit(id: string, message: Outgoing): Promise<Sent>;
}

const MOST_TOAST = 200;
const SHORT_LIFE = 30_000;
/** Long enough to type a reason. */
const PROMPT_LIFE = 120_000;
const ASKED_THERE = 'I ask you in our private conversation.';

export function createSender(options: SenderOptions): Sender {
  const { api, ephemeral } = options;
  const sendAll = createParts(api, options.pause);

  /** For one alone, in a chat of several: unseen by the others, else in private, else in few words and not for long. */
  async function sendQuietly(message: Outgoing, way: Way, content: Content): Promise<Sent> {
    const receiver = userOf(message.answer?.account ?? '');
    if (receiver !== undefined) {
      const own = { ...way, receiver };
      const alone = await ephemeral.send(own, () => sendAll(message.id, own, content));
      if (alone !== undefined) return alone;
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

  /**
   * A question that is to be replied to. In a chat of several it is nobody else's business, and what one person alone sees
   * there can not be replied to: so it is asked in private, and only where nothing gets through there, for a while, here.
   */
  async function askFor(message: Outgoing, answer: Answer, content: Content): Promise<Sent> {
    const receiver = userOf(answer.account);
    const isAlone = answer.isPrivate || message.address.chat === String(receiver);
    const there =
      isAlone || receiver === undefined ? undefined : await sendAll(message.id, { chat: String(receiver) }, content);
    const sent =
      there === undefined || there.is === 'refused' ? await askHere(message, answer, content, isAlone) : there;
    // Where it could not be asked yet, the next try ends the waiting of the button. The question must be known as sent
    // before somebody replies to it, so nothing waits for the button here.
    if (answer.query !== undefined && (sent.is === 'sent' || sent.is === 'refused'))
      options.go(answerPress(api, answer.query, sent === there ? ASKED_THERE : undefined, false));
    return sent;
  }

  async function askHere(message: Outgoing, answer: Answer, content: Content, isAlone: boolean): Promise<Sent> {
    const sent = await sendAll(message.id, wayOf(message), { ...content, text: named(content.text, answer) });
    if (isAlone || sent.is !== 'sent' || sent.id === null) return sent;
    const { id } = sent;
    options.later(PROMPT_LIFE, () => takeBack(api, id));
    return sent;
  }

  async function answerTo(message: Outgoing, content: Made): Promise<Sent> {
    const { answer, address } = message;
    if (answer === undefined) return sendAll(message.id, wayOf(message), content);
    if (content.isPrompt) return askFor(message, answer, content);
    if (answer.query !== undefined) {
      const done = await toPress(message, answer.query, content);
      if (done !== undefined) return done;
    }
    const isQuiet = (answer.quiet || answer.query !== undefined) && !answer.isPrivate;
    const way = wayOf(message);
    return isQuiet && address.chat !== String(userOf(answer.account))
      ? sendQuietly(message, way, content)
      : sendAll(message.id, way, content);
  }

  /** Ends the waiting of the button. Undefined: more is to be said than fits there. */
  async function toPress(message: Outgoing, query: string, content: Content): Promise<Sent | undefined> {
    const isOk = message.answer?.ok ?? true;
    const words = content.text.rawText;
    // In a chat of several, what was done shows on the card itself, with these same buttons: three hundred who vote within
    // a second would else be sent three hundred copies of it.
    const isCard = isOk && content.markup !== undefined && !(message.answer?.isPrivate ?? true);
    const fits = isCard || (words.length <= MOST_TOAST && content.markup === undefined);
    const toast = fits ? words : (words.split('\n')[0] ?? '');
    const shown = await answerPress(api, query, cut(toast, MOST_TOAST), !isOk && fits);
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

/** With a form at hand the question is all that is shown; an answer with buttons is a question already. */
function contentOf(message: Outgoing, username: string | undefined): Made | { readonly problem: string } {
  const form = message.answer?.form;
  const { text, buttons } = render(message.nodes);
  const markup = keyboardOf({ buttons, token: message.token, username });
  if (markup !== undefined && 'problem' in markup) return markup;
  if (form === undefined || form.fields.length === 0 || markup !== undefined) return { text, markup, isPrompt: false };
  return { text: render(promptOf(form)).text, markup: forceReply(form), isPrompt: true };
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
