import { bold, code, say } from '../core/text.ts';
import type { ChatAdapter, Clock } from '../ports.ts';
import { routeOf } from './address.ts';
import type { Log } from './log.ts';
import { createSafeLane } from './safe-mode-lane.ts';
import { contactsOf, READS_NOTHING, rungsFrom } from './safe-mode-voice.ts';
import { createWorld, type Policies } from './world.ts';

const POLICIES: Omit<Policies, 'organisation'> = { rules: [], processes: new Map(), processOf: () => undefined };

/** The process ends because its file is in doubt: OPS and the person on call hear of it before. */
export async function tellUnopened(
  parts: {
    readonly adapters: readonly ChatAdapter[];
    readonly organisation: Policies['organisation'];
    readonly clock: Clock;
    readonly log: Log;
  },
  why: string,
): Promise<void> {
  const { adapters, organisation, clock } = parts;
  const lane = createSafeLane(parts);
  const connected = adapters.map(({ platform }) => platform);
  const world = createWorld({ ...POLICIES, organisation }, READS_NOTHING, clock.now(), 'system');
  const nodes = say`${bold('I can not start')}: ${why}. Nothing is decided and nobody is paged until somebody looks after me on the machine; ${code('baton doctor')} says more.`;
  const contacts = contactsOf(world, (from, to) => routeOf(connected, from, to));
  lane.send(rungsFrom(contacts.now, contacts), nodes, true);
  await lane.settled();
}
