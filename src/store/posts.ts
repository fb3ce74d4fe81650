import type { Store } from './port.ts';
import { fromText, toPost } from './rows.ts';
import type { Statements } from './statements.ts';

type Posts = Pick<
  Store,
  'openPosts' | 'post' | 'shown' | 'reposted' | 'keepButtons' | 'button' | 'received' | 'parkedReceipts' | 'faulted'
>;

/** So many tokens are remembered as written. */
const REMEMBERED = 20_000;

/** What the chats keep: cards that change, what buttons stand for, and what came in and waits. */
export function createPosts(statements: Statements, transact: <T>(run: () => T) => T): Posts {
  const written = new Set<string>();
  const toReceived = ({ key, source, body }: { key: string; source: string; body: string | null }) => ({
    id: key,
    source,
    body: fromText(body),
  });
  return {
    openPosts: () => statements.openPosts.all().map(toPost),
    post(platformId) {
      const row = statements.post.get(platformId);
      return row && toPost(row);
    },
    async shown(post, digest, open) {
      transact(() => statements.shown.run(digest, open ? 1 : 0, post));
    },
    async reposted(post, platformId) {
      transact(() => statements.reposted.run(platformId, post));
    },
    async keepButtons(buttons) {
      const unknown = buttons.filter(({ token }) => !written.has(token));
      if (unknown.length === 0) return;
      transact(() => {
        for (const { token, address, command, on, args } of unknown)
          statements.keepButton.run(token, address, command, on, args);
      });
      if (written.size > REMEMBERED) written.clear();
      for (const { token } of unknown) written.add(token);
    },
    button(token) {
      const row = statements.button.get(token);
      return row && { token: row.token, address: row.address, command: row.command, on: row.target, args: row.args };
    },
    received: (source, limit) => statements.received.all(source, limit).map(toReceived),
    parkedReceipts: (limit) => statements.parkedReceipts.all(limit).map(toReceived),
    faulted: async (id) => transact(() => statements.faulted.get(id)) === 'parked',
  };
}
