import type { Button, ChatAdapter, Outgoing, Sent, Text } from '../../src/ports.ts';
import type { Network } from './network.ts';

/** What stands in a platform's chats, as people see it: the messages, and the buttons on them. */

export interface Seen {
  readonly id: string;
  /** Our own name for it, by which Slack finds it again. */
  readonly own: string;
  readonly chat: string;
  readonly thread?: string;
  nodes: Text;
  buttons: readonly { readonly button: Button; readonly token: string }[];
}
export interface ConversationState {
  readonly messages: Seen[];
  /** How often each message of ours arrived, by our name. */
  readonly arrived: Record<string, number>;
  next: number;
}
export const newConversations = (): ConversationState => ({ messages: [], arrived: {}, next: 1 });

export interface Conversations {
  readonly platform: 'telegram' | 'slack';
  readonly state: ConversationState;
  /** Chats in which nothing of ours is taken. */
  readonly closed: Set<string>;
}

export function buttonsOf(nodes: Text, token: (button: Button) => string): Seen['buttons'] {
  return nodes.flatMap((node): Seen['buttons'] => {
    if (typeof node === 'string') return [];
    if (node.node === 'buttons') return node.buttons.map((button) => ({ button, token: token(button) }));
    return node.node === 'list' ? node.rows.flatMap((row) => buttonsOf(row, token)) : [];
  });
}

type Answer = Extract<Sent, { is: 'sent' | 'refused' }>;

function post({ platform, state, closed }: Conversations, { id: own, address, nodes, token }: Outgoing): Answer {
  if (closed.has(address.chat)) return { is: 'refused', why: '403: not let in' };
  const id = `${platform}:${address.chat}:${state.next}`;
  state.next += 1;
  state.arrived[own] = (state.arrived[own] ?? 0) + 1;
  const { chat, thread } = address;
  state.messages.push({
    id, own, chat, nodes, buttons: buttonsOf(nodes, token), ...(thread === undefined ? {} : { thread }),
  }); // biome-ignore format: one message
  return { is: 'sent', id };
}

function change({ state }: Conversations, id: string, { nodes, token }: Outgoing): Answer {
  const message = state.messages.find((each) => each.id === id);
  if (message === undefined) return { is: 'refused', why: '400: there is no such message' };
  message.nodes = nodes;
  message.buttons = buttonsOf(nodes, token);
  return { is: 'sent', id };
}

/** What an adapter sends and edits by. */
export const createSender = (conversations: Conversations, network: Network): Pick<ChatAdapter, 'send' | 'edit'> => ({
  send: (message) => network.call('send', () => post(conversations, message)),
  edit: (id, message) => network.call('edit', () => change(conversations, id, message)),
});
