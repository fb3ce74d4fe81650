import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { lacksRole } from '../core/guards.ts';
import { item as itemNode, say } from '../core/text.ts';

export default defineCommand({
  name: 'credentials',
  usage: '/credentials KEY',
  summary: 'Where Gitea keeps an item’s credentials; never the credentials themselves.',
  who: 'ops',
  examples: ['/credentials SVC-1'],
  personal: true,
  question: true,
  on: 'item',
  args: Nothing,
  read: () => ({}),
  decide: (context) => {
    const no = lacksRole(context, ['ops']);
    if (no !== undefined) return no;
    const { item } = context;
    return reply(
      'shown',
      say`No Gitea is connected here (GITEA_URL is not set), so there is no link for ${itemNode(item.key, item.title)}. I never read or repeat a credential.`,
    );
  },
});
