import { expect, test } from 'vitest';
import { table } from '../support/script.ts';
import { createStage } from './stage.ts';

/** What is said to the bot and is no command of its own. */

const ROWS = table(`
  who  where    says                  -> answer
  sam  private  mine                  -> shown
  sam  private  Status WEB-1          -> shown
  sam  private  statsu                -> unknown-command Did you mean /status?
  sam  private  statsu WEB-1          -> unknown-command Did you mean /status?
  sam  private  thanks a lot!         -> unknown-command You are welcome.
  sam  private  @baton thanks a lot!  -> unknown-command You are welcome.
  sam  private  what is that          -> unknown-command I only understand commands.
  sam  private  /statsu               -> unknown-command There is no command /statsu. Did you mean /status?
  sam  general  mine                  -> silent
  sam  general  @baton thanks a lot   -> silent
  sam  general  @baton statsu         -> unknown-command There is no command /statsu. Did you mean /status?
  sam  general  /thanks               -> unknown-command There is no command /thanks.
  zed  private  thanks                -> forbidden I do not know you here.
`).filter(({ outcome }) => outcome !== 'answer');

test.each(ROWS)('$columns -> $outcome', ({ columns: [who = '', where, says = ''], outcome }) => {
  const stage = createStage();
  stage.play('mia: /propose web Campaign');
  const { code, text } = stage.say(who, says, where === 'private' ? {} : { place: where ?? '' });
  const [expected = '', ...words] = outcome.split(' ');
  expect(code).toBe(expected);
  expect(text.startsWith(words.join(' ')), text).toBe(true);
});

test('a tester hears what testers can say, whatever they tried', () => {
  const stage = createStage();
  stage.play('mia: /propose web Campaign\nmia: /propose web Shop');
  stage.act((draft) => draft.emit('item', 'WEB-1', { type: 'joined', person: 'zed', mail: false, via: 'telegram' }));
  for (const words of ['hello there', '/board', '/statsu'])
    expect(stage.say('zed', words)).toMatchObject({
      code: 'forbidden',
      text: 'You test WEB-1: say /bug SEVERITY TITLE, /status WEB-1 or /leave WEB-1.',
    });
  stage.act((draft) => draft.emit('item', 'WEB-2', { type: 'joined', person: 'zed', mail: false, via: 'telegram' }));
  expect(stage.say('zed', 'hello').text).toBe(
    'You test WEB-1 and WEB-2: say /bug SEVERITY KEY TITLE, /status KEY or /leave KEY.',
  );
});

test('many candidates are listed once, and how many more there are', () => {
  const stage = createStage();
  for (let n = 0; n < 12; n += 1) stage.play(`mia: /propose web Page ${n}`);
  stage.play('sam: /call open');
  const { code, text } = stage.say('sam', '/approve');
  expect(code).toBe('ambiguous');
  expect(text).toMatch(/^Which one\?\n• WEB-1 “Page 0”/);
  expect(text).toContain('and 4 more; name its key.\n[WEB-1]');
  expect(text.match(/WEB-3\b/g)).toHaveLength(2);
});

test('an answer about a wrong word is a sentence', () => {
  const stage = createStage();
  expect(stage.say('sam', '/propose nonsense X').text).toMatch(/service, web\. For example: /);
});
