import type { Organisation } from '../core/organisation.ts';
import type { Finding, Platform } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { Invocation } from './cli.ts';

/** What the chats say of our tokens, for the setup and the doctor. */

export interface Checked {
  readonly platform: Platform;
  readonly finding: Finding;
  /** Something that this organisation wants will not work. */
  readonly isLacking: boolean;
}

/** Calls every chat whose token is set. Nothing is started, and what the libraries say meanwhile is nobody's business. */
export async function checkChats(
  { connectChats, createLog }: Pick<Invocation, 'connectChats' | 'createLog'>,
  settings: Settings,
  organisation: Organisation | undefined,
): Promise<readonly Checked[]> {
  const chats = await connectChats(settings, createLog('silent'));
  const found = await Promise.all(
    chats.map(async (chat) => {
      const findings = await chat.check();
      await chat.stop();
      return findings.map(
        (finding): Checked => ({
          platform: chat.platform,
          finding,
          isLacking: !finding.ok && !(isAboutMentions(finding) && !watchesOnTelegram(organisation)),
        }),
      );
    }),
  );
  return found.flat();
}

/** Privacy mode keeps nothing from working but the rule about mentions, and that only where a chat asks for it. */
const isAboutMentions = ({ what }: Finding): boolean => /^privacy mode is on/.test(what);
const watchesOnTelegram = (organisation: Organisation | undefined): boolean =>
  organisation?.chats.some((chat) => chat.watch_mentions && chat.telegram !== undefined) === true;

/** A finding that names a setting is about its value. */
export const isAbout = ({ what, remedy = '' }: Finding, setting: string): boolean =>
  new RegExp(`\\b${setting}\\b`).test(`${what} ${remedy}`);
