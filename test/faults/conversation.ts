import type { Voice } from './voice.ts';

/** A conversation of many people, step by step; each step says when what it is about has arrived where it belongs. */

export interface Step {
  readonly name: string;
  /** Words can be brought again by the platform; a press can not: whoever sees it fail presses once more. */
  readonly speak: (voice: Voice) => readonly (() => Promise<boolean>)[];
  readonly isDone: (voice: Voice) => boolean;
}

const says = (person: string, text: string, answer: RegExp): Step => ({
  name: `${person}: ${text}`,
  speak: (voice) => {
    voice.say(person, text);
    return [];
  },
  isDone: (voice) => voice.seenBy(person).some((each) => answer.test(each)),
});

interface Press {
  readonly as: string;
  readonly label: string;
  readonly on: string;
  readonly chat?: string;
}

const presses = (all: readonly Press[], isDone: Step['isDone']): Step => ({
  name: all.map(({ as, label, on }) => `${as} presses ${label} on ${on}`).join(' and '),
  speak: (voice) =>
    all.map(
      ({ as, label, on, chat }) =>
        () =>
          voice.press(as, label, on, chat),
    ),
  isDone,
});

const shows = (chat: string, text: RegExp) => (voice: Voice) => voice.seenIn(chat).some((each) => text.test(each));

export const CONVERSATION: readonly Step[] = [
  says('bea', '/propose product Alpha', /PROD-1 “Alpha” is proposed/),
  {
    ...says('sam', '/call open', /The call is open/),
    isDone: (voice) =>
      voice.seenBy('sam').some((each) => /The call is open/.test(each)) && shows('board', /Agree on PROD-1/)(voice),
  },
  presses(
    [
      { as: 'sam', label: 'Approve', on: 'Agree on PROD-1', chat: 'board' },
      { as: 'sol', label: 'Abstain', on: 'Agree on PROD-1', chat: 'board' },
    ],
    shows('board', /Agree on PROD-1.*Approve: Sam\. Reject: –\. Missing: Sue\./),
  ),
  {
    ...says('bea', '/propose product Beta', /PROD-2 “Beta” is proposed/),
    isDone: (voice) =>
      voice.seenBy('bea').some((each) => /PROD-2 “Beta” is proposed/.test(each)) &&
      shows('board', /Agree on PROD-2/)(voice),
  },
  presses(
    [{ as: 'sue', label: 'Approve', on: 'Agree on PROD-1', chat: 'board' }],
    (voice) => !shows('board', /Agree on PROD-1.*Missing: Sue/)(voice),
  ),
  says('sam', '/reject PROD-2 too dear', /PROD-2.*Reject: Sam/),
  says('sam', '/prioritise PROD-1 1 owner pia', /PROD-1 “Alpha” has rank 1/),
  says('pia', '/circle PROD-1 create', /The circle of PROD-1 is/),
  says('pia', '/link PROD-1 us:34', /Linked to PROD-1/),
  presses([{ as: 'arno', label: 'Approve', on: 'Sign-off of PROD-1' }], (voice) =>
    voice.seenBy('arno').some((each) => /The vote on PROD-1.*approved/.test(each)),
  ),
  says('dave', '/alert major The map is slow', /ALERT-1.*OPS is told/),
  says('olga', '/ack ALERT-1', /ALERT-1 is yours/),
  says('olga', '/resolve ALERT-1 it was the cache', /ALERT-1 is resolved/),
  says('bea', '/drop PROD-2 changed my mind', /PROD-2.*dropped/),
];
