import { afterEach, expect, test, vi } from 'vitest';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { createTelegramPeer } from '../peers/telegram/peer.ts';
import { type ChatBot, startChatBot } from '../support/chat-bot.ts';

/** Everyone's menu says what they may say: the organisation's people, testers, strangers. */

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

test('a menu that could not be set is set once its person speaks to us; a tester gets the testers’', async () => {
  const read = parseOrganisation(
    'org.yaml',
    `organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: ada, name: Ada, roles: [admin], telegram: 11 }
  - { id: olga, name: Olga, roles: [ops], telegram: 12 }
`,
  );
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const peer = await createTelegramPeer();
  const [ada, olga, zed] = [11, 12, 13].map((id) => peer.user({ id, first_name: `P${id}` }));
  olga?.start();
  const bot: ChatBot = await startChatBot({
    organisation: read.organisation,
    telegram: { peer, mode: 'polling' },
    unhurried: true,
  });
  stop = async () => {
    await bot.stop();
    await peer.close();
  };
  const menu = (id: number) => peer.menu(`chat:${id}`).map(({ command }) => command);
  await vi.waitFor(() => expect(menu(12).slice(0, 2)).toEqual(['ack', 'resolve']), 5_000);
  expect(peer.menu('default').map(({ command }) => command)).toEqual(['join', 'leave', 'iam', 'help']);
  expect(menu(11)).toEqual([]);
  ada?.start();
  await vi.waitFor(() => expect(menu(11).slice(0, 2)).toEqual(['role', 'person']), 5_000);
  expect(
    peer.callsOf('setMyCommands').filter(({ params }) => JSON.stringify(params.scope).includes('12')),
  ).toHaveLength(1);
  zed?.start();
  await peer.waitFor(() => zed && peer.fromBot(zed.private).length > 0);
  expect(menu(13)).toEqual([]);
});
