import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { TO_ISSUES, toProduction } from './on-forges.ts';
import { sameAlone, samePlayed } from './played.ts';

/** What deployments come to, with all that is said, ordered and kept on the way. */

const FILE = readFileSync(join(import.meta.dirname, '../transcripts/organisation.yaml'), 'utf8');
const SECOND = TO_ISSUES.replaceAll('WEB-1', 'WEB-2')
  .replace('sam: /call open', '')
  .replaceAll('us:5', 'us:6')
  .replaceAll('#3', '#4')
  .replace('WEB-2 1', 'WEB-2 2');

const SHA = 'c0ffee1234567890c0ffee1234567890c0ffee12';
const OTHER = 'b0b'.padEnd(40, '0');
const CALLBACK = 'https://api.github.com/repos/example/web/actions/runs/9/deployment_protection_rule';

test('a deployment waits out a freeze whose end moves, and its approval is refused', () =>
  samePlayed(
    'a deployment waits out a freeze',
    `
    @2026-11-25T23:30:00+01:00
    @2026-11-26T10:00:00+01:00
    asks {"number":70,"installation":3,"byNumber":"7"}
    asks {"number":70,"installation":3,"byNumber":"7"}
    asks {"number":69,"installation":3,"byNumber":"7"}
    ? olga: /status WEB-1
    ? olga: /why WEB-1
    ? wim: /why WEB-1
    olga: /freeze declare 2026-11-29 2026-12-01 an incident
    @2026-11-27T12:00:00+01:00
    olga: /freeze lift FREEZE-1
    refuses {"why":"too early"}
    @2026-11-30T00:00:00+01:00
    ? olga: /status WEB-1
    refuses {"why":"Not Found"}
    refuses {"why":"said again"}
    withdraws {}
    asks {"number":71,"installation":3,"byNumber":"7"}
    withdraws {}
    ? olga: /history WEB-1 40
    ? olga: /mine
    deployed {"number":71,"made":1764460000000}
    ? olga: /status WEB-1
    ? olga: /history WEB-1 5`,
    toProduction,
  ));

test('a deployment that is told of again, and not the same', () =>
  samePlayed(
    'a deployment that is told of again',
    `
    asks {"version":"v2","sha":"${OTHER}"}
    asks {"version":"v2","sha":"${OTHER}"}
    asks {"version":"v1"}
    asks {"version":"v1","number":5}
    asks {"version":"v1","number":6}
    asks {"version":"v1","number":4}
    asks {"version":"v1","number":6,"by":"wim-gh","callback":"${CALLBACK}"}
    asks {"version":"v1","number":6,"by":"wim-gh","byNumber":"3","callback":"${CALLBACK}"}
    asks {"version":"v1","number":6,"by":"wim-gh","byNumber":"4","callback":"${CALLBACK}"}
    asks {"environment":"testnet","unsure":"its run could not be read"}
    asks {"environment":"testnet","by":"stranger"}
    asks {"environment":"devnet","version":null}
    asks {"environment":"preview"}
    asks {"environment":null,"callback":null}
    asks {"repository":"example/Grid","sha":null,"by":null}
    asks {"environment":"mainnet","number":12}
    @2026-11-24T09:00:00+01:00
    ? olga: /history WEB-1 40`,
    toProduction,
  ));

test('a deployment whose version was not approved, and one whose item goes back', () =>
  samePlayed(
    'a deployment whose version was not approved',
    `
    olga: /release WEB-1 staging v2
    asks {"version":"v1"}
    asks {"version":"v2","callback":"${CALLBACK}"}
    sue: /approve WEB-1
    sam: /reject WEB-1 the texts are wrong
    sol: /reject WEB-1 the texts are wrong
    ? wim: /why WEB-1
    ? olga: /status WEB-1
    deployed {"version":"v2","sha":"${OTHER}","number":1}
    deployed {"version":"v2","sha":"${OTHER}","environment":"staging","number":2}
    wim: /done WEB-1
    wim: /done WEB-1
    wim: /handover WEB-1 ops
    olga: /done WEB-1
    deployed {"version":"v3","sha":"${OTHER}","environment":"staging","number":3,"by":"wim-gh"}
    deployed {"version":"v3","sha":"${OTHER}","environment":"staging","number":4}
    deployed {"version":"v3","sha":"${OTHER}","environment":"staging","number":5}
    sam: /approve WEB-1
    deployed {"version":"v4","sha":"${SHA}","environment":"Staging","number":6,"by":"nobody-here"}
    sam: /approve WEB-1
    sue: /approve WEB-1
    asks {"version":"v4","by":"nobody-here"}
    asks {"version":null,"callback":"${CALLBACK}"}
    deployed {"version":"v4","sha":"${SHA}","number":7}
    ? olga: /status WEB-1
    ? olga: /history WEB-1 60`,
    toProduction,
  ));

test('two items in one repository, told apart by what is approved', () =>
  samePlayed(
    'two items in one repository',
    `${SECOND}
    tells {"ref":"example/web#4","open":false}
    wim: /done WEB-2
    wim: /done WEB-2
    wim: /handover WEB-2 ops
    deployed {"environment":"staging","version":"v7","number":20}
    olga: /env ready staging WEB-2
    olga: /done WEB-2
    deployed {"environment":"staging","version":"v8","number":21}
    olga: /release WEB-2 staging c0ffee1
    deployed {"environment":"staging","version":"v9","number":22}
    sam: /approve WEB-2
    sue: /approve WEB-2
    asks {"version":"v5","sha":"${OTHER}"}
    asks {"version":"main","callback":"${CALLBACK}"}
    deployed {"version":"v5","sha":"${OTHER}","number":23}
    deployed {"version":"v5","sha":"${OTHER}","number":24,"by":"wim-gh"}
    deployed {"repository":"EXAMPLE/Web","version":"main","number":25}
    deployed {"version":"main","number":26}
    deployed {"version":"main","number":27,"made":1795424000000}
    ? olga: /status WEB-1
    ? olga: /status WEB-2
    ? olga: /history WEB-2 40
    ? sam: /board`,
    toProduction,
  ));

test('a release that was said first, and its deployments', () =>
  samePlayed(
    'a release that was said first',
    `
    olga: /release WEB-1 production v1
    asks {"sha":"${OTHER}","version":"v2"}
    asks {"by":"wim-gh","callback":"${CALLBACK}"}
    deployed {"number":30,"made":1763900000000}
    deployed {"number":31}
    ? olga: /history WEB-1 12
    olga: /release WEB-1 production v1
    @2026-11-24T11:00:00+01:00
    asks {"number":32}
    deployed {"number":33,"by":"wim-gh"}
    deployed {"number":34,"by":"unknown"}
    deployed {"repository":"example/grid","number":35,"environment":"Mainnet"}
    deployed {"repository":"example/grid","number":36,"environment":"mainnet","by":"lea-gh"}
    deployed {"repository":"example/grid","number":37,"environment":"preview"}
    deployed {"repository":"example/grid","number":38,"environment":"devnet"}
    olga: /resolve ALERT-1 it was meant
    olga: /resolve ALERT-2 looked at
    olga: /resolve ALERT-3 looked at
    olga: /resolve ALERT-4 looked at
    @2026-11-25T23:40:00+01:00
    @2026-11-26T11:00:00+01:00
    deployed {"number":39,"made":1795647000000}
    deployed {"number":40,"made":1795648000000}
    deployed {"number":41,"made":1805648000000}
    ? olga: /mine
    ? dave: /status ALERT-1
    ? olga: /history WEB-1 40`,
    toProduction,
  ));

test('a version that was not approved is deployed all the same, and one that was let go among two', () =>
  samePlayed(
    'a version that was not approved is deployed',
    `
    deployed {"version":"v9","sha":"${OTHER}","number":50}
    deployed {"version":"v9","sha":"${OTHER}"}
    deployed {"version":"v9","sha":"${OTHER}","url":""}
    olga: /release WEB-1 staging v9
    sam: /approve WEB-1
    sol: /abstain WEB-1
    asks {"version":"v9","sha":"${OTHER}","number":51}
    sue: /approve WEB-1
    @2026-11-23T16:00:00+01:00
    deployed {"version":"v9","sha":"${OTHER}","number":51,"made":1795447200000}
    ? olga: /status WEB-1
    ? olga: /history WEB-1 20`,
    toProduction,
  ));

test('an emergency beside a review, and a new version on staging meanwhile', () =>
  samePlayed(
    'an emergency beside a review',
    `
    olga: /release WEB-1 staging v2
    sam: /approve WEB-1
    @2026-11-27T10:00:00+01:00
    wim: /bug critical WEB-1 The page is gone
    omar: /ack
    omar: /release WEB-1 production emergency baton#1
    sam: /approve WEB-1
    sue: /approve WEB-1
    deployed {"environment":"staging","version":"v3","sha":"${OTHER}","number":60}
    olga: /release WEB-1 staging v4
    sue: /approve WEB-1/55
    ? sue: /mine
    asks {"version":"v4","number":61}
    omar: /resolve
    ? olga: /status WEB-1
    ? olga: /history WEB-1 30`,
    toProduction,
    FILE.replace('calendar:\n', 'calendar:\n  release_freeze: { emergency: true }\n'),
  ));

test('without GitHub nothing is asked of it, and what it told is kept', () =>
  sameAlone(
    'without GitHub',
    `
    asks {"number":1}
    deployed {"number":2}
    deployed {"number":3,"by":"wim-gh"}
    olga: /resolve`,
  ));
