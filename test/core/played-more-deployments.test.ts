import { test } from 'vitest';
import { IMPLEMENT } from '../support/script.ts';
import { toProduction } from './on-forges.ts';
import { sameAlone, samePlayed } from './played.ts';

/** More of deployments: where no window rules, after many holds, late, and in an organisation without anybody on call. */

const PRODUCT = IMPLEMENT.replace(/@\S+/, '');
const SHA = 'c0ffee1234567890c0ffee1234567890c0ffee12';

test('a deployment that is held again and again says so eight times, and its check goes on', () =>
  samePlayed(
    'a deployment that is held again and again',
    `
    asks {"version":"v2"}
    ${[28, 29, 30].map((day, n) => `@2026-11-${26 + n}T10:00:00+01:00\n olga: /freeze declare 2026-11-30 2026-12-0${n + 1} once\n olga: /freeze declare 2026-11-30 2026-12-0${n + 3} more of ${day}\n olga: /freeze lift FREEZE-${2 * n + 2}\n olga: /freeze lift FREEZE-${2 * n + 1}`).join('\n    ')}
    @2026-11-30T10:00:00+01:00
    asks {"version":"v1","number":9}
    ? olga: /why WEB-1`,
    toProduction,
  ));

test('what was let go, and arrives when its item has gone on, gone back or ended', () =>
  samePlayed(
    'what was let go arrives late',
    `
    asks {"number":70}
    olga: /return WEB-1 example/web#9 it does not start
    wim: /return WEB-1 example/web#9 it does not start
    deployed {"number":70}
    ? olga: /status WEB-1
    asks {"number":71}
    olga: /release WEB-1 staging v2
    sam: /reject WEB-1 no
    sue: /reject WEB-1 no
    deployed {"number":71}
    deployed {"number":72,"repository":"example/grid"}
    @2026-11-23T22:00:00+01:00
    deployed {"number":71,"made":1795424400000,"sha":"${SHA.toUpperCase()}"}
    ? olga: /history WEB-1 12`,
    toProduction,
  ));

test('developers deploy to environments without a window', () =>
  sameAlone(
    'developers deploy to environments without a window',
    `
    tells {"ref":"example/grid#3","open":true}
    dave: /docs PROD-1 https://docs.example.org/grid
    deployed {"repository":"example/web","environment":"testnet","by":"dave-gh","number":1}
    deployed {"repository":"example/grid","environment":"devnet","by":"dave-gh","number":2,"version":"v0.1"}
    deployed {"repository":"example/grid","environment":"testnet","by":"dave-gh","number":3,"version":"v0.2"}
    deployed {"repository":"example/grid","environment":"testnet","by":"dave-gh","number":4,"version":"v0.2"}
    ? dave: /status PROD-1
    dave: /handover PROD-1 qa
    deployed {"repository":"example/grid","environment":"testnet","by":"dina-gh","number":5,"version":"v0.3"}
    deployed {"repository":"example/grid","environment":"devnet","by":"dina-gh","number":6,"version":"v0.4"}
    quinn: /fail PROD-1 example/grid#5 the map is empty
    deployed {"repository":"example/grid","environment":"testnet","by":"dina-gh","number":7,"version":"v0.3"}
    dave: /handover PROD-1 qa
    bea: /propose product Another
    sam: /approve PROD-2
    sue: /approve PROD-2
    sam: /prioritise PROD-2 2 owner pia
    lea: /link PROD-2 example/grid#8
    deployed {"repository":"example/grid","environment":"testnet","by":"dave-gh","number":8,"version":"v0.5"}
    quinn: /pass PROD-1
    lea: /invite PROD-1
    deployed {"repository":"example/grid","environment":"mainnet","number":9,"version":"v0.5"}
    lea: /release PROD-1 mainnet v0.5
    deployed {"repository":"example/grid","environment":"mainnet","number":10,"version":"v0.6"}
    ? dave: /status PROD-1
    ? dave: /history PROD-1 25`,
    PRODUCT,
  ));

test('the file is read anew: roles go, come, and people leave with all that was theirs', () =>
  sameAlone(
    'the file is read anew',
    `
    restarts {}
    dave: /accept PROD-1
    ada: /role grant qa dave
    omar: /oncall swap olga 2026-11-28
    restarts {"roles":{"dave":["web"]}}
    restarts {"roles":{"dave":["web"]}}
    restarts {"without":["omar","dave","pia"]}
    ? olga: /oncall
    ? lea: /status PROD-1
    restarts {"roles":{"sam":["qa"],"sue":[]}}
    bea: /propose product Another
    sol: /approve PROD-2
    restarts {"roles":{"sol":[]}}
    restarts {}`,
    PRODUCT,
  ));
