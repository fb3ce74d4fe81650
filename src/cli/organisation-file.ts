import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Settings } from '../settings.ts';
import { parseOrganisation } from '../shell/read-organisation.ts';

/** The file of an organisation that begins: a name and a timezone; its people and chats are added as they come. */

/** Where that file goes, or stands, while BATON_ORG does not say: beside the database. */
export const besideDatabase = (database: string | undefined): string =>
  join(dirname(database ?? 'data/baton.db'), 'organisation.yaml');

/** The organisation's file that `baton start` takes; undefined: it is the demonstration. */
export function organisationOf(settings: Settings): string | undefined {
  const hasChat = settings.TELEGRAM_BOT_TOKEN !== undefined || settings.SLACK_BOT_TOKEN !== undefined;
  return settings.BATON_ORG ?? (hasChat ? besideDatabase(settings.BATON_DB) : undefined);
}

export const machineTimezone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Why these can not stand in the file; undefined: they can. */
export function organisationProblem(name: string, timezone: string): string | undefined {
  const read = parseOrganisation('', freshOrganisation(name, timezone));
  return 'problems' in read ? (read.problems[0] ?? '').replace(/^:\d+:\d+: /, '') : undefined;
}

export const freshOrganisation = (name: string, timezone: string): string =>
  `# The organisation that Baton works for. A mistake is told with its line; a change counts from the next start.
organisation: ${stringify(name, { lineWidth: 0 }).trim()}
timezone: ${timezone}
people: []
#  - { id: olga, name: Olga, roles: [ops], telegram: 1001, slack: U0OLGA }
chats: []
#  - { name: ops, team: ops, telegram: -1001 }
`;

/** Writes the file where none is. */
export function writeOrganisation(path: string, text: string): { readonly problem: string } | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return undefined;
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { problem: `${path} can not be written (${why}); name the organisation’s file in BATON_ORG` };
  }
}
