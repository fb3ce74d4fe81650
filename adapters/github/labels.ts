import { z } from 'zod';
import type { AdapterLog } from '../../src/forge-ports.ts';
import type { Client, Clients } from './clients.ts';
import { isAnswered, Trouble } from './failure.ts';
import type { Issue, Repository } from './repositories.ts';
import { Done, Labels } from './schema.ts';
import { labelName } from './words.ts';

/** Labels: made where they are lacking, and read back, for GitHub drops silently what we may not set. */

export interface LabelParts {
  readonly clients: Clients;
  readonly log: AdapterLog;
}
export interface LabelDesk {
  /** The names as GitHub takes them, each one there as far as that is in our power. */
  ensure(client: Client, repository: Repository, wanted: readonly string[]): Promise<readonly string[]>;
  /** Says which of them did not arrive. */
  compare(ref: string, wanted: readonly string[], there: readonly string[]): void;
  change(issue: Issue, add: readonly string[], remove: readonly string[]): Promise<void>;
}

const COLOURS: Readonly<Record<string, string>> = {
  bug: 'd73a4a',
  feature: 'a2eeef',
  urgent: 'd93f0b',
  critical: 'b60205',
  major: 'd93f0b',
  minor: 'fbca04',
};
const GREY = 'ededed';

const same =
  (one: string) =>
  (other: string): boolean =>
    one.toLowerCase() === other.toLowerCase();

export function createLabels({ clients, log }: LabelParts): LabelDesk {
  const known = new Set<string>();

  const ensureOne = async (client: Client, { name: repository, owner, repo }: Repository, name: string) => {
    const key = `${repository}\n${name.toLowerCase()}`;
    if (known.has(key)) return;
    const isThere = await absentAs(false, async () => {
      await clients.read(Done, () => client.rest.issues.getLabel({ owner, repo, name }));
      return true;
    });
    if (!isThere) {
      const color = COLOURS[name.toLowerCase()] ?? GREY;
      try {
        await clients.write(Done, () => client.rest.issues.createLabel({ owner, repo, name, color }));
      } catch (error) {
        // Made by somebody else meanwhile, or not for us to make: the issue matters more.
        if (!(error instanceof Trouble) || error.failure.is !== 'answered' || error.failure.after !== undefined)
          throw error;
        if (!isAnswered(error.failure, 422)) {
          if (!isAnswered(error.failure, 403, 404)) throw error;
          log.warn('a label could not be made', { repository, label: name, why: error.failure.why });
          return;
        }
      }
    }
    known.add(key);
  };

  const ensure: LabelDesk['ensure'] = async (client, repository, wanted) => {
    const names = wanted.map(labelName).filter((name, at, all) => name !== '' && all.findIndex(same(name)) === at);
    for (const name of names) await ensureOne(client, repository, name);
    return names;
  };
  const compare: LabelDesk['compare'] = (ref, wanted, there) => {
    const dropped = wanted.filter((name) => !there.some(same(name)));
    if (dropped.length > 0)
      log.warn('GitHub dropped labels: we may not set them there; give us write access to issues', { ref, dropped });
  };
  return {
    ensure,
    compare,
    change: async (issue, add, remove) => {
      const client = await clients.of(issue);
      const place = { owner: issue.owner, repo: issue.repo, issue_number: issue.number };
      if (add.length > 0) {
        const labels = [...(await ensure(client, issue, add))];
        const there = await clients.write(Labels, () => client.rest.issues.addLabels({ ...place, labels }));
        compare(`${issue.name}#${issue.number}`, labels, there);
      }
      for (const name of remove.map(labelName)) await removeOne(clients, client, place, name);
    },
  };
}

async function removeOne(
  clients: Clients,
  client: Client,
  place: { owner: string; repo: string; issue_number: number },
  name: string,
): Promise<void> {
  const isGone = await absentAs(false, async () => {
    await clients.write(Done, () => client.rest.issues.removeLabel({ ...place, name }));
    return true;
  });
  // Was it the label that is not there, or the issue?
  if (!isGone) await clients.read(z.object({ number: z.number() }), () => client.rest.issues.get(place));
}

/** The value that stands for 404. */
async function absentAs<T>(value: T, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Trouble && isAnswered(error.failure, 404)) return value;
    throw error;
  }
}
