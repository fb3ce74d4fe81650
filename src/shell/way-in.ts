import { createHash, randomBytes } from 'node:crypto';
import type { StandIn } from '../core/draft.ts';
import type { Node, Text } from '../core/text.ts';
import type { Clock } from '../ports.ts';

/**
 * The secrets of sign-in links, and the codes that join accounts. An answer is written down before it is said (in the inbox, in the outbox), and what
 * lay there could be used by whoever reads the file. So what is written down holds a stand-in, the secret itself is in this
 * process alone, and it is made whole at the very moment at which it is said. A restart in between costs one `/web`.
 */
export interface WayIn {
  /** Where people open the pages; set once that is known. */
  address: string | undefined;
  newSecret(): StandIn;
  /** What is written down in place of a secret that was made elsewhere. */
  standIn(secret: string): string;
  /** The same words with the secrets in them; a link whose secret is gone says so instead. */
  reveal(nodes: Text): Text;
}

/** Longer than any sign-in link is good for. */
const KEPT = 15 * 60_000;
const STAND_INS = /secret-([0-9a-f]{64})/g;
const GONE = 'This has had its time: ask for it once more.';

export function createWayIn(clock: Clock): WayIn {
  const kept = new Map<string, { readonly secret: string; readonly at: number }>();

  function keep(secret: string): StandIn {
    const now = clock.now();
    for (const [digest, { at }] of kept) if (now - at > KEPT) kept.delete(digest);
    const digest = createHash('sha256').update(secret).digest('hex');
    kept.set(digest, { secret, at: now });
    return { words: `secret-${digest}`, digest };
  }

  function whole(text: string): string | undefined {
    const digests = [...text.matchAll(STAND_INS)].map(([, digest = '']) => digest);
    if (!digests.every((digest) => kept.has(digest))) return undefined;
    return text.replace(STAND_INS, (_, digest: string) => kept.get(digest)?.secret ?? '');
  }

  function revealNode(node: Node): Node {
    if (typeof node === 'string') return whole(node) ?? GONE;
    if (node.node === 'code') {
      const text = whole(node.text);
      return text === undefined ? GONE : { ...node, text };
    }
    if (node.node !== 'link') return node;
    const url = whole(node.url);
    return url === undefined ? GONE : { ...node, url, label: whole(node.label) ?? url };
  }

  return {
    address: undefined,
    newSecret: () => keep(randomBytes(24).toString('base64url')),
    standIn: (secret) => keep(secret).words,
    reveal: (nodes) => nodes.map(revealNode),
  };
}
