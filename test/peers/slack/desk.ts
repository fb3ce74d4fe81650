import type { Courier } from './delivery.ts';
import type { Json } from './json.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Service } from './service.ts';
import type { Attempt, Kind } from './ways.ts';

/** What a person's client stands on. */

export interface Desk {
  readonly service: Service;
  readonly courier: Courier;
  readonly urls: ResponseUrls;
  /** Where the peer is: `http://127.0.0.1:1234`. */
  readonly origin: string;
  readonly commands: readonly string[];
  ask(kind: Kind, id: string, body: Json): Promise<Attempt>;
}

/** What Slackbot tells a person whose request was not taken. */
export const failureOf = (reason: string): string =>
  /timeout$/.test(reason) ? 'operation_timeout' : 'dispatch_failed';

export function createTrigger({ world }: Service, user: string): string {
  const id = world.id('trigger.');
  world.triggers.set(id, { at: world.now(), user, used: false });
  return id;
}
