import { test } from 'vitest';
import { onForges, toProduction } from './on-forges.ts';
import { converse, same } from './pictures.ts';
import { createStage } from './stage.ts';

/** Long conversations, to the letter: what is answered, what is told to whom, and what each message shows in the end. */

const SCRIPTS: Readonly<Record<string, string>> = {
  'alerts by day and by night': `
    dave: /alert critical The site is down
    @2026-11-23T10:20:00+01:00
    olga: /ack ALERT-1 looking at it
    olga: /ack ALERT-1 still looking
    omar: /ack ALERT-1 mine
    @2026-11-23T15:00:00+01:00
    omar: /ack ALERT-1
    omar: /resolve ALERT-1 a cable
    dave: /alert major The map is slow
    sam: /bug critical The shop is closed
    @2026-11-23T16:00:00+01:00
    olga: /resolve ALERT-3 open again
    @2026-11-23T20:00:00+01:00
    dave: /alert minor A typo
    dave: /alert critical The database is full
    olga: /oncall
    @2026-11-23T22:30:00+01:00
    omar: /ack
    @2026-11-23T23:59:00+01:00
    omar: /resolve ALERT-5 it was full of logs
    @2026-11-24T09:30:00+01:00
    olga: /close baton#1
    olga: /reopen baton#1
    dave: /status ALERT-2
    olga: /resolve ALERT-2
    olga: /resolve ALERT-4
    olga: /resolve ALERT-6
    @2026-11-27T12:00:00+01:00
    dave: /alert critical It is down again
    dave: /alert minor And another typo
    @2026-11-27T12:40:00+01:00
    olga: /mine
    omar: /resolve ALERT-7 the cable again
    @2026-11-27T19:00:00+01:00
    sam: /board`,
  'an announcement that is edited, refused, signed, and too late': `
    sam: /call open
    mia: /propose web Campaign
    mia: /announce WEB-1 by 2026-12-01 It goes live
    sam: /approve ANN-1
    sam: /mine
    sue: /reject ANN-1 not yet
    mia: /announce ANN-1 edit by 2026-11-30 It goes live soon
    arno: /approve ANN-1
    sam: /approve ANN-1
    sue: /approve ANN-1
    sol: /approve ANN-1
    mia: /announce WEB-1 by 2026-11-26 Another word
    @2026-11-24T12:00:00+01:00
    @2026-11-28T12:00:00+01:00
    sam: /approve ANN-2
    mia: /status WEB-1
    mia: /history WEB-1 50`,
  duties: `
    olga: /oncall
    omar: /oncall swap olga 2026-11-28
    olga: /oncall take 2026-11-28
    olga: /oncall swap omar 2026-11-27
    @2026-11-27T12:00:00+01:00
    omar: /oncall take 2026-11-27
    sam: /oncall
    ada: /person remove omar
    olga: /oncall`,
  'priorities on a call': `
    sam: /call plan 2026-11-23T14:00
    bea: /propose product A grid
    bea: /propose service Backups
    sam: /agenda
    @2026-11-23T14:00:00+01:00
    sam: /approve PROD-1
    sam: /call open
    sam: /approve PROD-1
    sue: /approve PROD-1
    sam: /approve SVC-1
    sue: /reject SVC-1 too dear
    sol: /reject SVC-1
    sam: /prioritise PROD-1 1 owner pia
    sue: /object PROD-1 somebody else should own it
    sam: /mine
    sue: /reject PROD-1
    sol: /reject PROD-1
    sam: /prioritise PROD-1 2 owner tom
    sue: /object PROD-1 once more
    sam: /approve PROD-1
    sol: /approve PROD-1
    @2026-11-23T18:30:00+01:00
    sam: /prioritise PROD-1 1
    tom: /why PROD-1
    sam: /drop PROD-1 no
    pia: /drop PROD-1 no
    sam: /board
    sam: /rules`,
  'people come and go': `
    sam: /call open
    bea: /propose product A grid
    sam: /approve PROD-1
    ada: /person remove sue
    ada: /role revoke stakeholder sol
    ada: /role grant stakeholder tom
    tom: /approve PROD-1
    sam: /prioritise PROD-1 1 owner pia
    pia: /accept PROD-1
    ada: /person remove pia
    ada: /role grant product-owner tom PROD-1
    tom: /accept PROD-1
    ada: /role revoke ops olga
    ada: /role revoke ops omar
    ada: /person add sue Sue roles stakeholder,ops
    ada: /whoami
    ada: /person remove ada
    tom: /history PROD-1 60`,
  'what stands still climbs': `
    sam: /call open
    bea: /propose product A grid
    sam: /approve PROD-1
    sue: /approve PROD-1
    sam: /prioritise PROD-1 1 owner pia
    @2026-11-24T12:00:00+01:00
    @2026-11-26T12:00:00+01:00
    pia: /accept PROD-1
    pia: /escalate PROD-1 nobody answers
    pia: /escalate PROD-1 still nobody
    pia: /escalate PROD-1 and now
    sam: /bug major The map is slow
    @2026-11-30T12:00:00+01:00
    quinn: /escalate baton#1 it is bad
    @2026-12-20T12:00:00+01:00
    pia: /mine`,
};

test.each(Object.entries(SCRIPTS))('%s', (name, script) =>
  same(name.replaceAll(/\W+/g, '-'), converse(createStage(), script)),
);

test('on platforms: what is told, and what is asked of them', () => {
  const on = onForges();
  toProduction(on);
  const seen = converse(
    on.stage,
    `wim: /why WEB-1
    wim: /status WEB-1
    @2026-11-26T10:00:00+01:00
    olga: /release WEB-1 production v1
    sam: /remind WEB-1
    mia: /status example/web#3
    wim: /bug minor WEB-1 The form sends nothing
    lea: /link WEB-1 example/web#9
    olga: /why WEB-1
    @2026-11-30T09:00:00+01:00
    olga: /release WEB-1 production v1
    olga: /monitor WEB-1 https://mon.example.org/web
    olga: /done WEB-1
    olga: /history WEB-1 90`,
  );
  same('on-platforms', [...seen, ...on.stage.orders.map((order) => JSON.stringify(order))]);
});
