import { createHash } from 'node:crypto';
import { isKnown, personOfAccount } from '../core/people.ts';
import { bold, code, lines, say, type Text, toPlain } from '../core/text.ts';
import type { ChatAdapter, Clock, Incoming, Platform } from '../ports.ts';
import type { OutboxDraft } from '../store/port.ts';
import { type Moves, placeOf, readAddress, routeOf, showAddress } from './address.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';

/** What happens around a conversation: we are added to a chat, a chat moves, somebody wants in. */

export interface Arrivals {
  /** Deals with it; what is said about it goes out with its receipt. */
  arrived(incoming: Incoming): Promise<readonly OutboxDraft[]>;
  /** Somebody became a tester: where the testers' chat is closed, a way in that is theirs alone is sent after. */
  joined(incoming: Incoming, item: string | undefined): Promise<void>;
}

export interface ArrivalsParts {
  readonly engine: Engine;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly moves: Moves;
  readonly clock: Clock;
  readonly log: Log;
}

const LINK_LIVES = 7 * 24 * 3_600_000;
/** Under this name the links are kept beside the buttons: a token, where it holds, and for whom. */
const INVITATION = 'invite-link';
const tokenOf = (link: string): string => createHash('sha256').update(link).digest('base64url').slice(0, 22);

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
    const sees = incoming.seesAll
      ? 'I read all messages here and keep none but commands; a mention of a developer may get its writer a hint in private (R3).'
      : 'I see only commands, replies to me and my buttons here.';
    const chat = organisation.chats.find(({ name }) => name === place);
    const whose = listed
      ? say`This is ${bold(place)}${chat?.team === undefined ? '' : `, the chat of ${chat.team}`}. ${code('/board')} shows what there is, ${code('/help')} what can be said.`
      : say`I do not know this chat yet, so I answer everyone in private. To give it its team, an admin adds one line under ${code('chats')} in the organisation’s file, and starts me again: ${code(`- { name: ${nameFor(incoming.title)}, team: qa, ${here.platform}: ${here.chat}${here.thread === undefined ? '' : `, topic: ${here.thread}`} }`)}`;
    return lines(
      say`I am Baton: I carry the work of ${organisation.organisation} from idea to mainnet. ${sees}`,
      whose,
    );
  }

  /** Only whom the link was made for, or who belongs to the organisation, is let in. */
  async function letIn(incoming: Incoming & { readonly sort: 'join-asked' }): Promise<void> {
    const { platform } = incoming.address;
    const adapter = adapters.get(platform);
    const here = showAddress(moves.before(incoming.address));
    const link = incoming.link === undefined ? undefined : engine.store.button(tokenOf(incoming.link));
    const isTheirs = link?.command === INVITATION && link.address === here && link.args === incoming.account;
    const person = personOfAccount(engine.world(), incoming.account);
    const yes = isTheirs || (person !== undefined && isKnown(engine.world(), person));
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
    async joined(incoming, item) {
      const { platform } = incoming.address;
      const adapter = adapters.get(platform);
      const world = engine.world();
      if (adapter?.inviteLink === undefined) return;
      const testers = engine.policies.organisation.chats.filter(({ team }) => team === 'testers');
      const until = clock.now() + LINK_LIVES;
      for (const chat of testers.flatMap(({ name }) => routeOf([platform], world, { chat: name }) ?? [])) {
        const address = readAddress(chat);
        const link =
          address === undefined ? undefined : await adapter.inviteLink(moves.now(address), until, incoming.account);
        if (link === undefined) continue;
        await engine.store.keepButtons([
          { token: tokenOf(link), address: chat, command: INVITATION, on: item ?? '', args: incoming.account },
        ]);
        const text = say`The testers’ chat is closed; this way in is yours alone, for seven days: ${{ node: 'link', url: link, label: link }}`;
        await engine.settle(`invite:${tokenOf(link)}`, [sayTo(incoming.account, text)]);
      }
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
