import { dispatch, itemOfAlert, pageAgain } from './alerting.ts';
import { HOUR } from './calendar.ts';
import { REMINDER_USE_BY_HOURS } from './clocks.ts';
import { decideDeployment } from './deploying.ts';
import { callsOf, type Draft } from './draft.ts';
import { looseRungs, nextRung } from './escalation.ts';
import type { SystemCommand } from './message.ts';
import { membersOf } from './people.ts';
import { itemOfRef } from './react-tracked.ts';
import { openWindow } from './release-window.ts';
import { fireReminder } from './reminders.ts';
import { ONLY } from './streams.ts';

/** What a timer does when its time has come. Each looks first whether it is still wanted: the world has moved on since. */
export function decideSystem(draft: Draft, command: SystemCommand, due: number): void {
  const tooLate = draft.now - due > REMINDER_USE_BY_HOURS * HOUR;
  switch (command.do) {
    case 'close-call':
      if (callsOf(draft)?.open?.id === command.call)
        draft.emit('calls', ONLY, { type: 'call-closed', id: command.call, by: 'system' });
      return;
    case 'send-agenda':
      if (callsOf(draft)?.planned?.at === command.at && !tooLate)
        draft.emit('calls', ONLY, { type: 'agenda-due', at: command.at });
      return;
    case 'remind-voters':
    case 'escalate-vote':
      return voteTimer(draft, command, tooLate);
    case 'remind-offer':
    case 'escalate-offer':
      return offerTimer(draft, command, tooLate);
    case 'deliver-alert':
    case 'page-again':
    case 'say-unacknowledged':
    case 'lapse':
      return alertTimer(draft, command);
    case 'ask-news':
    case 'remind-severity':
    case 'breach-severity':
      return severityTimer(draft, command, tooLate);
    case 'void-announcement': {
      const announcement = draft.get('announcement', command.key);
      if (announcement?.state === 'drafted' && announcement.vote.id === command.vote)
        draft.emit('announcement', command.key, {
          type: 'voided',
          why: `the promised date ${announcement.date} has passed`,
        });
      return;
    }
    case 'say-window':
      return openWindow(draft, command.key, tooLate);
    case 'decide-deployment':
      return decideDeployment(draft, command.id);
    case 'remind':
      return fireReminder(draft, command.name, due, tooLate);
    default:
      return command satisfies never;
  }
}

type Of<D extends SystemCommand['do']> = Extract<SystemCommand, { do: D }>;

function voteTimer(draft: Draft, command: Of<'remind-voters' | 'escalate-vote'>, tooLate: boolean): void {
  const announcement = draft.get('announcement', command.key);
  if (announcement !== undefined) {
    if (announcement.state !== 'drafted' || announcement.vote.id !== command.vote) return;
    if (command.do === 'remind-voters')
      return void (tooLate || draft.emit('announcement', command.key, { type: 'signers-reminded' }));
    return climb(draft, announcement.item, `${command.key} has not been signed for three days`, true);
  }
  const vote = draft.get('item', command.key)?.votes.find((each) => each.id === command.vote);
  if (vote === undefined || vote.result !== null) return;
  if (command.do === 'remind-voters')
    return void (tooLate || draft.emit('item', command.key, { type: 'vote-reminded', vote: vote.id }));
  climb(draft, command.key, 'a vote has been open for three days', true);
}

function offerTimer(draft: Draft, command: Of<'remind-offer' | 'escalate-offer'>, tooLate: boolean): void {
  const item = draft.get('item', command.key);
  if (item?.offer == null || item.offer.id !== command.offer) return;
  if (command.do === 'remind-offer')
    return void (tooLate || draft.emit('item', command.key, { type: 'offer-reminded', role: item.offer.role }));
  climb(draft, command.key, 'nobody has taken it', true);
}

/** Tells the next rung that has not heard yet; with `above`, one beyond the team itself. */
function climb(draft: Draft, key: string, reason: string, above: boolean): void {
  const item = draft.get('item', key);
  const rung = item === undefined ? undefined : nextRung(draft, item, above);
  if (rung !== undefined)
    draft.emit('item', key, { type: 'escalated', rung: rung.rung, by: 'system', reason, people: rung.people });
}

function alertTimer(draft: Draft, command: Of<'deliver-alert' | 'page-again' | 'say-unacknowledged' | 'lapse'>): void {
  const { key } = command;
  const alert = draft.get('alert', key);
  if (alert === undefined || alert.state === 'resolved') return;
  switch (command.do) {
    case 'deliver-alert':
      if (alert.state !== 'acknowledged') dispatch(draft, key, true);
      return;
    case 'page-again':
      if (alert.state === 'open') pageAgain(draft, key);
      return;
    case 'say-unacknowledged': {
      if (alert.state !== 'open' || alert.escalated) return;
      const item = itemOfAlert(draft, alert);
      const asked = item === undefined ? membersOf(draft, 'dev-lead') : membersOf(draft, 'circle-owner', item);
      const people = asked.length > 0 ? asked : membersOf(draft, 'admin');
      draft.emit('alert', key, { type: 'unacknowledged', people });
      return;
    }
    case 'lapse':
      if (alert.state !== 'acknowledged' || alert.newsAt !== command.since) return;
      draft.emit('alert', key, { type: 'lapsed', by: alert.acknowledgedBy ?? 'system' });
      dispatch(draft, key, true);
      return;
    default:
      return command satisfies never;
  }
}

/** What somebody took while nothing could be recorded. */
export interface Taken {
  readonly key: string;
  readonly by: string;
  readonly note: string | null;
  /** It was theirs already, and these are news. */
  readonly isNews: boolean;
}

/** Records it as their doing, where it still holds: they are of OPS, and nobody else has it or has ended it since. */
export function recordTaken(draft: Draft, { key, by, note, isNews }: Taken): void {
  const alert = draft.get('alert', key);
  if (alert === undefined || !membersOf(draft, 'ops').includes(by)) return;
  if (!isNews && (alert.state === 'open' || alert.state === 'held'))
    draft.emit('alert', key, { type: 'acknowledged', by, note });
  if (isNews && note !== null && alert.state === 'acknowledged') draft.emit('alert', key, { type: 'news', by, note });
}

function severityTimer(
  draft: Draft,
  command: Of<'ask-news' | 'remind-severity' | 'breach-severity'>,
  tooLate: boolean,
): void {
  const ref = draft.get('ref', command.ref);
  if (ref === undefined || ref.since !== command.since || !ref.open || ref.severity === null) return;
  if (command.do === 'ask-news') {
    if (ref.alert !== null) draft.emit('ref', ref.ref, { type: 'news-asked', alert: ref.alert });
    return;
  }
  const { severity } = ref;
  if (command.do === 'remind-severity')
    return void (tooLate || draft.emit('ref', ref.ref, { type: 'severity-reminded', severity, due: command.due }));
  const item = itemOfRef(draft, ref);
  const rung =
    item === undefined ? looseRungs(draft).find((each) => !ref.told.includes(each.rung)) : nextRung(draft, item, false);
  if (rung === undefined) return;
  if (item === undefined) {
    draft.emit('ref', ref.ref, {
      type: 'ref-escalated',
      rung: rung.rung,
      by: 'system',
      reason: `${severity}, and its time is over`,
      people: rung.people,
    });
  } else
    draft.emit('item', item.key, {
      type: 'escalated',
      rung: rung.rung,
      by: 'system',
      reason: `${ref.ref} is ${severity} and its time is over`,
      people: rung.people,
    });
}
