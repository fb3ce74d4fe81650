import type { CliCommand } from './cli.ts';

export const slackManifestCommand: CliCommand = {
  usage: 'slack-manifest [--mode socket|http] [--short approve,handover] [--link | --scopes]',
  summary:
    'Prints the manifest of the Slack app, made from the catalogue of commands. Socket Mode needs no public address; http takes it from BATON_URL.',
  options: {
    mode: { type: 'string', help: 'how Slack reaches the bot: socket (the default) or http' },
    url: { type: 'string', help: 'the public address for http (default: BATON_URL)' },
    short: { type: 'string', help: 'commands that get a slash of their own, with commas: approve,handover' },
    link: { type: 'boolean', help: 'the link that opens Slack’s page for a new app, filled in' },
    scopes: { type: 'boolean', help: 'what the app asks of a workspace, each with its reason' },
  },
  run: async (invocation) => {
    const { options, environment, words, print, complain } = invocation;
    const { mode = 'socket', url = environment.BATON_URL, short = '' } = options;
    if (words.length > 0)
      return complain(`${words.join(' ')} is too much; baton slack-manifest --help says how it goes`);
    if (mode !== 'socket' && mode !== 'http') return complain(`there is no mode ${String(mode)}; it is socket or http`);
    if (options.link === true && options.scopes === true) return complain('give --link or --scopes, not both');
    const { commands } = await invocation.commands();
    const made = await invocation.slackManifest({
      commands: [...new Set(commands.values())],
      mode,
      shortNames: namesIn(String(short)),
      ...(typeof url === 'string' ? { url } : {}),
    });
    if (made.problems.length > 0) return complain(...made.problems);
    if (options.scopes === true) for (const { scope, reason } of made.scopes) print(`${scope.padEnd(20)} ${reason}`);
    else print(options.link === true ? made.link : JSON.stringify(made.manifest, undefined, 2));
    return 0;
  },
};

const namesIn = (list: string): string[] => [
  ...new Set(
    list
      .split(',')
      .map((name) => name.trim().replace(/^\//, ''))
      .filter((name) => name !== ''),
  ),
];
