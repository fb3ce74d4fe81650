import type { AlertState } from './alert.ts';
import type { Context, Words } from './command.ts';
import { ambiguous } from './decide.ts';
import type { World } from './draft.ts';
import { keeperOf } from './reference.ts';
import { notFound, type Refusal } from './rule.ts';
import { code, say, type Text } from './text.ts';

/** `[ALERT] [NOTE]`: the alert by its key, or that of the issue at which it is said, or the caller's only open one. */
export interface AlertArgs {
  readonly key?: string | undefined;
  readonly note?: string | undefined;
}

export function readAlertWords(words: Words): AlertArgs {
  const first = words.all[0];
  const isKey = first !== undefined && (/^alert-\d{1,9}$/i.test(first) || /^test$/i.test(first));
  const note = (isKey ? words.rest.replace(/^\S+\s*/, '') : words.rest).trim();
  return { ...(isKey ? { key: first.toUpperCase() } : {}), ...(note === '' ? {} : { note }) };
}

interface Placed {
  readonly world: World;
  readonly place: string | null;
}

const isAtRef = ({ place }: Placed): boolean => place !== null && keeperOf(place) !== undefined;

/** The open alert of the story or issue at which it is said. */
export function alertHere({ world, place }: Placed): AlertState | undefined {
  const key = place === null || keeperOf(place) === undefined ? undefined : world.get('ref', place)?.alert;
  const alert = key == null ? undefined : world.get('alert', key);
  return alert?.state === 'resolved' ? undefined : alert;
}

// Whoever reads an issue need not be shown what else is wrong, in other repositories too.
const nothingHere = (command: string): Text =>
  say`No alert is open here. Name the one that you mean: ${code(`/${command} ALERT-1`)}.`;

export function findAlert(
  context: Context<AlertArgs>,
  command: string,
  wanted: (alert: AlertState) => boolean,
): AlertState | Refusal {
  const { world, args, actor } = context;
  if (args.key !== undefined) return world.get('alert', args.key) ?? notFound(say`There is no ${args.key}.`);
  if (isAtRef(context)) return alertHere(context) ?? notFound(nothingHere(command));
  const open = world.open('alert').filter((alert) => alert.state !== 'held');
  const mine = open.filter((alert) => alert.acknowledgedBy === actor.id);
  for (const candidates of [open.filter(wanted), mine, open]) {
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) return only;
    if (candidates.length > 1)
      return ambiguous(
        command,
        candidates.map(({ key, title }) => ({ key, title })),
        args.note ?? '',
      );
  }
  return notFound(say`No alert is open.`);
}
