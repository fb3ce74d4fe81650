import { createHmac, randomBytes } from 'node:crypto';
import type { Button, Text } from '../core/text.ts';
import type { Store, StoredButton } from '../store/port.ts';

/** What buttons carry: a token that nobody can make, looked up on the server, and good in one conversation alone. */

const SECRET = 'buttons.secret';

export interface Buttons {
  /** Keeps what the buttons of a text stand for at this address; resolves to their tokens once that is on disk. */
  keep(address: string, text: Text): Promise<(button: Button) => string>;
  /** Keeps one that is no button: a form's command and its words so far. */
  keepOne(address: string, command: string, on: string, args: string): Promise<string>;
  /**
   * What was pressed there by this account; undefined: it is not ours, or was made for another conversation. What was
   * shown to one person alone is theirs wherever they see it.
   */
  find(address: string, account: string, token: string): StoredButton | undefined;
}

/** The secret outlives a restart, so that an old card's buttons go on working. */
export async function createButtons(store: Store): Promise<Buttons> {
  const secret = store.meta(SECRET) ?? randomBytes(32).toString('hex');
  await store.setMeta(SECRET, secret);
  // The same button in the same conversation has the same token: a card that is edited adds no rows.
  const tokenOf = (address: string, command: string, on: string, args: string): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify([address, command, on, args]))
      .digest('base64url')
      .slice(0, 22);
  const keep = (rows: readonly Omit<StoredButton, 'token'>[]): Promise<void> =>
    store.keepButtons(rows.map((row) => ({ token: tokenOf(row.address, row.command, row.on, row.args), ...row })));

  return {
    async keep(address, text) {
      await keep(buttonsOf(text).map(({ command, on, args = '' }) => ({ address, command, on, args })));
      return ({ command, on, args = '' }) => tokenOf(address, command, on, args);
    },
    async keepOne(address, command, on, args) {
      await keep([{ address, command, on, args }]);
      return tokenOf(address, command, on, args);
    },
    find(address, account, token) {
      const found = token.length > 64 ? undefined : store.button(token);
      if (found === undefined) return undefined;
      return found.address === account || chatOf(found.address) === chatOf(address) ? found : undefined;
    },
  };
}

/**
 * A thread is of its chat: an answer may stand in one that its question did not. The private conversation of somebody from
 * another workspace begins with that workspace, and is theirs alone all the same.
 */
const chatOf = (address: string): string =>
  /^slack:[^/]+\/[UW][A-Z0-9]+/.exec(address)?.[0] ?? address.replace(/\/.*/, '');

function buttonsOf(text: Text): Button[] {
  return text.flatMap((node) => {
    if (typeof node === 'string') return [];
    if (node.node === 'buttons') return node.buttons;
    return node.node === 'list' ? node.rows.flatMap(buttonsOf) : [];
  });
}
