import type { Catalogue, Outcome } from '../core/command.ts';
import { decide, type Input, identify, parse } from '../core/decide.ts';
import type { Draft, World } from '../core/draft.ts';
import type { Taken } from '../core/system.ts';
import { bold, code, say, type Text, toPlain } from '../core/text.ts';
import type { Answer } from './engine.ts';

/** Acknowledgements in safe mode: decided by the core over the rows in memory, and noted when it is over. */

/** What somebody took, when, and the id under which their platform may bring their words again. */
export interface Held extends Taken {
  readonly at: number;
  readonly words: { readonly id: string; readonly answer: Answer } | undefined;
}

/** Undefined: it is no acknowledgement. `takes` is empty where it changes nothing. */
export function decideTaking(
  catalogue: Catalogue,
  input: Input,
  worldOf: (actor: string) => World,
): { readonly outcome: Outcome; readonly draft: Draft; readonly takes: readonly Taken[] } | undefined {
  if (!isAcknowledgement(catalogue, input)) return undefined;
  const actor = identify(worldOf(input.as), input.as, input.via).id;
  const { outcome, draft } = decide(worldOf(actor), catalogue, input);
  const takes = draft.happenings.flatMap(({ stream, id: key, event }): Taken[] => {
    if (stream !== 'alert' || (event.type !== 'acknowledged' && event.type !== 'news')) return [];
    return [{ key, by: event.by, note: event.note, isNews: event.type === 'news' }];
  });
  // A test page that is confirmed, say: that can wait.
  const isOther = takes.length !== draft.happenings.length;
  return isOther ? undefined : { outcome, draft, takes };
}

/** In private a command's name is enough. */
function isAcknowledgement(catalogue: Catalogue, { text, place }: Input): boolean {
  return [text, ...(place === null ? [`/${text.trim()}`] : [])].some((line) => {
    const parsed = parse(catalogue, line);
    return typeof parsed === 'object' && 'command' in parsed && parsed.command.name === 'ack';
  });
}

export function takenAnswer(outcome: Outcome, takes: readonly Taken[]): Answer {
  const [take] = takes;
  const { text, ...rest } = outcome;
  const nodes: Text =
    take === undefined
      ? text
      : take.isNews
        ? say`Heard on ${bold(take.key)}: I am in safe mode, so it is noted when that is over.`
        : say`${bold(take.key)} is yours, and I page nobody about it: I am in safe mode, so it is noted when that is over.`;
  return { ...rest, text: toPlain(nodes), nodes };
}

export const lostWords = ({ key }: Taken, name: string): Text =>
  say`${bold(key)} was taken by ${name} while I was in safe mode, and that could not be noted. Say ${code(`/ack ${key}`)} once more, or it pages again.`;
