import type { Catalogue } from '../core/command.ts';
import { wordsOfForm } from '../core/form.ts';
import type { Clock, Incoming } from '../ports.ts';
import type { OutboxDraft } from '../store/port.ts';
import { type Moves, showAddress } from './address.ts';
import type { Answer } from './engine.ts';
import type { FormDraft } from './reply.ts';
import type { AnswerBody } from './send-message.ts';

/** Answers to what was received: rows of the outbox, and the words that a reply to a question of ours stands for. */

interface Parts {
  readonly moves: Moves;
  readonly clock: Clock;
}

/** A reply to a question of ours completes the command that it was about: a word for each thing asked, the rest for the last. */
export function completed(catalogue: Catalogue, { command, given, fields }: FormDraft, words: string): string {
  const required = fields.filter(({ optional }) => !optional);
  const asked = required.length > 0 ? required : fields.slice(0, 1);
  const values: Record<string, string> = {};
  let rest = words.trim();
  for (const [at, { name }] of asked.entries()) {
    const [first = ''] = rest.split(/\s/, 1);
    values[name] = at === asked.length - 1 ? rest : first;
    rest = rest.slice(first.length).trim();
  }
  return wordsOfForm(catalogue, command, given, values);
}

/** The same words, as an answer that its writer alone is shown. */
export function whispered(parts: Parts, incoming: Incoming, hint: OutboxDraft): OutboxDraft {
  const at = showAddress(parts.moves.before(incoming.address));
  const { account, isPrivate, message } = incoming;
  const answer = { account, quiet: !isPrivate, ok: true, isPrivate, ...(message === undefined ? {} : { message }) };
  const body: AnswerBody = { ...(hint.body as AnswerBody), answer };
  return { ...hint, to: { place: at }, address: at, lane: 'answer', body };
}

/** The answer as a row of the outbox; silence leaves none, save where a button waits for something. */
export function toAnswerRows(
  parts: Parts,
  incoming: Incoming,
  answer: Answer,
  quiet: boolean,
  form: FormDraft | undefined,
): OutboxDraft[] {
  const query = incoming.sort === 'pressed' ? incoming.query : undefined;
  if (answer.code === 'silent' && query === undefined) return [];
  const at = showAddress(parts.moves.before(incoming.address));
  const body: AnswerBody = {
    text: answer.text,
    nodes: answer.nodes,
    ...(answer.live === undefined ? {} : { live: answer.live }),
    answer: {
      account: incoming.account,
      quiet,
      ok: answer.ok,
      isPrivate: incoming.isPrivate,
      ...(incoming.message === undefined ? {} : { message: incoming.message }),
      ...(query === undefined ? {} : { query }),
      ...(form === undefined ? {} : { form }),
    },
  };
  return [
    {
      kind: 'answer', lane: 'answer', to: { place: at }, key: answer.key ?? null, at: parts.clock.now(), late: false, body,
      // What answers a press is shown beside its button, and waits for nothing that is said in the chat.
      address: query === undefined ? at : `${at}#${query}`,
    },
  ]; // biome-ignore format: one row
}
