import { declaredFreezes, type World } from '../../src/core/draft.ts';
import { dutyNow } from '../../src/core/duty.ts';
import type { ItemState } from '../../src/core/item.ts';
import { rosterOf } from '../../src/core/people.ts';
import type { Incoming } from '../../src/ports.ts';
import type { Press, Say } from './plan.ts';
import type { Stage } from './stage.ts';

/** People at their phones: what somebody would say as things stand, as far as they can know it. */

/** Somebody pastes it where it does not belong. */
export const SECRET = `ghp_${'c4N4ry'.repeat(6)}`;

interface Words {
  readonly as: string;
  readonly text: string;
}

const STAKEHOLDERS = ['sam', 'sue', 'sol'] as const;
const OPS = ['olga', 'omar'] as const;
const CHATS = ['ops', 'board', 'dev'] as const;
const at = <T>(from: readonly T[], n: number): T | undefined => from[n % Math.max(1, from.length)];
const stakeholder = (n: number): string => at(STAKEHOLDERS, n) ?? 'sam';

/** Undefined: there is nothing to say it of. */
function wordsOf(world: World, now: number, { verb, n }: Say): Words | undefined {
  const item = at(world.open('item'), n);
  const key = item?.key ?? 'WEB-9';
  const ops = at(OPS, n) ?? 'olga';
  const urgent = emergencyWords(world, verb, n);
  if (urgent !== undefined) return urgent;
  switch (verb) {
    case 'go':
      return item === undefined ? { as: 'mia', text: `/propose web Work ${n}` } : nextOf(item, n);
    case 'vote': {
      const voted = world.open('item').find(({ votes }) => votes.some(({ result }) => result === null)) ?? item;
      const choice = n % 3 === 1 ? `/reject ${voted?.key ?? key} not yet` : `/approve ${voted?.key ?? key}`;
      return { as: stakeholder(n), text: choice };
    }
    case 'release': {
      const ready = world.open('item').find(({ step }) => step === 'production') ?? item;
      return { as: n % 7 === 0 ? 'dave' : ops, text: `/release ${ready?.key ?? key} production` };
    }
    case 'freeze': {
      const from = new Date(now).toISOString();
      return {
        as: stakeholder(n),
        text: `/freeze declare ${from} ${new Date(now + 3_600_000).toISOString()} trouble ${n}`,
      };
    }
    case 'lift':
      return { as: stakeholder(n), text: `/freeze lift FREEZE-${1 + (n % 2)}` };
    case 'revoke':
    case 'grant':
      return { as: 'ada', text: `/role ${verb} ops omar` };
    case 'alert':
      return { as: 'dave', text: `/alert ${n % 2 === 0 ? 'critical' : 'major'} Trouble ${n}` };
    case 'ack':
    case 'resolve':
      return { as: ops, text: `/${verb}` };
    case 'bug':
      return { as: 'wim', text: `/bug ${n % 2 === 0 ? 'minor' : 'major'} A typo on page ${n}` };
    case 'propose':
      return { as: 'mia', text: `/propose web Idea ${n}` };
    case 'call':
      return { as: 'sam', text: `/call ${n % 4 === 0 ? 'close' : 'open'}` };
    case 'drop':
      return { as: n % 2 === 0 ? 'mia' : 'dave', text: `/drop ${key} because of ${n}` };
    case 'handover':
      return { as: 'wim', text: `/handover ${key} ops` };
    case 'object':
      return { as: stakeholder(n), text: `/object ${key} the words are wrong` };
    case 'stranger':
      return { as: 'stranger', text: `/release ${key} production` };
    case 'nonsense':
      return { as: 'wim', text: n % 2 === 0 ? `/bug minor The key ${SECRET} does not work` : `/xyzzy ${n}` };
    default:
      return {
        as: at(['dave', 'olga', 'sam', 'pia'], n) ?? 'dave',
        text: `/${verb}`,
      };
  }
}

/** The item whose release is or would be an emergency. */
export const emergencyItem = (world: World): ItemState | undefined => {
  const items = world.open('item');
  return items.find(({ emergency }) => emergency != null) ?? items.find(({ step }) => step === 'production');
};

/** Around an emergency release: whoever is on call asks, and two stakeholders sign. */
function emergencyWords(world: World, verb: Say['verb'], n: number): Words | undefined {
  const item = emergencyItem(world);
  const key = item?.key ?? 'WEB-9';
  const issues = (item?.links ?? []).filter(({ ref }) => world.get('ref', ref)?.severity === 'critical');
  const ref = item?.emergency?.emergency ?? issues.at(-1)?.ref ?? 'example/web#9';
  const vote = item?.votes.find(({ subject, result }) => subject === 'emergency' && result === null)?.id ?? key;
  const first = dutyNow(world).first ?? 'olga';
  switch (verb) {
    case 'critical':
      return { as: 'wim', text: `/bug critical ${key} Production is down, ${n}` };
    case 'emergency':
      // Now and then by somebody who is not on call, or because of what is no emergency.
      return {
        as: n % 9 === 0 ? (at(OPS, n) ?? first) : first,
        text: `/release ${key} production emergency ${n % 11 === 0 ? 'example/web#1' : ref}`,
      };
    case 'sign':
      return { as: stakeholder(n), text: `/approve ${vote}` };
    case 'refuse':
      return { as: stakeholder(n), text: `/reject ${vote} it can wait` };
    case 'unlink':
      return { as: 'mia', text: `/unlink ${key} ${ref}` };
    case 'thaw':
      return { as: 'sue', text: `/freeze lift ${declaredFreezes(world).at(-1)?.id ?? 'FREEZE-1'}` };
    case 'discard':
      return { as: 'sam', text: `/drop ${key} nobody wants it any more` };
    case 'relieve':
      return { as: 'ada', text: `/role revoke ops ${item?.emergency?.by ?? first}` };
    default:
      return undefined;
  }
}

/** Whatever brings this item forward, said by whoever may. */
function nextOf({ key, step, votes, ready, links }: ItemState, n: number): Words {
  const open = votes.find(({ result }) => result === null);
  if (open !== undefined) return { as: stakeholder(n), text: `/${n % 5 === 4 ? 'abstain' : 'approve'} ${key}` };
  switch (step) {
    case 'agree':
      return { as: stakeholder(n), text: `/approve ${key}` };
    case 'prioritise':
      return { as: 'sam', text: `/prioritise ${key} ${1 + (n % 9)}` };
    case 'stories':
      return { as: 'mia', text: links.length < 2 ? `/story ${key} A story ${n}` : `/handover ${key} web` };
    case 'handover-web':
      return { as: 'mia', text: `/handover ${key} web` };
    case 'issues':
    case 'build':
      return { as: 'wim', text: `/done ${key}` };
    case 'handover-ops':
      return { as: 'wim', text: `/handover ${key} ops` };
    case 'check-stories':
      return { as: 'olga', text: ready.length === 0 ? `/env ready staging ${key}` : `/done ${key}` };
    case 'monitoring':
      return {
        as: 'olga',
        text: n % 2 === 0 ? `/monitor ${key} https://docs.example.org/monitor/${key}` : `/done ${key}`,
      };
    default:
      return { as: at(OPS, n) ?? 'olga', text: `/release ${key} ${step === 'staging' ? 'staging' : 'production'}` };
  }
}

interface Spoken {
  readonly incoming: Incoming;
  readonly words: string;
}

/** What somebody says, as it reaches the platform. */
export function spoken(stage: Stage, step: Say): Spoken | undefined {
  const engine = stage.lastBot()?.engine;
  const said = engine === undefined ? undefined : wordsOf(engine.world(), stage.now(), step);
  if (engine === undefined || said === undefined) return undefined;
  const chat = step.isPrivate ? undefined : at(CHATS, step.n);
  const from = originOf(engine.world(), said.as, step.on, chat);
  return { incoming: { ...from, sort: 'said', text: said.text }, words: `${said.as} on ${step.on}: ${said.text}` };
}

function originOf(world: World, person: string, on: 'telegram' | 'slack', chat: string | undefined): Origin {
  const known = rosterOf(world).people.get(person);
  const own = String(known?.[on] ?? (on === 'telegram' ? 9_999 : 'U0STRANGER'));
  const place = world.organisation.chats.find(({ name }) => name === chat)?.[on];
  return {
    account: `${on}:${own}`,
    name: person,
    address: { platform: on, chat: String(place ?? own) },
    isPrivate: place === undefined,
  };
}
type Origin = Pick<Incoming, 'account' | 'address' | 'isPrivate'> & { readonly name: string };

/** Somebody presses a button that stands in a chat: one of the newest, or of long ago. */
export function pressed(stage: Stage, { on, n, isOld }: Press): Spoken | undefined {
  const world = stage.lastBot()?.engine.world();
  const all = stage.chats[on].state.messages.filter(({ buttons }) => buttons.length > 0);
  const message = isOld ? at(all, n) : all.at(-1 - (n % Math.max(1, Math.min(all.length, 4))));
  const button = message === undefined ? undefined : at(message.buttons, n);
  if (world === undefined || message === undefined || button === undefined) return undefined;
  // In a private chat only its owner can press.
  const owner = [...rosterOf(world).people.values()].find((person) => String(person[on]) === message.chat);
  const as = owner?.id ?? (n % 6 === 0 ? 'dave' : stakeholder(n));
  const { account } = originOf(world, as, on, undefined);
  const address = {
    platform: on,
    chat: message.chat,
    ...(message.thread === undefined ? {} : { thread: message.thread }),
  };
  const { command, on: target, args = '' } = button.button;
  const query = on === 'telegram' ? { query: `q${stage.loop.now()}-${n}` } : {};
  return {
    incoming: {
      sort: 'pressed', account, name: as, address, isPrivate: owner !== undefined, message: message.id, token: button.token, ...query,
    },
    words: `${as} presses ${command} ${target} ${args} of ${message.id}`,
  }; // biome-ignore format: one value
}
