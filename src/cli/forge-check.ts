import { existsSync } from 'node:fs';
import type { Organisation } from '../core/organisation.ts';
import { circleSlug } from '../core/reference.ts';
import type { Finding } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { Outside } from '../shell/connections.ts';
import { parseOrganisation, readOrganisation } from '../shell/read-organisation.ts';
import { openKnown } from '../store/known.ts';
import type { Invocation } from './cli.ts';
import { freshOrganisation, organisationOf } from './organisation-file.ts';

/** What the forges, the documents and the mail server say of our tokens and rights, for the setup and the doctor. */

export type OutsidePlatform = 'GitHub' | 'Circles' | 'Gitea' | 'Mail';

export interface OutsideChecked {
  readonly platform: OutsidePlatform;
  readonly finding: Finding;
}

/** Calls every one that is set up. Nothing is started and nothing is written; one that is away is one finding. */
export async function checkForges(
  { connectForges, createLog }: Pick<Invocation, 'connectForges' | 'createLog'>,
  settings: Settings,
  organisation: Organisation | undefined,
  circles: readonly string[] = [],
): Promise<readonly OutsideChecked[]> {
  // Without a file yet it is asked what can be without knowing its repositories and circles.
  const empty = parseOrganisation('', freshOrganisation('none', 'UTC'));
  const own = organisation ?? ('organisation' in empty ? empty.organisation : undefined);
  if (own === undefined) return [];
  const outside = await connectForges(settings, own, createLog('silent'), () => undefined, circles);
  const asked = await Promise.all(checksOf(outside).map(([platform, check]) => guarded(platform, check)));
  await Promise.all([...outside.adapters.map((adapter) => adapter.stop()), outside.mail?.sender.stop()]);
  return [...asked.flat(), ...(organisation === undefined ? [] : listFindings(outside, organisation))];
}

type Check = readonly [OutsidePlatform, () => Promise<readonly Finding[]>];

function checksOf({ adapters, documents, mail }: Outside): readonly Check[] {
  const names = { github: 'GitHub', circles: 'Circles' } as const;
  return [
    ...adapters.map((adapter): Check => [names[adapter.platform], () => adapter.check()]),
    ...(documents === undefined ? [] : [['Gitea', () => documents.check()] satisfies Check]),
    ...(mail === undefined ? [] : [['Mail', () => mail.sender.check()] satisfies Check]),
  ];
}

async function guarded(platform: OutsidePlatform, check: Check[1]): Promise<readonly OutsideChecked[]> {
  try {
    return (await check()).map((finding) => ({ platform, finding }));
  } catch {
    const finding = { ok: false, what: 'it could not be looked at, and that is our own error', remedy: 'report it' };
    return [{ platform, finding }];
  }
}

/** A token without anything that it is for. */
function listFindings({ adapters, documents }: Outside, { github, circles, gitea }: Organisation): OutsideChecked[] {
  const bad = (platform: OutsidePlatform, what: string, remedy: string): OutsideChecked => ({
    platform,
    finding: { ok: false, what, remedy },
  });
  const has = (platform: string): boolean => adapters.some((adapter) => adapter.platform === platform);
  return [
    ...(has('github') && github.repositories.length === 0
      ? [bad('GitHub', 'no repository is listed', 'write them into the file: github: { repositories: [owner/name] }')]
      : []),
    ...(has('circles') && circles.default === undefined
      ? [bad('Circles', 'no circle is listed', 'write its slug into the file: circles: { default: slug }')]
      : []),
    ...(documents !== undefined && gitea.documents.length === 0
      ? [bad('Gitea', 'no documents are listed', 'write them into the file: gitea: { documents: [owner/repository] }')]
      : []),
    ...(documents !== undefined && gitea.forbidden.length === 0
      ? [
          bad(
            'Gitea',
            'no repository with credentials is listed, so that nothing can be proved of them',
            'write them into the file: gitea: { forbidden: [owner/repository] }',
          ),
        ]
      : []),
  ];
}

/** The line of a finding, with the platform that it is about. */
export const lineOf = ({ platform, finding }: OutsideChecked): string =>
  finding.what.includes(platform) ? finding.what : `${platform}: ${finding.what}`;

/** For the doctor: what is wrong, each with what to do. The circles of the items are looked at as well. */
export async function forgeFindings(
  invocation: Invocation,
  settings: Settings,
  database: string,
): Promise<{ readonly problem: string; readonly remedy: string }[]> {
  const file = organisationOf(settings);
  const isMissing = file === undefined || (settings.BATON_ORG === undefined && !existsSync(file));
  const read = isMissing ? undefined : readOrganisation(file);
  // What may be asked after stands in the file: while that can not be read, everything would look wrong.
  if (read !== undefined && 'problems' in read) return [];
  const organisation = read?.organisation;
  const known = existsSync(database) ? openKnown(database) : undefined;
  const circles = (known?.circles ?? []).flatMap((circle) => circleSlug(circle) ?? []);
  known?.close();
  const checked = await checkForges(invocation, settings, organisation, circles);
  return checked
    .filter(({ finding }) => !finding.ok)
    .map((each) => ({ problem: lineOf(each), remedy: each.finding.remedy ?? 'baton doctor looks again' }));
}
