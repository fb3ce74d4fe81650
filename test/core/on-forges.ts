import { deploymentAsked } from '../../src/core/deploying.ts';
import type { ForgeNews } from '../../src/core/forge-news.ts';
import { follow, type TrackerNews } from '../../src/core/incoming.ts';
import type { ForgePlatform, Job, Order } from '../../src/core/job.ts';
import { createStage, type Stage } from './stage.ts';

/** A stage with GitHub and Circles connected: what is ordered there stands in `orders`; what they are, the test says. */

export interface OnForges {
  readonly stage: Stage;
  /** What the platforms know: null, that it is not there. */
  readonly there: Map<string, TrackerNews | null>;
  verify(platform: ForgePlatform, at: number | undefined): void;
  /** Both were compared with what is known just now, and are so at each later moment. */
  fresh: boolean;
  tell(news: Partial<TrackerNews> & { ref: string }): void;
  ask(news?: Partial<Extract<ForgeNews, { news: 'deployment-asked' }>>): void;
  jobs<D extends Job['do']>(sort: D): Extract<Job, { do: D }>[];
  orders(sort: Job['do']): Order[];
}

export function onForges(organisation?: string): OnForges {
  const verified = new Map<ForgePlatform, number>();
  const there = new Map<string, TrackerNews | null>();
  const self = { fresh: true };
  const stage: Stage = createStage(organisation, {
    forges: {
      connected: () => true,
      verifiedAt: (platform) => (self.fresh ? stage.world().now : verified.get(platform)),
    },
    look: (ref) => there.get(ref),
  });
  const orders = (sort: Job['do']) => stage.orders.filter(({ job }) => job.do === sort);
  return Object.assign(self, {
    stage,
    there,
    orders,
    verify: (platform: ForgePlatform, at: number | undefined) => {
      if (at === undefined) verified.delete(platform);
      else verified.set(platform, at);
    },
    tell: (news: Partial<TrackerNews> & { ref: string }) =>
      stage.act((draft) => follow(draft, { kind: 'issue', platform: 'github', ...news })),
    ask: (news: Partial<Extract<ForgeNews, { news: 'deployment-asked' }>> = {}) =>
      stage.act((draft) =>
        deploymentAsked(draft, {
          news: 'deployment-asked',
          repository: 'example/web',
          environment: 'production',
          callback: 'https://api.github.com/repos/example/web/actions/runs/7/deployment_protection_rule',
          sha: 'c0ffee1234567890c0ffee1234567890c0ffee12',
          version: 'v1',
          by: 'olga-gh',
          ...news,
        }),
      ),
    jobs: <D extends Job['do']>(sort: D) =>
      orders(sort).flatMap(({ job }) => (job.do === sort ? [job as Extract<Job, { do: D }>] : [])),
  });
}

/** A web item with a story and an issue, in the web team's hands. */
export const TO_ISSUES = `
  sam: /call open
  mia: /propose web Campaign
  mia: /link WEB-1 https://cryptpad.example.org/pad/1
  sam: /approve WEB-1
  sue: /approve WEB-1
  sam: /prioritise WEB-1 1
  mia: /link WEB-1 us:5
  mia: /handover WEB-1 web
  wim: /link WEB-1 us:5 example/web#3`;

/** The same at its release on production, v1 approved by its stakeholders. */
export function toProduction(on: OnForges): void {
  on.stage.play(TO_ISSUES);
  on.tell({ ref: 'grid/us:5', kind: 'story', platform: 'circles', open: true });
  on.tell({ ref: 'example/web#3', open: true });
  on.stage.play('wim: /done WEB-1\n wim: /done WEB-1\n wim: /handover WEB-1 ops');
  on.tell({ ref: 'example/web#3', open: false });
  on.stage.play(`
    olga: /env ready staging WEB-1
    olga: /done WEB-1
    olga: /release WEB-1 staging v1
    sam: /approve WEB-1
    sue: /approve WEB-1`);
}
