import type { ItemState, Link } from './item.ts';
import type { ItemEvent } from './item-events.ts';

/** The stories, issues and pages of an item, and which of them belong together. */
export function evolveLinks(item: ItemState, event: ItemEvent): ItemState {
  switch (event.type) {
    case 'linked':
      return {
        ...item,
        links: [
          ...item.links.filter((link) => link.ref !== event.ref),
          { ref: event.ref, kind: event.kind, pairedWith: [] },
        ],
      };
    case 'paired':
      return { ...item, links: pair(item.links, event.story, event.issues) };
    case 'unlinked':
      return {
        ...item,
        loggedElsewhere: item.loggedElsewhere || event.to !== null,
        links: item.links.filter((link) => link.ref !== event.ref).map((link) => without(link, event.ref)),
        circle: item.circle === event.ref ? null : item.circle,
      };
    case 'link-renamed':
      return rename(item, event.from, event.to);
    default:
      return item;
  }
}

const without = (link: Link, ref: string): Link =>
  link.pairedWith.includes(ref) ? { ...link, pairedWith: link.pairedWith.filter((other) => other !== ref) } : link;

function pair(links: readonly Link[], story: string, issues: readonly string[]): Link[] {
  const joined = (link: Link, refs: readonly string[]): Link => ({
    ...link,
    pairedWith: [...new Set([...link.pairedWith, ...refs])],
  });
  return links.map((link) =>
    link.ref === story ? joined(link, issues) : issues.includes(link.ref) ? joined(link, [story]) : link,
  );
}

/** A story or issue has its real name now: everywhere, and nowhere twice. */
function rename(item: ItemState, from: string, to: string): ItemState {
  const named = (ref: string): string => (ref === from ? to : ref);
  const before = item.links.some((link) => link.ref === to)
    ? item.links.filter((link) => link.ref !== from)
    : item.links;
  const lost = before === item.links ? [] : (item.links.find((link) => link.ref === from)?.pairedWith ?? []);
  const links = before.map((link) => ({
    ...link,
    ref: named(link.ref),
    pairedWith: [...new Set([...link.pairedWith.map(named), ...(link.ref === to ? lost : [])])],
  }));
  const emergency = item.emergency?.emergency === from ? { emergency: { ...item.emergency, emergency: to } } : {};
  return { ...item, ...emergency, links, urgent: item.urgent === from ? to : item.urgent };
}
