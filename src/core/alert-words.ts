import type { AlertState } from './alert.ts';
import type { Context, Words } from './command.ts';
import { ambiguous } from './decide.ts';
import { notFound, type Refusal } from './rule.ts';
import { say } from './text.ts';

/** `[ALERT] [NOTE]`: the alert by its key, or the caller's only open one. */
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

export function findAlert(
  context: Context<AlertArgs>,
  command: string,
  wanted: (alert: AlertState) => boolean,
): AlertState | Refusal {
  const { world, args, actor } = context;
  if (args.key !== undefined) return world.get('alert', args.key) ?? notFound(say`There is no ${args.key}.`);
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
