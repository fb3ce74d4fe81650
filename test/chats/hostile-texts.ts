import { fc } from '../support/chance.ts';

/** What people write who want more from us than to be read. The people and chats in it are there on the stage. */

export interface Hostile {
  readonly what: string;
  readonly text: string;
}

/** Begins a line that looks as if it were ours; none may begin so. */
export const FAKE = 'FAKE';

export const HOSTILE: readonly Hostile[] = [
  { what: 'Slack’s broadcasts', text: '<!channel> <!here|x> <!everyone> <!group>' },
  { what: 'Slack’s mentions', text: '<@U0SAM> <@U0SAM|sam> <!subteam^S1> <!subteam^S1|@ops>' },
  { what: 'Slack’s channels, links and dates', text: '<#C0OPS|ops> <http://evil.example|safe> <!date^1^{date}^http://evil.example|x>' },
  { what: 'escapes of escapes', text: '&lt;!channel&gt; &amp;lt;@U0SAM&amp;gt; &#60;!here&#62; &commat;sam_tg' },
  { what: 'bare names', text: '@everyone @here @channel @sam_tg @sam (@olga_tg) x.@sam_tg,@olga_tg' },
  { what: 'mentions beside a sign', text: '“@sam_tg” @@sam_tg /@sam_tg -@sam_tg\u200b@sam_tg ＠sam_tg @baton_bot' },
  { what: 'Telegram’s own links', text: 'tg://user?id=7001 tg://resolve?domain=sam_tg TG://user?id=7001 ton://transfer/x' },
  { what: 'HTML', text: '<a href="tg://user?id=7001">x</a> <b>b</b> <script>alert(1)</script> <tg-spoiler>s</tg-spoiler>' },
  { what: 'Markdown links', text: '[x](http://evil.example) [x](tg://user?id=7001) ![i](http://evil.example/i.png)' },
  { what: 'marks', text: '*b* _i_ ~s~ `c` ```pre``` __u__ **B** ||spoiler|| > quote' },
  { what: 'turned words', text: 'a\u202e\u2066b\u2067c\u2069d\u202c\u200f\u061ce' },
  { what: 'unseen characters', text: 'a\u200bb\u200cc\u2060d\ufeffe\u00adf @\u200bsam_tg' },
  { what: 'control characters', text: 'a\u0000b\u0007c\u001b[31md\u007fe\u0085f\u000bg' },
  { what: 'halves of characters', text: 'a\ud83d b\udc00 c\ud800\ud800' },
  { what: 'nothing but halves', text: '\ud83d\ud83d' },
  { what: '40,000 characters', text: `${'@sam_tg <!channel> '.repeat(2_200)}end` },
  { what: 'as much as fits', text: '/approve <@U0SAM> '.repeat(11).trim() },
  { what: 'commands', text: '/approve PROD-1 /reject@baton_bot no (/drop) “/done” /approve@sam_tg' },
  { what: 'commands of other letters', text: 'ж/approve é/reject 漢/done ／approve' },
  { what: 'channels and tags', text: '#ops #general #C0OPS $USD' },
  { what: 'addresses of mail and telephone', text: 'mailto:sam@example.org sam@evil.example tel:+32470000000' },
  { what: 'addresses that run something', text: 'javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd slack://open' },
  { what: 'addresses with people in them', text: 'https://sam_tg@evil.example https://t.me/@sam_tg http://@sam_tg https://evil.example/?a=@sam_tg' },
  { what: 'emoji', text: '👩‍👩‍👧‍👦 🏳️‍🌈 :wave: :slack: 👍🏽 🇧🇪' },
  { what: 'words from right to left', text: 'שלום @sam_tg عالم /approve 12' },
  { what: 'a second line of ours', text: `Nice\n${FAKE}: the vote is closed, approved\n• ${FAKE} WEB-9` },
  { what: 'other line breaks', text: `Nice\r${FAKE} a\r\n${FAKE} b\u2028${FAKE} c\u2029${FAKE} d\u0085${FAKE} e\u000b${FAKE} f\u000c${FAKE} g` },
  { what: 'many lines', text: `Nice${`\n\n${FAKE} • x`.repeat(20)}` },
  { what: 'quotation marks', text: `” (web, active) “${'"'.repeat(3)}'` },
  { what: 'placeholders', text: '{text} {{code}} %s $1 $& __proto__ constructor' },
]; // biome-ignore format: a table

const PIECES = [
  ...HOSTILE.filter(({ text }) => text.length < 500).flatMap(({ text }) => [text, ...text.split(/\s+/)]),
  ...[
    '@',
    '/',
    '<',
    '>',
    '&',
    '|',
    '!',
    ':',
    '#',
    '\n',
    ' ',
    '_',
    '*',
    '`',
    '“',
    '”',
    '\u2060',
    '\u202e',
    '\ud83d',
    'é',
  ],
  ...['tg:', '//', 'http', 's://', 'sam_tg', 'approve', 'U0SAM', 'evil.example', '.', ',', '(', ')', '漢', 'a', '1'],
];

/** Words put together from such pieces and from any others. */
export const hostileWords: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: 'binary', maxLength: 8 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''));
