import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from '../../adapters/slack/render.ts';
import { createSpelling, withoutUmbrella } from '../../adapters/slack/spelling.ts';
import type { Node, Text } from '../../src/ports.ts';
import { openStage, outgoing, reply, type Stage } from './slack-stage.ts';

/** A command that is named in a text is one that can be typed there. */

const COMMANDS = ['approve', 'help', 'iam', 'call', 'link-account', 'status'];
const spelling = createSpelling(COMMANDS);
const code = (text: string): Node => ({ node: 'code', text });
const shared = (nodes: Text) => render(nodes, { token: () => '', spell: spelling.shared });
const privately = (nodes: Text) => render(nodes, { token: () => '', spell: spelling.private });

test.each<[string, Text, string, string]>([
  ['a command to copy', [code('/approve WEB-1')], '/baton approve WEB-1', 'approve WEB-1'],
  ['a name with a dash', [code('/link-account')], '/baton link-account', 'link-account'],
  [
    'what may be said instead',
    [code('/call open | /call close')],
    '/baton call open | /baton call close',
    'call open | call close',
  ],
  [
    'words of a command',
    [code('/approve WEB-1 see /status')],
    '/baton approve WEB-1 see /status',
    'approve WEB-1 see /status',
  ],
  [
    'a name in plain words',
    ['Say /iam CODE, or (/help).'],
    'Say /baton iam CODE, or (/baton help).',
    'Say iam CODE, or (help).',
  ],
  ['in any case', [code('/Approve WEB-1')], '/baton Approve WEB-1', 'Approve WEB-1'],
  ['in a row', [{ node: 'list', rows: [['Say ', code('/help')]] }], '• Say /baton help', '• Say help'],
  ['no command of ours', [code('/nonsense'), ' and /nonsense'], '/nonsense and /nonsense', '/nonsense and /nonsense'],
  [
    'a path',
    ['see /status/page, a/status, /status.html'],
    'see /status/page, a/status, /status.html',
    'see /status/page, a/status, /status.html',
  ],
  [
    'an address',
    [{ node: 'link', url: 'https://a.example/help', label: 'https://a.example/help' }],
    'https://a.example/help',
    'https://a.example/help',
  ],
  [
    'what somebody is quoted with',
    ['“the /status page” is told by /status'],
    '“the /status page” is told by /baton status',
    '“the /status page” is told by status',
  ],
  [
    'a quotation in pieces',
    ['“', 'the /status page', '”: /help'],
    '“the /status page”: /baton help',
    '“the /status page”: help',
  ],
  ['a quotation without an end', ['“odd\n', '/help'], '“odd\n/baton help', '“odd\nhelp'],
  [
    'a title',
    [{ node: 'item', key: 'WEB-1', title: 'the /status page' }],
    'WEB-1 “the /status page”',
    'WEB-1 “the /status page”',
  ],
])('%s', (_what, nodes, inChannel, inPrivate) => {
  expect(shared(nodes).text).toBe(inChannel);
  expect(privately(nodes).text).toBe(inPrivate);
});

test('in private a bare name stands out as code', () => {
  expect(privately(['Say /help or ', code('/approve WEB-1')]).blocks).toMatchObject([
    {
      elements: [
        {
          elements: [
            { type: 'text', text: 'Say ' },
            { type: 'text', text: 'help', style: { code: true } },
            { type: 'text', text: ' or ' },
            { type: 'text', text: 'approve WEB-1', style: { code: true } },
          ],
        },
      ],
    },
  ]);
});

test('what is cut off is narrowed by something that can be typed', () => {
  const rows = Array.from({ length: 900 }, (_, index) => [`WEB-${index} ${'x'.repeat(30)}`]);
  const cut = render([{ node: 'list', rows }], { token: () => '', spell: createSpelling(['board']).shared });
  expect(JSON.stringify(cut.blocks)).toContain('/baton board KIND narrows it');
});

test('without a catalogue all stays as it is', () => {
  expect(render([code('/approve WEB-1')], { token: () => '', spell: createSpelling().private }).text).toBe(
    '/approve WEB-1',
  );
});

test.each([
  ['/baton mine', '/mine'],
  ['/baton /mine', '/mine'],
  ['/Baton-test status WEB-1', '/status WEB-1'],
  [' /baton mine', ' /mine'],
  ['/baton', '/baton'],
  ['/batonik mine', '/batonik mine'],
  ['say /baton mine', 'say /baton mine'],
])('%s is heard as %s', (said, heard) => {
  expect(withoutUmbrella(said)).toBe(heard);
});

let stage: Stage | undefined;
beforeEach(() => {
  stage = undefined;
});
afterEach(() => stage?.stop());

test('each way out spells for where it goes', async () => {
  const here = await openStage('http', { with: { commands: COMMANDS } });
  stage = here;
  await vi.waitFor(() => expect(here.slack.state()).toMatchObject({ is: 'connected' }), 20_000);
  const { peer, slack, olga } = here;
  const nodes: Text = ['Say ', code('/approve WEB-1')];
  const texts = (channel: string): string[] => peer.messages(channel).map(({ text }) => text);
  const sent = await slack.send(outgoing('C0TEAM', nodes));
  await slack.send(outgoing('U0OLGA', nodes));
  const answer = { account: 'slack:U0OLGA', quiet: true, ok: false, isPrivate: false, message: 'C0TEAM/5.1' };
  await slack.send(outgoing('C0TEAM', nodes, { answer }));
  expect(texts('C0TEAM')).toEqual(['Say /baton approve WEB-1', 'Say /baton approve WEB-1']);
  expect(texts(olga.direct)).toEqual(['Say approve WEB-1']);
  await slack.edit(sent.is === 'sent' ? (sent.id ?? '') : '', outgoing('C0TEAM', ['Now ', code('/help')]));
  expect(texts('C0TEAM')[0]).toBe('Now /baton help');
  here.script.answer = () => reply(nodes);
  expect((await olga.command('C0TEAM', '/baton', 'x')).message?.text).toBe('Say /baton approve WEB-1');
  // A slash command is heard in any conversation, and this one may be with somebody else.
  expect((await olga.command(olga.direct, '/baton', 'x')).message?.text).toBe('Say /baton approve WEB-1');
});

test('the answer to a button spells for where the button stands', async () => {
  const here = await openStage('http', { with: { commands: COMMANDS } });
  stage = here;
  await vi.waitFor(() => expect(here.slack.state()).toMatchObject({ is: 'connected' }), 20_000);
  const { peer, slack, olga, script } = here;
  const card: Text = ['Card', { node: 'buttons', buttons: [{ label: 'Look', command: 'status', on: 'WEB-1' }] }];
  script.answer = () => reply(['Say ', code('/help')]);
  script.sections = [{ title: 'Here', nodes: ['Say ', code('/help')] }];
  for (const [chat, channel, text] of [
    ['U0OLGA', olga.direct, 'Say help'],
    ['C0TEAM', 'C0TEAM', 'Say /baton help'],
  ] as const) {
    await slack.send(outgoing(chat, card));
    const shown = await peer.waitFor(() => peer.messages(channel).find((each) => each.text === 'Card'));
    await olga.press(shown, 'Look');
    await peer.waitFor(() => peer.messages(channel).find((each) => each.text === text));
  }
  olga.openHome();
  expect(JSON.stringify((await peer.waitFor(() => peer.home('U0OLGA'))).content)).toContain('/baton help');
});
