import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { MAINNET } from '../support/script.ts';
import { sameAlone } from './played.ts';

/** Items on their way, with all that is said, told and kept: emergencies, skips, returns, failures, and who comes and goes. */

const FILE = readFileSync(join(import.meta.dirname, '../transcripts/organisation.yaml'), 'utf8');
const WITH_EMERGENCY = FILE.replace('calendar:\n', 'calendar:\n  release_freeze: { emergency: true }\n');
const AT_MAINNET = MAINNET.replace(/@\S+/, '');

test('an emergency release in a freeze', () =>
  sameAlone(
    'an emergency release in a freeze',
    `
    omar: /release PROD-1 mainnet emergency baton#1
    @2026-11-27T10:00:00+01:00
    lea: /bug minor PROD-1 it is slow
    lea: /bug critical PROD-1 it is down
    olga: /release PROD-1 mainnet emergency baton#2
    lea: /release PROD-1 mainnet emergency baton#2
    omar: /release PROD-1 mainnet emergency
    omar: /release PROD-1 mainnet emergency baton#1
    omar: /release PROD-1 testnet emergency baton#2
    omar: /release PROD-1 mainnet emergency baton#2
    omar: /release PROD-1 mainnet emergency baton#2
    ? sam: /mine
    ? sam: /why PROD-1
    ? sam: /status PROD-1
    bea: /approve PROD-1
    sam: /reject PROD-1 wait
    sam: /approve PROD-1 now it is clear
    lea: /release PROD-1 mainnet v9
    @2026-11-27T11:00:00+01:00
    omar: /ack ALERT-1 it is the disk
    sue: /approve PROD-1
    ? olga: /status PROD-1
    ? olga: /why PROD-1
    olga: /release PROD-1 mainnet
    olga: /close baton#2
    sam: /call open
    lea: /unlink PROD-1 baton#1
    omar: /release PROD-1 mainnet v9
    @2026-11-30T08:00:00+01:00
    omar: /release PROD-1 mainnet v9
    ? olga: /status PROD-1
    ? olga: /history PROD-1 30`,
    AT_MAINNET,
    WITH_EMERGENCY,
  ));

test('an emergency that the stakeholders refuse, and one that has lapsed', () =>
  sameAlone(
    'an emergency that is refused',
    `
    @2026-11-27T10:00:00+01:00
    lea: /bug critical PROD-1 it is down
    omar: /resolve ALERT-1 known
    omar: /release PROD-1 mainnet emergency baton#1
    sam: /abstain PROD-1
    sue: /reject PROD-1 no
    sol: /reject PROD-1 no
    omar: /release PROD-1 mainnet emergency baton#1
    sam: /approve PROD-1
    ada: /role revoke ops omar
    sol: /approve PROD-1
    ? lea: /why PROD-1
    @2026-11-28T13:00:00+01:00
    olga: /release PROD-1 mainnet emergency baton#1
    ada: /role revoke stakeholder sam
    ada: /role revoke stakeholder sue
    ada: /role revoke stakeholder sol
    ? lea: /history PROD-1 30`,
    AT_MAINNET,
    WITH_EMERGENCY,
  ));

test('a product from its sign-off to mainnet, with what is skipped and sent back', () =>
  sameAlone(
    'a product with what is skipped and sent back',
    `
    sam: /call open
    bea: /propose product A new grid
    sam: /approve PROD-1 yes
    sue: /abstain PROD-1
    sol: /approve PROD-1
    sol: /approve PROD-1
    sam: /prioritise PROD-1 1 owner pia
    sue: /object PROD-1 somebody else should own it
    sam: /abstain PROD-1
    sol: /reject PROD-1 the owner has no time
    sue: /reject PROD-1 as I said
    ? sam: /status PROD-1
    sam: /prioritise PROD-1 1 owner pia
    sue: /object PROD-1 once more
    sam: /approve PROD-1
    sol: /approve PROD-1
    pia: /accept PROD-1
    pia: /circle PROD-1 https://circles.example.org/project/new-grid/
    pia: /link PROD-1 us:34
    arno: /reject PROD-1 the map is wrong
    pia: /done PROD-1
    arno: /approve PROD-1 now it is right
    pia: /done PROD-1
    lea: /return PROD-1 us:34 it says nothing
    pia: /done PROD-1
    lea: /link PROD-1 us:34 example/grid#3 example/grid#4
    lea: /done PROD-1
    dave: /docs PROD-1 https://docs.example.org/grid
    dave: /release PROD-1 testnet v1
    dave: /release PROD-1 devnet v2
    dave: /release PROD-1 testnet v2
    dave: /release PROD-1 testnet v2
    dina: /release PROD-1 testnet v3
    dina: /handover PROD-1 qa all is green
    quinn: /fail PROD-1 example/grid#5 the map is empty
    dave: /accept PROD-1
    dave: /handover PROD-1 qa
    dave: /release PROD-1 testnet v4
    dave: /done PROD-1
    dave: /handover PROD-1 qa
    quinn: /bug major PROD-1 the key does not fit
    quinn: /pass PROD-1
    lea: /close baton#1
    quinn: /pass PROD-1 it is green
    lea: /invite PROD-1
    ? lea: /why PROD-1
    lea: /skip PROD-1 it is a library
    pia: /reject PROD-1 it has a page
    lea: /skip PROD-1 the page is elsewhere
    lea: /skip PROD-1 again
    pia: /approve PROD-1
    tells {"ref":"example/grid#3","open":false,"by":"lea-gh"}
    tells {"ref":"example/grid#4","open":false,"by":"lea-gh"}
    tells {"ref":"example/grid#5","open":false,"by":"lea-gh"}
    tells {"ref":"new-grid/us:34","kind":"story","platform":"circles","open":false}
    pia: /approve PROD-1
    ? lea: /status PROD-1
    ? lea: /history PROD-1 20
    lea: /release PROD-1 mainnet v4
    olga: /release PROD-1 mainnet v4
    ? sam: /board`,
  ));

test('people lose their roles while they hold, vote and sign', () =>
  sameAlone(
    'people lose their roles',
    `
    sam: /call open
    bea: /propose product A grid
    mia: /propose web Campaign
    mia: /announce WEB-1 by 2026-12-01 It goes live
    sam: /approve PROD-1
    sam: /approve ANN-1
    mia: /link WEB-1 https://cryptpad.example.org/pad/1
    sue: /approve WEB-1
    ada: /role grant architect sue
    ada: /role revoke architect sue
    mia: /announce PROD-1 It comes as well
    sam: /approve PROD-1
    sam: /approve WEB-1
    ada: /role revoke stakeholder sue
    ada: /role revoke stakeholder sol
    ? sam: /status WEB-1
    ada: /role revoke architect arno
    ada: /role revoke stakeholder sam
    ? ada: /status ANN-1
    ada: /role grant stakeholder tom
    ada: /role grant stakeholder tom
    ada: /role grant architect tom
    ? tom: /mine
    tom: /approve WEB-1
    tom: /approve PROD-1
    tom: /approve ANN-1
    tom: /prioritise WEB-1 1
    tom: /prioritise PROD-1 2 owner pia
    mia: /accept WEB-1
    ada: /person remove mia
    ada: /person add mona Mona roles promotion
    mona: /link WEB-1 us:5
    pia: /accept PROD-1
    ada: /role grant product-owner dave PROD-1
    dave: /accept PROD-1
    ada: /role revoke product-owner dave PROD-1
    ada: /person remove pia
    ? tom: /why PROD-1
    ada: /role grant product-owner bea PROD-1
    bea: /drop PROD-1 nobody is left
    tom: /drop PROD-1 nobody is left
    ada: /role grant ops dave
    olga: /oncall swap dave 2026-11-28
    omar: /oncall swap dave 2026-11-27
    ada: /person remove dave
    ? olga: /oncall
    ? tom: /history PROD-1 60
    ? tom: /history ANN-1`,
  ));

test('a project with a team of its own, tested by people from outside', () =>
  sameAlone(
    'a project with a team of its own',
    `
    sam: /call open
    bea: /propose project The map
    sam: /approve PRJ-1
    sue: /approve PRJ-1
    sam: /prioritise PRJ-1 1 owner pia
    sam: /prioritise PRJ-1 1 owner pia team tom,dina
    pia: /circle PRJ-1 create
    pia: /link PRJ-1 us:3
    pia: /done PRJ-1
    tom: /link PRJ-1 us:4
    tom: /done PRJ-1
    dina: /link PRJ-1 us:4 baton#9
    dina: /story PRJ-1 As a tester I see more
    dina: /link PRJ-1 us:3 us:4 example/grid#7
    dina: /link PRJ-1 us:3 example/grid#6
    dina: /unlink PRJ-1 baton/us:1
    dina: /done PRJ-1
    tom: /handover PRJ-1 developer
    dave: /docs PRJ-1 https://docs.example.org/map
    dave: /done PRJ-1
    dave: /handover PRJ-1 ops
    olga: /env request testnet PRJ-1
    olga: /env ready testnet PRJ-1
    olga: /release PRJ-1 testnet v1
    olga: /handover PRJ-1 qa
    quinn: /bug minor the colours
    quinn: /fail PRJ-1 baton#1 the colours
    dave: /done PRJ-1
    dave: /handover PRJ-1 ops
    olga: /release PRJ-1 testnet v2
    olga: /handover PRJ-1 qa
    quinn: /pass PRJ-1
    quinn: /handover PRJ-1 project-team
    tom: /invite PRJ-1
    ? tom: /why PRJ-1
    tom: /handover PRJ-1 ops
    @2026-11-27T09:30:00+01:00
    quinn: /bug critical PRJ-1 It fails
    omar: /resolve
    omar: /release PRJ-1 mainnet emergency baton#2
    sam: /abstain PRJ-1
    sol: /approve PRJ-1
    sue: /approve PRJ-1
    quinn: /close baton#2
    ? olga: /status PRJ-1
    olga: /handover PRJ-1 qa
    @2026-11-27T10:00:00+01:00
    quinn: /bug critical PRJ-1 It is down
    omar: /ack
    omar: /release PRJ-1 mainnet emergency baton#3
    sam: /approve PRJ-1
    sue: /approve PRJ-1
    olga: /release PRJ-1 mainnet emergency baton#3
    omar: /resolve
    quinn: /close baton#3
    @2026-11-30T10:00:00+01:00
    quinn: /fail PRJ-1 example/grid#8 nothing works
    ? olga: /why PRJ-1
    olga: /release PRJ-1 mainnet v3
    olga: /handover PRJ-1 qa
    quinn: /pass PRJ-1
    tells {"ref":"example/grid#7","open":false,"by":"lea-gh"}
    tells {"ref":"example/grid#8","open":false,"by":"lea-gh"}
    tells {"ref":"grid/us:3","kind":"story","platform":"circles","open":false}
    tells {"ref":"example/grid#6","open":false,"by":"dina-gh"}
    tells {"ref":"grid/us:4","kind":"story","platform":"circles","open":false}
    lea: /close baton#1
    lea: /close baton#9
    quinn: /pass PRJ-1
    ? quinn: /status PRJ-1
    ? quinn: /history PRJ-1 25`,
    '',
    WITH_EMERGENCY,
  ));
