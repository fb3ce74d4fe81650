import { connect, type Socket } from 'node:net';
import { createMail, type MailOptions } from '../../adapters/email/index.ts';
import type { Letter, Mail } from '../../src/forge-ports.ts';
import { createSmtpPeer, type SmtpPeer, type SmtpPeerOptions } from '../peers/smtp/peer.ts';

/** The adapter before a mail server. */

export interface Stage {
  readonly peer: SmtpPeer;
  readonly mail: Mail;
  /** Every line that was logged, with its details. */
  readonly logged: string[];
  /** Another one with other settings. */
  another(more: Partial<MailOptions>): Mail;
  close(): Promise<void>;
}

const NOW = Date.UTC(2026, 2, 2, 9, 30);

export async function createStage(peerOptions: SmtpPeerOptions = {}, more: Partial<MailOptions> = {}): Promise<Stage> {
  const peer = await createSmtpPeer(peerOptions);
  const mails: Mail[] = [];
  const logged: string[] = [];
  const keep = (message: string, details?: unknown): void =>
    void logged.push(`${message} ${JSON.stringify(details)} ${String(details)}`);
  const another = (other: Partial<MailOptions>): Mail => {
    const made = createMail({
      url: peer.url,
      from: 'Baton <baton@example.org>',
      messageHost: 'example.org',
      clock: { now: () => NOW },
      log: {
        info: keep,
        warn: keep,
        fault: (message, error) => {
          keep(message, error);
          return 'f00';
        },
      },
      ...more,
      ...other,
    });
    mails.push(made);
    return made;
  };
  const mail = another({});
  return {
    peer,
    mail,
    logged,
    another,
    close: async () => {
      await peer.close();
      await Promise.all(mails.map((each) => each.stop()));
    },
  };
}

export const letter = (more: Partial<Letter> = {}): Letter => ({
  id: 'm-1',
  to: 'ann@example.net',
  subject: 'Please test WEB-1',
  text: 'Please test WEB-1.\n',
  html: '<!doctype html><html lang="en"><title>t</title><p>Please test WEB-1.</p></html>',
  urgent: false,
  ...more,
});

/** Reaches the peer whatever host is asked for, and keeps the first bytes that leave, as they leave. */
export function recording(port: number) {
  const said: string[] = [];
  const dial = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const write = socket.write.bind(socket);
      const tapped = (...args: Parameters<Socket['write']>): boolean => {
        said.push(String(args[0]));
        return write(...args);
      };
      Object.assign(socket, { write: tapped });
      socket.once('connect', () => resolve(socket));
      socket.once('error', reject);
    });
  return { said, dial };
}
