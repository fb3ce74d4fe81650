import { FormattedString } from '@grammyjs/parse-mode';
import type { Api } from 'grammy';
import type { AdapterLog, Clock, Sent } from '../../src/ports.ts';
import { sendOne, takeBack, type Way } from './calls.ts';

/**
 * Messages that one person alone sees. A server from before them overlooks the parameter and shows the message to all, so
 * none is sent before a probe has proved that this server hides it. The probe is a fixed sentence that gives nothing away,
 * said to whoever is the first to be answered so; what came of it is remembered over restarts.
 */

/** A few words that outlive the process, by name. */
export interface Memory {
  get(name: string): string | undefined;
  set(name: string, value: string): Promise<void>;
}

export interface EphemeralOptions {
  readonly api: Api;
  readonly log: AdapterLog;
  readonly clock: Clock;
  readonly memory?: Memory | undefined;
  /** Of which bot on which server this is known. */
  readonly name: string;
}

export interface Ephemeral {
  /** Sends by that way, which names the one who sees it. Undefined: there is no such way here and now, take the next. */
  send(way: Way, work: () => Promise<Sent>): Promise<Sent | undefined>;
}

const PROBE = new FormattedString('My answer to this is for you alone.');
/** A server that could not do it may have been renewed. */
const DOUBT_AFTER = 30 * 24 * 3_600_000;

export function createEphemeral({ api, log, clock, memory, name }: EphemeralOptions): Ephemeral {
  let known: string | undefined;
  let probing: Promise<boolean | Sent> | undefined;

  /** Undefined: nobody knows yet. */
  function isTaken(): boolean | undefined {
    known ??= memory?.get(name);
    const [word, at] = known?.split(' ') ?? [];
    if (word === 'yes') return true;
    return word === 'no' && clock.now() - Number(at) < DOUBT_AFTER ? false : undefined;
  }

  async function learn(isIt: boolean): Promise<void> {
    const value = isIt ? 'yes' : `no ${clock.now()}`;
    known = value;
    await memory?.set(name, value).catch(() => log.warn('what the Bot API server can do could not be remembered'));
  }

  /** What became of a message for one alone; undefined: it is not there, and must go another way. */
  async function judge(sent: Sent): Promise<Sent | undefined> {
    if (sent.is === 'refused') {
      // Too late after the words, or not in this chat: another time it may go. A server that does not know it never will.
      if (/ephemeral/i.test(sent.why) && /support|unknown|invalid|not available/i.test(sent.why)) await learn(false);
      return undefined;
    }
    if (sent.is !== 'sent' || sent.id === null) return sent;
    log.warn('this Bot API server shows ephemeral messages to everyone; quiet answers go to private conversations');
    await takeBack(api, sent.id);
    await learn(false);
    return undefined;
  }

  async function probe(way: Way): Promise<boolean | Sent> {
    const sent = await judge(await sendOne(api, way, PROBE));
    if (sent === undefined) return false;
    // The answer itself has not left yet, whatever became of the probe.
    if (sent.is === 'uncertain') return { is: 'away', why: sent.why };
    if (sent.is !== 'sent') return sent;
    await learn(true);
    return true;
  }

  return {
    send: async (way, work) => {
      probing ??= isTaken() === undefined ? probe(way) : undefined;
      const proved = await probing?.finally(() => {
        probing = undefined;
      });
      if (typeof proved === 'object') return proved;
      return (proved ?? isTaken()) === true ? judge(await work()) : undefined;
    },
  };
}
