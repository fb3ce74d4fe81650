import { test } from 'vitest';
import { MAINNET } from '../support/script.ts';
import { sameAlone } from './played.ts';

/** People, accounts and places, with all that is told and kept: who joins, who is called what, where something is said. */

const AT_MAINNET = MAINNET.replace(/@\S+/, '');

test('accounts are linked by a code, and people are added and taken out', () =>
  sameAlone(
    'accounts and people',
    `
    dave@slack/dev: /link-account
    dave@slack: /link-account
    zed@telegram/testers: /iam CODE-AAA1
    zed@telegram: /iam
    zed@telegram: /iam QQQQ-BBBB
    zed@telegram: /iam CODE-AAA1
    zed@telegram: /iam CODE-AAA1
    zed@telegram: /whoami
    zed@slack: /whoami
    U0DAVE@slack: /whoami
    1010@telegram: /mine
    OLGA-GH@github: /whoami
    sam: /link-account
    @2026-11-23T10:15:00+01:00
    yan@telegram: /iam CODE-AAA2
    yan@telegram: hello
    yan@telegram: /board
    ada: /person add zoe Zoe Quick roles qa,web telegram 2001 email zoe@example.org
    ada: /person add zak Zak telegram 2001
    ada: /person add zak Zak slack U0ZAK github zak-gh
    ada: /person add zak Zak again
    ada: /person add 9x
    ada: /role grant ops zak
    ada: /role grant qa zoe
    ada: /role revoke qa zoe
    ada: /role grant product-owner zoe
    ada: /role grant admin zoe
    zoe: /role revoke admin ada
    zoe: /role revoke admin zoe
    2001@telegram: /whoami
    zak-gh@github: /whoami
    ada: /person remove nobody
    zoe: /person remove zak
    ada: /role revoke admin ada
    zoe: /person remove zoe
    2001@telegram: /whoami
    zoe: /person add zoe Zoe
    ada: /person add zoe Zoe Two
    zoe: /whoami
    ada: /mail pages
    sam: /mail pages
    sam: /mail digests, invitations
    sam: /mail off digests
    sam: /mail
    sam: /mail off
    ada: /mail again sam
    olga: /mail invitations
    ? ada: /whoami
    ? zoe: /rules
    ? olga: /help`,
  ));

test('an item is bound to a chat, and what is said there is about it', () =>
  sameAlone(
    'an item is bound to a chat',
    `
    lea: /bind PROD-1
    zed@telegram/testers: /bind PROD-1
    lea@telegram/testers: /bind PROD-1
    lea@telegram/testers: /bind PROD-1
    lea@telegram/testers: /status
    lea@telegram/general#12: /status
    lea@telegram/general#12: /bind PROD-1
    dave@telegram/general#12: /why
    dave@telegram/general: /why
    dave@telegram/testers: the map is broken
    dave@telegram/testers: it is broken again
    dave@telegram/testers: @olga could you look at it?
    zed@telegram/testers: there is an error on the page
    zed@telegram/testers!: /join PROD-1
    zed@telegram/testers: /join PROD-1
    zed@telegram/testers: /bug minor The legend is cut
    zed@telegram: /bug minor PROD-1 The legend is too long
    zed@telegram: /feedback PROD-1 I like it
    zed@telegram: /bug critical It is down
    zed@telegram: /story I want more
    zed@telegram: /alert critical It is down
    tom: /join PROD-1 mail
    tom: /join PROD-1
    tom: /status PROD-1
    ? lea: /status PROD-1
    dave@slack/dev: /bug minor PROD-1 In the chat
    dave@slack/dev: /feature Another one
    olga@slack/ops: /release mainnet v1
    sam@telegram/board!: /drop PROD-1
    zed@telegram: /leave PROD-1
    zed@telegram: /leave PROD-1
    zed@telegram: /status PROD-1
    tom: /leave PROD-1
    tom@telegram/testers: /unbind
    lea@telegram/testers: /unbind
    lea@telegram/testers: /unbind
    lea@telegram/general#12: /unbind
    @2026-11-23T11:30:00+01:00
    dave@telegram/testers: the map is broken once more
    mia@telegram/general: /announce PROD-1 It is here
    sam@telegram/board!: /approve ANN-1
    sue@telegram/board!: /approve ANN-1
    arno@slack!: /approve ANN-1
    pia@slack!: /approve ANN-1
    ? lea: /history PROD-1 30`,
    AT_MAINNET,
  ));

test('what stands still is reminded of, and climbs until somebody takes it', () =>
  sameAlone(
    'what stands still is reminded of',
    `
    sam: /call open
    bea: /propose service Backups
    bea: /propose product A grid
    sam: /remind SVC-1
    bea: /remind SVC-1
    bea: /remind SVC-1
    sam: /approve SVC-1
    sue: /approve SVC-1
    sam: /prioritise SVC-1 1
    mia: /announce SVC-1 by 2026-12-04 It is coming
    @2026-11-24T11:00:00+01:00
    bea: /remind SVC-1
    arno: /accept SVC-1
    @2026-11-25T11:00:00+01:00
    bea: /remind SVC-1
    arno: /link SVC-1 us:7
    arno: /done SVC-1
    bea: /escalate SVC-1 nobody reads it
    bea: /escalate SVC-1 still
    bea: /escalate SVC-1 and still
    bea: /escalate SVC-1 and once more
    bea: /escalate PROD-1 nobody votes
    tom: /escalate PROD-1 nobody votes
    @2026-11-27T11:00:00+01:00
    lea: /accept SVC-1
    lea: /accept SVC-1
    lea: /link SVC-1 us:7 #7
    lea: /done SVC-1
    @2026-12-01T11:00:00+01:00
    dina: /accept SVC-1
    dave: /accept SVC-1
    dave: /docs SVC-1 https://docs.example.org/backups
    dave: /handover SVC-1 ops
    dina: /handover SVC-1 ops
    olga: /return SVC-1 baton#3 it does not start
    dina: /handover SVC-1 ops
    omar: /monitor SVC-1 https://mon.example.org/backups
    omar: /env request testnet SVC-1
    omar: /env ready testnet SVC-1
    omar: /env remove testnet SVC-1
    omar: /env ready mars SVC-1
    omar: /release SVC-1 testnet v1
    quinn: /pass SVC-1 green
    @2026-12-07T11:00:00+01:00
    ? quinn: /mine
    ? omar: /mine
    ? bea: /board
    ? bea: /history SVC-1 40`,
  ));
