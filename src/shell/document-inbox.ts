import type { Documents, ForgeIntake } from '../forge-ports.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';

/** News of changed pages: those that open items are linked to are looked at anew. Nothing is decided by it. */

export interface DocumentInboxParts {
  readonly documents: Documents;
  readonly engine: Engine;
  readonly log: Log;
}

export interface DocumentInbox extends ForgeIntake {
  /** Takes nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

const MOST_PAGES = 200;

export function createDocumentInbox({ documents, engine, log }: DocumentInboxParts): DocumentInbox {
  let isOver = false;
  // One after the other: the last answer about a page is the one that stays.
  let under: Promise<void> = Promise.resolve();

  async function look(body: unknown): Promise<void> {
    const links = engine
      .world()
      .open('item')
      .flatMap((item) => item.links.map(({ ref }) => ref));
    const urls =
      documents.touched?.(
        body,
        [...new Set(links)].filter((ref) => URL.canParse(ref)),
      ) ?? [];
    if (urls.length > 0 && !isOver) await engine.lookAgain(urls.slice(0, MOST_PAGES));
  }

  return {
    async receive(id, body) {
      if (isOver || engine.isFull() || engine.readOnly() !== undefined) return 'full';
      // Whatever is lost by a crash is looked at when a command asks for it: nothing has to be taken up again.
      if (!(await engine.receive({ receive: [{ id, body, source: 'gitea', done: true }] }))) return 'full';
      under = under
        .then(() => look(body))
        .catch((error: unknown) => void log.fault('pages could not be looked at anew', error));
      return 'stored';
    },
    stop: async () => {
      isOver = true;
      await under;
    },
  };
}
