import { expect, test } from 'vitest';
import { bold, buttons, code, item, list, say, type Text } from '../../src/core/text.ts';
import { renderText } from '../../src/web/render-text.ts';

/** Reply nodes as HTML: whatever is in them, it is only ever text. */

const render = async (text: Text): Promise<string> => String(await renderText(text, { prefixes: ['WEB', 'PROD'] }));

test.each([
  ['words', say`a <b> & "c" 'd'`, 'a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;'],
  ['bold', [bold('<i>')], '<strong>&lt;i&gt;</strong>'],
  ['code', [code('<i>')], '<code>&lt;i&gt;</code>'],
  ['an item', [item('WEB-1', '<i>')], '<a class="key" href="/item/WEB-1">WEB-1</a> “&lt;i&gt;”'],
  ['a key in words', say`see PROD-12.`, 'see <a class="key" href="/item/PROD-12">PROD-12</a>.'],
  ['a key of no process', say`see XYZ-12.`, 'see XYZ-12.'],
  [
    'a link',
    [{ node: 'link', url: 'https://a.example/?b&c', label: '<i>' }],
    '<a href="https://a.example/?b&amp;c" rel="noopener noreferrer nofollow">&lt;i&gt;</a>',
  ],
  ['a link that is no page', [{ node: 'link', url: 'javascript:alert(1)', label: 'x' }], 'x'],
  [
    'an address that breaks out',
    say`https://a.example/"onclick=x`,
    '<a href="https://a.example/" rel="noopener noreferrer nofollow">https://a.example/</a>&quot;onclick=x',
  ],
  ['lines', say`a\nb`, 'a<br>b'],
  ['a list', say`a:\n${list([say`b`, [bold('c')]])}\nd`, 'a:<ul><li>b</li><li><strong>c</strong></li></ul>d'],
  ['buttons where none may be pressed', say`a${buttons({ label: 'b', command: 'c', on: 'd' })}`, 'a'],
])('%s', async (_what, text, expected) => {
  expect(await render(text as Text)).toBe(expected);
});
