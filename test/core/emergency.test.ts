import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isKnown } from '../../src/core/people.ts';
import { toTold } from '../../src/core/text.ts';
import { MAINNET } from '../support/script.ts';
import { createStage, type Stage } from './stage.ts';

/** An emergency release (R2) beside the ordinary request, and what is looked at once more when the last one signs it. */

const FILE = readFileSync(join(import.meta.dirname, '../transcripts/organisation.yaml'), 'utf8');
const ORGANISATION = FILE.replace('calendar:\n', 'calendar:\n  release_freeze: { emergency: true }\n');
const AT_ITS_DOOR = MAINNET.replace(/@\S+/, '');
const ISSUE = 'baton#1';

/** PROD-1 on a Friday, at the door of mainnet, with a critical issue. */
function atTheDoor(): Stage {
  const stage = createStage(ORGANISATION);
  stage.play(AT_ITS_DOOR);
  stage.moveTo('2026-11-27T10:00:00+01:00');
  stage.play('lea: /bug critical it is down PROD-1');
  return stage;
}

function asked(): Stage {
  const stage = atTheDoor();
  stage.play(`omar: /release PROD-1 mainnet emergency ${ISSUE}`);
  return stage;
}

const releases = (stage: Stage) =>
  stage
    .world()
    .history('item', 'PROD-1')
    .filter(({ type, data }) => type === 'released' && JSON.stringify(data).includes('mainnet'))
    .map(({ data }) => data);

test('a request of the dev lead does not take the place of the emergency that is voted on', () => {
  const stage = asked();
  stage.play(`
    lea: /release PROD-1 mainnet v9
    sam: /approve PROD-1
    sue: /approve PROD-1`);
  expect(releases(stage)).toEqual([
    { environment: 'mainnet', version: null, by: 'omar', approvedBy: ['sam', 'sue'], emergency: ISSUE },
  ]);
});

test('an emergency takes the place of no request, and its rejection leaves it as it was', () => {
  const stage = atTheDoor();
  stage.play(`
    lea: /release PROD-1 mainnet v9
    omar: /release PROD-1 mainnet emergency ${ISSUE}
    sam: /reject PROD-1 wait
    sue: /reject PROD-1 wait
    lea: /unlink PROD-1 ${ISSUE}`);
  expect(stage.world().get('item', 'PROD-1')).toMatchObject({ request: { version: 'v9', by: 'lea' }, emergency: null });
  expect(releases(stage)).toEqual([]);
});

const turnedOff = (stage: Stage): void => {
  stage.organisation.calendar.release_freeze.emergency = false;
};
const says = (script: string) => (stage: Stage) => stage.play(script);
const LAPSED: readonly (readonly [name: string, meanwhile: (stage: Stage) => void, why: RegExp])[] = [
  ['its asker is not of OPS any more', says('ada: /role revoke ops omar'), /Omar, who asked for it, is not of OPS/],
  ['its asker has left', says('ada: /person remove omar'), /omar, who asked for it, is not of OPS/],
  ['the issue was unlinked', says(`lea: /unlink PROD-1 ${ISSUE}`), /baton#1 is no open critical issue of PROD-1/],
  ['the issue was closed', says(`lea: /close ${ISSUE}`), /baton#1 is no open critical issue of PROD-1/],
  ['it is another freeze', (stage) => stage.moveTo('2026-12-04T10:00:00+01:00'), /the freeze .* is over \(R2\)/],
  ['there is no freeze any more', (stage) => stage.moveTo('2026-11-30T10:00:00+01:00'), /the freeze .* is over \(R2\)/],
  ['the file turned it off', turnedOff, /file does not turn the emergency path on/],
];

test.each(LAPSED)('it is not carried out when %s, and that is said', (_name, meanwhile, why) => {
  const stage = asked();
  stage.play('sam: /approve PROD-1');
  meanwhile(stage);
  const { code, text, messages } = stage.say('sue', '/approve PROD-1');
  expect([code, text]).toEqual(['signed', expect.stringMatching(why)]);
  expect(releases(stage)).toEqual([]);
  expect(stage.world().get('item', 'PROD-1')).toMatchObject({ emergency: null, votes: [{ result: 'void' }] });
  const told = messages.filter((message) => why.test(toTold(message.text))).map(({ to }) => Object.values(to)[0]);
  const asker = isKnown(stage.world(), 'omar') ? ['omar'] : [];
  expect(told).toEqual(['sam', 'sue', ...asker, 'ops']);
});

test('it is carried out two days later in the same freeze', () => {
  const stage = asked();
  stage.play('sam: /approve PROD-1');
  stage.moveTo('2026-11-29T23:59:59+01:00');
  stage.play('sue: /approve PROD-1');
  expect(releases(stage)).toHaveLength(1);
});

test('its issue keeps its place under the name that it gets', () => {
  const stage = asked();
  stage.act((draft) => draft.emit('item', 'PROD-1', { type: 'link-renamed', from: ISSUE, to: 'example/grid#9' }));
  expect(stage.world().get('item', 'PROD-1')?.emergency?.emergency).toBe('example/grid#9');
});
