import { expect, test } from 'vitest';
import { describeEvent } from '../../src/core/history.ts';
import { createStage } from './stage.ts';

/** What `/history` says of an event: a row is `type {what it holds} -> words`. The actor is Sam. */

const ROWS = `
proposed {"title":"A grid","kind":"product","step":"agree","role":"stakeholder"} -> proposed “A grid” (product)
vote-opened {"subject":"step"} -> the vote on the agreement opened
vote-opened {"subject":"something"} -> the vote on something opened
vote-not-opened {"subject":"review","role":"stakeholder"} -> the vote on its review did not open: nobody holds the role stakeholder
ballot-cast {"choice":"approve","note":"go"} -> voted to approve, go
ballot-cast {"choice":"abstain"} -> abstained
signature-given {"choice":"approve"} -> signed
signature-given {"choice":"reject"} -> voted to reject
signature-given {"choice":"abstain"} -> abstained
vote-closed {"subject":"step","result":"approved"} -> the vote on the agreement closed: approved
vote-reminded {} -> reminded those who have not voted
step-began {"step":"qa","role":"qa"} -> the step qa began (QA)
step-began {"step":"roadmap","role":"product-owner","why":"next"} -> the step roadmap began (product owners)
step-began {"step":"implement","role":"developer","why":"failed"} -> the step implement began (developers), failed
step-done {"step":"agree"} -> finished the step agree
offered {"role":"developer"} -> offered to developers
offer-reminded {"role":"ops"} -> reminded OPS of the offer
accepted {"person":"sam"} -> accepted it
accepted {"person":"dave"} -> accepted it, Dave
handed-over {"to":"qa","note":""} -> handed it over to QA
release-requested {"environment":"mainnet","version":"v1"} -> asked OPS to release on mainnet, v1
release-requested {"environment":"mainnet","version":null,"emergency":"ISSUE-1"} -> asked OPS to release on mainnet, because of ISSUE-1
released {"environment":"mainnet","version":"v1","by":"olga"} -> released on mainnet, v1
released {"environment":"mainnet","version":"v1","by":"olga","outside":true} -> released on mainnet, v1, outside the bot
released {"environment":"mainnet","version":"v1","outside":true,"admitted":true} -> released on mainnet, v1, by the deployment that was let go
deployment-decided {"decision":"held","environment":"mainnet"} -> held its deployment to mainnet
deployment-decided {"decision":"approved","environment":"mainnet"} -> let go its deployment to mainnet
deployment-decided {"decision":"rejected","environment":"mainnet"} -> turned away its deployment to mainnet
deployment-decided {"decision":"seen","environment":"mainnet"} -> looked at its deployment to mainnet
deployed {"environment":"production","version":"v1","by":"olga"} -> saw it deployed to production, v1
circle-requested {} -> asked for its circle
circle-not-made {"why":"it is full"} -> could not make its circle, it is full
link-renamed {"from":"a#1","to":"a#2"} -> found a#1 made as a#2
joined {"person":"telegram:9"} -> joined the test, telegram:9
left {} -> left the test
linked {"ref":"a/b#1","kind":"issue"} -> linked a/b#1 (issue)
linked {"ref":"https://example.org","kind":"other"} -> linked https://example.org
paired {"story":"us:1","issues":["a/b#1","a/b#2"]} -> paired us:1 with a/b#1, a/b#2
unlinked {"ref":"us:1"} -> unlinked us:1
circle-recorded {"ref":"grid"} -> recorded the circle grid
environment-requested {"environment":"staging"} -> asked for staging
environment-ready {"environment":"staging"} -> reported staging ready
environment-removed {"environment":"staging"} -> took staging down
escalated {"rung":"circle-owner","people":["pia"]} -> escalated it to the circle owner
urgent-logged {"ref":"STORY-1"} -> logged STORY-1 as urgent
prioritised {"rank":1,"owner":"pia","team":["tom","dave"],"round":2} -> prioritised: rank 1, owner Pia, team Tom, Dave, round 2
skipped {"reason":"only documents","approvedBy":"lea","confirmedBy":"olga"} -> skipped: approved by Lea, confirmed by Olga, only documents
dropped {"reason":"two\\nlines"} -> dropped: two lines
moved-on {"to":"ops","people":[],"text":"Soon","date":"2026-12-15","severity":"major","issues":["a#1"]} -> moved on: with a#1, to ops, major, Soon, 2026-12-15
`;

test.each(
  ROWS.trim()
    .split('\n')
    .map((row) => /^(\S+) (\{.*\}) -> (.*)$/.exec(row)?.slice(1) ?? []),
)('%s %s', (type = '', data = '', words = '') => {
  const event = { version: 1, type, at: 0, actor: 'sam', via: 'web', data: JSON.parse(data) };
  expect(describeEvent(createStage().world(), event)).toBe(words);
});

test('what nobody said is told with who did it, and what holds nothing by its name', () => {
  const world = createStage().world();
  const by = (type: string, data: unknown) =>
    describeEvent(world, { version: 1, type, at: 0, actor: 'system', via: 'github', data });
  expect(by('released', { environment: 'mainnet', by: 'olga' })).toBe('released on mainnet, by Olga');
  expect(by('deployed', { environment: 'mainnet', by: 'github:who' })).toBe(
    'saw it deployed to mainnet, by github:who',
  );
  expect(by('release-requested', { environment: 'mainnet', by: 'olga' })).toBe('asked OPS to release on mainnet');
  expect(by('window-opened', null)).toBe('window opened');
  expect(by('window-opened', 'nothing')).toBe('window opened');
});
