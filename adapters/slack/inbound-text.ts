/** Takes Slack's wrapping off what people typed. */

/** Slack's own marks become what was typed: links their address, mentions the id alone, channels their name. */
export function unwrap(text: string): string {
  return text
    .replace(/<([^<>]{1,4000})>/g, (_all, inner: string) => unwrapToken(inner))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function unwrapToken(inner: string): string {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : inner.slice(bar + 1);
  if (target.startsWith('@')) return `<${target}>`;
  if (target.startsWith('#')) return `#${label === '' ? target.slice(1) : label}`;
  if (target.startsWith('!subteam^')) return label === '' ? `@${target.slice('!subteam^'.length)}` : label;
  if (target.startsWith('!date^')) return label;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  if (/^(?:mailto|tel):/.test(target)) return target.slice(target.indexOf(':') + 1);
  // Slack makes a link of `build.sh` by itself: what the person typed is the label then. Any other label may say
  // something else than where the link leads, so it is dropped.
  return target === `http://${label}` ? label : target;
}

/**
 * Words said to the bot by name are a command, whether the slash was typed or not. Code and quotations never are: they keep
 * their backtick or their `>`, and no slash is put before them.
 */
export function toCommand(words: string): string {
  const line = words.trim();
  if (line === '') return '/help';
  return /^\p{L}/u.test(line) ? `/${line}` : line;
}

/** What follows a mention of the bot at the very beginning; undefined where it is not addressed so. */
export function afterMention(text: string, bot: string | undefined): string | undefined {
  const found = /^\s*<@([UW][A-Z0-9]+)(?:\|[^>]*)?>[:,]?/.exec(text);
  if (found === null || (bot !== undefined && found[1] !== bot)) return undefined;
  return text.slice(found[0].length);
}

export const mentions = (text: string, bot: string | undefined): boolean =>
  bot !== undefined && (text.includes(`<@${bot}>`) || text.includes(`<@${bot}|`));

/** A slash command: the umbrella's words are the command, a short name is one already. */
export function fromSlash(command: string, text: string): string {
  const words = unwrap(text).trim();
  if (!/^\/baton(?:[-_]\w+)?$/i.test(command)) return `${command} ${words}`.trim();
  // What is typed after `/baton` waits for an answer; words that can be no command get the help.
  return /^\/?\p{L}/u.test(words) ? `/${words.replace(/^\//, '')}` : '/help';
}
