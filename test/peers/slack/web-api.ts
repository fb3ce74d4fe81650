import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fault, type Faults, isHandled, spoil } from './faults.ts';
import { isJson, type Json, parse, string } from './json.ts';
import { chatMethods } from './methods-chat.ts';
import { lookingMethods } from './methods-conversations.ts';
import { viewMethods } from './methods-views.ts';
import { type Breach, createRates, type Limits } from './rates.ts';
import { type Method, refuse, type Service } from './service.ts';
import { TEAM } from './world.ts';

/** The Web API over HTTP: tokens, scopes, rates, faults, and then the method. */

export interface Call {
  readonly method: string;
  readonly args: Json;
  readonly at: number;
  /** What was answered; undefined where a fault kept it from being. */
  readonly answer: Json | undefined;
  readonly status: number;
  readonly fault: Fault | undefined;
}
export interface WebApi {
  readonly calls: Call[];
  readonly breaches: Breach[];
  handle(method: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** From now on the bot's token is answered so; undefined takes it again. */
  revoke(error: string | undefined): void;
}
export interface Access {
  readonly botToken: string;
  readonly appToken: string;
  readonly scopes: readonly string[];
  /** Where the bot is to open its socket. */
  link(): string;
}

const METHODS: Readonly<Record<string, Method>> = { ...chatMethods, ...lookingMethods, ...viewMethods };

/** What the bot must have been granted; one of them suffices. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.open': ['im:write', 'mpim:write'],
  'conversations.info': ['channels:read', 'groups:read', 'im:read'],
  'conversations.members': ['channels:read', 'groups:read', 'im:read'],
  'conversations.list': ['channels:read', 'groups:read', 'im:read'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.invite': ['channels:manage', 'groups:write', 'channels:write.invites', 'groups:write.invites'],
  'conversations.join': ['channels:join'],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
  'bots.info': ['users:read'],
  'team.info': ['team:read'],
  'pins.add': ['pins:write'],
  'pins.remove': ['pins:write'],
};
export const ALL_SCOPES: readonly string[] = [
  ...new Set([...Object.values(SCOPES).flat(), 'commands', 'app_mentions:read']),
];

export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** The arguments, from a form or from JSON. */
async function argumentsOf(request: IncomingMessage): Promise<Json | undefined> {
  const body = await readBody(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body));
  if (type.startsWith('application/json')) {
    const read = parse(body === '' ? '{}' : body);
    return isJson(read) ? read : undefined;
  }
  return body === '' ? {} : undefined;
}

export function createWebApi(service: Service, access: Access, faults: Faults, limits: Limits): WebApi {
  const { world } = service;
  const calls: Call[] = [];
  const breaches: Breach[] = [];
  const tooFast = createRates(world.now, limits.burst);
  let revoked: string | undefined;

  const admit = (method: string, request: IncomingMessage, args: Json): Json | undefined => {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? string(args.token);
    if (token === '') return refuse('not_authed');
    if (token !== access.botToken && token !== access.appToken) return refuse('invalid_auth');
    if ((token === access.appToken) !== (method === 'apps.connections.open')) return refuse('not_allowed_token_type');
    if (revoked !== undefined && token === access.botToken) return refuse(revoked);
    const needed = SCOPES[method];
    if (needed !== undefined && !needed.some((scope) => access.scopes.includes(scope)))
      return refuse('missing_scope', { needed: needed[0], provided: access.scopes.join(',') });
    return undefined;
  };

  const answer = (method: string, request: IncomingMessage, args: Json | undefined): Json => {
    if (args === undefined) return refuse('invalid_form_data');
    const refused = admit(method, request, args);
    if (refused !== undefined) return refused;
    if (method === 'apps.connections.open') return { ok: true, url: access.link() };
    const run = METHODS[method];
    return run === undefined ? refuse('unknown_method', { req_method: method }) : run(args, service);
  };

  const handle: WebApi['handle'] = async (method, request, response) => {
    const args = await argumentsOf(request);
    const note = (status: number, given: Json | undefined, fault?: Fault) => {
      calls.push({ method, args: args ?? {}, at: world.now(), answer: given, status, fault });
      world.changed();
    };
    const fault = faults.take(method);
    if (fault !== undefined) {
      const held = isHandled(fault) ? answer(method, request, args) : undefined;
      note('status' in fault ? fault.status : 'retryAfter' in fault ? 429 : 200, held, fault);
      return spoil(fault, response);
    }
    const breach = tooFast(method, string(args?.channel));
    if (breach !== undefined) {
      breaches.push(breach);
      if (limits.enforce) {
        note(429, undefined);
        return spoil({ retryAfter: String(breach.after) }, response);
      }
    }
    const given = answer(method, request, args);
    note(200, given);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'x-oauth-scopes': access.scopes.join(','),
      'x-slack-req-id': world.id('r'),
      'x-slack-team': TEAM,
    };
    response.writeHead(200, headers).end(JSON.stringify(given));
  };

  return {
    calls,
    breaches,
    handle,
    revoke: (error) => {
      revoked = error;
    },
  };
}
