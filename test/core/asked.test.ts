import { test } from 'vitest';
import { same, show } from './pictures.ts';
import { createStage, everyCommand } from './stage.ts';

/** What is answered, whatever is asked: every command with words that fit, that nearly fit, and that do not. */

const ODD = [
  ...[
    '',
    ' x',
    ' WEB-1',
    ' web-1',
    ' WEB-9',
    ' WEB-1 ""',
    ' WEB-1 “quoted”',
    ' 5 WEB-1',
    ' WEB-1 us:5 example/web#3 https://example.org',
    ' #3',
    ' us:5',
    ' sam',
    ' @sam',
    ' nobody',
    ' ops',
  ],
  ...[
    ' critical It is down',
    ' critcal It is down',
    ' staging',
    ' stagin v1',
    ' production v1 emergency',
    ' 2026-12-24',
    ' 2026-12-24 2026-12-26 holidays',
    ' tomorrow 14:00',
    ' plan Mon 14:00',
    ' open',
    ' close',
    ' create',
  ],
  ...[
    ' WEB-1 production v1 and more',
    ' swap omar 2026-11-28',
    ' take',
    ' grant qa tom',
    ' grant qq tom',
    ' revoke qa tom WEB-1',
    ' add zoe Zoe roles qa',
    ' remove zoe',
    ' declare 2026-12-24 2026-12-20 no',
    ' lift FREEZE-1',
    ' ready staging WEB-1',
    ' WEB-1 by 2026-12-24 It goes live',
    ' -1',
    ` ${'a'.repeat(2100)}`,
    ' WEB-1 1 owner pia team tom',
  ],
];

test.each(['sam', 'olga'])('what %s is answered, whatever is asked', (who) => {
  const stage = createStage();
  stage.play(
    'sam: /call open\n mia: /propose web Campaign\n mia: /link WEB-1 https://cryptpad.example.org/pad/1\n sam: /approve WEB-1\n sue: /approve WEB-1\n bea: /propose product A grid',
  );
  const lines = everyCommand.flatMap(({ name }) => [...ODD, ' help'].map((words) => `/${name}${words}`));
  const more = [
    '',
    '/',
    'hello',
    '/statu',
    '/xyzzy',
    'status',
    '/STATUS WEB-1',
    '/status@baton WEB-1',
    'WEB-1',
    '/help approve',
    '/help nothing',
  ];
  const seen = new Map<string, string[]>();
  for (const line of [...more, ...lines]) {
    const { outcome } = stage.ask(who, line);
    const rule = outcome.ok ? '' : (outcome.rule ?? '');
    const answer = `  ${outcome.code} ${rule}: ${show(outcome.text).slice(0, 300)}`.replace(' : ', ': ');
    seen.set(answer, [...(seen.get(answer) ?? []), line.slice(0, 60)]);
  }
  same(
    `asked-by-${who}`,
    [...seen].flatMap(([answer, said]) => [said.join(' | '), answer]),
  );
});
