import { z } from 'zod';
import type { AdapterLog, ForgeNews } from '../../src/forge-ports.ts';
import type { Client, Clients } from './clients.ts';
import type { Place } from './cursor.ts';
import { isAnswered, Trouble } from './failure.ts';
import { deployedOf } from './news.ts';
import type { Repository } from './repositories.ts';
import { rowsOf, tellOdd } from './rows.ts';
import { Deployment, DeploymentStatus } from './schema.ts';

/** Deployments can not be asked for by the time of their change: the new ones are listed, the open ones looked at. */

type Known = Place['deployments'];
type Numbered = Deployment & { id: number };

export interface DeploymentParts {
  readonly clients: Clients;
  readonly client: Client;
  readonly log: AdapterLog;
  readonly repository: Repository;
  readonly since: number;
}

const MOST_LOOKS = 10;
const MOST_OPEN = 100;
const MOST_PAGES = 5;
const ENDED = new Set(['success', 'failure', 'error', 'inactive']);

const Listed = rowsOf(Deployment.extend({ id: z.number().int() }));
const Statuses = rowsOf(DeploymentStatus);

export async function lookAtDeployments(
  parts: DeploymentParts,
  known: Known,
): Promise<{ news: readonly ForgeNews[]; place: Known; more: boolean }> {
  const listed = known.isListed ? { fresh: [], newest: 0 } : await listNew(parts, known.last);
  // A token for issues alone is let in here or not: all else goes on.
  if (listed === undefined) return { news: [], place: known, more: false };
  const { fresh, newest } = listed;
  const due = known.isListed ? known.due : [...known.open, ...fresh.map(({ id }) => id)];
  const now = due.slice(0, MOST_LOOKS);
  const later = due.slice(MOST_LOOKS);
  const open = known.isListed ? [...known.open] : [];
  const news: ForgeNews[] = [];
  for (const id of now) {
    const statuses = await statusesOf(parts, id);
    if (statuses?.some(({ state }) => ENDED.has(state)) === false) open.push(id);
    const success = statuses?.find(({ state }) => state === 'success');
    if (success === undefined) continue;
    const deployment = fresh.find((each) => each.id === id) ?? (await deploymentOf(parts, id));
    news.push(...deployedOf(parts.repository, deployment, success));
  }
  const last = Math.max(known.last, newest);
  // The newest are those of which something is still to come.
  const place = { last, open: open.sort((a, b) => a - b).slice(-MOST_OPEN), due: later, isListed: later.length > 0 };
  return { news, place, more: later.length > 0 };
}

/** Those above the last that was seen, the oldest first. At the very beginning: those since then. */
async function listNew(
  parts: DeploymentParts,
  last: number,
): Promise<{ fresh: Numbered[]; newest: number } | undefined> {
  const { since } = parts;
  const found: Numbered[] = [];
  let newest = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const data = await listPage(parts, page);
    if (data === undefined) return undefined;
    const isNew = ({ id, created_at: at }: Numbered): boolean =>
      id > last && (last > 0 || Date.parse(at ?? '') >= since);
    const fresh = data.rows.filter(isNew);
    tellOdd(parts.log, `${parts.repository.name} deployments`, data);
    found.push(...fresh);
    newest = Math.max(newest, ...data.rows.map(({ id }) => id));
    if (data.length < 100 || fresh.length < data.rows.length) break;
  }
  return { fresh: found.sort((a, b) => a.id - b.id), newest };
}

async function listPage({ clients, client, repository: { owner, repo } }: DeploymentParts, page: number) {
  try {
    const { data } = await clients.read(Listed, () =>
      client.rest.repos.listDeployments({ owner, repo, per_page: 100, page }),
    );
    return data;
  } catch (error) {
    const failure = error instanceof Trouble ? error.failure : undefined;
    if (failure?.is === 'answered' && failure.after === undefined && isAnswered(failure, 403, 404)) return undefined;
    throw error;
  }
}

/** The newest first; undefined: it is not there any more. */
async function statusesOf({ clients, client, repository: { owner, repo } }: DeploymentParts, id: number) {
  try {
    const { data } = await clients.read(Statuses, () =>
      client.rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 100 }),
    );
    return data.rows;
  } catch (error) {
    if (error instanceof Trouble && isAnswered(error.failure, 404)) return undefined;
    throw error;
  }
}

async function deploymentOf({ clients, client, repository: { owner, repo } }: DeploymentParts, id: number) {
  const { data } = await clients.read(Deployment, () =>
    client.rest.repos.getDeployment({ owner, repo, deployment_id: id }),
  );
  return data;
}
