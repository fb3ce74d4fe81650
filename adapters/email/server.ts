import { isIP } from 'node:net';

/** Where letters are handed in, and how safe the way there has to be. */

export interface Server {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). */
  readonly isSecure: boolean;
  /** The way leaves this machine: encrypted, with a certificate that is looked at, or not at all. */
  readonly mustEncrypt: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

const SUBMISSION = 587;
const SUBMISSIONS = 465;
const RELAY = 25;

/** Reads `smtp(s)://user:password@host:port`. The problem never repeats what was given: a password is in it. */
export function readServer(url: string): Server | { readonly problem: string } {
  const form = 'SMTP_URL must be smtp://user:password@host:port or smtps://…';
  if (!URL.canParse(url)) return { problem: form };
  const { protocol, hostname, port, username, password, pathname, search } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:') return { problem: form };
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === '') return { problem: `${form}; the host is missing` };
  // Settings in the query could take the encryption away without anybody seeing it.
  if ((pathname !== '' && pathname !== '/') || search !== '')
    return { problem: `${form}; it takes nothing after the port` };
  const user = decoded(username);
  const pass = decoded(password);
  if (user === undefined || pass === undefined)
    return { problem: 'SMTP_URL: write % in the user or the password as %25' };
  if ((user === '') !== (pass === '')) return { problem: 'SMTP_URL: user and password go together; give both or none' };
  const isLocal = isLoopback(host);
  const isSecure = protocol === 'smtps:';
  const usual = isSecure ? SUBMISSIONS : isLocal ? RELAY : SUBMISSION;
  return {
    host,
    port: port === '' ? usual : Number(port),
    isSecure,
    mustEncrypt: isSecure || !isLocal,
    ...(user === '' ? {} : { auth: { user, pass } }),
  };
}

/** What is said to this host stays on this machine. Another name might be resolved to anything, so only these count. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** A host name as it may stand behind the @ of an address. */
export const isAddressHost = (host: string): boolean =>
  host.length <= 253 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i.test(host);

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
