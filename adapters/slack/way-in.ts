import { takeCommand } from './commands.ts';
import { type Ack, type Desk, DONE, inTime } from './desk.ts';
import { homeOpened } from './home.ts';
import { readEvent, SAY } from './inbound.ts';
import { takePress } from './presses.ts';
import { Envelope, Interaction, SlashCommand } from './schema.ts';
import { takeMessageShortcut, takeSubmission } from './submissions.ts';
import { renderSay } from './views.ts';

/**
 * The one way in, for the socket and for signed HTTP alike. What Slack wants answered in the response is decided and
 * committed first, and its acknowledgement carries the answer; an event is stored first, and acknowledged then.
 */
export interface WayIn {
  /** Takes one payload in. Never rejects. */
  take(body: unknown): Promise<Ack>;
  /** Resolves when all that was begun has ended. */
  settle(): Promise<void>;
}

export function createWayIn(parts: Omit<Desk, 'go'>): WayIn {
  const underWay = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const desk: Desk = {
    ...parts,
    go: (work) =>
      track(work.catch((error: unknown) => void parts.log.fault('What followed an answer on Slack failed.', error))),
  };
  return {
    take: (body) => {
      const taken = route(desk, body).catch((error: unknown): Ack => {
        parts.log.fault('What came from Slack could not be taken in.', error);
        return { is: 'full' };
      });
      track(taken);
      return taken;
    },
    settle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

async function route(desk: Desk, body: unknown): Promise<Ack> {
  if (typeof body !== 'object' || body === null) return DONE;
  if ('command' in body) {
    const command = SlashCommand.safeParse(body);
    return command.success ? takeCommand(desk, command.data) : DONE;
  }
  if (!('type' in body)) return DONE;
  if (body.type === 'event_callback') return takeEvent(desk, body);
  // It has no id and changes nothing: a query, and there is no list of ours that it could ask for.
  if (body.type === 'block_suggestion') return { is: 'ack', payload: { options: [] } };
  return takeInteraction(desk, body);
}

async function takeEvent(desk: Desk, body: object): Promise<Ack> {
  const envelope = Envelope.safeParse(body);
  if (!envelope.success) return DONE;
  if (envelope.data.event.type === 'app_home_opened') {
    desk.go(homeOpened(desk, body));
    return DONE;
  }
  // What would be read as none of our business is not worth a commit: each message of ours comes back, and each edit.
  if (readEvent(body, desk.known()) === undefined) return DONE;
  const known = envelope.data.event.type === 'member_joined_channel' ? await named(desk, body) : body;
  const stored = await desk.intake.receive([{ id: `slack:${envelope.data.event_id}`, body: known }]);
  return stored === 'full' ? { is: 'full' } : DONE;
}

/** We were added to a channel, and the event knows its id alone; reading it later can not ask for the name. */
async function named(desk: Desk, body: object): Promise<object> {
  const channel = readEvent(body, desk.known())?.address.chat;
  const name = channel === undefined ? undefined : await inTime(desk.outbound.channelName(channel));
  return typeof name === 'string' ? { ...body, channel_name: name } : body;
}

function takeInteraction(desk: Desk, body: object): Promise<Ack> | Ack {
  const parsed = Interaction.safeParse(body);
  if (!parsed.success) return DONE;
  const { data } = parsed;
  switch (data.type) {
    case 'block_actions':
      return takePress(desk, data);
    case 'view_submission':
      return takeSubmission(desk, data);
    case 'shortcut':
      if (data.callback_id === SAY && data.trigger_id != null)
        desk.go(desk.outbound.openView(data.trigger_id, renderSay()));
      return DONE;
    case 'message_action':
      desk.go(takeMessageShortcut(desk, data));
      return DONE;
    default:
      return data satisfies never;
  }
}
