import type { Comment, Deployment, Issue, Repo } from '../peers/github/world.ts';
import type { Project, Thing } from '../peers/taiga/world.ts';
import type { Whole } from '../support/whole-bot.ts';

/** What there is on GitHub, in Circles, in Gitea and in the mail, for people to read: one line for one thing. */

export type Line = string;
const indent = (lines: readonly Line[]): Line[] => lines.map((line) => `  ${line}`);

/** In one line, without the marks that are hidden from people. */
export const plain = (text: string): string =>
  text
    .replaceAll(/<!--.*?-->|\[\/\/\]: # \([^)]*\)/gs, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

export function sightOfGithub({ github }: Whole): readonly Line[] {
  const repos = [...github.world.repos.values()];
  return repos.flatMap((repo) => [
    repo.name,
    ...indent(repo.issues.flatMap((issue) => issueLines(issue))),
    ...indent(repo.deployments.flatMap((deployment) => deploymentLines(deployment))),
    ...indent(checkLines(repo)),
  ]);
}

const issueLines = ({ number, title, body, user, state, reason, labels, comments }: Issue): Line[] => [
  `#${number} “${title}”, by ${user.login}: ${state}${reason === null ? '' : ` (${reason})`}, ${labels.length === 0 ? 'no labels' : labels.join(' ')}`,
  ...(body === '' ? [] : [`  says: ${plain(body)}`]),
  ...comments.map((comment) => `  ${commentLine(comment)}`),
];

const commentLine = ({ user, body, created, updated }: Comment): Line =>
  `${user.login}${updated > created ? ' (edited since)' : ''}: ${plain(body)}`;

const deploymentLines = ({ ref, environment, creator, waits, reports, states }: Deployment): Line[] => [
  `deployment of ${ref} to ${environment}, by ${creator.login}: ${waits ? 'waits' : 'was let go'}`,
  ...reports.map(({ state, comment }) => `  review, ${state ?? 'it goes on waiting'}: ${plain(comment)}`),
  ...states.map(({ state, user }) => `  status, by ${user.login}: ${state}`),
];

const checkLines = ({ checks, deployments }: Repo): Line[] =>
  checks.map(({ name, sha, status, conclusion, output }) => {
    const on = deployments.find((each) => each.sha === sha)?.ref ?? sha;
    return `check run ${name} on ${on}: ${status}, ${conclusion ?? 'no conclusion'}: ${plain(`${output.title ?? ''}. ${output.summary ?? ''}`)}`;
  });

export function sightOfCircles({ circles }: Whole): readonly Line[] {
  const { projects, things } = circles.peer.world;
  const all = Object.values(things).flat();
  return projects.flatMap((project) => [
    `${project.name} (${project.slug}), with ${project.members.map(({ user }) => user.username).join(', ')}`,
    ...indent(all.filter((thing) => thing.project === project).flatMap((thing) => thingLines(project, thing))),
  ]);
}

function thingLines(project: Project, { kind, ref, fields, owner, status, isClosed, tags, history }: Thing): Line[] {
  const own = {
    userstory: 'us_statuses',
    issue: 'issue_statuses',
    task: 'task_statuses',
    epic: 'epic_statuses',
  } as const;
  const at = project.lists[own[kind]].find(({ id }) => id === status);
  const pair = fields.external_reference;
  const shown = tags.map(([tag]) => tag).filter((tag) => !tag.startsWith('baton-'));
  return [
    `${kind} ${ref} “${String(fields.subject)}”, by ${owner.username}: ${String(at?.name)}${kind === 'userstory' ? `, ${isClosed ? 'closed' : 'open'}` : ''}${shown.length === 0 ? '' : `, ${shown.join(' ')}`}`,
    ...(Array.isArray(pair) ? [`  is paired with ${pair.join(' ')}`] : []),
    ...history
      .filter(({ comment }) => comment !== '')
      .map(
        ({ user, comment, edited }) =>
          `  ${user.username}${edited === null ? '' : ' (edited since)'}: ${plain(comment)}`,
      ),
  ];
}

/** Each path that was asked for, with what was answered: never a content. */
export function sightOfGitea({ gitea }: Whole): readonly Line[] {
  const asked = gitea.calls.map(
    ({ path, status, hasContent }) => `${status} ${path}${hasContent ? ' WITH WHAT IS IN IT' : ''}`,
  );
  return [...new Set(asked)].sort().map((line) => `${asked.filter((each) => each === line).length} × ${line}`);
}

export function sightOfMail({ smtp }: Whole): readonly Line[] {
  return smtp.mails
    .map(({ to, parsed, raw }) => {
      const header = (name: string): string[] =>
        new RegExp(`^${name}: (.*)$`, 'im')
          .exec(raw.replaceAll(/\r\n[ \t]+/g, ' ').replaceAll('\r\n', '\n'))
          ?.slice(1) ?? [];
      const told = ['Auto-Submitted', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'X-Priority'].flatMap((name) =>
        header(name).map((value) => `  ${name}: ${value.replace(/(unsubscribe\/)[\w.~-]+/i, '$1…')}`),
      );
      return [
        `to ${to.join(', ')}: ${parsed.subject ?? 'no subject'}`,
        ...told,
        ...(parsed.text ?? '')
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => `  | ${line.trim()}`),
      ];
    })
    .sort((a, b) => String(a[0]).localeCompare(String(b[0])))
    .flat();
}
