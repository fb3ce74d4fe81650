import { deployed } from '../core/deployed.ts';
import { deploymentAsked } from '../core/deploying.ts';
import { createDraft, type Draft } from '../core/draft.ts';
import type { ForgeNews } from '../core/forge-news.ts';
import { follow } from '../core/incoming.ts';
import { TurnFailed } from '../store/port.ts';
import type { Core } from './engine-core.ts';

/** `again`: it could not be written at present. `fault`: our own error, and nothing of it was kept. */
export type Heard = 'done' | 'again' | 'fault';

/** Follows what the forges tell, in one commit. With an id it is what was received under it. */
export async function hear(
  { parts, submit, worldOf, record, commitOf }: Core,
  news: readonly ForgeNews[],
  via: string,
  id?: string,
): Promise<Heard> {
  try {
    const result = await submit({
      ...(id === undefined ? {} : { inbox: { id, body: news } }),
      decide: (read, now) => {
        const draft = createDraft(worldOf(read, now, 'system'));
        for (const each of news) apply(draft, each);
        return record(read, commitOf(draft, { via, outcome: null }));
      },
    });
    if (result.result !== 'fault') return 'done';
    parts.log.fault('what a platform told could not be followed', result.error);
    return 'fault';
  } catch (error) {
    // The engine has said already that nothing is written.
    if (error instanceof TurnFailed) return 'again';
    parts.log.fault('what a platform told could not be followed', error);
    return 'fault';
  }
}

function apply(draft: Draft, news: ForgeNews): void {
  switch (news.news) {
    case 'tracker':
      return follow(draft, news.of);
    case 'deployment-asked':
      return deploymentAsked(draft, news);
    case 'deployed':
      return deployed(draft, news);
    case 'said':
      // A command is decided by itself: it has its own id, and its own answer.
      return;
    default:
      return news satisfies never;
  }
}
