/**
 * The connections that are open, and who holds them without asking anything. Whoever opens many and sends half a request
 * on each would shut everybody else out: so an address may hold only a few of them, and before there is no room left the
 * oldest of all goes. What is being answered is never cut.
 */

interface Connections {
  /** One more is open, from this address; undefined: from this machine, or from the proxy before us. */
  opened(socket: Closable, address: string | undefined): void;
  /** A request began on it, whole or not. */
  asked(socket: Closable, request: Completed): void;
  /** That request was answered. */
  answered(socket: Closable, request: Completed): void;
  closed(socket: Closable): void;
}

interface Closable {
  destroy(): unknown;
}

/** Has all of it come? */
interface Completed {
  readonly complete: boolean;
}

interface Held {
  readonly address: string | undefined;
  readonly since: number;
  /** A whole request came on it: a browser keeps it for the next one. */
  hasAsked: boolean;
  request: Completed | undefined;
}

interface Room {
  /** As many as are open to strangers; what is beyond is for this machine. */
  readonly most: number;
  /** So many of one address may stand open without a word. */
  readonly eachAddress: number;
  /** Before that long, in milliseconds, nobody is late: a platform opens many at once, and we may be slow to read. */
  readonly grace: number;
  /** A clock that never jumps. */
  steady(): number;
}

const isWaiting = ({ request }: Held): boolean => request?.complete !== true;

export function createConnections({ most, eachAddress, grace, steady }: Room): Connections {
  /** The one that waits longest is first. */
  const open = new Map<Closable, Held>();

  const cut = (socket: Closable): void => {
    open.delete(socket);
    socket.destroy();
  };
  const silentOf = (address: string): readonly Closable[] => {
    const late = steady() - grace;
    return [...open].flatMap(([socket, held]) =>
      held.address === address && !held.hasAsked && isWaiting(held) && held.since <= late ? [socket] : [],
    );
  };
  /** Strangers' before this machine's own. */
  const oldest = (): Closable | undefined => {
    let own: Closable | undefined;
    for (const [socket, held] of open) {
      if (!isWaiting(held)) continue;
      if (held.address !== undefined) return socket;
      own ??= socket;
    }
    return own;
  };
  const rest = (socket: Closable, held: Held): void => {
    open.delete(socket);
    open.set(socket, { ...held, since: steady(), request: undefined });
  };

  return {
    opened(socket, address) {
      if (address !== undefined) {
        const silent = silentOf(address);
        for (const each of silent.slice(0, Math.max(0, silent.length - eachAddress + 1))) cut(each);
      }
      if (open.size >= most) {
        const last = oldest();
        if (last !== undefined) cut(last);
        else if (address !== undefined) return void socket.destroy();
      }
      open.set(socket, { address, since: steady(), hasAsked: false, request: undefined });
    },
    asked(socket, request) {
      const held = open.get(socket);
      if (held !== undefined) held.request = request;
    },
    answered(socket, request) {
      const held = open.get(socket);
      if (held === undefined) return;
      held.hasAsked ||= request.complete;
      if (held.request === request) rest(socket, held);
    },
    closed: (socket) => void open.delete(socket),
  };
}
