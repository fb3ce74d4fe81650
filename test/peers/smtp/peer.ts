import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Certificate } from './certificate.ts';

/** A real SMTP server on loopback that keeps what it is handed, and fails in the ways that servers fail. */

type Moment = 'connect' | 'mail' | 'rcpt' | 'data';
export type Fault =
  /** Answers so; `data`: after the whole letter. */
  | { readonly at: Moment; readonly reply: number; readonly words?: string }
  /** Ends the connection. `data`: with the letter under way; `after-data`: the letter is kept, the answer is not given. */
  | { readonly at: Moment | 'after-data'; readonly cut: true }
  /** Says nothing more until the peer is closed. */
  | { readonly at: Moment | 'after-data'; readonly hang: true }
  /** Somebody on the way takes STARTTLS out of the greeting, and refuses it. */
  | { readonly at: 'connect'; readonly stripped: true };

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly parsed: ParsedMail;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
}

export interface SmtpPeerOptions {
  /** TLS from the first byte. */
  readonly isSecure?: boolean;
  /** Undefined: the expired certificate that the library brings. */
  readonly certificate?: Certificate;
  /** Whom it takes letters from; undefined: from everybody. */
  readonly auth?: { readonly user: string; readonly password: string };
  readonly size?: number;
}

export interface SmtpPeer {
  readonly port: number;
  /** As SMTP_URL names it. */
  readonly url: string;
  /** Everything that was kept, the oldest first; a letter without an answer is in it too. */
  readonly mails: readonly Received[];
  /** Connections so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Sign-ins so far, also those that failed. */
  readonly signIns: readonly { readonly user: string; readonly isEncrypted: boolean }[];
  /** The next `times` at that moment fail so. */
  fault(fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Ends every connection that is open. */
  drop(): void;
  /** Refuses connections, or takes them again on the same port. */
  away(gone: boolean): Promise<void>;
  close(): Promise<void>;
}

interface State {
  readonly options: SmtpPeerOptions;
  readonly mails: Received[];
  readonly signIns: { user: string; isEncrypted: boolean }[];
  readonly faults: { readonly fault: Fault; left: number }[];
  readonly sockets: Map<number, Socket>;
  connections: number;
}

type Done = (error?: Error | null) => void;

/** Starts a peer on a free port. */
export async function createSmtpPeer(options: SmtpPeerOptions = {}): Promise<SmtpPeer> {
  const state: State = {
    options,
    mails: [],
    signIns: [],
    faults: [],
    sockets: new Map(),
    connections: 0,
  };
  let server: SMTPServer | undefined;
  let port = 0;
  const open = async () => {
    server = createServer(state);
    const net = server.listen(port, '127.0.0.1');
    if (!net.listening) await once(net, 'listening');
    port = (net.address() as AddressInfo).port;
  };
  const drop = () => {
    for (const socket of state.sockets.values()) socket.destroy();
  };
  const shut = async () => {
    const closing = server;
    if (closing === undefined) return;
    server = undefined;
    const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
    drop();
    await closed;
  };
  await open();
  const { auth } = options;
  const way = auth === undefined ? '' : `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@`;
  return {
    port,
    url: `smtp${options.isSecure === true ? 's' : ''}://${way}127.0.0.1:${port}`,
    mails: state.mails,
    get connections() {
      return state.connections;
    },
    get open() {
      // The library takes our listeners off a connection that it encrypts: so each is asked.
      return [...state.sockets.values()].filter(({ destroyed }) => !destroyed).length;
    },
    signIns: state.signIns,
    fault: (fault, times = 1) => void state.faults.push({ fault, left: times }),
    clearFaults: () => void state.faults.splice(0),
    drop,
    away: async (gone) => {
      if (gone) await shut();
      else if (server === undefined) await open();
    },
    close: shut,
  };
}

function createServer(state: State): SMTPServer {
  const { options, sockets } = state;
  const server = new SMTPServer({
    secure: options.isSecure ?? false,
    ...(options.certificate === undefined ? {} : options.certificate),
    ...(options.size === undefined ? {} : { size: options.size }),
    disableReverseLookup: true,
    allowInsecureAuth: true,
    authOptional: options.auth === undefined,
    ...(options.auth === undefined ? { disabledCommands: ['AUTH'] } : {}),
    logger: false,
    onConnect: (session, done) => {
      state.connections += 1;
      const isStripped = take(state, 'connect', (fault) => 'stripped' in fault) !== undefined;
      if (isStripped) Object.assign(session, { disabledCommands: ['STARTTLS'] });
      if (isStripped) done();
      else play(state, 'connect', session, done);
    },
    onAuth: ({ username = '', password }, session, done) => {
      state.signIns.push({ user: username, isEncrypted: session.secure });
      if (username === options.auth?.user && password === options.auth.password) done(null, { user: username });
      else done(refusal(535, `no such user, or not this password: ${username}`));
    },
    onMailFrom: (_, session, done) => play(state, 'mail', session, done),
    onRcptTo: (_, session, done) => play(state, 'rcpt', session, done),
    onData: (stream, session, done) => void keep(state, stream, session, done),
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.set(socket.remotePort ?? 0, socket);
    socket.on('error', () => socket.destroy());
  });
  return server;
}

async function keep(state: State, stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
  const cut = take(state, 'data', (fault) => 'cut' in fault || 'hang' in fault);
  if (cut !== undefined) {
    stream.once('data', () => apply(state, cut, session, done));
    return;
  }
  const raw = await buffer(stream).catch(() => undefined);
  if (raw === undefined) return;
  const refused = take(state, 'data', () => true);
  if (refused !== undefined) return apply(state, refused, session, done);
  const { mailFrom, rcptTo } = session.envelope;
  state.mails.push({
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw: raw.toString('utf8'),
    parsed: await simpleParser(raw),
    isEncrypted: session.secure,
    user: session.user,
  });
  play(state, 'after-data', session, done);
}

/** What is to happen at this moment: the fault that waits for it, or nothing out of the ordinary. */
function play(state: State, at: Fault['at'], session: SMTPServerSession, done: Done): void {
  const fault = take(state, at, () => true);
  if (fault === undefined) done();
  else apply(state, fault, session, done);
}

function take({ faults }: State, at: Fault['at'], fits: (fault: Fault) => boolean): Fault | undefined {
  const found = faults.find(({ fault, left }) => left > 0 && fault.at === at && fits(fault));
  if (found !== undefined) found.left -= 1;
  return found?.fault;
}

function apply(state: State, fault: Fault, session: SMTPServerSession, done: Done): void {
  if ('reply' in fault) done(refusal(fault.reply, fault.words ?? 'as the test wants it'));
  else if ('cut' in fault) state.sockets.get(session.remotePort)?.destroy();
}

const refusal = (reply: number, words: string): Error => Object.assign(new Error(words), { responseCode: reply });
