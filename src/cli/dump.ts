import type { World } from '../core/draft.ts';
import type { ItemState } from '../core/item.ts';
import { isTracked } from '../core/reference.ts';
import { tallyOf } from '../core/vote.ts';

/** An item, an alert or an announcement as JSON, in the shape of the contract. */
export function dump(world: World, name: string): unknown {
  const key = name.toUpperCase();
  const item = world.get('item', key);
  if (item !== undefined) return dumpItem(world, item);
  const alert = world.get('alert', key);
  if (alert !== undefined) {
    const { title, severity, ref, state, reporter, acknowledgedBy, pages, heldUntil } = alert;
    return {
      key,
      kind: 'alert',
      title,
      severity,
      ref,
      state,
      item: alert.item,
      reporter,
      acknowledgedBy,
      pages,
      heldUntil,
      signatures: [],
      version: alert.version,
    };
  }
  const announcement = world.get('announcement', key);
  if (announcement === undefined) return undefined;
  const tally = tallyOf(announcement.vote);
  const { text, date, by, state, version } = announcement;
  return {
    key,
    kind: 'announcement',
    item: announcement.item,
    text,
    date,
    by,
    state,
    signatures: tally.approve,
    missing: tally.missing,
    needed: tally.needed,
    version,
  };
}

/** The subjects that a step's own vote can have, in the order in which they are shown. */
const SHOWN = ['step', 'objection', 'review', 'skip', 'emergency', 'sign-off'];

function dumpItem(world: World, item: ItemState): unknown {
  const vote = SHOWN.flatMap((subject) =>
    item.votes.filter((each) => each.subject === subject && each.result !== 'void'),
  )[0];
  const { key, kind, title, state, step, stepNumber, role, holder, accepted, rank, round, owner, version, process } =
    item;
  return {
    key,
    kind,
    title,
    state,
    step,
    stepNumber,
    holder: { role, person: holder },
    accepted,
    environments: item.environments.map((release) => release.environment),
    links: item.links.map((link) => {
      const ref = isTracked(link.kind) ? world.get('ref', link.ref) : undefined;
      const tracked = isTracked(link.kind);
      return {
        ref: link.ref,
        kind: link.kind,
        open: tracked ? (ref?.open ?? true) : null,
        severity: ref?.severity ?? null,
        pairedWith: link.pairedWith,
      };
    }),
    votes: vote === undefined ? null : tallyOf(vote),
    rank,
    round,
    owner,
    version,
    process,
  };
}
