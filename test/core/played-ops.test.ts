import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { IMPLEMENT } from '../support/script.ts';
import { sameAlone } from './played.ts';

/** Alerts and duties, with all that is told and kept: pages that reach nobody, nights, holidays, swaps, an OPS without people. */

const FILE = readFileSync(join(import.meta.dirname, '../transcripts/organisation.yaml'), 'utf8');
const PRODUCT = IMPLEMENT.replace(/@\S+/, '');

test('a page that reaches nobody goes on to the next, and no further than everybody', () =>
  sameAlone(
    'a page that reaches nobody',
    `
    @2026-11-27T10:00:00+01:00
    dave: /alert critical PROD-1 The grid is down
    pageRefused {"key":"ALERT-1","person":"dave"}
    pageRefused {"key":"ALERT-1","person":"omar"}
    pageRefused {"key":"ALERT-1","person":"omar"}
    pageRefused {"key":"ALERT-1","person":"olga"}
    pageRefused {"key":"ALERT-1","person":"ada"}
    pageRefused {"key":"ALERT-9","person":"ada"}
    nobodyReached {"person":"omar"}
    nobodyReached {"person":"omar"}
    nobodyReached {"person":"olga"}
    omar: /ack test
    omar: /ack test
    @2026-11-27T10:09:00+01:00
    olga: /ack ALERT-1 on it
    pageRefused {"key":"ALERT-1","person":"olga"}
    omar: /ack ALERT-1 mine now
    @2026-11-27T12:00:00+01:00
    olga: /ack ALERT-1 it is a disk
    @2026-11-27T14:30:00+01:00
    omar: /ack ALERT-1
    taken {"key":"ALERT-1","by":"omar","note":"still on it","isNews":true}
    taken {"key":"ALERT-1","by":"olga","note":null,"isNews":true}
    taken {"key":"ALERT-1","by":"olga","note":"x","isNews":false}
    taken {"key":"ALERT-1","by":"dave","note":"x","isNews":true}
    omar: /resolve ALERT-1 a new disk
    taken {"key":"ALERT-1","by":"olga","note":"x","isNews":true}
    dave: /alert critical The site is down
    taken {"key":"ALERT-2","by":"olga","note":"from afar","isNews":false}
    olga: /resolve
    ? olga: /status ALERT-2
    ? dave: /history ALERT-1`,
    PRODUCT,
  ));

test('alerts at night, on a weekend and on a holiday', () =>
  sameAlone(
    'alerts at night',
    `
    @2026-11-24T19:00:00+01:00
    dave: /alert major The map is slow
    dave: /alert critical The map is empty
    quinn: /bug critical PROD-1 The key does not fit
    @2026-11-24T19:25:00+01:00
    olga: /ack ALERT-2
    omar: /ack ALERT-3
    @2026-11-25T12:30:00+01:00
    olga: /resolve ALERT-2
    omar: /resolve ALERT-3 a new key
    olga: /resolve ALERT-1
    quinn: /close baton#3
    @2026-11-27T20:00:00+01:00
    dave: /alert critical It is down again
    dave: /alert minor A typo
    lea: /bug major baton#4
    @2026-11-28T08:30:00+01:00
    omar: /resolve ALERT-4
    lea: /bug critical baton#5
    @2026-11-28T10:05:00+01:00
    omar: /resolve ALERT-5
    omar: /resolve ALERT-6
    @2026-12-23T20:00:00+01:00
    @2026-12-25T11:00:00+01:00
    dave: /alert critical On Christmas
    dave: /alert major As well
    ? olga: /oncall
    omar: /ack ALERT-7
    olga: /ack ALERT-7
    @2026-12-25T14:30:00+01:00
    omar: /resolve ALERT-7
    olga: /resolve ALERT-7
    @2026-12-28T11:00:00+01:00
    olga: /resolve ALERT-8
    ? olga: /board`,
    PRODUCT,
  ));

test('duties are swapped, taken and given up', () =>
  sameAlone(
    'duties are swapped and taken',
    `
    omar: /oncall swap olga 2026-11-28
    olga: /oncall take 2026-11-27
    olga: /oncall take 2026-11-28
    omar: /oncall swap olga 2026-11-28
    olga: /oncall swap omar 2026-12-04
    omar: /oncall swap olga 2026-11-23
    omar: /oncall swap olga 2026-11-20
    ? omar: /oncall
    @2026-11-27T12:00:00+01:00
    omar: /oncall take
    olga: /oncall take
    omar: /oncall swap olga
    olga: /oncall take
    ? sam: /oncall
    @2026-11-28T12:00:00+01:00
    dave: /alert critical The site is down
    olga: /resolve ALERT-1
    ada: /role revoke ops olga
    ? omar: /oncall
    @2026-12-04T12:00:00+01:00
    ? omar: /oncall
    ada: /role revoke ops omar
    dave: /alert critical The site is down
    ? dave: /oncall
    ada: /resolve ALERT-2
    ada: /ack ALERT-2
    @2026-12-04T12:20:00+01:00
    ada: /role grant ops dave
    dave: /resolve ALERT-2 restarted
    ? dave: /oncall`,
  ));

test('an organisation without hours, holidays or anybody on call', () =>
  sameAlone(
    'an organisation without anybody on call',
    `
    dave: /alert critical The site is down
    @2026-11-23T10:20:00+01:00
    ada: /ack ALERT-1
    olga: /ack ALERT-1
    @2026-11-23T12:50:00+01:00
    dave: /alert major The map is slow
    olga: /resolve ALERT-1
    olga: /oncall
    olga: /oncall take
    @2026-11-25T22:00:00+01:00
    olga: /resolve ALERT-2
    olga: /freeze
    olga: /freeze declare 2026-12-24 2026-12-20 no
    olga: /freeze declare 2026-11-20 2026-11-22 past
    olga: /freeze declare 2026-12-24 2026-12-26 holidays
    olga: /freeze declare 2026-12-20T12:00 2026-12-24 before
    dave: /freeze declare 2026-12-24 2026-12-26 holidays
    olga: /freeze
    olga: /freeze lift FREEZE-3
    olga: /freeze lift FREEZE-1
    olga: /freeze lift FREEZE-1
    @2026-12-20T13:00:00+01:00
    olga: /freeze`,
    '',
    `organisation: Small
timezone: Europe/Lisbon
people:
  - { id: olga, roles: [ops] }
  - { id: dave, roles: [developer] }
  - { id: ada, roles: [admin] }
calendar:
  ops_hours: { days: [], from: "09:00", until: "17:00" }
  on_call_hours: { days: [], from: "09:00", until: "17:00" }
`,
  ));

test('calls, agendas and what is said on them', () =>
  sameAlone(
    'calls and agendas',
    `
    sam: /call plan 2026-11-24T14:00
    sam: /call plan Wed 15:00
    bea: /propose product A grid
    bea: /propose service Backups
    bea: /propose project A map
    mia: /propose web Campaign
    sue: /agenda
    sam: /call plan yesterday
    @2026-11-25T15:00:00+01:00
    sam: /call open
    sue: /call open
    sam: /approve PROD-1
    sue: /approve PROD-1
    sue: /approve SVC-1
    sol: /approve SVC-1
    sam: /prioritise PROD-1 1 owner pia
    sam: /prioritise SVC-1 1
    sue: /object PROD-1 not before the backups
    sue: /object SVC-1 neither
    dave: /urgent PROD-1 now
    sam: /urgent SVC-1 The backups fail
    sol: /reject PRJ-1 too dear
    sue: /reject PRJ-1 too dear
    sam: /abstain PRJ-1
    sam: /call close
    sam: /call close
    sol: /approve PROD-1
    sam: /drop WEB-1 not now
    mia: /drop WEB-1 not now
    @2026-11-25T19:00:00+01:00
    sam: /call open
    @2026-11-25T23:00:00+01:00
    ? sam: /board
    ? sam: /agenda
    ? sam: /mine
    @2026-11-30T12:00:00+01:00
    ? sam: /history SVC-1
    ? sam: /history PRJ-1`,
    '',
    FILE,
  ));

test('a rotation that begins later, by weeks and by days', () => {
  for (const rotates of ['weekly', 'daily'])
    sameAlone(
      `a rotation ${rotates}`,
      `
      ? olga: /oncall
      @2026-12-05T10:00:00+01:00
      ? olga: /oncall
      dave: /alert critical The site is down
      olga: /resolve
      @2026-12-12T10:00:00+01:00
      ? olga: /oncall`,
      '',
      FILE.replace(
        'rotates: weekly, starts: 2026-11-02, people: [olga, omar]',
        `rotates: ${rotates}, starts: 2026-12-09, people: [olga, omar, otto]`,
      ).replace('people:\n', 'people:\n  - { id: otto, roles: [ops] }\n'),
    );
});
