import { LogLevel } from '@slack/bolt';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { createSlackPeer, type SlackPeerOptions } from './peer.ts';

/** What the tests of the peer begin with. */

export const endings: (() => unknown)[] = [];
/** Ends what a test has opened, the last first. */
export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).toReversed()) await end();
}

/** A client that tries once. */
export const tryOnce = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logLevel: LogLevel.ERROR };
export const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** A workspace with two people, a channel and a client. */
export async function open(options: SlackPeerOptions = {}) {
  const peer = await createSlackPeer(options);
  endings.push(() => peer.stop());
  const olga = peer.user({ id: 'U0OLGA', name: 'olga' });
  const kim = peer.user({ id: 'U0KIM', name: 'kim' });
  peer.channel({ id: 'C0WEB', name: 'web', members: ['U0OLGA', 'U0KIM'] });
  const client = new WebClient(peer.botToken, { slackApiUrl: peer.apiUrl, timeout: 2000, ...tryOnce, logger: quiet });
  return { peer, olga, kim, client };
}

/** The error that a call is refused with. */
export const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: unknown) => (error instanceof WebAPIPlatformError ? error.data.error : String(error)),
  );

export const section = (text: string, verbatim?: boolean) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text, ...(verbatim === undefined ? {} : { verbatim }) },
});
export const button = (label: string, action_id: string, value = 'v') => ({
  type: 'button' as const,
  text: { type: 'plain_text' as const, text: label },
  action_id,
  value,
});
export const reasonForm = {
  type: 'modal' as const,
  callback_id: 'reason',
  title: { type: 'plain_text' as const, text: 'Reject' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'words' },
    },
  ],
};
