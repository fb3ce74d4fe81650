import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { AdapterLog, Clock, Finding, Letter, Mail, Posted } from '../../src/forge-ports.ts';
import { readSender, toMessage } from './letter.ts';
import { type Failure, failureOf, isAboutEncryption, outcomeOf, wordsOf } from './outcome.ts';
import { isAddressHost, readServer, type Server } from './server.ts';

/** Mail: letters handed in over SMTP, each with what became of it. Tried again by the outbox and by nobody else. */

export interface MailOptions {
  /** `smtp(s)://user:password@host:port`. */
  readonly url: string;
  /** The sender: `a@example.org` or `Baton <a@example.org>`. */
  readonly from: string;
  /** What stands behind the @ of every Message-ID. */
  readonly messageHost: string;
  readonly clock: Clock;
  readonly log: AdapterLog;
  /** How long is waited, in milliseconds. */
  readonly patience?: Partial<Patience>;
  /** A certificate authority (PEM) that is asked instead of the usual ones. */
  readonly ca?: string | undefined;
  /** Makes the connection in another way than directly. */
  dial?(host: string, port: number): Promise<Socket>;
}

interface Patience {
  readonly connect: number;
  readonly greeting: number;
  readonly silence: number;
  /** For one letter in all: a server that says a byte now and then is never silent. */
  readonly whole: number;
}

const PATIENCE: Patience = { connect: 10_000, greeting: 10_000, silence: 30_000, whole: 120_000 };
const CONNECTIONS = 3;
/** Shorter than any server's: a connection that it has closed is found out only by the next letter. */
const IDLE = 30_000;

/** Never throws: what is wrong with the settings is what every letter and the check then say. */
export function createMail(options: MailOptions): Mail {
  const server = readServer(options.url);
  const sender = readSender(options.from);
  const problem =
    'problem' in server
      ? server.problem
      : sender === undefined
        ? 'MAIL_FROM must be one address: a@example.org or Baton <a@example.org>'
        : isAddressHost(options.messageHost)
          ? undefined
          : 'the host of the Message-ID is no host name';
  if ('problem' in server || sender === undefined || problem !== undefined)
    return withoutServer(problem ?? 'mail is not set up');
  return connected(options, server, sender);
}

function connected(options: MailOptions, server: Server, sender: { name: string; address: string }): Mail {
  const { clock, log, messageHost } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const { transporter, begun } = createPool(options, server, patience);
  const underWay = new Set<Promise<Posted>>();
  let isStopped = false;

  async function send(letter: Letter): Promise<Posted> {
    const message = toMessage(letter, sender, messageHost, clock.now());
    if (typeof message === 'string') return { is: 'refused', why: message };
    const signal = AbortSignal.timeout(patience.whole);
    try {
      const info = await transporter.sendMail({ ...message, signal });
      return { is: 'sent', id: info.messageId };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === undefined && failure.reply === undefined) log.fault('a letter failed', bare(error));
      return outcomeOf(failure, begun.get(signal)?.readableDidRead === true);
    }
  }

  return {
    send: (letter) => {
      if (isStopped) return Promise.resolve({ is: 'away', why: 'mail is being stopped' });
      const sending = send(letter);
      underWay.add(sending);
      return sending.finally(() => underWay.delete(sending));
    },
    check: async () => {
      try {
        await transporter.verify();
        return [reached(server)];
      } catch (error) {
        return [trouble(failureOf(error), server)];
      }
    },
    stop: async () => {
      isStopped = true;
      await Promise.allSettled(underWay);
      transporter.close({ force: true });
    },
  };
}

function createPool(options: MailOptions, server: Server, patience: Patience) {
  const { ca, dial } = options;
  const transporter = createTransport({
    pool: true,
    host: server.host,
    port: server.port,
    secure: server.isSecure,
    requireTLS: server.mustEncrypt,
    name: options.messageHost,
    ...(server.auth === undefined ? {} : { auth: server.auth, forceAuth: true }),
    tls: {
      minVersion: 'TLSv1.2',
      // A relay on this machine has a certificate of its own making, if any; what is said to it goes nowhere else.
      rejectUnauthorized: server.mustEncrypt,
      ...(ca === undefined ? {} : { ca }),
    },
    connectionTimeout: patience.connect,
    dnsTimeout: patience.connect,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.silence,
    maxConnections: CONNECTIONS,
    idleTimeout: IDLE,
    // One, for a connection that was closed while nobody used it; the library does so only if nothing was handed over.
    maxRequeues: 1,
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dial === undefined
      ? {}
      : {
          getSocket: (_: unknown, done: (error: Error | null, socket?: { connection: Socket }) => void) =>
            void dial(server.host, server.port).then(
              (connection) => done(null, { connection }),
              (error: Error) => done(error),
            ),
        }),
  });
  // The errors of the library do not tell whether the letter had been begun; whether its stream was read does.
  const begun = new WeakMap<AbortSignal, Readable>();
  transporter.use('stream', (mail, done) => {
    const { signal } = mail.data;
    const { message } = mail;
    const make = message.createReadStream.bind(message);
    message.createReadStream = (given) => {
      const stream = make(given);
      if (signal !== undefined) begun.set(signal, stream);
      return stream;
    };
    done();
  });
  return { transporter, begun };
}

/** An error without its words: what a server or a library put there may be anything. */
const bare = (error: unknown): Error => new Error(error instanceof Error ? error.name : typeof error);

function withoutServer(problem: string): Mail {
  return {
    send: async () => ({ is: 'away', why: problem }),
    check: async () => [{ ok: false, what: problem, remedy: 'mend it and start again' }],
    stop: async () => undefined,
  };
}

const reached = ({ host, auth, mustEncrypt }: Server): Finding => ({
  ok: true,
  what: `the mail server ${host} answers${mustEncrypt ? ', encrypted' : ''}${auth === undefined ? '' : ', and takes the user and the password'}`,
});

function trouble(failure: Failure, { host, port }: Server): Finding {
  const what = wordsOf(failure);
  if (failure.kind === 'EAUTH')
    return { ok: false, what, remedy: 'see whether the user and the password in SMTP_URL are right' };
  if (isAboutEncryption(failure))
    return {
      ok: false,
      what,
      remedy: 'use smtps:// where the server has it; a certificate authority of your own goes into NODE_EXTRA_CA_CERTS',
    };
  return { ok: false, what, remedy: `see whether this machine reaches ${host}, port ${port}, as in SMTP_URL` };
}
