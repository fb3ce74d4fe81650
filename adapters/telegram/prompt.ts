import { FormattedString } from '@grammyjs/parse-mode';
import type { Form, Node, Outgoing, Text } from '../../src/ports.ts';
import { type Markup, userOf } from './calls.ts';
import { clean, cut } from './words.ts';

/** Asks in words for what a command lacks: Telegram has no forms, but a message that opens the field for its reply. */

const MOST_PLACEHOLDER = 64;
const HOW_MANY: Readonly<Record<number, string>> = { 2: 'both', 3: 'all three', 4: 'all four' };

/** The questions, and how to answer them; nothing of the refusal, which says the same in more words. */
export function promptOf(form: Form): Text {
  const asked = askedIn(form);
  const whole: Text =
    form.example === '' ? [] : [' Or say it in one line, for example ', { node: 'code', text: form.example }];
  const command: Text = form.title === '' ? [] : [{ node: 'code', text: form.title }, '\n'];
  const [only] = asked;
  if (asked.length === 1 && only !== undefined)
    return [...command, { node: 'bold', text: question(only) }, ' Answer this message.', ...whole];
  const rows = asked.flatMap((field, at): Node[] => [`${at + 1}. `, { node: 'bold', text: question(field) }, '\n']);
  const count = HOW_MANY[asked.length] ?? `all ${asked.length}`;
  return [...command, ...rows, `Answer this message with ${count}, in this order.`, ...whole];
}

/** What a reply is read as: the fields that must be filled in, or else the first. */
function askedIn({ fields }: Form): Form['fields'] {
  const required = fields.filter(({ optional }) => !optional);
  return required.length > 0 ? required : fields.slice(0, 1);
}

function question({ label, choices }: Form['fields'][number]): string {
  const words = /[.?!:]$/.test(label) ? label : `${label}.`;
  return choices === undefined || choices.length === 0 ? words : `${words} ${choices.join(', ')}.`;
}

/** Opens the field for the reply. */
export function forceReply(form: Form): Markup {
  const label = clean(askedIn(form)[0]?.label ?? '').trim();
  return {
    force_reply: true,
    selective: true,
    ...(label === '' ? {} : { input_field_placeholder: cut(label, MOST_PLACEHOLDER) }),
  };
}

/**
 * Only the one who is asked gets the field for the reply opened: by the message that this answers, or, where a button
 * was pressed in a chat of several, by being named. Nobody but the one who pressed is named so.
 */
export function named(
  text: FormattedString,
  { account, query, isPrivate }: NonNullable<Outgoing['answer']>,
): FormattedString {
  const user = userOf(account);
  if (query === undefined || isPrivate || user === undefined) return text;
  const you = { id: user, is_bot: false, first_name: 'You' };
  return new FormattedString('You: ', [{ type: 'text_mention', offset: 0, length: 3, user: you }]).concat(text);
}
