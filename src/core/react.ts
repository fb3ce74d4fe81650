import type { Happening, World } from './draft.ts';
import type { Effects } from './message.ts';
import { reactToAlert } from './react-alert.ts';
import { reactToAnnouncement } from './react-announcement.ts';
import { reactToDeployment, reactToPipeline } from './react-deployment.ts';
import { orderFromItem, orderFromRef } from './react-forges.ts';
import { reactToItem } from './react-item.ts';
import { reactToMail } from './react-mail.ts';
import { reactToCalendar, reactToCalls, reactToPlace } from './react-office.ts';
import { reactToRef } from './react-tracked.ts';
import type { StreamType } from './streams.ts';

/** What follows from what happened: messages to send, timers to set and to clear. Pure, like everything here. */
export function react(world: World, happening: Happening, effects: Effects): void {
  if (world.forges !== undefined && isOf(happening, 'ref')) orderFromRef(world, happening, effects);
  if (world.forges !== undefined && isOf(happening, 'item')) orderFromItem(world, happening, effects);
  if (isOf(happening, 'item')) reactToItem(world, happening, effects);
  else if (isOf(happening, 'alert')) reactToAlert(world, happening, effects);
  else if (isOf(happening, 'announcement')) reactToAnnouncement(world, happening, effects);
  else if (isOf(happening, 'ref')) reactToRef(world, happening, effects);
  else if (isOf(happening, 'calls')) reactToCalls(world, happening, effects);
  else if (isOf(happening, 'calendar')) reactToCalendar(world, happening, effects);
  else if (isOf(happening, 'deployment')) reactToDeployment(world, happening, effects);
  else if (isOf(happening, 'pipeline')) reactToPipeline(world, happening, effects);
  else if (isOf(happening, 'place')) reactToPlace(happening, effects);
  else if (isOf(happening, 'mail')) reactToMail(world, happening, effects);
}

function isOf<T extends StreamType>(happening: Happening, stream: T): happening is Happening<T> & Happening {
  return happening.stream === stream;
}
