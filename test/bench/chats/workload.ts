import { createHmac } from 'node:crypto';
import { createSlackPeer, type SlackPeer } from '../../peers/slack/peer.ts';
import { createTelegramPeer, type TelegramPeer } from '../../peers/telegram/peer.ts';
import { organisationOf } from '../../properties/engine.ts';
import { openOffice, people, prepare, START } from '../workload.ts';
import { fileOf } from '../year/people.ts';

/** People who say on a platform what the conversations of the other rows say: a third of it moves a baton, the rest is logged. */

const HANDS = 64;
export const SECRET = 'a-secret-of-the-bench';

/** They do all the work on an item by themselves, so that whatever they say is in its order on every platform. */
const hands = Array.from({ length: HANDS }, (_, n) => ({
  id: `hand-${n + 1}`,
  roles: ['developer', 'ops', 'qa'],
  telegram: 50_001 + n,
  slack: `U1HAND${n}`,
}));

const base = fileOf(people) as { readonly people: readonly object[]; readonly chats: readonly { slack?: string }[] };
export const file = { ...base, people: [...base.people, ...hands] };

/** The clock of the servers: it runs from here on. */
export const clockFrom = (since: number) => ({ at: START + 3_600_000, since });

/** A database in which an item waits for each of them; resolves to its keys and issues. */
export async function fillFor(path: string): Promise<readonly { readonly key: string; readonly issue: string }[]> {
  const office = await openOffice(path, organisationOf(file));
  const conversations = await prepare(office, HANDS);
  const { store } = office.engine;
  // What was said until now was said on the board.
  for (let rows = await store.claim(START * 2, 500); rows.length > 0; rows = await store.claim(START * 2, 500))
    await Promise.all(rows.map(({ id }) => store.mark(id, 'sent')));
  await office.close();
  return conversations.map(({ item }, n) => ({ key: item, issue: `example/grid#${n + 1}` }));
}

/** What each of them says, round and round. */
export function createWords(items: Awaited<ReturnType<typeof fillFor>>): (hand: number) => string {
  const turns = items.map(() => 0);
  return (hand) => {
    const { key, issue } = items[hand] ?? { key: '', issue: '' };
    const turn = turns[hand] ?? 0;
    turns[hand] = turn + 1;
    if (turn % 3 !== 0) return `/feedback The page of ${key} is hard to find, said customer ${turn}`;
    const moves = [
      `/accept ${key}`,
      `/handover ${key} ops`,
      `/release ${key} testnet`,
      `/fail ${key} ${issue} not yet`,
    ];
    return moves[(turn / 3) % moves.length] ?? '';
  };
}

let serial = Date.now();

/** A slash command as Slack brings it, signed for this instant. */
export function slashOf(hand: number, words: string): { headers: string; body: string } {
  serial += 1;
  const user = hands[hand]?.slack ?? '';
  const body = new URLSearchParams({
    token: 'verification', team_id: 'T0BATON', team_domain: 'baton', channel_id: `D${user.slice(1)}`,
    channel_name: 'directmessage', user_id: user, user_name: `hand-${hand + 1}`, command: '/baton',
    text: words.slice(1), api_app_id: 'A0BATON', is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0BATON/1/abcdefgh', trigger_id: `${serial}.1234.abcdef`,
  }).toString(); // biome-ignore format: as it comes
  const stamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', SECRET).update(`v0:${stamp}:${body}`).digest('hex');
  return {
    headers: `content-type: application/x-www-form-urlencoded\r\nx-slack-request-timestamp: ${stamp}\r\nx-slack-signature: v0=${signature}\r\n`,
    body,
  };
}

/** A message in private as Telegram brings it. */
export function updateOf(hand: number, words: string): { headers: string; body: string } {
  serial += 1;
  const id = hands[hand]?.telegram ?? 0;
  const person = { id, first_name: `Hand ${hand + 1}`, username: `hand_${hand + 1}` };
  const command = words.split(' ')[0] ?? '';
  const body = JSON.stringify({
    update_id: serial % 2_000_000_000,
    message: {
      message_id: serial % 1_000_000_000,
      from: { ...person, is_bot: false, language_code: 'en' },
      chat: { ...person, type: 'private' },
      date: Math.floor(serial / 1_000),
      text: words,
      entities: [{ type: 'bot_command', offset: 0, length: command.length }],
    },
  });
  return {
    headers: `content-type: application/json\r\nx-telegram-bot-api-secret-token: ${SECRET}\r\n`,
    body,
  };
}

/** Slack with everyone of the organisation, and the channels of its file. */
export async function createSlackOf(): Promise<SlackPeer> {
  const peer = await createSlackPeer({ signingSecret: SECRET });
  for (const { id, slack } of organisationOf(file).people) peer.user({ id: String(slack), name: id });
  for (const { slack } of base.chats) if (slack !== undefined) peer.channel({ id: slack, name: slack.toLowerCase() });
  return peer;
}

/** Telegram with everyone of the organisation, who have all pressed Start. */
export async function createTelegramOf(): Promise<TelegramPeer> {
  const peer = await createTelegramPeer({ privacy: false });
  for (const { id, telegram } of organisationOf(file).people)
    peer.user({ id: Number(telegram), first_name: id }).start();
  return peer;
}
