import type { WebClient } from '@slack/web-api';
import type { Finding } from '../../src/ports.ts';
import { nameOf, refusesToken } from './errors.ts';
import { SCOPES } from './scopes.ts';
import { askWhoWeAre } from './self.ts';

export interface CheckParts {
  readonly bot: WebClient;
  /** A client with the app token; undefined over signed HTTP. */
  readonly app: WebClient | undefined;
  readonly hasSigningSecret: boolean;
}

/** Calls Slack with each token and says what is lacking, and where to click. */
export async function checkSlack({ bot, app, hasSigningSecret }: CheckParts): Promise<Finding[]> {
  const findings = await checkBot(bot);
  if (app !== undefined) findings.push(await checkApp(app));
  else if (!hasSigningSecret)
    findings.push({
      ok: false,
      what: 'Slack has no way in: neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.',
      remedy: 'On api.slack.com/apps, “Basic Information”: make an app-level token with connections:write.',
    });
  return findings;
}

async function checkBot(bot: WebClient): Promise<Finding[]> {
  try {
    const own = await askWhoWeAre(bot);
    const has = own.scopes;
    const missing = has === undefined ? [] : SCOPES.filter(({ scope }) => !has.includes(scope));
    return [
      { ok: true, what: `Slack takes the bot token, for ${own.teamName ?? own.team}.` },
      ...missing.map(({ scope, reason }) => ({
        ok: false,
        what: `The bot token lacks ${scope} (${reason}).`,
        remedy: `On api.slack.com/apps, “OAuth & Permissions”: add ${scope} under Bot Token Scopes, then “Reinstall to Workspace”.`,
      })),
    ];
  } catch (error) {
    return [failure('SLACK_BOT_TOKEN', 'copy the Bot User OAuth Token (xoxb-…) from “OAuth & Permissions”', error)];
  }
}

async function checkApp(app: WebClient): Promise<Finding> {
  try {
    await app.apps.connections.open({});
    return { ok: true, what: 'Slack takes the app token: Socket Mode can be opened.' };
  } catch (error) {
    return failure(
      'SLACK_APP_TOKEN',
      'make an app-level token (xapp-…) with connections:write under “Basic Information”',
      error,
    );
  }
}

function failure(setting: string, where: string, error: unknown): Finding {
  const why = nameOf(error);
  if (refusesToken(error) || why === 'missing_scope')
    return { ok: false, what: `Slack does not take ${setting} (${why}).`, remedy: `On api.slack.com/apps: ${where}.` };
  return { ok: false, what: `Slack was not reached (${why}).`, remedy: 'Look at the connection and at SLACK_API_URL.' };
}
