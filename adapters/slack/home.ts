import type { Desk } from './desk.ts';
import { accountOf, privateAddress } from './identity.ts';
import { Envelope, HomeOpened } from './schema.ts';
import { renderHome } from './views.ts';

/** Somebody opened our home page. A look changes nothing, so nothing is stored: the next look shows what is true then. */
export async function homeOpened(desk: Desk, body: unknown): Promise<void> {
  const envelope = Envelope.safeParse(body);
  const opened = HomeOpened.safeParse(envelope.data?.event);
  const own = desk.known() ?? (await desk.own());
  if (!envelope.success || !opened.success || own === undefined || opened.data.tab === 'messages') return;
  const { team_id, enterprise_id } = envelope.data;
  const { user } = opened.data;
  await showHome(desk, user, accountOf({ user, team: team_id, enterprise: enterprise_id }, own));
}

/** Shows a person's home page as it is now. */
export async function showHome(desk: Desk, user: string, account: string): Promise<void> {
  const home = await desk.intake.home(account, privateAddress(account));
  await desk.outbound.publish(user, renderHome(home.sections, home.token, desk.spelling.shared));
}
