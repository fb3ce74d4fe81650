import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { Order } from './job.ts';
import type { Environment, Role } from './organisation.ts';
import { membersOf } from './people.ts';
import type { Text } from './text.ts';

/** What the bot says of its own accord, what it will do later, and to whom it speaks. */

export type SentKind =
  | 'offer' | 'vote-opened' | 'vote-closed' | 'vote-reminder' | 'page' | 'page-test' | 'held-alert' | 'escalation' | 'sla'
  | 'freeze' | 'on-call' | 'digest' | 'agenda' | 'invitation' | 'announcement' | 'hint' | 'request' | 'task' | 'completed'; // biome-ignore format: one glance

export type To = { readonly person: string } | { readonly chat: string } | { readonly email: string };

/**
 * What a message is about, where it shows more than the moment at which it was sent: `showLive` says what it shows later.
 * It is kept beside the message, so it grows by optional fields only.
 */
export type Live =
  | { readonly of: 'vote'; readonly on: string; readonly vote: string }
  | { readonly of: 'ballot'; readonly on: string; readonly vote: string; readonly person: string }
  | { readonly of: 'offer'; readonly on: string; readonly offer: number; readonly again: boolean }
  | { readonly of: 'alert'; readonly on: string; readonly unacknowledged: boolean }
  | {
      readonly of: 'request';
      readonly on: string;
      readonly environment: Environment;
      readonly version: string | null;
      readonly by: string;
      /** The item's version at the request: what was released before does not answer it. */
      readonly n: number;
    }
  | {
      readonly of: 'environment';
      readonly on: string;
      readonly environment: Environment;
      readonly by: string;
      readonly n: number;
    }
  | {
      readonly of: 'priority';
      readonly on: string;
      readonly rank: number;
      readonly owner: string | null;
      readonly call: string;
    }
  | { readonly of: 'invitation'; readonly on: string }
  | { readonly of: 'duty'; readonly date: string; readonly from: string; readonly to: string }
  | { readonly of: 'page-test'; readonly person: string; readonly at: number }
  /** `on` is the placeholder; `says` goes on after “is logged”. */
  | {
      readonly of: 'logged';
      readonly on: string;
      readonly where: string;
      readonly says: string;
      /** The item that its reporter tests: one press sends it back because of this. */
      readonly fails?: { readonly item: string; readonly title: string };
    }
  | { readonly of: 'circle'; readonly on: string };

export interface Message {
  readonly kind: SentKind;
  readonly to: To;
  readonly key: string | null;
  readonly text: Text;
  readonly live?: Live;
}

/** What a timer does: a command by the actor `system`, decided like any other. */
export type SystemCommand =
  | { readonly do: 'close-call'; readonly call: string }
  | { readonly do: 'send-agenda'; readonly at: number }
  | { readonly do: 'remind-voters' | 'escalate-vote'; readonly key: string; readonly vote: string }
  | { readonly do: 'remind-offer' | 'escalate-offer'; readonly key: string; readonly offer: number }
  | { readonly do: 'deliver-alert' | 'page-again' | 'say-unacknowledged'; readonly key: string }
  | { readonly do: 'lapse'; readonly key: string; readonly since: number }
  | { readonly do: 'ask-news'; readonly ref: string; readonly since: number }
  | {
      readonly do: 'remind-severity' | 'breach-severity';
      readonly ref: string;
      readonly since: number;
      readonly due: number;
    }
  | { readonly do: 'void-announcement'; readonly key: string; readonly vote: string }
  | { readonly do: 'remind'; readonly name: string }
  | { readonly do: 'say-window'; readonly key: string }
  | { readonly do: 'decide-deployment'; readonly id: string };

export interface Timer {
  readonly key: string;
  readonly due: number;
  readonly run: SystemCommand;
}

/** What follows from what happened. Timer keys in `cleared` are exact, or prefixes when they end with `/`. */
export interface Effects {
  readonly messages: Message[];
  readonly timers: Timer[];
  readonly cleared: string[];
  /** What is to be done where stories and issues are kept. */
  readonly orders: Order[];
}

export const noEffects = (): Effects => ({ messages: [], timers: [], cleared: [], orders: [] });

/** A team's chats; a team without a chat is told privately, each member. */
export function teamOf(world: World, role: Role, item?: ItemState): To[] {
  const chats = world.organisation.chats.filter((chat) => chat.team === role);
  if (chats.length > 0) return chats.map((chat) => ({ chat: chat.name }));
  return membersOf(world, role, item).map((person) => ({ person }));
}

export const peopleOf = (ids: readonly string[]): To[] => [...new Set(ids)].map((person) => ({ person }));

/** Is what is told to these shown where this person speaks as well? */
export const hears = (to: readonly To[], { place, actor }: { place: string | null; actor: { id: string } }): boolean =>
  to.some((each) =>
    'chat' in each ? each.chat === place : place === null && 'person' in each && each.person === actor.id,
  );

/** The same message to several; nobody is told twice. */
export function tell(
  effects: Effects,
  kind: SentKind,
  to: readonly To[],
  key: string | null,
  text: Text,
  live?: Live,
): void {
  const seen = new Set<string>();
  for (const each of to) {
    const name = JSON.stringify(each);
    if (seen.has(name)) continue;
    seen.add(name);
    effects.messages.push({ kind, to: each, key, text, ...(live === undefined ? {} : { live }) });
  }
}
