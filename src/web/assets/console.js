// The console's only script. Every page works without it; with it pages follow what happens, and the line completes words.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

/* ---- Following: a page that hears of a change asks for itself again, and takes over what differs. ---- */

let sending = false;
let asked = 0;

function rememberFocus(box) {
  const active = document.activeElement;
  if (active === null || !box.contains(active)) return () => {};
  const { id, value, name } = active;
  const href = active.getAttribute('href');
  return () => {
    const same = $$('a, button, input, summary', box).find(
      (each) =>
        (id !== '' && each.id === id) ||
        (href !== null
          ? each.getAttribute('href') === href
          : value !== undefined && each.value === value && each.name === name),
    );
    (same ?? $('#main')).focus({ preventScroll: true });
  };
}

function swap(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const restore = rememberFocus(old);
  const wasOpen = $$('details[open]', old).map((each) => each.id);
  old.replaceChildren(...fresh.childNodes);
  for (const id of wasOpen) if (id !== '') $(`#${CSS.escape(id)}`, old)?.setAttribute('open', '');
  restore();
}

function follow(old, fresh) {
  const log = $('#log-box');
  const atEnd = log === null || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const known = new Map([...old.children].map((each) => [each.id, each]));
  for (const entry of [...fresh.children]) {
    const present = known.get(entry.id);
    known.delete(entry.id);
    if (present === undefined) {
      old.append(entry);
      entry.classList.add('arrived');
    } else {
      present.classList.remove('arrived');
      if (!present.isEqualNode(entry)) {
        const restore = rememberFocus(present);
        present.className = entry.className;
        present.replaceChildren(...entry.childNodes);
        restore();
      }
    }
  }
  for (const gone of known.values()) gone.remove();
  if (old.children.length > 0) $('#log-empty')?.remove();
  if (atEnd) toEnd();
}

const toEnd = () => {
  const box = $('#log-box');
  if (box !== null) box.scrollTop = box.scrollHeight;
};

function takeOver(page, withIds) {
  for (const fresh of $$('[data-live]', page)) {
    const old = document.getElementById(fresh.id);
    if (old === null) continue;
    // The ids of forms change with every page; they are set apart, so that they alone make nothing differ.
    const ids = $$('input[name="page"]', fresh).map((input) => input.value);
    for (const [at, input] of $$('input[name="page"]', fresh).entries()) {
      const present = $$('input[name="page"]', old)[at];
      if (present !== undefined) input.setAttribute('value', present.getAttribute('value'));
    }
    (fresh.dataset.live === 'log' ? follow : swap)(old, fresh);
    if (withIds)
      for (const [at, input] of $$('input[name="page"]', old).entries())
        input.setAttribute('value', ids[at] ?? input.value);
  }
  if (!withIds) return;
  for (const form of ['press', 'say-form']) {
    const old = $(`#${form} input[name="page"]`);
    const fresh = $(`#${form} input[name="page"]`, page);
    if (old !== null && fresh !== null) old.setAttribute('value', fresh.getAttribute('value'));
  }
}

const parse = (text) => new DOMParser().parseFromString(text, 'text/html');

let asking = false;
let again = false;

/** Asks for this page as it is now. What changes meanwhile is asked for once more, not for each change. */
async function refresh() {
  if (document.hidden) return;
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  do {
    again = false;
    asked += 1;
    const mine = asked;
    const response = await fetch(location.pathname + location.search, {
      credentials: 'same-origin',
      // To ask by itself is no sign of anybody being there: the session runs out all the same.
      headers: { 'x-by-itself': '1' },
    }).catch(() => null);
    // The session is over: what it showed is not left standing.
    if (response?.redirected === true && new URL(response.url).pathname === '/sign-in')
      return void location.assign('/sign-in');
    const text = response?.ok === true ? await response.text() : undefined;
    // A form that was sent meanwhile brings the newer page, and its page id must not be taken from it.
    if (text !== undefined && mine === asked) takeOver(parse(text), !sending);
  } while (again && !document.hidden);
  asking = false;
}

let stream;
function listen() {
  if (!follows) return;
  if (document.hidden) {
    stream?.close();
    stream = undefined;
  } else if (stream === undefined) {
    stream = new EventSource('/events');
    stream.addEventListener('changed', refresh);
    // Whatever happened while nobody listened is caught up with.
    stream.addEventListener('hello', refresh);
  }
}
document.addEventListener('visibilitychange', listen);
addEventListener('pagehide', () => {
  stream?.close();
  stream = undefined;
});
addEventListener('pageshow', listen);

/* ---- Forms: sent without leaving the page; what comes back is this page as it is now. ---- */

const SENT_HERE = ['/say', '/press', '/clock'];
/** What is on its way or waits to be: the same once more, such as a double click, is one and the same. */
const waiting = new Set();
let turn = Promise.resolve();

document.addEventListener('submit', (event) => {
  const form = event.target;
  const to = new URL(form.action).pathname;
  if (!SENT_HERE.includes(to)) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  data.delete('page');
  const fields = [...data].map(([name, value]) => [name, String(value)]);
  const what = JSON.stringify([to, fields]);
  if (waiting.has(what) || (to === '/say' && line.value.trim() === '')) return;
  waiting.add(what);
  const words = to === '/say' ? line.value : '';
  if (to === '/say') {
    line.value = '';
    closeOptions();
    usage('');
  }
  turn = turn.then(() => send(form, to, fields, words)).finally(() => waiting.delete(what));
});

/** One form after the other, each with the page id of the page that the one before brought. */
async function send(form, to, fields, words) {
  sending = true;
  asked += 1;
  try {
    const page = $('input[name="page"]', form)?.value ?? $('#press input[name="page"]').value;
    const body = new URLSearchParams([['page', page], ...fields]);
    const response = await fetch(to, { method: 'POST', body, credentials: 'same-origin' });
    const text = await response.text();
    const landed = new URL(response.url).pathname;
    if (!response.ok || !(response.headers.get('content-type') ?? '').includes('text/html'))
      return giveBack(words, text);
    if (landed !== location.pathname) return void location.assign(landed);
    takeOver(parse(text), true);
    if (to !== '/clock') toEnd();
  } catch {
    giveBack(words, 'The console does not answer. Is it still running? Nothing was said.');
  } finally {
    sending = false;
    void refresh();
  }
}

/** What was not taken is in the line again, with the reason above it. */
function giveBack(words, why) {
  if (words !== '' && line !== null && line.value === '') line.value = words;
  tell(why);
}

function tell(text) {
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.setAttribute('role', 'alert');
  notice.textContent = text.trim().slice(0, 400);
  $('.notice')?.remove();
  ($('#say-form') ?? $('#main').firstChild).before(notice);
}

/* ---- Buttons whose command wants more words put it into the line. ---- */

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-say]');
  if (link === null || link === undefined || line === null) return;
  event.preventDefault();
  line.value = link.dataset.say;
  line.focus();
  line.setSelectionRange(line.value.length, line.value.length);
  void suggest();
});

/* ---- The line: an editable combobox that completes commands and the words that each of them takes. ---- */

const line = $('#say');
const box = $('#options');
let words;
let shown = [];
let at = -1;
let start = 0;
let suggested = 0;
let loading;

function usage(text) {
  const hint = $('#usage');
  if (hint !== null && hint.textContent !== text) hint.textContent = text;
}

function closeOptions() {
  shown = [];
  at = -1;
  if (box === null) return;
  box.hidden = true;
  box.replaceChildren();
  line.setAttribute('aria-expanded', 'false');
  line.removeAttribute('aria-activedescendant');
}

async function suggest() {
  if (box === null) return;
  suggested += 1;
  const mine = suggested;
  if (words === undefined) {
    loading ??= fetch('/words', { credentials: 'same-origin' }).then(
      (response) => response.json(),
      () => undefined,
    );
    words = await loading;
    loading = undefined;
  }
  // What was typed meanwhile has been answered, and somebody may already point at an option of it.
  if (words === undefined || mine !== suggested) return;
  const before = line.value.slice(0, line.selectionStart ?? line.value.length);
  start = before.search(/\S*$/);
  const name = /^\s*(\/\S+)/.exec(line.value)?.[1]?.toLowerCase();
  const command = words.commands.find((each) => each.word === name);
  usage(command === undefined || start === 0 ? '' : `${command.usage} · ${command.about}`);
  shown = candidates(before, before.slice(start).toLowerCase(), command).slice(0, 8);
  drawOptions();
}

function candidates(before, token, command) {
  const said = before.slice(0, start);
  if (said.trim() === '')
    return token.startsWith('/') ? words.commands.filter((each) => each.word.startsWith(token)) : [];
  if (token.startsWith('@'))
    return words.groups.PERSON.filter((each) => matches(each, token.slice(1))).map((each) => ({
      ...each,
      word: `@${each.word}`,
    }));
  if (command === undefined) return [];
  const used = new Set(said.split(/\s+/));
  // One key, one team, one environment is enough; references and people may be several.
  const isMet = (group) =>
    !['REF', 'PERSON'].includes(group) && words.groups[group]?.some((each) => used.has(each.word));
  const all = command.takes.flatMap((group) => (isMet(group) ? [] : (words.groups[group] ?? [])));
  return all.filter((each) => !used.has(each.word) && each.word.toLowerCase() !== token && matches(each, token));
}

const matches = (each, token) =>
  each.word.toLowerCase().startsWith(token) || (token.length > 1 && each.about.toLowerCase().includes(token));

function drawOptions() {
  at = -1;
  line.removeAttribute('aria-activedescendant');
  if (shown.length === 0) return closeOptions();
  box.replaceChildren(...shown.map(optionOf));
  box.hidden = false;
  line.setAttribute('aria-expanded', 'true');
}

function optionOf(each, index) {
  const option = document.createElement('li');
  option.id = `option-${index}`;
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', 'false');
  for (const [name, text] of [
    ['option-word', each.usage ?? each.word],
    ['option-about', each.about],
  ]) {
    const part = document.createElement('span');
    part.className = name;
    part.textContent = text;
    option.append(part);
  }
  option.addEventListener('mousedown', (event) => {
    event.preventDefault();
    take(index);
  });
  return option;
}

function point(to) {
  at = (to + shown.length) % shown.length;
  for (const [index, option] of [...box.children].entries()) option.setAttribute('aria-selected', String(index === at));
  line.setAttribute('aria-activedescendant', `option-${at}`);
  box.children[at].scrollIntoView({ block: 'nearest' });
}

function take(index) {
  const end = line.selectionStart ?? line.value.length;
  const head = `${line.value.slice(0, start)}${shown[index].word} `;
  line.value = head + line.value.slice(end).trimStart();
  line.setSelectionRange(head.length, head.length);
  void suggest();
}

function onKey(event) {
  if (shown.length === 0) return;
  const only = shown.length === 1 && line.value.trim() !== '';
  if (event.key === 'Escape') closeOptions();
  else if (event.key === 'ArrowDown') point(at + 1);
  else if (event.key === 'ArrowUp') point(at < 0 ? shown.length - 1 : at - 1);
  else if ((event.key === 'Enter' || event.key === 'Tab') && at >= 0) take(at);
  else if (event.key === 'Tab' && !event.shiftKey && only) take(0);
  else return;
  event.preventDefault();
}

if (line !== null && box !== null) {
  // The list of the page without a script completes the whole line only; this one takes its place.
  line.removeAttribute('list');
  line.setAttribute('role', 'combobox');
  line.setAttribute('aria-expanded', 'false');
  line.setAttribute('aria-controls', 'options');
  line.setAttribute('aria-autocomplete', 'list');
  line.addEventListener('input', () => void suggest());
  line.addEventListener('blur', closeOptions);
  line.addEventListener('keydown', onKey);
}

/* ---- Signing in: what the link holds behind its “#” is handed in with the form, and leaves the address line. ---- */

const signIn = $('#sign-in');
function takeSecret() {
  const secret = location.hash.slice(1);
  if (!/^[\w-]{32}$/.test(secret)) return;
  history.replaceState(null, '', location.pathname);
  $('#secret').value = secret;
  $('#sign-in-field').hidden = true;
  $('button', signIn).focus();
}
if (signIn !== null) {
  takeSecret();
  addEventListener('hashchange', takeSecret);
}

/* The clock on top goes on by itself. A page for which nobody has signed in yet has nothing to follow. */
const follows = document.body.dataset.still === undefined;
if (follows) setInterval(() => void refresh(), 30_000);

$('.places a[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
toEnd();
listen();
