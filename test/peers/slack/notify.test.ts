import { afterEach, describe, expect, test } from 'vitest';
import { endAll, open, section } from './given.ts';

/** Whom a message wakes and where it leads. */

afterEach(endAll);

describe('what a message does', () => {
  const effects = async (message: object) => {
    const { peer, client } = await open();
    await client.apiCall('chat.postMessage', { channel: 'C0WEB', ...message });
    const [shown] = peer.messages('C0WEB');
    if (shown === undefined) throw new Error('nothing was shown');
    return peer.effects(shown);
  };
  const nothing = { notified: [], channels: [], links: [] };

  test('marked mentions notify wherever they stand, escaped ones nowhere', async () => {
    const text = 'hi <@U0OLGA> <!channel> <!subteam^S1|ops> <#C0WEB|web> <https://x.example/|here>';
    expect(await effects({ text })).toEqual({
      notified: ['U0OLGA', '!channel', '!subteam^S1'],
      channels: ['#C0WEB'],
      links: ['https://x.example/'],
    });
    expect((await effects({ text: 'a', blocks: [section('<!here>', true)] })).notified).toEqual(['!here']);
    expect(await effects({ text: '&lt;!channel&gt; &lt;@U0OLGA&gt;', parse: 'none' })).toEqual(nothing);
    const plain = {
      type: 'section',
      text: { type: 'plain_text', text: '<!channel> @everyone #web https://x.example' },
    };
    expect(await effects({ text: 'a', blocks: [plain] })).toEqual(nothing);
  });

  test('bare names do where nothing says that they are only words', async () => {
    const words = 'hey @everyone, see #web at https://x.example/a';
    expect(await effects({ text: 'a', blocks: [section(words)] })).toEqual({
      notified: ['!everyone'],
      channels: ['#web'],
      links: ['https://x.example/a'],
    });
    expect(await effects({ text: 'a', blocks: [section(words, true)] })).toEqual(nothing);
    expect((await effects({ text: '@olga @here', link_names: true })).notified).toEqual(['@olga', '!here']);
    expect((await effects({ text: '@here', parse: 'full' })).notified).toEqual(['!here']);
    expect(await effects({ text: words, parse: 'none' })).toEqual(nothing);
    expect((await effects({ text: words })).links).toEqual(['https://x.example/a']);
  });
});
