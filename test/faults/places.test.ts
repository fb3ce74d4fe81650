import { expect, test, vi } from 'vitest';
import type { Place } from '../peers/telegram/types.ts';
import { tally } from '../support/tally.ts';
import { createRig, ORGANISATION, type Rig } from './rig.ts';

/** Chats that change, and people who come to them and go. */

const roomOf = (rig: Rig, name: string): Place => ({ id: rig.stage.telegramChat(name).id, title: name, topics: {} });
const inRoom = (rig: Rig, place: Pick<Place, 'id'>): string[] =>
  rig.stage.telegram
    .fromBot(place)
    .filter(({ visibleTo }) => visibleTo === undefined)
    .map(({ text }) => text.replaceAll(/\s+/g, ' '));

test('a group becomes a supergroup in the middle of a vote: place, card and messages follow it, also over a restart', async () => {
  const rig = await createRig({ slack: 'none' });
  const { telegram } = rig.stage;
  const voice = rig.voices.telegram;
  const sams = rig.stage.onTelegram('sam');
  voice.say('bea', '/propose product Alpha');
  await voice.waitFor(() => voice.seenBy('bea').some((text) => text.includes('PROD-1')));
  voice.say('sam', '/call open');
  const old = roomOf(rig, 'board');
  await voice.waitFor(() => inRoom(rig, old).some((text) => text.includes('Agree on PROD-1')));
  // Said while the chat moves: it waits, and goes where the chat is.
  telegram.fault('sendMessage', { status: 503 }, 3);
  voice.say('bea', '/propose product Beta');
  const place = telegram.migrate(old);
  await vi.waitFor(() => expect(rig.rows('uncertain').length).toBeGreaterThan(0));
  await rig.outlast();
  await voice.waitFor(() => inRoom(rig, place).some((text) => text.includes('Agree on PROD-2')));
  // The place is the same as before: no key is needed that was not, and the answer is for all.
  sams.say(place, '/approve PROD-1');
  await voice.waitFor(() => inRoom(rig, place).some((text) => /Agree on PROD-1.*Approve: Sam\./.test(text)));
  const tally = (text: RegExp) => inRoom(rig, place).filter((each) => text.test(each));
  await rig.restart();
  rig.stage.onTelegram('sol').say(place, '/abstain PROD-1');
  await voice.waitFor(() => tally(/Agree on PROD-1.*Approve: Sam\. Reject: –\. .*Missing: Sue\./).length > 0);
  const card = telegram
    .fromBot(place)
    .findLast(({ text, keyboard }) => /Agree on PROD-2/.test(text) && keyboard.length > 0);
  if (card === undefined) throw new Error('no card');
  rig.stage.onTelegram('sue').press(card, 'Approve');
  await voice.waitFor(() => tally(/Agree on PROD-2.*Approve: Sue\./).length > 0);
  expect(rig.bot().engine.store.parked(10)).toEqual([]);
  // The card of before the move can not be changed any more: it stands here anew, once, and goes on.
  const cards = () => tally(/^Agree on PROD-1.*Needed: 2\.$/);
  rig.stage.onTelegram('sue').say(place, '/approve PROD-1');
  await voice.waitFor(() => cards().some((text) => /Approved\. Approve: Sam and Sue\./.test(text)));
  expect(cards().filter((text) => /Approved\./.test(text))).toHaveLength(1);
  expect(telegram.callsOf('editMessageText').filter(({ status }) => status === 400)).toHaveLength(1);
});

test('added to a chat of the organisation, to one that it does not list, and to one of strangers', async () => {
  const rig = await createRig({ slack: 'none', strangers: ['zed'] });
  const { telegram } = rig.stage;
  const olga = rig.stage.onTelegram('olga');
  const zed = rig.stage.onTelegram('zed');
  const unlisted = telegram.group({ title: 'Lunch & more', members: [olga] });
  telegram.addBot(unlisted, olga);
  const strange = telegram.group({ title: 'Strangers', members: [zed] });
  telegram.addBot(strange, zed);
  const listed = roomOf(rig, 'board');
  telegram.removeBot(listed, rig.stage.onTelegram('olga'));
  telegram.addBot(listed, olga);
  const said = async (place: Place): Promise<string> => {
    await telegram.waitFor(() => inRoom(rig, place).length > 0);
    return inRoom(rig, place).join(' ');
  };
  expect(await said(listed)).toMatch(/\bboard\b.*\bstakeholder\b/);
  expect(await said(unlisted)).toMatch(/do not know this chat yet.*name: lunch-more\b.*telegram: -\d+/);
  const toStrangers = await said(strange);
  expect(toStrangers).toMatch(/one organisation that I do not know you from/);
  expect(toStrangers).not.toContain(ORGANISATION.organisation);
  // Nothing that is asked there brings the organisation out either.
  zed.say(strange, '/board');
  zed.say(strange, '/help');
  telegram.add(strange, olga);
  olga.say(strange, '/board');
  await rig.drained();
  expect(inRoom(rig, strange).join(' ')).not.toMatch(/Example Grid|Olga|PROD-|stakeholder/);
});

/** An item whose testers are invited; their chat is closed, and the bot may let people in. */
async function closedTesters() {
  const rig = await createRig({ slack: 'none', strangers: ['zed', 'yan', 'xia'], organisation: withTesters });
  const { telegram } = rig.stage;
  const place = telegram.supergroup({
    id: TESTERS,
    title: 'testers',
    members: [rig.stage.onTelegram('olga')],
    bot: 'admin',
  });
  const voice = rig.voices.telegram;
  for (const line of READY) {
    const [as = '', text = ''] = line.split(': ');
    const answer = await rig.bot().engine.handle({ as, via: 'web', place: null, text, pressed: false });
    expect(answer.ok, `${line}: ${answer.text}`).toBe(true);
  }
  await rig.drained();
  const join = (person: string) => rig.stage.onTelegram(person).start('join-PROD-1');
  const invitation = async (person: string): Promise<string> => {
    const link = () => voice.seenBy(person).flatMap((text) => /https:\/\/t\.me\/\+\S+/.exec(text)?.[0] ?? [])[0];
    return telegram.waitFor(link);
  };
  return { rig, place, join, invitation };
}

const READY = [
  'sam: /call open',
  'bea: /propose product A new grid',
  'sam: /approve PROD-1',
  'sue: /approve PROD-1',
  'sam: /prioritise PROD-1 1 owner pia',
  'pia: /circle PROD-1 create',
  'pia: /link PROD-1 us:34',
  'arno: /approve PROD-1',
  'pia: /done PROD-1',
  'lea: /link PROD-1 us:34 #3',
  'lea: /done PROD-1',
  'dave: /docs PROD-1 https://docs.example.org/grid',
  'dave: /release PROD-1 testnet v1',
  'dave: /handover PROD-1 qa',
  'quinn: /pass PROD-1',
  'lea: /invite PROD-1',
];
const TESTERS = -1_002_299_000_001;
const withTesters = {
  ...ORGANISATION,
  chats: ORGANISATION.chats.map((chat) =>
    chat.name === 'testers' ? { ...chat, name: 'testers', telegram: TESTERS } : chat,
  ),
};

test('who joins is sent a way in of their own; another’s, or none, opens nothing', async () => {
  const { rig, place, join, invitation } = await closedTesters();
  const { telegram } = rig.stage;
  join('zed');
  const zeds = await invitation('zed');
  const isIn = (person: string) => {
    try {
      rig.stage.onTelegram(person).say(place, 'hello');
      return true;
    } catch {
      return false;
    }
  };
  rig.stage.onTelegram('yan').requestToJoin(zeds);
  await telegram.waitFor(() => telegram.callsOf('declineChatJoinRequest').length === 1);
  expect(isIn('yan')).toBe(false);
  rig.stage.onTelegram('zed').requestToJoin(zeds);
  await telegram.waitFor(() => telegram.callsOf('approveChatJoinRequest').length === 1);
  expect(isIn('zed')).toBe(true);
});

test('whoever is a tester no more is let in no more, also by their own link', async () => {
  const { rig, join, invitation } = await closedTesters();
  const { telegram } = rig.stage;
  join('zed');
  const link = await invitation('zed');
  rig.voices.telegram.say('zed', '/leave PROD-1');
  await rig.voices.telegram.waitFor(() => rig.voices.telegram.seenBy('zed').some((text) => text.includes('no longer test')));
  rig.stage.onTelegram('zed').requestToJoin(link);
  await telegram.waitFor(() => telegram.callsOf('declineChatJoinRequest').length === 1);
  expect(telegram.callsOf('approveChatJoinRequest')).toEqual([]);
}); // biome-ignore format: long lines

test('who asks to be let into a chat of a team is let in where they are of it; the rest is for the chat’s own people', async () => {
  const rig = await createRig({ slack: 'none', strangers: ['zed'] });
  const { telegram } = rig.stage;
  const decided = () => telegram.calls.filter(({ method }) => method.endsWith('ChatJoinRequest')).map(({ method, params }) => [method, params.chat_id, params.user_id]);
  const { id: ops } = rig.stage.telegramChat('ops');
  const { id: general } = rig.stage.telegramChat('general');
  const unlisted = -1_002_299_000_009;
  const asks = (person: string, chat: number) => telegram.push('chat_join_request', { chat: { id: chat, type: 'supergroup', title: 'A chat' }, from: rig.stage.onTelegram(person).user, user_chat_id: 1, date: 1 });
  // The last is decided: so are those before it, for everyone's words are taken in their order.
  for (const person of ['tom', 'zed', 'omar']) for (const chat of [unlisted, ops, general]) asks(person, chat);
  await telegram.waitFor(() => decided().length === 5);
  await rig.drained();
  const [tom, zed, omar] = ['tom', 'zed', 'omar'].map((person) => rig.stage.onTelegram(person).user.id);
  expect(decided().toSorted()).toEqual([
    ['approveChatJoinRequest', general, tom],
    ['declineChatJoinRequest', ops, zed], ['declineChatJoinRequest', general, zed],
    ['approveChatJoinRequest', ops, omar], ['approveChatJoinRequest', general, omar],
  ].toSorted());
  tally('bad input', 'a way into a chat that was somebody else’s', 5);
}); // biome-ignore format: long lines

test('the way in is sent although Telegram was away when it was to be made', async () => {
  const { rig, join, invitation } = await closedTesters();
  rig.stage.telegram.fault('createChatInviteLink', { status: 503 }, 2);
  join('zed');
  await vi.waitFor(() => expect(rig.rows('new').map(({ reason }) => reason)).toEqual([expect.stringMatching('503')]));
  await rig.restart();
  await rig.outlast();
  expect(await invitation('zed')).toMatch(/t\.me/);
  expect(rig.voices.telegram.seenBy('zed').filter((text) => text.includes('yours alone'))).toHaveLength(1);
});

test('blocked, and let in again: what is said meanwhile is parked, and then they are answered', async () => {
  const rig = await createRig({ slack: 'none' });
  const bea = rig.stage.onTelegram('bea');
  const voice = rig.voices.telegram;
  rig.stage.telegram.hold();
  voice.say('bea', '/propose product Alpha');
  bea.block();
  rig.stage.telegram.release();
  await vi.waitFor(() =>
    expect(
      rig
        .bot()
        .engine.store.parked(10)
        .map(({ reason }) => reason),
    ).toEqual([expect.stringMatching(/blocked/)]),
  );
  bea.unblock();
  voice.say('bea', '/status PROD-1');
  await voice.waitFor(() => voice.seenBy('bea').some((text) => text.includes('PROD-1')));
});
