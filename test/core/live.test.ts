import { expect, test } from 'vitest';
import { follow } from '../../src/core/incoming.ts';
import { showLive, streamsOfLive } from '../../src/core/live.ts';
import type { Live, Message } from '../../src/core/message.ts';
import { toPlain } from '../../src/core/text.ts';
import { createStage, type Stage } from './stage.ts';

const ON_CALL = '2026-11-26T16:00:00+01:00';

const TO_STAGING = `
  sam: /call open
  mia: /propose web Campaign
  mia: /link WEB-1 https://cryptpad.example.org/pad/1
  sam: /approve WEB-1
  sue: /approve WEB-1
  sam: /prioritise WEB-1 1
  mia: /link WEB-1 us:5
  mia: /handover WEB-1 web`;

const TO_CIRCLE = `
  bea: /propose product Grid
  sam: /approve PROD-1
  sue: /approve PROD-1
  sam: /prioritise PROD-1 2 owner pia
  pia: /circle PROD-1 create
  pia: /link PROD-1 us:34`;

const TO_REQUEST = `
  arno: /approve PROD-1
  pia: /done PROD-1
  lea: /link PROD-1 us:34 #3
  lea: /done PROD-1
  dave: /docs PROD-1 https://docs.example.org/grid
  dave: /release PROD-1 testnet v1
  dave: /handover PROD-1 qa
  quinn: /pass PROD-1
  lea: /invite PROD-1
  lea: /release PROD-1 mainnet v1`;

const shown = (stage: Stage, live: Live) => {
  const now = showLive(stage.world(), live);
  return now === undefined ? undefined : { text: toPlain(now.text), done: now.done };
};

/** The newest message of a sort. */
function last(stage: Stage, of: Live['of'], wanted: (message: Message) => boolean = () => true): Live {
  const found = stage.messages.findLast((message) => message.live?.of === of && wanted(message));
  if (found?.live === undefined) throw new Error(`no message of the sort ${of}`);
  return found.live;
}

/** Watches every message as it is sent: what it shows then is its own text. */
function watched(): { stage: Stage; seen: Set<string> } {
  const stage = createStage();
  const seen = new Set<string>();
  stage.watch((messages) => {
    for (const { live, text } of messages) {
      if (live === undefined) continue;
      const now = showLive(stage.world(), live);
      // What was answered in the same breath was never waited for.
      if (now?.done === true) continue;
      expect(now).toEqual({ text, done: false });
      seen.add(live.of);
    }
  });
  return { stage, seen };
}

test('every sort shows its own text at first, and is told which streams change it', () => {
  const { stage, seen } = watched();
  stage.play(`${TO_STAGING}
    olga: /env request staging WEB-1
    mia: /announce WEB-1 by 2026-12-15 Soon
    ${TO_CIRCLE}
    omar: /alert critical Down
    dave: /alert major Slow`);
  stage.moveTo(ON_CALL);
  stage.play('olga: /oncall swap omar');
  stage.moveTo('2026-11-29T12:00:00+01:00');
  stage.play(TO_REQUEST);
  expect([...seen].sort()).toEqual(
    [
      'alert',
      'ballot',
      'duty',
      'environment',
      'invitation',
      'offer',
      'page-test',
      'priority',
      'request',
      'vote',
    ].sort(),
  );
  for (const { live } of stage.messages) if (live !== undefined) expect(streamsOfLive(live).length).toBeGreaterThan(0);
});

test('a vote shows its tally while it is open, and its result when the item has long gone on', () => {
  const { stage } = watched();
  stage.play('sam: /call open\nbea: /propose service Backups');
  const vote = last(stage, 'vote');
  const before = shown(stage, vote)?.text;
  stage.play('sam: /approve SVC-1');
  expect(shown(stage, vote)?.text).not.toBe(before);
  expect(shown(stage, vote)).toMatchObject({ done: false, text: expect.stringContaining('Approve: Sam. Reject: –') });
  stage.play('sue: /approve SVC-1\nsam: /prioritise SVC-1 1');
  expect(shown(stage, vote)).toEqual({
    text: 'Agree on SVC-1 “Backups”\nApproved. Approve: Sam and Sue. Reject: –. Missing: Sol. Needed: 2.',
    done: true,
  });
});

test('a vote that was rejected or given up says so', () => {
  const { stage } = watched();
  stage.play('sam: /call open\nbea: /propose service One\nbea: /propose service Two');
  const [one, two] = stage.messages.flatMap(({ live }) => (live?.of === 'vote' ? [live] : []));
  stage.play('sam: /reject SVC-1 no\nsue: /reject SVC-1 no\nsam: /drop SVC-2 no');
  expect(shown(stage, one as Live)?.text).toContain('Rejected. Approve: –. Reject: Sam and Sue.');
  expect(shown(stage, two as Live)).toMatchObject({ done: true, text: expect.stringContaining('Void') });
});

test('a reminder goes quiet when its person has voted, and stays for the others', () => {
  const { stage } = watched();
  stage.play(`${TO_STAGING}\nbea: /propose product Grid`);
  stage.play(`sam: /approve PROD-1\nsue: /approve PROD-1\nsam: /prioritise PROD-1 1 owner pia`);
  stage.play('sam: /object PROD-1 the budget comes first');
  stage.moveTo('2026-11-24T10:00:00+01:00');
  const to = (person: string) =>
    last(stage, 'ballot', (message) => 'person' in message.to && message.to.person === person);
  stage.play('sam: /approve PROD-1');
  expect(shown(stage, to('sam'))).toEqual({ text: 'Your vote on PROD-1 “Grid” is in: approve.', done: false });
  expect(shown(stage, to('sol'))?.text).toContain('[Approve]');
  stage.play('sue: /approve PROD-1');
  expect(shown(stage, to('sol'))).toEqual({ text: 'The vote on PROD-1 “Grid” is closed: approved.', done: true });
});

test('an offer says who took it, also when the item is elsewhere by then', () => {
  const { stage } = watched();
  stage.play(TO_STAGING);
  const offer = last(stage, 'offer');
  expect(shown(stage, offer)?.text).toContain('[Accept] [Return]');
  stage.play('wim: /accept WEB-1');
  const taken = { text: 'WEB-1 “Campaign”: accepted by Wim.', done: true };
  expect(shown(stage, offer)).toEqual(taken);
  stage.play('wim: /return WEB-1 #9 it is empty');
  expect(shown(stage, offer)).toEqual(taken);
  expect(shown(stage, last(stage, 'offer'))?.text).toContain('[Accept]');
  stage.play('mia: /drop WEB-1 no');
  expect(shown(stage, last(stage, 'offer'))).toEqual({ text: 'WEB-1 “Campaign” is dropped.', done: true });
});

test('an alert is for whoever has it, then over', () => {
  const { stage } = watched();
  stage.play('dave: /alert critical Down');
  const alert = last(stage, 'alert');
  expect(shown(stage, alert)?.text).toContain('[Acknowledge] [Resolve]');
  stage.moveTo('2026-11-23T10:15:00+01:00');
  const escalated = last(stage, 'alert', ({ kind }) => kind === 'escalation');
  expect(shown(stage, escalated)?.text).toMatch(/^Nobody acknowledged this/);
  stage.play('olga: /ack ALERT-1 the disk is full');
  for (const live of [alert, escalated])
    expect(shown(stage, live)?.text).toMatch(/\nAcknowledged by Olga\. .*: the disk is full\n\[Resolve\]$/);
  stage.play('olga: /ack ALERT-1 half of it is free');
  expect(shown(stage, alert)?.text).toContain(': half of it is free');
  stage.play('omar: /resolve ALERT-1 mended');
  expect(shown(stage, alert)).toMatchObject({
    done: true,
    text: expect.stringMatching(/Resolved by Omar, .*: mended$/),
  });
});

test('requests of OPS say what came of them', () => {
  const { stage } = watched();
  stage.play(`sam: /call open\n${TO_CIRCLE}\n${TO_REQUEST}`);
  const asked = last(stage, 'request');
  expect(shown(stage, asked)?.text).toContain('asks OPS to release PROD-1 “Grid” on mainnet (v1).\n[Release]');
  stage.play('lea: /release PROD-1 mainnet v2');
  expect(shown(stage, asked)).toMatchObject({ done: true, text: expect.stringContaining('It was asked for anew.') });
  const again = last(stage, 'request');
  stage.act((draft) => {
    follow(draft, { ref: 'example/grid#3', kind: 'issue', open: false, platform: 'github' });
    follow(draft, { ref: 'grid/us:34', kind: 'story', open: false, platform: 'circles' });
  });
  stage.play('olga: /release PROD-1 mainnet');
  const released = 'Lea asks OPS to release PROD-1 “Grid” on mainnet (v2). Released on mainnet (v2) by Olga.';
  expect(shown(stage, again)).toEqual({ text: released, done: true });
  const invitation = shown(stage, last(stage, 'invitation'));
  expect(invitation).toMatchObject({ done: true, text: expect.stringContaining('is over') });
});

test('a task of OPS says who did it', () => {
  const { stage } = watched();
  stage.play(`${TO_STAGING}\nolga: /env request staging WEB-1`);
  const task = last(stage, 'environment');
  stage.play('omar: /env ready staging WEB-1');
  expect(shown(stage, task)).toEqual({
    text: 'Olga asks for staging for WEB-1 “Campaign”. Omar reported it ready.',
    done: true,
  });
});

test('a duty and a test page end', () => {
  const { stage } = watched();
  stage.moveTo(ON_CALL);
  stage.play('olga: /oncall swap omar');
  const [duty, page] = [last(stage, 'duty'), last(stage, 'page-test')];
  stage.play('omar: /oncall take\nomar: /ack test');
  expect(shown(stage, duty)).toMatchObject({ done: true, text: expect.stringContaining('Omar took it.') });
  expect(shown(stage, page)).toMatchObject({ done: true, text: expect.stringContaining('Omar confirmed') });
});

test('an announcement is signed in its card, and an edited one points on', () => {
  const { stage } = watched();
  stage.play(`${TO_STAGING}\nmia: /announce WEB-1 Soon`);
  const first = last(stage, 'vote');
  stage.play('mia: /announce ANN-1 Very soon');
  expect(shown(stage, first)).toEqual({
    text: 'ANN-1 was edited; its new text is signed in a message of its own.',
    done: true,
  });
  const second = last(stage, 'vote');
  stage.play('sam: /approve ANN-1\nsue: /approve ANN-1\narno: /approve ANN-1');
  expect(shown(stage, second)?.text).toContain('Signed: Sam, Sue and Arno');
  stage.play('mia: /approve ANN-1');
  expect(shown(stage, second)).toMatchObject({ done: true, text: expect.stringContaining('Signed and posted') });
});

test('a priority can be objected to as long as its call is open', () => {
  const { stage } = watched();
  stage.play(TO_STAGING);
  const priority = last(stage, 'priority');
  expect(shown(stage, priority)?.text).toContain('[Object]');
  stage.play('sam: /call close');
  expect(shown(stage, priority)).toEqual({ text: 'WEB-1 “Campaign” has rank 1.', done: true });
});
