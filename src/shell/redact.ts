/** The one redactor: whatever leaves the process as a log passes through it, so that no token is ever read there. */

const SECRETS: readonly RegExp[] = [
  /\bbot\d{6,}:[\w-]{30,}/g,
  /\b\d{8,10}:[\w-]{35}\b/g,
  /xox[a-z]-[\w-]{10,}/g,
  /xapp-[\w-]{10,}/g,
  /gh[a-z]_\w{20,}/g,
  /github_pat_\w{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\b(?:Bearer|Application|token)\s+[\w.~+/=-]{12,}/g,
  /(?<=:\/\/[^\s:/@]{1,100}:)[^\s@/]{1,200}(?=@)/g,
  /(?<=\/sign-in#)[\w-]+/g,
  /(?<="(?:password|secret|token|code)":")[^"]+(?=")/gi,
];

const REDACTED = '[redacted]';
const values = new Set<string>();

/** A secret of the settings, which is then redacted wherever it appears. */
export function keepSecret(value: string): void {
  if (value.length >= 6) values.add(value);
}

export function redact(text: string): string {
  let out = text;
  for (const secret of SECRETS) out = out.replace(secret, REDACTED);
  for (const value of values) out = out.replaceAll(value, REDACTED);
  return out;
}
