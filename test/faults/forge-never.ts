import { createHmac } from 'node:crypto';
import type { Hooks } from '../peers/github/hooks.ts';

/** What must never let a deployment through: what GitHub tells of one, changed in one thing. */

type Payload = Record<string, unknown>;
export interface Odd {
  readonly name: string;
  /** Changes what GitHub tells; `trap` is the port of somebody who waits for our word. */
  readonly payload?: (payload: Payload, trap: number) => void;
  readonly headers?: (hooks: Hooks, body: string) => Readonly<Record<string, string>>;
}

const signed = (algorithm: 'sha1' | 'sha256', body: string, secret: string): string =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
const drop =
  (...path: readonly string[]) =>
  (payload: Payload): void => {
    let at: Payload = payload;
    for (const name of path.slice(0, -1)) at = at[name] as Payload;
    delete at[path.at(-1) ?? ''];
  };
const put = (path: readonly string[], value: unknown) => (payload: Payload) => {
  let at: Payload = payload;
  for (const name of path.slice(0, -1)) at = at[name] as Payload;
  at[path.at(-1) ?? ''] = value;
};
const address = (change: (url: string, trap: number) => unknown) => (payload: Payload, trap: number) =>
  put(['deployment_callback_url'], change(String(payload.deployment_callback_url), trap))(payload);

export const MISSING: readonly Odd[] = [
  { name: 'no address to answer at', payload: drop('deployment_callback_url') },
  { name: 'an empty address', payload: address(() => '') },
  { name: 'an address that is no text', payload: address(() => 7) },
  { name: 'no deployment', payload: drop('deployment') },
  { name: 'a deployment that is null', payload: put(['deployment'], null) },
  { name: 'a deployment that is a list', payload: put(['deployment'], []) },
  {
    name: 'no deployment, and a commit beside it',
    payload: (payload) => Object.assign(payload, { deployment: null, sha: 'a'.repeat(40), ref: 'v1' }),
  },
  { name: 'no commit', payload: drop('deployment', 'sha') },
  {
    name: 'two environments',
    payload: put(['environment'], 'testnet'),
  },
  {
    name: 'no environment anywhere',
    payload: (payload) => {
      drop('environment')(payload);
      drop('deployment', 'environment')(payload);
    },
  },
  {
    name: 'an environment in other letters',
    payload: (payload) => {
      put(['environment'], 'Production')(payload);
      put(['deployment', 'environment'], 'Production')(payload);
    },
  },
  { name: 'no installation', payload: drop('installation') },
  { name: 'an installation that is null', payload: put(['installation'], null) },
  { name: 'another installation', payload: put(['installation'], { id: 99 }) },
  {
    name: 'nobody who started it',
    payload: (payload) => {
      drop('sender')(payload);
      drop('deployment', 'creator')(payload);
    },
  },
  { name: 'another action', payload: put(['action'], 'completed') },
  { name: 'two commits', payload: put(['sha'], 'b'.repeat(40)) },
];

const ODD_ADDRESSES: readonly (readonly [string, (url: string, trap: number) => string])[] = [
  ['another host', (url) => url.replace('127.0.0.1', 'localhost')],
  ['a host far away', (url) => url.replace(/^http:\/\/[^/]+/, 'https://evil.example')],
  ['our host as a user’s name', (url) => url.replace(/^(http:\/\/[^/]+)/, '$1@evil.example')],
  ['a user’s name before our host', (url) => url.replace('http://', 'http://baton:secret@')],
  ['another port', (url, trap) => url.replace(/:\d+\//, `:${trap}/`)],
  ['another port behind ours', (url, trap) => url.replace(/:(\d+)\//, `:$1@127.0.0.1:${trap}/`)],
  ['another protocol', (url) => url.replace('http:', 'https:')],
  ['another owner', (url) => url.replace('example/web', 'evil/web')],
  ['another repository of ours', (url) => url.replace('example/web', 'example/grid')],
  ['another repository', (url) => url.replace('example/web', 'example/secrets')],
  ['a way out', (url) => url.replace('example/web', 'example/grid/../web')],
  ['a way round', (url) => url.replace(/runs\/(\d+)/, 'runs/1/../$1')],
  ['two slashes', (url) => url.replace('/repos/', '//repos/')],
  ['letters written otherwise', (url) => url.replace('web', '%77eb')],
  ['a slash written otherwise', (url) => url.replace('example/web', 'example%2Fweb')],
  ['a backslash', (url) => url.replace('/repos/', '\\repos/')],
  ['capitals in the path', (url) => url.replace('/repos/', '/REPOS/')],
  ['capitals in the repository', (url) => url.replace('example/web', 'Example/WEB')],
  ['capitals in the protocol', (url) => url.replace('http:', 'HTTP:')],
  ['a question', (url) => `${url}?run=1`],
  ['a fragment', (url) => `${url}#1`],
  ['a slash behind', (url) => `${url}/`],
  ['a space before', (url) => ` ${url}`],
  ['a line break behind', (url) => `${url}\n`],
  ['a run that is none', (url) => url.replace(/runs\/\d+/, 'runs/0x10')],
  ['a run with noughts before', (url) => url.replace(/runs\/(\d+)/, 'runs/0$1')],
  ['another call', (url) => url.replace('deployment_protection_rule', 'pending_deployments')],
];
export const ADDRESSES: readonly Odd[] = ODD_ADDRESSES.map(([name, change]) => ({ name, payload: address(change) }));

export const SIGNATURES: readonly Odd[] = [
  { name: 'no signature', headers: () => ({ 'x-hub-signature-256': '' }) },
  { name: 'a forged one', headers: () => ({ 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }) },
  {
    name: 'one over other words',
    headers: (hooks, body) => ({ 'x-hub-signature-256': hooks.sign(`${body} `) }),
  },
  {
    name: 'one with another secret',
    headers: (_hooks, body) => ({ 'x-hub-signature-256': signed('sha256', body, 'another secret') }),
  },
  {
    name: 'one of SHA-1 alone',
    headers: (_hooks, body) => ({
      'x-hub-signature-256': '',
      'x-hub-signature': signed('sha1', body, 'a-secret-of-the-webhook'),
    }),
  },
  {
    name: 'one of SHA-1 where that of SHA-256 belongs',
    headers: (_hooks, body) => ({ 'x-hub-signature-256': signed('sha1', body, 'a-secret-of-the-webhook') }),
  },
  {
    name: 'capitals in it',
    headers: (hooks, body) => ({ 'x-hub-signature-256': hooks.sign(body).toUpperCase() }),
  },
];

export const ELSEWHERE: readonly Odd[] = [
  { name: 'a repository of others', payload: put(['repository', 'full_name'], 'evil/web') },
  { name: 'no repository', payload: drop('repository') },
  { name: 'another repository of ours than its address', payload: put(['repository', 'full_name'], 'example/grid') },
];

export const STARTED: readonly Odd[] = [
  { name: 'somebody of the web team', payload: put(['sender'], { login: 'wim-gh', id: 1, type: 'User' }) },
  { name: 'somebody whom nobody knows', payload: put(['sender'], { login: 'mallory', id: 2, type: 'User' }) },
  { name: 'an id of the file that is no account', payload: put(['sender'], { login: 'olga', id: 3, type: 'User' }) },
  { name: 'a commit that nobody approved', payload: put(['deployment', 'ref'], 'v2') },
  {
    name: 'a branch that is called like the version',
    payload: put(['deployment', 'ref'], 'refs/heads/v1'),
  },
];
