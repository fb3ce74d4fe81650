import { personOfAccount } from '../core/people.ts';
import { bold, code, lines, say, type Text, toPlain } from '../core/text.ts';
import type { ChatAdapter, Clock, Incoming, Platform } from '../ports.ts';
import type { OutboxDraft } from '../store/port.ts';
import { type Moves, placeOf, routeOf, showAddress } from './address.ts';
import type { Engine } from './engine.ts';
import { invitationRow, invitedFor } from './invitation.ts';
import type { Log } from './log.ts';
import { mayEnter } from './may-enter.ts';

/** What happens around a conversation: we are added to a chat, a chat moves, somebody wants in. */

export interface Arrivals {
  /** Deals with it; what is said about it goes out with its receipt. */
  arrived(incoming: Incoming): Promise<readonly OutboxDraft[]>;
  /** Somebody became a tester: where their chat is closed, a way in that is theirs alone goes out with the answer. */
  joined(incoming: Incoming, item: string | undefined): readonly OutboxDraft[];
}

export interface ArrivalsParts {
  readonly engine: Engine;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly moves: Moves;
  readonly clock: Clock;
  readonly log: Log;
}

export function createArrivals(parts: ArrivalsParts): Arrivals {
  const { engine, adapters, moves, clock, log } = parts;

  const sayTo = (address: string, nodes: Text): OutboxDraft => ({
    kind: 'hint', lane: 'answer', to: { place: address }, address, key: null, at: clock.now(), late: false,
    body: { text: toPlain(nodes), nodes },
  }); // biome-ignore format: one row

  /** Who we are, what we see here, and how the chat gets its team. A stranger's chat learns nothing of the organisation. */
  function greeting(incoming: Incoming & { readonly sort: 'added' }): Text {
    const { organisation } = engine.policies;
    const here = moves.before(incoming.address);
    const { place, listed } = placeOf(organisation, here);
    const who = personOfAccount(engine.world(), incoming.account);
    if (!listed && who === undefined)
      return say`I am Baton, and I work for one organisation that I do not know you from. Here I do nothing; you can take me out again.`;
    const chat = organisation.chats.find(({ name }) => name === place);
    const watches = chat?.watch_mentions === true ? '; who mentions a developer is shown how to log it (R3)' : '';
    const sees = incoming.seesAll
      ? `I read all messages here and keep none but commands${watches}.`
      : 'I see only commands, replies to me and my buttons here.';
    const whose = listed
      ? say`I know this chat as ${bold(place)}${chat?.team === undefined || chat.team === place ? '' : `, of ${chat.team}`}. ${code('/board')} shows what there is, ${code('/help')} what can be said.`
      : say`I do not know this chat yet, so I answer everyone in private. To give it its team, an admin adds one line under ${code('chats')} in the organisation’s file, and starts me again: ${code(`- { name: ${nameFor(incoming.title)}, team: TEAM, ${here.platform}: ${here.chat}${here.thread === undefined ? '' : `, topic: ${here.thread}`} }`)}. TEAM is everyone, testers, or a role such as qa.`;
    return lines(
      say`I am Baton: I carry the work of ${organisation.organisation} from idea to mainnet. ${sees}`,
      whose,
    );
  }

  /** Only whom the link was made for, or who belongs there, is let in; what is not ours to say stays with the chat's own people. */
  async function letIn(incoming: Incoming & { readonly sort: 'join-asked' }): Promise<void> {
    const { platform } = incoming.address;
    const adapter = adapters.get(platform);
    const address = moves.before(incoming.address);
    const here = showAddress(address);
    const yes = mayEnter(engine.world(), incoming.account, address, () =>
      invitedFor(engine.store, incoming.link, here, incoming.account),
    );
    if (yes === undefined)
      return log.info('somebody asked to be let into a chat', { chat: here, left: 'to its people' });
    const result = await adapter?.admit?.(incoming.address, incoming.account, yes);
    log.info('somebody asked to be let into a chat', { chat: here, yes, result: result?.is ?? 'not possible' });
  }

  return {
    async arrived(incoming) {
      switch (incoming.sort) {
        case 'added':
          return [sayTo(showAddress(moves.before(incoming.address)), greeting(incoming))];
        case 'moved':
          await moves.record(incoming.address, incoming.to);
          log.info('a chat has another id', { from: showAddress(incoming.address), to: showAddress(incoming.to) });
          return [];
        case 'join-asked':
          await letIn(incoming);
          return [];
        case 'blocked':
        case 'unblocked':
          log.info(incoming.sort === 'blocked' ? 'somebody took me out' : 'somebody let me in', {
            account: incoming.account,
          });
          return [];
        default:
          return [];
      }
    },
    joined(incoming, item) {
      const { platform } = incoming.address;
      if (adapters.get(platform)?.inviteLink === undefined) return [];
      const { account } = incoming;
      return engine.policies.organisation.chats
        .filter(({ team }) => team === 'testers')
        .flatMap(({ name }) => routeOf([platform], engine.world(), { chat: name }) ?? [])
        .map((chat) => invitationRow({ chat, account, on: item ?? '' }, clock.now()));
    },
  };
}

/** A chat's title as a name in YAML. */
const nameFor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40) || 'chat';
