import { follow } from '../../src/core/incoming.ts';
import { createStage, type Stage } from '../core/stage.ts';

/** An item at every step of every process, ready to go on, with everyone who could have a say in it. */

type Kind = 'vote' | 'decide' | 'work' | 'handover' | 'release' | 'test' | 'invite';

/** A step as page 2 of the specification draws it: written down a second time, so that a changed process file is noticed. */
export interface Drawn {
  readonly id: string;
  readonly kind: Kind;
  readonly owner: string;
  /** A handover's receiver, a release's environment. */
  readonly to?: string;
  readonly performer?: string;
  /** What gets it ready, and then what closes it: `who: words` lines. */
  readonly ready?: string;
  readonly close: string;
}

export interface Drawing {
  readonly kind: string;
  readonly key: string;
  readonly proposer: string;
  readonly proposes: string;
  readonly owner: string;
  readonly steps: readonly Drawn[];
}

const AGREE = { id: 'agree', kind: 'vote', owner: 'stakeholder' } as const;
const agreed = (key: string) => `sam: /approve ${key}\nsue: /approve ${key}`;

export const DRAWINGS: readonly Drawing[] = [
  {
    kind: 'product', key: 'PROD-1', proposer: 'bea', proposes: '/propose product A grid', owner: 'pia',
    steps: [
      { ...AGREE, close: agreed('PROD-1') },
      { id: 'prioritise', kind: 'decide', owner: 'stakeholder', close: 'sam: /prioritise PROD-1 1 owner pia' },
      { id: 'roadmap', kind: 'work', owner: 'product-owner', close: 'pia: /done PROD-1',
        ready: 'pia: /circle PROD-1 create\npia: /link PROD-1 us:34\narno: /approve PROD-1' },
      { id: 'stories', kind: 'work', owner: 'dev-lead', ready: 'lea: /link PROD-1 us:34 #3', close: 'lea: /done PROD-1' },
      { id: 'implement', kind: 'work', owner: 'developer', close: 'dave: /done PROD-1',
        ready: 'dave: /docs PROD-1 https://docs.example.org/grid' },
      { id: 'testnet', kind: 'handover', owner: 'developer', to: 'qa', close: 'dave: /handover PROD-1 qa',
        ready: 'dave: /release PROD-1 testnet v1' },
      { id: 'qa', kind: 'test', owner: 'qa', close: 'quinn: /pass PROD-1' },
      { id: 'invite', kind: 'invite', owner: 'dev-lead', close: 'lea: /invite PROD-1' },
      { id: 'mainnet', kind: 'release', owner: 'dev-lead', performer: 'ops', to: 'mainnet',
        close: 'lea: /release PROD-1 mainnet v1\nolga: /release PROD-1 mainnet v1' },
    ],
  },
  {
    kind: 'service', key: 'SVC-1', proposer: 'bea', proposes: '/propose service Faster backups', owner: 'bea',
    steps: [
      { ...AGREE, close: agreed('SVC-1') },
      { id: 'prioritise', kind: 'decide', owner: 'stakeholder', close: 'sam: /prioritise SVC-1 1' },
      { id: 'roadmap', kind: 'work', owner: 'architect', ready: 'arno: /link SVC-1 us:1', close: 'arno: /done SVC-1' },
      { id: 'stories', kind: 'work', owner: 'dev-lead', ready: 'lea: /link SVC-1 us:1 #3', close: 'lea: /done SVC-1' },
      { id: 'implement', kind: 'work', owner: 'developer', close: 'dave: /done SVC-1',
        ready: 'dave: /docs SVC-1 https://docs.example.org/backups' },
      { id: 'handover-ops', kind: 'handover', owner: 'developer', to: 'ops', close: 'dave: /handover SVC-1 ops' },
      { id: 'testnet', kind: 'release', owner: 'ops', to: 'testnet', close: 'olga: /release SVC-1 testnet v1',
        ready: 'olga: /monitor SVC-1 https://mon.example.org/backups' },
      { id: 'qa', kind: 'test', owner: 'qa', close: 'quinn: /pass SVC-1' },
      { id: 'mainnet', kind: 'release', owner: 'ops', to: 'mainnet', close: 'olga: /release SVC-1 mainnet v1' },
      { id: 'verify', kind: 'test', owner: 'qa', close: '' },
    ],
  },
  {
    kind: 'web', key: 'WEB-1', proposer: 'mia', proposes: '/propose web Campaign', owner: 'mia',
    steps: [
      { ...AGREE, ready: 'mia: /link WEB-1 https://cryptpad.example.org/pad/1', close: agreed('WEB-1') },
      { id: 'prioritise', kind: 'decide', owner: 'stakeholder', close: 'sam: /prioritise WEB-1 1' },
      { id: 'stories', kind: 'work', owner: 'promotion', ready: 'mia: /link WEB-1 us:34', close: 'mia: /done WEB-1' },
      { id: 'handover-web', kind: 'handover', owner: 'promotion', to: 'web', close: 'mia: /handover WEB-1 web' },
      { id: 'issues', kind: 'work', owner: 'web', ready: 'wim: /link WEB-1 us:34 #3', close: 'wim: /done WEB-1' },
      { id: 'build', kind: 'work', owner: 'web', close: 'wim: /done WEB-1' },
      { id: 'handover-ops', kind: 'handover', owner: 'web', to: 'ops', close: 'wim: /handover WEB-1 ops' },
      { id: 'check-stories', kind: 'work', owner: 'ops', ready: 'closed', close: 'olga: /done WEB-1' },
      { id: 'staging', kind: 'release', owner: 'ops', to: 'staging', close: 'olga: /release WEB-1 staging v1',
        ready: 'olga: /env ready staging WEB-1' },
      { id: 'production', kind: 'release', owner: 'ops', to: 'production', close: 'olga: /release WEB-1 production v1',
        ready: 'sam: /approve WEB-1\nsue: /approve WEB-1' },
      { id: 'monitoring', kind: 'work', owner: 'ops', close: '', ready: 'olga: /monitor WEB-1 https://mon.example.org/web' },
    ],
  },
  {
    kind: 'project', key: 'PRJ-1', proposer: 'bea', proposes: '/propose project Harbour', owner: 'pia',
    steps: [
      { ...AGREE, close: agreed('PRJ-1') },
      { id: 'approve', kind: 'decide', owner: 'stakeholder', close: 'sam: /prioritise PRJ-1 1 owner pia team tom' },
      { id: 'circle', kind: 'work', owner: 'project-owner', close: 'pia: /done PRJ-1',
        ready: 'pia: /circle PRJ-1 create\npia: /link PRJ-1 us:34' },
      { id: 'stories', kind: 'work', owner: 'project-team', close: 'tom: /done PRJ-1' },
      { id: 'issues', kind: 'work', owner: 'project-team', ready: 'tom: /link PRJ-1 us:34 #3', close: 'tom: /done PRJ-1' },
      { id: 'handover-dev', kind: 'handover', owner: 'project-team', to: 'developer', close: 'tom: /handover PRJ-1 dev' },
      { id: 'implement', kind: 'work', owner: 'developer', close: 'dave: /done PRJ-1',
        ready: 'dave: /docs PRJ-1 https://docs.example.org/harbour' },
      { id: 'handover-ops', kind: 'handover', owner: 'developer', to: 'ops', close: 'dave: /handover PRJ-1 ops' },
      { id: 'testnet', kind: 'release', owner: 'ops', to: 'testnet', close: 'olga: /release PRJ-1 testnet v1' },
      { id: 'handover-qa', kind: 'handover', owner: 'ops', to: 'qa', close: 'olga: /handover PRJ-1 qa' },
      { id: 'qa', kind: 'test', owner: 'qa', close: 'quinn: /pass PRJ-1' },
      { id: 'handover-project', kind: 'handover', owner: 'qa', to: 'project-team', close: 'quinn: /handover PRJ-1 project' },
      { id: 'invite', kind: 'invite', owner: 'project-team', close: 'tom: /invite PRJ-1' },
      { id: 'handover-release', kind: 'handover', owner: 'project-team', to: 'ops', close: 'tom: /handover PRJ-1 ops' },
      { id: 'mainnet', kind: 'release', owner: 'ops', to: 'mainnet', close: 'olga: /release PRJ-1 mainnet v1' },
      { id: 'handover-verify', kind: 'handover', owner: 'ops', to: 'qa', close: 'olga: /handover PRJ-1 qa' },
      { id: 'verify', kind: 'test', owner: 'qa', close: '' },
    ],
  },
]; // biome-ignore format: tables, as on the page

export const TESTER = 'telegram:5001';
const STRANGER = 'telegram:5002';

export interface Speaker {
  readonly id: string;
  /** What the file or a command gave them. */
  readonly role: string;
}
export const SPEAKERS: readonly Speaker[] = [
  { id: 'olga', role: 'ops' }, { id: 'sol', role: 'stakeholder' }, { id: 'arno', role: 'architect' },
  { id: 'lea', role: 'dev-lead' }, { id: 'dave', role: 'developer' }, { id: 'quinn', role: 'qa' },
  { id: 'mia', role: 'promotion' }, { id: 'moe', role: 'promotion' }, { id: 'wim', role: 'web' },
  { id: 'bea', role: 'bizdev' }, { id: 'bob', role: 'bizdev' }, { id: 'ada', role: 'admin' },
  { id: 'pia', role: 'none' }, { id: 'tom', role: 'none' }, { id: 'nora', role: 'none' },
  { id: TESTER, role: 'tester' }, { id: STRANGER, role: 'stranger' },
]; // biome-ignore format: a list

export interface Scene {
  readonly stage: Stage;
  readonly drawing: Drawing;
  /** Counted from 0. */
  readonly at: number;
  readonly step: Drawn;
}

const MONDAY = '2026-11-23T10:00:00+01:00';

/** Everything that is linked gets closed: what R5 and `check-stories` want. */
const closeAll = (stage: Stage): void =>
  stage.act((draft) => {
    for (const row of draft.open('item').flatMap(({ links }) => links))
      if (row.kind === 'story' || row.kind === 'issue')
        follow(draft, { ref: row.ref, kind: row.kind, open: false, platform: row.kind === 'issue' ? 'github' : 'circles' });
  }); // biome-ignore format: one act

/** A stage of its own for each scene, so that what one changes is no other's. */
export function sceneAt(drawing: Drawing, at: number): Scene {
  const stage = createStage();
  stage.moveTo(MONDAY);
  const go = (lines: string | undefined) =>
    lines === 'closed' ? closeAll(stage) : lines === undefined ? undefined : stage.play(lines);
  stage.play(`
    ada: /person add bob Bob roles bizdev
    ada: /person add moe Moe roles promotion
    ada: /person add nora Nora
    sam: /call open
    ${drawing.proposer}: ${drawing.proposes}`);
  for (const step of drawing.steps.slice(0, at)) {
    go(step.ready);
    go(step.close);
  }
  const step = drawing.steps[at];
  if (step === undefined) throw new Error(`${drawing.kind} has no step ${at}`);
  go(step.ready);
  if (at === drawing.steps.length - 1) closeAll(stage);
  stage.act((draft) =>
    draft.emit('item', drawing.key, { type: 'joined', person: TESTER, mail: false, via: 'telegram' }),
  );
  return { stage, drawing, at, step };
}
