/**
 * Every fault that the specification names, with what comes of it and the test that shows it. `docs/reliability.md` is
 * made from this list; `list.test.ts` looks that each test is there under that name.
 */
export interface Fault {
  readonly part: 'The process' | 'The disk' | 'The platforms' | 'What comes in' | 'Time' | 'Load';
  readonly name: string;
  readonly how: string;
  readonly result: string;
  /** `FILE › words of the test's name`, below `test/`; `*.fault.ts` run with `npm run test:faults` alone. */
  readonly test: string;
}

const row = (part: Fault['part'], name: string, how: string, result: string, test: string): Fault => ({
  part, name, how, result, test,
}); // biome-ignore format: one row

type Row = readonly [name: string, how: string, result: string, test: string];
const part = (name: Fault['part'], rows: readonly Row[]): readonly Fault[] => rows.map((each) => row(name, ...each));

const PROCESS = part('The process', [
  ['kill -9 at every write', '`strace` ends it at each `pwrite64` and `fsync`, for each shape of commit', 'what was promised is there, nothing by half', 'faults/disk/syscalls.fault.ts › killed at every write'],
  ['kill -9 in every step of a conversation', 'before and after each commit, each call of a platform, and while nobody is there', 'as if nothing had happened; only what was under way to Telegram may come twice', 'faults/kill.test.ts › killed in every step'],
  ['kill -9 while it commits', 'a child that writes, killed at any moment', 'every acknowledged commit is there', 'store/kill.test.ts › loses nothing that was acknowledged'],
  ['SIGTERM in the middle', 'at the same moments', 'ends by itself; nothing comes twice', 'faults/terminate.fault.ts › ended in every step'],
  ['a second instance on the same file', 'another process', 'refused, with who holds it', 'store/lock.test.ts › tells a second process who holds the database'],
  ['a process that stands still', 'SIGSTOP for 5, 20 and 75 seconds, longer than a lease', 'each once', 'faults/process/process.fault.ts › the process stands still'],
  ['an event loop that hangs', 'three times five seconds', 'nothing lost', 'faults/process/process.fault.ts › the event loop hangs'],
  ['a heap that is too small', 'it dies of it, again and again', 'started again, nothing lost', 'faults/process/process.fault.ts › the heap is too small'],
  ['few files may be open', '`ulimit -n` just above what it has open', 'nothing lost', 'faults/process/process.fault.ts › few files may be open'],
  ['the least turn on a busy machine', 'nice 19 beside hogs', 'nothing lost; what was not taken is refused', 'faults/process/process.fault.ts › the least turn'],
]); // biome-ignore format: a table

const DISK = part('The disk', [
  ['a power cut', 'what was not synced is gone, at every step of each shape of commit', 'nothing that was promised is lost; with `synchronous=NORMAL` the same test loses commits', 'faults/disk/power-cut.fault.ts › the power goes'],
  ['a migration killed at each write', '`strace`, at each write', 'the old schema or the new one, and the copy from before', 'faults/disk/migration.fault.ts › killed at every write'],
  ['bits that turn', 'one bit, all over the file', 'found, or without any meaning', 'faults/disk/damage.test.ts › a bit that turned, all over the file'],
  ['a file that ends too early', 'cut off at many lengths', 'found; nothing is decided on it', 'faults/disk/damage.test.ts › a file that ends too early'],
  ['a full disk', 'a file system that is really full, then has space again', 'safe mode, questions are answered, it goes on by itself', 'ops/process.test.ts › a disk that is really full'],
  ['a history that was changed', 'by another program', 'safe mode; told everywhere; over with a backup from before', 'ops/process.test.ts › a history that was changed'],
  ['a newer schema', 'a file of a newer version', 'read, and nothing else', 'ops/process.test.ts › a file of a newer version is read'],
  ['a broken backup', 'restored', 'refused; the database stays', 'store/backup.test.ts › refuses a broken backup'],
  ['a few power cuts, for CI', 'some of each shape', 'FULL loses nothing, NORMAL loses something', 'faults/disk/power-cut.test.ts › the power goes now and then'],
  ['a full or broken disk at each write', '`strace`: ENOSPC and EIO at each `pwrite64` and `fsync`, once and for ever', 'whole; nothing that was promised is lost', 'faults/disk/errors.fault.ts › the disk says no'],
  ['a full or broken disk now and then, for CI', 'the journal’s second write and `fsync`', 'whole', 'faults/disk/errors.test.ts › the disk says no now and then'],
  ['a full or broken disk at the k-th write', 'ENOSPC and EIO, once and for ever, also with a page under way', 'safe mode; EIO is left by `baton doctor --leave-safe-mode`, a full disk by itself', 'faults/full/full.fault.ts › at the k-th write of the real process'],
  ['a small file system that is full', 'tmpfs, filled again and again while people talk', 'OPS, stderr and 503 say it, questions and pages go on, it ends by itself', 'faults/full/full.fault.ts › a small file system that is full'],
  ['a page of zeros', 'each page', 'found, or without any meaning', 'faults/disk/damage.test.ts › a page of zeros'],
  ['a journal that is gone, or is an old one', 'beside each copy', 'found, or an older end that the head posted outside tells', 'faults/disk/damage.test.ts › a journal that is gone'],
]); // biome-ignore format: a table

const PLATFORMS = part('The platforms', [
  ['the chats answer oddly', '429 with odd `Retry-After`s, 5xx, HTML, empty, resets before and after', 'each answer arrives, in its order', 'faults/answers.test.ts › whatever is answered'],
  ['a definite no', '400, 403, 404', 'parked with its reason; the next one goes; can be tried again', 'faults/answers.test.ts › says no'],
  ['calls that hang', 'no answer ever', 'given up, uncertain, looked for, sent again', 'faults/answers.test.ts › platforms that never answer'],
  ['the same token elsewhere', 'Telegram’s 409', 'told; the offset stays; nothing is lost', 'faults/answers.test.ts › a second poller with the same token'],
  ['outages of ten minutes to 25 hours', 'each platform, one after the other', 'caught up: cards as they are now, nothing past its use', 'faults/long-outages.fault.ts › 10 minutes, an hour, 8 hours and 25 hours'],
  ['an outage of an hour in a vote', 'either chat, in each mode', 'each card is there once and shows what is so now', 'faults/outages.test.ts › is away for an hour'],
  ['nights without a chat', 'several digests were due', 'one, and none past its use', 'faults/outages.test.ts › comes back after nights'],
  ['a forge that is away', 'GitHub, Circles, Gitea or the mail’s server, an hour and a day, four ways', 'gates hold, all else goes on, nothing is made twice', 'faults/forge-away.test.ts › is away for $length'],
  ['GitHub away while a deployment waits', 'over the window’s edges', 'let go only at a moment at which it may', 'faults/forge-deployment.test.ts › let go in the last millisecond of Wednesday'],
  ['people whom a platform refuses', 'blocked, left, never started', 'the next platform, then the next person', 'faults/pages.test.ts › whom no platform lets us reach'],
  ['OPS’s chat refuses', 'the bot thrown out, the channel archived, one platform or both', 'its members hear at once in private, or the admins; each once', 'faults/pages-ops.test.ts › OPS’s chat refuses: its members hear'],
  ['a platform away during a page', 'known to be away, or silent for a minute', 'over the other one, else to whoever can be reached; nobody more when nobody can', 'faults/pages-ops.test.ts › Telegram is away, and who is on call is nowhere else'],
  ['a page that is refused in safe mode', 'refused, not connected, away, silent', 'passed on from memory: the others of OPS, its chat, the admins', 'ops/safe-lane.test.ts › who is on call can not be reached'],
  ['a mail server’s odd answers', '421, 451, 550, cut off after the data, no TLS', 'again, parked, or refused, as it means; never in the clear', 'adapters/email-outcome.test.ts › no such person'],
  ['connections: refused', 'all six', 'known as away, there once', 'faults/net/connections.test.ts › refuses connections'],
  ['connections: reset before the request', 'five', 'in doubt, there once', 'faults/net/connections.test.ts › is cut off $words'],
  ['connections: reset after the request', 'five', 'looked for; only Telegram may have two', 'faults/net/connections.test.ts › is cut off $words'],
  ['connections: cut in the middle of an answer', 'five', 'looked for; only Telegram may have two', 'faults/net/connections.test.ts › is cut off $words'],
  ['connections: an answer cut short', 'five', 'looked for; only Telegram may have two', 'faults/net/silence.fault.ts › telegram cuts an answer short'],
  ['connections: half-open', 'all six', 'given up, there once', 'faults/net/silence.fault.ts › each call is given up'],
  ['connections: one byte a second', 'all six', 'given up; Telegram and mail may have two', 'faults/net/silence.fault.ts › each call is given up'],
  ['connections: a long poll and a socket that are half-open', 'the real time-outs', 'left and opened again; what waited is answered once', 'faults/net/silence.fault.ts › a long poll and a socket'],
  ['a bad network before one chat', 'refused and three sorts of cuts', 'its answers arrive, the other chat goes on, the outbox drains', 'faults/net/in-between.test.ts › behind a bad network'],
  ['429 with odd waits', 'nine of them, at five', 'a second to an hour, no hot loop', 'faults/net/odd-answers.test.ts › is asked too fast'],
  ['answers that are none', 'fifteen of them, at five', 'in doubt, once', 'faults/net/odd-answers.test.ts › gives an answer that is none'],
  ['answers that are far too large', '200 MB, and 1 GB packed', 'cut off', 'faults/net/odd-answers.test.ts › answers with far too much'],
]); // biome-ignore format: a table

const INCOMING = part('What comes in', [
  ['everything a hundred times', 'each update, in both modes of both chats', 'once', 'faults/shaken.test.ts › everything a hundred times over'],
  ['webhooks dropped, doubled, reordered, a day late', 'of GitHub and Circles', 'the mirror equals the platform within two comparisons', 'faults/forge-webhooks.test.ts › $name (seed $seed)'],
  ['redeliveries and replays of a deployment', 'days later, with restarts', 'nothing changes', 'faults/forge-deployment.test.ts › redeliveries and replays days later'],
  ['a group that becomes a supergroup in mid-vote', 'also over a restart', 'place, card and messages follow', 'faults/places.test.ts › a group becomes a supergroup'],
  ['fifty clicks', 'on one button', 'one vote', 'faults/buttons.test.ts › fifty clicks are one vote'],
]); // biome-ignore format: a table

const TIME = part('Time', [
  ['down over the window’s opening', 'Monday 00:00', 'goes when the bot is back, once', 'faults/forge-deployment.test.ts › the bot is down over Monday 00:00'],
  ['nights whose hours change', 'reminders, digests, duties', 'once each', 'time/clock-change.test.ts › an hour that comes twice has its reminder once'],
  ['late timers', 'a restart after hours and days', 'said late, or dropped and logged', 'time/late.test.ts › a reminder is sent once and marked'],
  ['a clock that steps', 'two days on, two hours back, to another age', 'safe mode; nothing is dated by it', 'ops/safe-mode.test.ts › a clock that steps'],
  ['the clock leaps days on', 'the real process under libfaketime: four days, out of a freeze, then to 2040', 'safe mode, OPS told, nothing released; it goes on after `baton doctor --leave-safe-mode`', 'faults/clock/leaps.fault.ts › a clock that leaps four days on, out of a freeze'],
  ['the clock leaps two hours back', 'the same, over the hour of a reminder', 'safe mode; nothing fires twice', 'faults/clock/leaps.fault.ts › a clock that leaps two hours back'],
  ['the clock drifts', 'sixty times too fast, and corrected by minutes', 'followed; each hour counts once', 'faults/clock/leaps.fault.ts › a clock that drifts is followed'],
  ['a start in another age', '1970 and 2040', 'safe mode; nothing is dated by it; it goes on once the clock is set', 'faults/clock/leaps.fault.ts › decides nothing, and goes on once the clock is set'],
  ['a clock that was weeks ahead', 'set right while it runs, then a restart', 'decisions and reminders go by the right clock', 'faults/clock/clock-set.test.ts › a clock that was weeks ahead holds nothing back'],
  ['down over a freeze’s edge and a night whose hours change', 'begin, end, both, odd nights, any hours again and again', 'on its minute, late or dropped, once each; no release inside', 'faults/clock/downtime.test.ts › over any hours, again and again'],
  ['a restart in mid-vote, at the tie, at the close, before the release', 'at each gap, and at all of them', 'the same events, answers and messages', 'faults/clock/votes.test.ts › comes out as without a restart'],
  ['zones and the changes of their clocks', '22 zones, each change of 2024–2030, three sets of hours, seven rules', 'as a clock on the wall says it', 'time/zones/zones.test.ts › every two values of any two factors meet'],
]); // biome-ignore format: a table

const LOAD = part('Load', [
  ['three hundred votes in a second', 'on both chats at once', 'exact; one card on each, within the limits of edits', 'faults/crowd.test.ts › 300 votes within a second'],
  ['a backup under load', 'while it writes; restored elsewhere', 'holds what was answered before it began, and is whole', 'ops/backup-load.test.ts › it holds what was answered'],
  ['a thousand messages a second', 'from both chats, for ten seconds', 'nothing acknowledged is lost, OPS is answered', 'faults/process/flood.fault.ts › 1,000 chat messages a second'],
  ['ten thousand votes on one release', 'from Slack', 'each counted once', 'faults/process/flood.fault.ts › votes on one release'],
  ['200 webhooks a second', 'signed, for ten seconds', 'each that was confirmed is there once', 'faults/process/flood.fault.ts › 200 signed webhooks a second'],
]); // biome-ignore format: a table

export const FAULTS: readonly Fault[] = [...PROCESS, ...DISK, ...PLATFORMS, ...INCOMING, ...TIME, ...LOAD];
