import { frozenUntil, showInstant } from './calendar.ts';
import { personOf } from './deploying.ts';
import { type DeploymentState, environmentOf } from './deployment.ts';
import { declaredFreezes, type Happening, type World } from './draft.ts';
import { type Effects, peopleOf, teamOf, tell } from './message.ts';
import { isConnected, markerOf, order } from './orders.ts';
import { nameOf } from './people.ts';
import { isGatedEnvironment } from './process.ts';
import { bold, say } from './text.ts';

/** GitHub takes ten reports of a deployment: what is left is for the decision, and for what is said twice in doubt. */
const MOST_HOLDS = 8;

/** What a deployment is answered where it waits, and who hears of it. */
export function reactToDeployment(world: World, { event, after }: Happening<'deployment'>, effects: Effects): void {
  const timer = `deployment/${after.id}/window`;
  switch (event.type) {
    case 'deployment-asked':
      return;
    case 'window-turned':
      effects.timers.push({ key: timer, due: event.turns, run: { do: 'decide-deployment', id: after.id } });
      return check(world, after, effects);
    case 'approval-refused': {
      effects.cleared.push(timer);
      const what = say`A deployment of ${bold(after.repository)} to ${after.environment ?? ''} was let go and does not go. ${event.why}. Look at its run, and start it again if it still waits.`;
      return tell(effects, 'hint', teamOf(world, 'ops'), event.item, what);
    }
    case 'deployment-held': {
      const due = Math.min(event.until ?? event.turns, event.turns);
      effects.timers.push({ key: timer, due, run: { do: 'decide-deployment', id: after.id } });
      const again = event.until === null ? '' : ` I look at it again ${showInstant(world.organisation, event.until)}.`;
      answer(world, after, 'held', `${event.reason}${again}`, effects);
      const by = personOf(world, after.by, after.byNumber);
      const to = event.forOps || by === undefined ? teamOf(world, 'ops') : peopleOf([by]);
      const what = say`A deployment of ${bold(after.repository)} to ${after.environment ?? 'an environment that was not named'}, by ${after.by ?? 'nobody knows whom'}, waits: ${event.reason}${again}`;
      return tell(effects, 'hint', to, event.item, what);
    }
    case 'deployment-approved':
      effects.cleared.push(timer);
      return answer(
        world,
        after,
        'approved',
        event.item === null ? 'No rule stands in its way.' : `${event.item}: its gates hold.`,
        effects,
      );
    case 'deployment-rejected':
      effects.cleared.push(timer);
      return answer(world, after, 'rejected', event.reason, effects);
    default:
      return event satisfies never;
  }
}

function answer(
  world: World,
  deployment: DeploymentState,
  decision: 'held' | 'approved' | 'rejected',
  comment: string,
  effects: Effects,
): void {
  const { id, repository, callback, environment, installation, changes, holds } = deployment;
  if (!isConnected(world, 'github')) return;
  const isTaken = decision !== 'held' || holds <= MOST_HOLDS;
  if (callback !== null && environment !== null && isTaken)
    order(effects, {
      platform: 'github',
      where: repository,
      of: id,
      job: {
        do: 'deployment', callback, environment, decision, comment,
        ...(installation === null ? {} : { installation }),
      },
      marker: markerOf(world, 'deployment', id, changes),
    }); // biome-ignore format: one order
  check(world, deployment, effects);
}

/** The check beside it says whether releases are frozen. */
function check(world: World, { id, repository, environment, sha, changes }: DeploymentState, effects: Effects): void {
  if (!isConnected(world, 'github')) return;
  const gated = environmentOf(environment);
  if (sha === null || gated === undefined || !isGatedEnvironment(gated)) return;
  const until = frozenUntil(world.organisation, declaredFreezes(world), world.now);
  const summary =
    until === undefined ? 'Releases are open.' : `Releases are frozen until ${showInstant(world.organisation, until)}.`;
  order(effects, {
    platform: 'github',
    where: repository,
    of: id,
    job: { do: 'check', repository, sha, frozen: until !== undefined, summary },
    marker: markerOf(world, 'check', id, changes),
  });
}

export function reactToPipeline(world: World, { id, event }: Happening<'pipeline'>, effects: Effects): void {
  if (event.type !== 'deployment-unknown') return;
  const [repository = '', environment = ''] = id.split(' ');
  tell(
    effects,
    'hint',
    teamOf(world, 'ops'),
    null,
    say`${nameOf(world, event.by)} deployed ${event.version} of ${bold(repository)} to ${environment}, and ${event.why}.`,
  );
}
