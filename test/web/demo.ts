import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A bot as a process of its own, in a folder of its own, and a visitor who asks for its pages. */

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Bot {
  readonly origin: string;
  /** What it has said on its standard output so far. */
  said(): string;
  /** Ends it by SIGTERM. */
  stop(): Promise<Outcome>;
}

export function createFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'baton-web-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The environment without anything of Baton's that the machine may have. */
function clean(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|TMPDIR|TZ|LANG)$/.test(name));
  return { ...Object.fromEntries(kept), PORT: '0', LOG_LEVEL: 'warn', ...environment };
}

const running = new Set<ChildProcess>();

/** Ends what a test that failed has left running. */
export function stopAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function launch(folder: string, environment: Readonly<Record<string, string>>, args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: clean(environment) });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    out.stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    out.stderr += data.toString();
  });
  running.add(child);
  const ended = once(child, 'close').then((): Outcome => {
    running.delete(child);
    return { code: child.exitCode, ...out };
  });
  return { child, out, ended };
}

/** Runs a command to its end. */
export const runBaton = (
  folder: string,
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome> => launch(folder, environment, args).ended;

/** Starts a bot; resolves once it has printed its address. */
export async function startBot(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  ...args: readonly string[]
): Promise<Bot> {
  const { child, out, ended } = launch(folder, environment, ['start', ...args]);
  const origin = await Promise.race([addressIn(child, () => out.stdout), ended.then(() => undefined)]);
  if (origin === undefined) throw new Error(`it did not start: ${out.stderr}${out.stdout}`);
  return {
    origin,
    said: () => out.stdout,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

async function addressIn(child: ChildProcess, said: () => string): Promise<string> {
  for (;;) {
    const found = /(http:\/\/\S+?)\/(?= |\n)/.exec(said())?.[1];
    if (found !== undefined) return found;
    if (child.stdout !== null) await once(child.stdout, 'data');
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request, with whatever headers: also those that a browser would never send. */
export function ask(
  origin: string,
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<Reply> {
  const { promise, resolve: done, reject } = Promise.withResolvers<Reply>();
  const sent = request(
    `${origin}${path}`,
    { method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    },
  );
  sent.on('error', reject);
  sent.end(options.body);
  return promise;
}

export interface Visitor {
  get(path: string): Promise<Reply>;
  /** Sends a form with the id of a page: of the one given, or of a fresh one. */
  post(path: string, fields: Readonly<Record<string, string>>, page?: string): Promise<Reply>;
  /** The id that the forms of a fresh page carry. */
  page(): Promise<string>;
  be(person: string): Promise<void>;
  /** Says something in a chat, or in private, and resolves to the conversation. */
  say(text: string, chat?: string): Promise<string>;
}

export const pageIdIn = (text: string): string => /name="page" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** Somebody with a browser: a cookie, and the origin on every form. */
export function createVisitor(origin: string): Visitor {
  let cookie = '';
  const get = (path: string) => ask(origin, path, { headers: { cookie } });
  const page = async () => pageIdIn((await get('/clock')).text);
  const post: Visitor['post'] = async (path, fields, id) => {
    const body = new URLSearchParams({ page: id ?? (await page()), ...fields }).toString();
    const reply = await ask(origin, path, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    cookie = reply.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
    return reply;
  };
  return {
    get,
    page,
    post,
    be: async (person) => void (await post('/as', { as: person })),
    say: async (text, chat = '') => {
      await post('/say', { place: chat, text });
      return (await get(chat === '' ? '/console' : `/chat/${chat}`)).text;
    },
  };
}
