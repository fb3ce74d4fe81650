import type { Clock, Finding } from '../../src/forge-ports.ts';
import { Entries, History, Hooks, Me, type Project } from './api-schema.ts';
import type { Client } from './client.ts';
import { type Failure, isAnswered, isUnauthorised } from './failure.ts';
import { WEBHOOK_PATH } from './webhook.ts';

/** What the token may do, and what is lacking, circle by circle. */

export interface CheckParts {
  readonly client: Client;
  readonly clock: Clock;
  readonly template: string | undefined;
  readonly hasSecret: boolean;
  circles(): readonly string[];
}

/** Signatures and polling do not mind a minute; the times that people see do. */
const MOST_SKEW = 60_000;
const NEEDED = [
  'view_us',
  'add_us',
  'modify_us',
  'comment_us',
  'view_issues',
  'add_issue',
  'modify_issue',
  'comment_issue',
  'view_tasks',
];
/** Users that Taiga makes for its own hooks from other platforms. */
const NATIVE = /^(github|gitlab|bitbucket|gogs)-[0-9a-f]{8,}$/;
const STORIES_TO_LOOK_AT = 10;

export async function checkCircles(parts: CheckParts): Promise<Finding[]> {
  const { client, clock, template, hasSecret } = parts;
  const me = await client.call({ method: 'GET', path: '/users/me' }, Me);
  if (!me.ok) return [tokenFinding(me.failure)];
  const findings: Finding[] = [{ ok: true, what: `Circles takes our token, as ${me.body.username}.` }];
  const skew = me.date === undefined ? 0 : Math.abs(me.date - clock.now());
  if (skew > MOST_SKEW)
    findings.push({
      ok: false,
      what: `The clock of Circles and ours are ${Math.round(skew / 1_000)} seconds apart.`,
      remedy: 'Set the clock of this machine by NTP (timedatectl set-ntp true), or that of the other.',
    });
  if (!hasSecret)
    findings.push({
      ok: false,
      what: 'CIRCLES_WEBHOOK_SECRET is not set: news of Circles comes by asking alone, minutes later.',
      remedy: `Set it, and make a webhook to ${WEBHOOK_PATH} with that secret in each circle.`,
    });
  findings.push(await templateFinding(client, template));
  for (const slug of new Set(parts.circles())) findings.push(...(await circleFindings(parts, slug)));
  return findings;
}

function tokenFinding(failure: Failure): Finding {
  return isUnauthorised(failure)
    ? {
        ok: false,
        what: 'Circles does not take our token (401).',
        remedy: 'Set CIRCLES_TOKEN to a new application token of the bot’s user, or its name and password.',
      }
    : { ok: false, what: `${failure.why}.`, remedy: 'Look at the connection and at CIRCLES_URL.' };
}

async function templateFinding(client: Client, template: string | undefined): Promise<Finding> {
  if (template === undefined)
    return {
      ok: false,
      what: 'No template is set: no circle can be made for a new item.',
      remedy: 'Write the slug of a circle under circles: template in the organisation’s file.',
    };
  const found = await client.project(template, true);
  if (found.ok) return { ok: true, what: `The template ${template} is there.` };
  return {
    ok: false,
    what: `The template ${template} can not be seen (${found.failure.why}).`,
    remedy: 'Look at its slug in its address, and make the bot’s user a member of it.',
  };
}

async function circleFindings(parts: CheckParts, slug: string): Promise<Finding[]> {
  const found = await parts.client.project(slug, true);
  if (!found.ok)
    return [
      {
        ok: false,
        what: isAnswered(found.failure, 404)
          ? `The circle ${slug} is not there, or our user is no member of it.`
          : `The circle ${slug} can not be seen (${found.failure.why}).`,
        remedy: `Look at the slug in its address, and make the bot’s user a member of it.`,
      },
    ];
  const project = found.body;
  const lacking = project.i_am_admin === true ? [] : NEEDED.filter((each) => !project.my_permissions.includes(each));
  const rights: Finding =
    lacking.length === 0
      ? { ok: true, what: `The circle ${slug}: our user may do what it has to.` }
      : {
          ok: false,
          what: `The circle ${slug}: our user lacks ${lacking.join(', ')}.`,
          remedy: `In ${slug}, Settings, Permissions: give its role these rights.`,
        };
  return [rights, ...(await hookFindings(parts, project)), ...(await nativeFindings(parts.client, project))];
}

/** Hooks show to administrators alone; to others the list is empty. */
async function hookFindings({ client, hasSecret }: CheckParts, { id, slug, i_am_admin }: Project): Promise<Finding[]> {
  if (!hasSecret) return [];
  if (i_am_admin !== true)
    return [{ ok: true, what: `The circle ${slug}: whether its webhook is set shows to its administrators alone.` }];
  const hooks = await client.call({ method: 'GET', path: `/webhooks?project=${id}`, unpaged: true }, Hooks);
  if (!hooks.ok)
    return [{ ok: false, what: `The circle ${slug}: its webhooks can not be read (${hooks.failure.why}).` }];
  if (hooks.body.some(({ url }) => URL.canParse(url) && new URL(url).pathname.endsWith(WEBHOOK_PATH)))
    return [{ ok: true, what: `The circle ${slug}: its webhook is set.` }];
  return [
    {
      ok: false,
      what: `The circle ${slug} has no webhook to us.`,
      remedy: `In ${slug}, Settings, Integrations, Webhooks: add our public address with ${WEBHOOK_PATH} and the secret.`,
    },
  ];
}

/**
 * Taiga's own GitHub hook lets a commit message move stories past every gate. Its settings hold a secret and are there
 * whether it is used or not, so they are left unread: what it did shows by whose name it was done.
 */
async function nativeFindings(client: Client, { id, slug }: Project): Promise<Finding[]> {
  const latest = { project: String(id), order_by: '-modified_date', page_size: '100' };
  const issues = await client.call({ method: 'GET', path: `/issues?${new URLSearchParams(latest)}` }, Entries);
  const names = issues.ok ? issues.body.rows.map(({ owner_extra_info: owner }) => owner?.username) : [];
  const few = { ...latest, page_size: String(STORIES_TO_LOOK_AT) };
  const stories = await client.call({ method: 'GET', path: `/userstories?${new URLSearchParams(few)}` }, Entries);
  for (const story of stories.ok ? stories.body.rows : []) {
    const history = await client.call({ method: 'GET', path: `/history/userstory/${story.id}` }, History);
    if (history.ok) names.push(...history.body.map(({ user }) => user?.username ?? undefined));
  }
  const found = names.find((name) => name !== undefined && NATIVE.test(name));
  if (found === undefined) return [];
  const platform = found.split('-')[0] ?? 'github';
  return [
    {
      ok: false,
      what: `The circle ${slug}: Taiga’s own ${platform} hook is in use; a commit message can move its stories past every gate.`,
      remedy: `Take the webhook to Taiga (…/api/v1/${platform}-hook) out of the repository on ${platform}.`,
    },
  ];
}
