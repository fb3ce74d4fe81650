import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { buttons, item as itemNode, lines, list, say, type Text } from '../core/text.ts';
import { waitingFor } from '../core/views.ts';

export default defineCommand({
  name: 'mine',
  aliases: ['todo'],
  usage: '/mine',
  summary: 'What waits for me: held items, offers, votes, pages.',
  who: 'anyone',
  examples: ['/mine'],
  personal: true,
  question: true,
  on: 'nothing',
  args: Nothing,
  read: () => ({}),
  decide: ({ world, actor }) => {
    const { held, offered, votes, alerts } = waitingFor(world, actor.id);
    const section = (title: string, rows: readonly Text[]): Text =>
      rows.length === 0 ? [] : say`${title}:${list(rows)}`;
    const text = lines(
      section('Alerts', alerts),
      section(
        'You hold',
        held.map((item) => say`${itemNode(item.key, item.title)} at ${item.step}`),
      ),
      section(
        'Offered to your team',
        offered.map(
          (item) =>
            say`${itemNode(item.key, item.title)} at ${item.step} (${item.role})${buttons({ label: 'Accept', command: 'accept', on: item.key })}`,
        ),
      ),
      section('To vote on', votes),
    );
    return reply('shown', text.length === 0 ? say`Nothing waits for you.` : text);
  },
});
