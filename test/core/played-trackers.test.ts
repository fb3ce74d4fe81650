import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { TO_ISSUES } from './on-forges.ts';
import { sameAlone, samePlayed } from './played.ts';

/** What GitHub and Circles tell and are told, with all that follows: reports, severities, milestones, pull requests, circles. */

const FILE = readFileSync(join(import.meta.dirname, '../transcripts/organisation.yaml'), 'utf8');
const STORY = '"kind":"story","platform":"circles"';

test('what is reported is made elsewhere, and goes by its new name', () =>
  samePlayed(
    'what is reported is made elsewhere',
    `
    dave: /bug critical The map is empty
    dave: /bug minor WEB-1 A typo
    dave: /bug major WEB-1
    dave: /feature WEB-1 Export
    wim: /story As a reader I see more
    wim: /feedback It is slow
    ? wim: /status baton#1
    tells {"ref":"example/grid#11","open":true,"labels":["critical"],"title":"The map is empty"}
    made {"of":"baton#1","ref":"example/grid#11"}
    made {"of":"baton#1","ref":"example/grid#11"}
    made {"of":"baton#99","ref":"example/grid#12"}
    made {"of":"baton#2","ref":"example/web#12"}
    notMade {"of":"baton#3","why":"it is not allowed"}
    notMade {"of":"baton#2","why":"too late"}
    tells {"ref":"example/web#12","open":true,"labels":["minor"],"isAboutLabels":true,"by":"dave-gh"}
    tells {"ref":"example/web#12","added":"Major","isAboutLabels":true,"by":"stranger"}
    tells {"ref":"example/web#12","removed":"minor","isAboutLabels":true,"by":"lea-gh"}
    tells {"ref":"example/web#12","removed":"Major","isAboutLabels":true,"by":"stranger"}
    tells {"ref":"example/web#12","labels":["minor"],"isAboutLabels":true,"by":"quinn-gh"}
    quinn: /bug major example/web#12
    wim: /unlink WEB-1 example/web#12
    wim: /link WEB-1 us:5 example/web#12
    ? wim: /status example/web#12
    ? wim: /history example/web#12
    turned {"ref":"example/web#12","to":"closed"}
    turned {"ref":"example/web#12","to":"open"}
    tells {"ref":"example/web#12","open":false,"labels":["critical"],"by":"wim-gh"}
    tells {"ref":"example/web#12","open":true,"by":"wim-gh"}
    tells {"ref":"example/web#12","comment":"It  is\\n back","by":"wim-gh"}
    olga: /ack ALERT-1 looking
    tells {"ref":"example/grid#11","comment":"It is the disk","by":"olga-gh"}
    tells {"ref":"example/grid#11","open":false,"by":"olga-gh"}
    ? olga: /status ALERT-1
    ? olga: /status WEB-1
    ? wim: /mine`,
    ({ stage }) => stage.play(TO_ISSUES),
  ));

test('milestones, pull requests and stories of an own circle', () =>
  samePlayed(
    'milestones and pull requests',
    `
    tells {"ref":"example/web#3","open":true,"title":"  The   first\\n page ","milestone":"Sprint 1"}
    tells {"ref":"example/web#3","milestone":"Sprint 1"}
    tells {"ref":"example/web#3","milestone":"Sprint 2","by":"wim-gh"}
    tells {"ref":"example/web#3","milestone":null}
    tells {"ref":"example/web#20","kind":"pull","title":"Mends it","pull":{"state":"open","closes":["example/web#3"]},"by":"wim-gh"}
    wim: /link WEB-1 example/web#20
    tells {"ref":"example/web#20","kind":"pull","title":"Mends it","pull":{"state":"merged","closes":["example/web#3"]},"by":"wim-gh"}
    ? wim: /status example/web#20
    ? wim: /status WEB-1
    tells {"ref":"grid/us:5",${STORY},"open":true,"title":"${'a long title '.repeat(40)}"}
    tells {"ref":"grid/us:5",${STORY},"milestone":"Sprint 9"}
    sam: /call open
    bea: /propose product A grid
    sam: /approve PROD-1
    sue: /approve PROD-1
    sam: /prioritise PROD-1 1 owner pia
    pia: /circle PROD-1 create
    circleNotMade {"key":"PROD-1","why":"it has that name already"}
    pia: /circle PROD-1 create
    @2026-11-23T10:10:00+01:00
    circleMade {"key":"PROD-1","slug":"prod-1-a-grid"}
    circleMade {"key":"PROD-1","slug":"prod-1-a-grid-2"}
    tells {"ref":"prod-1-a-grid/us:1",${STORY},"open":true,"title":"The first"}
    tells {"ref":"prod-1-a-grid/us:2",${STORY},"open":true,"title":"The second","by":"pia"}
    pia: /unlink PROD-1 prod-1-a-grid/us:2
    lea: /link PROD-1 us:1 example/grid#1
    ? pia: /status PROD-1
    ? pia: /why PROD-1
    tells {"ref":"prod-1-a-grid/us:1",${STORY},"open":false}
    tells {"ref":"prod-1-a-grid/us:1",${STORY},"open":true}
    arno: /approve PROD-1
    pia: /done PROD-1
    lea: /return PROD-1 us:1 it says nothing
    lea: /done PROD-1
    ? lea: /why PROD-1
    ? pia: /history PROD-1 40`,
    ({ stage }) => stage.play(TO_ISSUES),
  ));

test('where the organisation closes what belongs together and moves stories along', () =>
  samePlayed(
    'where stories close and move',
    `
    wim: /link WEB-1 us:5 example/web#4
    wim: /link WEB-1 us:6
    tells {"ref":"example/web#3","open":false}
    tells {"ref":"example/web#4","open":true,"labels":["Minor","other","critical"],"isAboutLabels":true,"by":"quinn-gh"}
    lea: /bug minor example/web#4
    tells {"ref":"example/web#4","open":false}
    tells {"ref":"example/web#4","open":true}
    tells {"ref":"example/web#3","open":true}
    tells {"ref":"grid/us:5",${STORY},"open":false}
    wim: /done WEB-1
    wim: /link WEB-1 us:6 example/web#5
    wim: /done WEB-1
    wim: /done WEB-1
    wim: /handover WEB-1 ops
    olga: /return WEB-1 example/web#9 the build does not start
    olga: /release WEB-1 staging v1
    sam: /drop WEB-1 no more`,
    ({ stage }) => stage.play(TO_ISSUES),
    FILE.replace(
      'default: grid }',
      'default: grid, close: true, statuses: { stories: new, build: in-work, handover-web: ready, completed: done } }',
    ).replace('example/web] }', 'example/web], close: true }'),
  ));

test('severities have their clocks, with an item and without', () =>
  sameAlone(
    'severities have their clocks',
    `
    quinn: /bug minor WEB-1 A typo
    quinn: /bug major The map is slow
    quinn: /bug minor The legend is cut
    dave: /alert major baton#3
    ? lea: /mine
    @2026-11-24T18:00:00+01:00
    lea: /bug minor baton#2
    dave: /bug minor baton#2
    lea: /escalate baton#3 it is everywhere
    lea: /escalate baton#3 still
    @2026-12-01T12:00:00+01:00
    lea: /close baton#1
    lea: /reopen baton#1
    lea: /reopen baton#1
    olga: /resolve ALERT-1 it was the cache
    ? lea: /status baton#2
    ? sam: /status WEB-1
    @2026-12-07T12:00:00+01:00
    quinn: /close baton#2
    quinn: /close baton#2
    @2026-12-31T12:00:00+01:00
    ? lea: /history baton#3
    ? sam: /history WEB-1 20`,
    TO_ISSUES,
  ));
