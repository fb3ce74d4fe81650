import type { Outcome } from './command.ts';
import { refuse } from './rule.ts';
import { enumerate, say } from './text.ts';

/**
 * Credentials that somebody pasted, by the marks that their makers gave them. A table of our own, as a linter's rules want
 * a file, settings and promises, and this runs on every message before it is stored. What has no mark of its own (a word
 * after “password:”, a number in hex, which a commit is as well) is let be: to take people's words away needs to be certain.
 */
const SORTS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a Telegram bot token', pattern: /(?<![\w-])(?:bot)?\d{8,10}:[\w-]{35}(?![\w-])/g },
  { what: 'a Slack token', pattern: /\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}/g },
  { what: 'a Slack token', pattern: /\bxapp-\d-[\w-]{10,}/g },
  { what: 'a Slack webhook', pattern: /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/]{20,}/g },
  { what: 'a GitHub token', pattern: /\bgh[oprsu]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{22,}/g },
  { what: 'a GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt|cbt|soat)-[\w-]{20,}/g },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a PyPI token', pattern: /\bpypi-AgE[\w-]{20,}/g },
  { what: 'an AWS key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  { what: 'a Google key', pattern: /\bAIza[\w-]{35}(?![\w-])|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{28}/g },
  { what: 'an Azure key', pattern: /\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}/g },
  { what: 'a Stripe key', pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{20,}/g },
  { what: 'an API key', pattern: /\bsk-(?:proj-|ant-|svcacct-)?[\w-]{32,}/g },
  { what: 'a SendGrid key', pattern: /\bSG\.[\w-]{20,}\.[\w-]{30,}/g },
  { what: 'a DigitalOcean token', pattern: /\bdo[oprt]_v1_[0-9a-f]{64}\b/g },
  { what: 'a Vault token', pattern: /\bhv[bs]\.[\w-]{24,}/g },
  { what: 'a signed token', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g },
  {
    what: 'a private key',
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  { what: 'an address with a password', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:[^\s/@]{1,200}@/gi },
  // What stands in the tables for a secret of ours: said back by us, it would be that secret.
  { what: 'a way in', pattern: /secret-[0-9a-f]{64}/g },
  { what: 'a sign-in link', pattern: /\bhttps?:\/\/[^\s/#]{1,200}\/sign-in#[\w-]{16,}/gi },
]; // biome-ignore format: a table

/** What stands where one was. */
export const removed = (what: string): string => `[removed: ${what}]`;
const REMOVED = /\[removed: ([\w' -]{3,40})\]/g;

/** The same words without the credentials in them. */
export function withoutCredentials(text: string): string {
  // The shortest of them has more.
  if (text.length < 16) return text;
  return SORTS.reduce((left, { what, pattern }) => left.replace(pattern, removed(what)), text);
}

/** What was taken out of these words before they came here. */
export const removedFrom = (text: string): readonly string[] =>
  text.includes('[removed: ') ? [...new Set([...text.matchAll(REMOVED)].map(([, what = '']) => what))] : [];

/** Nothing is done with what held one, whatever it asked for. */
export const aboutCredentials = (what: readonly string[]): Outcome =>
  refuse(
    say`That held what looks like ${enumerate(what)}. I kept nothing of it and did nothing. Make it useless now, where it was given out: whoever could read it here has it. I delete the message where I may; delete it where it still stands, and say the rest again without it.`,
  );
