import { organisationOf } from './play.ts';

/** The organisation of these tests, and the way of an item to the door of production. */

export interface SiteOptions {
  readonly timezone?: string;
  /** Lines under `calendar:`, indented by two. */
  readonly calendar?: string;
  readonly onCall?: string;
  readonly reminders?: string;
  /** People besides, one a line, as under `people:`. */
  readonly people?: string;
  readonly chats?: string;
}

const CHATS = `  - { name: ops, team: ops, slack: C0OPS }
  - { name: general, team: everyone, telegram: -1001 }
  - { name: testers, team: testers, telegram: -1002 }`;

export const ROTATION = '{ rotates: weekly, starts: 2026-11-02, people: [olga, omar] }';

export const site = (options: SiteOptions = {}) =>
  organisationOf(`organisation: Example Grid
timezone: ${options.timezone ?? 'Europe/Brussels'}
people:
  - { id: olga, name: Olga, roles: [ops], telegram: 1001, github: olga-gh }
  - { id: omar, name: Omar, roles: [ops], telegram: 1002, github: omar-gh }
  - { id: sam, name: Sam, roles: [stakeholder], telegram: 1003, github: sam-gh }
  - { id: sue, name: Sue, roles: [stakeholder], telegram: 1004 }
  - { id: stan, name: Stan, roles: [stakeholder], telegram: 1005 }
  - { id: pia, name: Pia, roles: [promotion], telegram: 1006 }
  - { id: wes, name: Wes, roles: [web], telegram: 1007 }
  - { id: lea, name: Lea, roles: [dev-lead], telegram: 1008, github: lea-gh }
  - { id: dev, name: Dev, roles: [developer], telegram: 1009, github: dev-gh }
  - { id: quin, name: Quin, roles: [qa], telegram: 1010, github: quin-gh }
  - { id: arno, name: Arno, roles: [architect], telegram: 1011 }
${options.people ?? ''}
chats:
${options.chats ?? CHATS}
calendar:
${options.calendar ?? '  critical_nights: true'}
${options.onCall === undefined ? `on_call: ${ROTATION}` : options.onCall === '' ? '' : `on_call: ${options.onCall}`}
github: { repositories: [example/grid] }
${options.reminders === undefined ? '' : `reminders: ${options.reminders}`}
`);

/** WEB-1 comes to \`staging\`; said at one moment, inside an open call. \`when\` starts the clock. */
export const toStaging = (when: string): string => `
${when}  sam  /propose web A new page
  sam  /link WEB-1 https://docs.example.org/need
  sam  /call open
  sam  /approve WEB-1
  sue  /approve WEB-1
  sam  /prioritise WEB-1 1 owner pia
  pia  /link WEB-1 us:1
  pia  /done WEB-1
  pia  /handover WEB-1 web
  wes  /link WEB-1 us:1 example/grid#1
  wes  /done WEB-1
  wes  /done WEB-1
  wes  /handover WEB-1 ops
  @wes-gh  closed example/grid#1
  olga  /done WEB-1
  sam  /call close`;

/** WEB-1 waits for nothing but its release on production. */
export const toProduction = (when: string): string => `${toStaging(when)}
  olga  /release WEB-1 staging
  sam  /approve WEB-1
  sue  /approve WEB-1`;
