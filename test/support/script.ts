/** Scripts as people write them, and text tables: a line is `who: words`, `@ moment` or `? KEY`. */

interface Said {
  readonly as: string;
  readonly say: string;
}

/** `sam: /call open` is somebody who speaks, `@2026-…` moves the clock, `?WEB-1` dumps an item, `{…}` is a line as it is. */
export function script(text: string): unknown[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(toLine);
}

function toLine(line: string): unknown {
  if (line.startsWith('{')) return JSON.parse(line);
  if (line.startsWith('@')) return { at: line.slice(1).trim() };
  if (line.startsWith('?')) return { dump: line.slice(1).trim() };
  const [, who = '', words = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
  if (who === '') throw new Error(`not a line of a script: ${line}`);
  return { as: who, say: words } satisfies Said;
}

/** The rows of a text table: columns are two or more spaces apart, the last one follows an arrow. */
export function table(text: string): { readonly columns: readonly string[]; readonly outcome: string }[] {
  return text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row) => {
      const [left = '', outcome = ''] = row.split(/\s*->\s*/);
      return { columns: left.split(/\s{2,}/), outcome: outcome.trim() };
    });
}

const MONDAY = '@2026-11-23T10:00:00+01:00';

/** A product that was agreed on and prioritised on a call that is still open: at its roadmap, owned by pia. */
export const ROADMAP = `
  ${MONDAY}
  sam: /call open
  bea: /propose product A new grid
  sam: /approve PROD-1
  sue: /approve PROD-1
  sam: /prioritise PROD-1 1 owner pia`;

/** The same product, at implement. */
export const IMPLEMENT = `${ROADMAP}
  pia: /circle PROD-1 create
  pia: /link PROD-1 us:34
  arno: /approve PROD-1
  pia: /done PROD-1
  lea: /link PROD-1 us:34 #3
  lea: /done PROD-1`;

/** The same product, at its last step. */
export const MAINNET = `${IMPLEMENT}
  dave: /docs PROD-1 https://docs.example.org/grid
  dave: /release PROD-1 testnet v1
  dave: /handover PROD-1 qa
  quinn: /pass PROD-1
  lea: /invite PROD-1`;

/** A web release that stands on staging with v1, its review open. */
export const STAGED = `
  ${MONDAY}
  sam: /call open
  mia: /propose web Campaign
  mia: /link WEB-1 https://cryptpad.example.org/pad/1
  sam: /approve WEB-1
  sue: /approve WEB-1
  sam: /prioritise WEB-1 1
  mia: /link WEB-1 us:5
  mia: /handover WEB-1 web
  wim: /link WEB-1 us:5 example/web#1
  wim: /done WEB-1
  wim: /handover WEB-1 ops
  {"event":"github","name":"issues","payload":{"action":"closed","issue":{"number":1,"title":"Build","state":"closed","labels":[]},"repository":{"full_name":"example/web"},"sender":{"login":"wim-gh"}}}
  olga: /done WEB-1
  olga: /env ready staging WEB-1
  olga: /release WEB-1 staging v1`;

/** An issue's webhook. */
export const issue = (action: string, number: number, labels: readonly string[] = [], by = 'lea-gh'): string =>
  JSON.stringify({
    event: 'github',
    name: 'issues',
    payload: {
      action,
      issue: {
        number,
        title: `Issue ${number}`,
        state: action === 'closed' ? 'closed' : 'open',
        labels: labels.map((name) => ({ name })),
      },
      repository: { full_name: 'example/grid' },
      sender: { login: by },
    },
  });

/** A web release that is approved for production. */
export const APPROVED = `${STAGED}
  sam: /approve WEB-1
  sue: /approve WEB-1`;
