import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { lacksRole } from '../core/guards.ts';
import { item as itemNode, list, say } from '../core/text.ts';

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
    const { item, world } = context;
    const { giteaAddress } = world;
    const { forbidden } = world.organisation.gitea;
    const of = itemNode(item.key, item.title);
    if (giteaAddress === undefined)
      return reply(
        'shown',
        say`No Gitea is connected here (GITEA_URL is not set), so there is no link for ${of}. I never read or repeat a credential.`,
      );
    // A folder of an item's own is for people to look for: to know that it is there would be to look inside.
    const places = forbidden.length > 0 ? forbidden : [''];
    const links = places.map((repository) => {
      const url = `${giteaAddress.replace(/\/+$/, '')}/${repository}`;
      return say`${{ node: 'link', url, label: url }}`;
    });
    return reply('shown', say`The credentials of ${of} are in Gitea, where I see nothing of them:${list(links)}`);
  },
});
