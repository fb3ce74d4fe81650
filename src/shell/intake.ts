import { removedFrom } from '../core/credentials.ts';
import { parse, wordsOfPress } from '../core/decide.ts';
import { formOf, wordsOfForm } from '../core/form.ts';
import { homeOf } from '../core/home.ts';
import { personOfAccount } from '../core/people.ts';
import { code, say } from '../core/text.ts';
import type { Address, ChatAdapter, Clock, Form, Incoming, Intake, Reply } from '../ports.ts';
import { type Moves, placeOf, readAddress, showAddress } from './address.ts';
import { completed, toAnswerRows, whispered } from './answer-rows.ts';
import type { Arrivals } from './arrivals.ts';
import type { Buttons } from './buttons.ts';
import type { Engine } from './engine.ts';
import { createFlood, type Flood, TOO_MUCH } from './flood.ts';
import type { Log } from './log.ts';
import { purge } from './redact.ts';
import { FORM, type FormDraft, formFor, isQuiet, type Meant, ownAnswer, STALE, toForm, toReply } from './reply.ts';
import { createAside } from './safe-mode-aside.ts';

/**
 * What came in on a platform becomes words of a person in a place. Two ways in: decided and answered at once, where the
 * platform waits for the answer; else stored first, confirmed, and then decided, its answer a row of the outbox.
 */

export interface IntakeParts {
  readonly adapter: ChatAdapter;
  readonly engine: Engine;
  readonly buttons: Buttons;
  readonly moves: Moves;
  readonly arrivals: Arrivals;
  /** Somebody spoke in private. */
  met(account: string): void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ChatIntake extends Intake {
  /** Decides what was received before, in its order; at the start that is what the last run left. */
  recover(): void;
  /** Resolves when nothing that was received is under way. */
  settled(): Promise<void>;
  stop(): void;
}

/** So much of a message is put into a form. */
const MOST_VALUE = 2_000;
const MOST_UNDER_WAY = 5_000;
const RECOVERED_AT_ONCE = 500;
/** What could not be written is decided again after so long. */
const AGAIN_AFTER = 1_000;

export function createIntake(parts: IntakeParts): ChatIntake {
  const { adapter, engine, log } = parts;
  const bookmarkName = `${adapter.platform}.bookmark`;
  /** Everyone is answered in the order in which they spoke; what others say does not wait for it. */
  const chains = new Map<string, Promise<void>>();
  const underWay = new Set<string>();
  const aside = createAside({ ...parts, toInput: (incoming) => toInput(parts, incoming) });
  const flood = createFlood(parts.clock);
  let stopped = false;

  /** Said once: whoever goes on gets no answer to each. What came is stored all the same, and nothing is done with it. */
  function answerFlood(id: string, incoming: Incoming): void {
    log.warn('somebody says more than is listened to', {
      account: incoming.account,
      in: showAddress(incoming.address),
    });
    const rows = toAnswerRows(parts, incoming, TOO_MUCH, !incoming.isPrivate, undefined);
    void engine.settle(`${id}/flood`, rows).catch(() => undefined);
  }

  function enqueue(id: string, body: unknown): void {
    if (stopped || underWay.has(id)) return;
    const incoming = adapter.read(body);
    if (incoming === undefined) return void engine.settle(id, []).catch(() => undefined);
    underWay.add(id);
    const key = incoming.account;
    const run = (chains.get(key) ?? Promise.resolve())
      .then(() => process(id, incoming))
      .catch((error: unknown) => void log.fault('what was received could not be handled', error))
      .finally(() => {
        underWay.delete(id);
        if (chains.get(key) === run) chains.delete(key);
      });
    chains.set(key, run);
  }

  async function process(id: string, incoming: Incoming): Promise<void> {
    if (stopped) return;
    if (incoming.isPrivate) parts.met(incoming.account);
    const answer = await decideReceived(parts, id, incoming);
    if (answer !== 'again') return;
    // It stays received, and its turn comes again.
    await new Promise<void>((resolve) => setTimeout(resolve, AGAIN_AFTER).unref());
    return process(id, incoming);
  }

  return {
    async receive(bodies, bookmark) {
      if (!stopped && engine.readOnly() !== undefined) aside.answer(bodies);
      if (stopped || engine.isFull() || underWay.size > MOST_UNDER_WAY || engine.readOnly() !== undefined)
        return 'full';
      const rows = bodies.map((given) => {
        const { id, body } = purge(given);
        const incoming = adapter.read(body);
        const heard = incoming === undefined ? 'not' : flood.hears(engine.world(), incoming, id);
        if (incoming !== undefined && heard === 'for the last time') answerFlood(id, incoming);
        return { id, body, source: adapter.platform, ...(heard === 'yes' ? {} : { done: true as const }) };
      });
      const kept = bookmark === undefined ? {} : { bookmark: { name: bookmarkName, value: bookmark } };
      if (!(await engine.receive({ receive: rows, ...kept }))) return 'full';
      for (const row of rows) if (row.done !== true) enqueue(row.id, row.body);
      return 'stored';
    },
    bookmark: () => engine.store.meta(bookmarkName),
    decide: (incoming, id) => decideNow(parts, flood, incoming, id),
    form: (command, value, address, account) => formOn(parts, command, value, address, account),
    async home(account) {
      const world = engine.world();
      const person = personOfAccount(world, account);
      const sections = person === undefined ? [WAY_IN] : homeOf(world, engine.catalogue, person);
      const nodes = sections.flatMap((section) => section.nodes);
      return { sections, token: await parts.buttons.keep(account, nodes) };
    },
    recover() {
      if (engine.readOnly() !== undefined) return;
      for (const { id, body } of engine.store.received(adapter.platform, RECOVERED_AT_ONCE)) enqueue(id, body);
    },
    settled: async () => {
      while (chains.size > 0) await Promise.all(chains.values());
    },
    stop: () => {
      stopped = true;
    },
  };
}

const WAY_IN = {
  title: 'Welcome',
  nodes: say`I do not know you yet. Say ${code('/iam CODE')} to me with a code that ${code('/link-account')} gives where I know you, or ask an admin of the organisation.`,
};

/** A form for a command, with words of a message in it where there is room for them. */
async function formOn(
  { engine, buttons }: IntakeParts,
  command: string,
  value: string | undefined,
  address: Address,
  account: string,
): Promise<Form | undefined> {
  // A form may show what there is: kinds, environments, freezes. A stranger gets the way in by saying anything else.
  if (personOfAccount(engine.world(), account) === undefined) return undefined;
  const draft = formOf(engine.catalogue, engine.world(), `/${command}`);
  if (draft === undefined) return undefined;
  // A message's words go where there is room for words.
  const roomy = draft.fields.find(({ sort }) => sort === 'long') ?? draft.fields.find(({ sort }) => sort === 'text');
  const fields = draft.fields.map((field) =>
    field === roomy && value !== undefined ? { ...field, value: value.slice(0, MOST_VALUE) } : field,
  );
  return toForm(buttons, showAddress(address), { ...draft, fields });
}

/** Decided and answered at once. */
async function decideNow(parts: IntakeParts, flood: Flood, incoming: Incoming, id: string): Promise<Reply> {
  const { engine, moves } = parts;
  const heard = flood.hears(engine.world(), incoming, id);
  if (heard === 'not') return toReply(parts, incoming.account, ownAnswer('silent', []), true, undefined);
  if (heard !== 'yes') return toReply(parts, incoming.account, TOO_MUCH, !incoming.isPrivate, undefined);
  const here = showAddress(moves.before(incoming.address));
  const meant = toInput(parts, incoming);
  if ('answer' in meant) return toReply(parts, incoming.account, meant.answer, !incoming.isPrivate, undefined);
  const answer = await engine.handle(meant.input, id);
  const form = formFor(engine.world(), engine.catalogue, answer, meant.input);
  if (answer.code === 'joined') await engine.settle(`${id}/way-in`, parts.arrivals.joined(incoming, answer.key));
  const quiet = isQuiet(incoming, answer, meant.isOurs && !isPersonal(engine, meant.input.text));
  return toReply(parts, quiet ? incoming.account : here, answer, quiet, form);
}

/** Stored before, and decided now: the answer goes out with the decision. `again`: it could not be written. */
async function decideReceived(parts: IntakeParts, id: string, incoming: Incoming): Promise<'again' | undefined> {
  const { engine, arrivals } = parts;
  if (incoming.sort !== 'said' && incoming.sort !== 'pressed' && incoming.sort !== 'filled') {
    const rows = await arrivals.arrived(incoming);
    await engine.settle(id, rows);
    return undefined;
  }
  const meant = toInput(parts, incoming);
  if ('answer' in meant) {
    await engine.settle(id, toAnswerRows(parts, incoming, meant.answer, !incoming.isPrivate, undefined));
    return undefined;
  }
  await takeAway(parts, incoming, meant.isOurs);
  const answer = await engine.handle(meant.input, id, {
    rows: (given, world) => {
      const form = formFor(world, engine.catalogue, given, meant.input);
      const isOurs = meant.isOurs && !isPersonal(engine, meant.input.text);
      const rows = toAnswerRows(parts, incoming, given, isQuiet(incoming, given, isOurs), form);
      return given.code === 'joined' ? [...rows, ...arrivals.joined(incoming, given.key)] : rows;
    },
    whisper: (hint) => whispered(parts, incoming, hint),
  });
  if (answer.code === 'unavailable') return 'again';
  if (answer.code !== 'fault') return undefined;
  if (!(await engine.store.faulted(id))) return 'again';
  await engine.settle(`${id}/parked`, toAnswerRows(parts, incoming, answer, !incoming.isPrivate, undefined));
  return undefined;
}

/** A credential that was pasted where we may delete: its message goes, before anything else is said. */
async function takeAway({ adapter, log }: IntakeParts, incoming: Incoming, isOurs: boolean): Promise<void> {
  if (incoming.sort !== 'said' || !isOurs || removedFrom(incoming.text).length === 0) return;
  const { account, address, message } = incoming;
  const result = message === undefined ? undefined : await adapter.remove?.(message);
  log.warn('somebody pasted a credential', {
    account,
    in: showAddress(address),
    message: result?.is === 'sent' ? 'deleted' : 'still there',
  });
}

/** What a command answers may be of no use to anybody but the asker: what waits for them, what they may say. */
function isPersonal({ catalogue }: Engine, text: string): boolean {
  const parsed = parse(catalogue, text);
  return typeof parsed === 'object' && 'command' in parsed && parsed.command.personal === true;
}

/** Who said what, where, in the core's words. */
function toInput(parts: IntakeParts, incoming: Incoming): Meant {
  const { engine, moves, buttons } = parts;
  const { organisation } = engine.policies;
  const here: Address = moves.before(incoming.address);
  const question =
    incoming.sort === 'said' && incoming.answers !== undefined ? engine.store.post(incoming.answers) : undefined;
  // What was asked in private, for nobody else to read, goes on in the chat where the command was said.
  const asked = question?.form == null ? undefined : readAddress(question.address);
  const isElsewhere = incoming.isPrivate && asked !== undefined && showAddress(asked) !== incoming.account;
  const isPrivate = incoming.isPrivate && !isElsewhere;
  const { place, thread, listed } = placeOf(organisation, isElsewhere ? asked : here);
  const from = {
    as: incoming.account,
    via: here.platform,
    place: isPrivate ? null : place,
    ...(isPrivate || thread === undefined ? {} : { thread }),
    ...(incoming.handle === undefined ? {} : { handle: incoming.handle }),
  };
  const isBound = !incoming.isPrivate && engine.world().get('place', place)?.item != null;
  const isOurs = incoming.isPrivate || listed || isBound;
  switch (incoming.sort) {
    case 'said': {
      const form = question?.form;
      const text =
        form == null || incoming.text.startsWith('/')
          ? incoming.text
          : completed(engine.catalogue, form as FormDraft, incoming.text);
      return { input: { ...from, text, pressed: false }, isOurs };
    }
    case 'pressed': {
      const button = buttons.find(showAddress(here), incoming.account, incoming.token);
      if (button === undefined || button.args === FORM) return { answer: STALE };
      const text = wordsOfPress(engine.catalogue, button.command, button.on, button.args);
      return { input: { ...from, text, pressed: true }, isOurs };
    }
    case 'filled': {
      const form = buttons.find(showAddress(here), incoming.account, incoming.token);
      if (form === undefined) return { answer: STALE };
      const text = wordsOfForm(engine.catalogue, form.command, form.on, incoming.values);
      return { input: { ...from, text, pressed: false }, isOurs };
    }
    default:
      return { answer: ownAnswer('silent', []) };
  }
}
