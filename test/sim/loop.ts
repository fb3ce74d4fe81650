import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import { createHeap } from './heap.ts';

/**
 * The event loop of a history. While one is being played, `setTimeout`, `setInterval` and `setImmediate` are its own: the
 * product's code runs as it is, on a clock that goes on when nothing more is to be done at an instant. What the process has
 * waiting is thrown away when it dies; what the world has waiting stays.
 */
export interface Loop {
  /** Milliseconds since the history began. It never runs backwards; the wall clock may. */
  now(): number;
  /** For the world outside: it outlives the process. */
  after(milliseconds: number, run: () => void): void;
  /** Begins a process: what is scheduled from now on is its own. */
  begin(run: () => Promise<void>): void;
  /** The process is gone, with all that it had waiting. */
  kill(): void;
  /** Something happened: whoever looks at intervals looks often again. */
  touch(): void;
  /** Plays until this instant, or until it is over. */
  play(until: number, isOver?: () => boolean): Promise<void>;
  steps(): number;
}

interface Task {
  due: number;
  readonly order: number;
  readonly owner: number;
  readonly every: number | undefined;
  readonly run: () => void;
  off: boolean;
}

const WORLD = 0;
/** While nothing happens, intervals come less and less often, up to this: hours of an outage are played in moments. */
const LONGEST_PAUSE = 5 * 60_000;
const real = { setImmediate };
let current: ReturnType<typeof createTasks> | undefined;

const endOfMicrotasks = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve));

function createTasks() {
  const heap = createHeap<Task>(
    (left, right) => left.due < right.due || (left.due === right.due && left.order < right.order),
  );
  const state = { now: 0, order: 0, owner: 1, alive: false, touched: 0, steps: 0 };
  let soon: Task[] = [];
  const intervals = new Set<Task>();
  function add(owner: number, wait: number, run: () => void, every?: number): Task {
    state.order += 1;
    const due = state.now + Math.max(0, Math.ceil(wait));
    const task: Task = { due, order: state.order, owner, every, run, off: false };
    if (owner !== WORLD && !state.alive) return task;
    if (wait < 0) soon.push(task);
    else heap.push(task);
    if (every !== undefined) intervals.add(task);
    return task;
  }
  function cancel(task: Task): void {
    task.off = true;
    intervals.delete(task);
  }
  const isGone = (task: Task): boolean => task.off || (task.owner !== WORLD && task.owner !== state.owner);
  function pauseOf(every: number): number {
    return Math.max(every, Math.min(LONGEST_PAUSE, Math.ceil((state.now - state.touched) / 2)));
  }
  function put(task: Task, due: number): void {
    task.due = due;
    heap.push(task);
  }
  /** One round; false: there is nothing to do before `until`. */
  function step(until: number): boolean {
    const next = soon.shift() ?? takeDue(until);
    if (next === undefined) return false;
    state.steps += 1;
    if (isGone(next)) return true;
    if (next.every !== undefined) put(next, state.now + pauseOf(next.every));
    next.run();
    return true;
  }
  function takeDue(until: number): Task | undefined {
    const first = heap.peek();
    if (first === undefined || first.due > until) return undefined;
    state.now = Math.max(state.now, first.due);
    return heap.pop();
  }
  return {
    state,
    add,
    cancel,
    step,
    kill() {
      state.alive = false;
      state.owner += 1;
      soon = soon.filter((task) => task.owner === WORLD);
      for (const task of intervals) task.off = true;
      intervals.clear();
    },
    touch() {
      const idle = state.now - state.touched;
      state.touched = state.now;
      if (idle < 2_000) return;
      for (const task of [...intervals]) {
        if (task.every === undefined || task.due <= state.now + task.every) continue;
        cancel(task);
        add(task.owner, task.every, task.run, task.every);
      }
    },
  };
}

/** What `setTimeout` gives back: enough of Node's for who calls `unref` on it or clears it. */
class Handle {
  task: Task;
  constructor(task: Task) {
    this.task = task;
  }
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
}

function schedule(wait: number, run: () => void, every?: number): Handle {
  if (current === undefined) throw new Error('a timer was set while no history is played');
  return new Handle(current.add(current.state.owner, wait, run, every));
}
function clear(handle: unknown): void {
  if (handle instanceof Handle) current?.cancel(handle.task);
}

/** Takes the place of Node's timers, everywhere: also for who imported them by name. */
function install(): void {
  const own = {
    setTimeout: (run: () => void, wait = 0) => schedule(wait, run),
    setInterval: (run: () => void, every = 0) => schedule(every, run, every),
    setImmediate: (run: () => void) => schedule(-1, run),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
  for (const [name, value] of Object.entries(own)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    Object.defineProperty(timers, name, { value, writable: true, configurable: true });
  }
  syncBuiltinESMExports();
}
let installed = false;

/** A loop for one history; the one before is forgotten. */
export function createLoop(): Loop {
  if (!installed) install();
  installed = true;
  const tasks = createTasks();
  current = tasks;
  const { state } = tasks;
  return {
    now: () => state.now,
    after: (milliseconds, run) => void tasks.add(WORLD, milliseconds, run),
    begin(run) {
      state.owner += 1;
      state.alive = true;
      tasks.add(state.owner, -1, () => void run());
    },
    kill: tasks.kill,
    touch: tasks.touch,
    async play(until, isOver = () => false) {
      while (!isOver() && tasks.step(until)) await endOfMicrotasks();
      if (!isOver()) state.now = Math.max(state.now, until);
    },
    steps: () => state.steps,
  };
}
