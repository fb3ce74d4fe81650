import type { Catalogue } from '../core/command.ts';
import type { Input } from '../core/decide.ts';
import type { World } from '../core/draft.ts';
import { formOf } from '../core/form.ts';
import { placeIn } from '../core/place.ts';
import { code, say, toPlain } from '../core/text.ts';
import type { Form, Incoming, Reply } from '../ports.ts';
import type { Buttons } from './buttons.ts';
import type { Answer, Engine } from './engine.ts';

/** How an answer is given on a platform: to whom, and with which form for what it lacks. */

/** A form as the outbox keeps it: what `formOf` made, before it has a token. */
export type FormDraft = NonNullable<ReturnType<typeof formOf>>;

/** What a command that was not understood still lacks. */
export function formFor(world: World, catalogue: Catalogue, answer: Answer, input: Input): FormDraft | undefined {
  if (answer.code !== 'usage') return undefined;
  return formOf(catalogue, world, input.text, placeIn(input));
}

/** A form's token stands for its command and the words that it has. */
export async function toForm(buttons: Buttons, address: string, draft: FormDraft): Promise<Form> {
  const { command, given, title, example, fields } = draft;
  return { token: await buttons.keepOne(address, command, given, FORM), title, example, fields };
}
export const FORM = 'form';

/**
 * For the asker alone? Refusals are nobody else's business, what is said in a chat that is not the organisation's stays
 * out of it, and what a button did shows on its card.
 */
export function isQuiet(incoming: Incoming, answer: Pick<Answer, 'ok'>, isOurs: boolean): boolean {
  if (incoming.isPrivate) return false;
  return !answer.ok || !isOurs || incoming.sort !== 'said';
}

/** An answer of the shell's own: nothing was decided. */
export function ownAnswer(code: string, nodes: Answer['nodes']): Answer {
  return { ok: false, code, text: toPlain(nodes), nodes };
}

export const STALE = ownAnswer(
  'not-found',
  say`That button is from another time or another chat, and does nothing here. ${code('/mine')} shows what waits for you.`,
);

/** The answer as the response of a platform that waits for it. */
export async function toReply(
  { engine, buttons }: { readonly engine: Engine; readonly buttons: Buttons },
  address: string,
  answer: Answer,
  quiet: boolean,
  form: FormDraft | undefined,
): Promise<Reply> {
  return {
    ok: answer.ok,
    code: answer.code,
    nodes: engine.policies.wayIn?.reveal(answer.nodes) ?? answer.nodes,
    quiet,
    ...(form === undefined ? {} : { form: await toForm(buttons, address, form) }),
    token: await buttons.keep(address, answer.nodes),
  };
}

/** Who is meant, where, and in which words. */
export type Meant = { readonly input: Input; readonly isOurs: boolean } | { readonly answer: Answer };
