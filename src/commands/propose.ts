import { z } from 'zod';
import { rest, Title } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { next } from '../core/draft.ts';
import { ensureVotes, itemOf } from '../core/flow.ts';
import { nearest } from '../core/nearest.ts';
import { hasRole, membersOf } from '../core/people.ts';
import { itemOfRef } from '../core/react-tracked.ts';
import { findReference } from '../core/reference.ts';
import { forbid, refuse, usage } from '../core/rule.ts';
import { buttons, code, enumerate, item as itemNode, say } from '../core/text.ts';
import { whoHas } from '../core/words.ts';

export default defineCommand({
  name: 'propose',
  usage: '/propose KIND TITLE [urgent REF]',
  summary: 'Put a new item on the agenda of the next call.',
  who: 'bizdev, stakeholder; promotion for web',
  examples: ['/propose web A page for the new grid', '/propose service Faster backups urgent example/grid#7'],
  on: 'nothing',
  args: z.object({ kind: z.string({ error: 'the kind is missing' }), title: Title, urgent: z.string().optional() }),
  read: (words, world) => {
    const ending = /^(.*\S)\s+urgent\s+(\S+)$/is.exec(rest(words, 1) ?? '');
    // "An urgent fix" is a title; only a reference after the word makes it one.
    const urgent = ending !== null && findReference(world, ending[2] ?? '') !== undefined ? ending : null;
    return { kind: words.all[0]?.toLowerCase(), title: urgent?.[1] ?? rest(words, 1), urgent: urgent?.[2] };
  },
  decide: ({ draft, world, actor, args }) => {
    const version = world.processes.get(args.kind);
    if (version === undefined) {
      const kinds = [...world.processes.keys()];
      const guess = nearest(args.kind, kinds);
      return usage(
        `There is no kind “${args.kind.slice(0, 40)}”; ${guess === undefined ? `it is one of ${kinds.join(', ')}` : `did you mean ${guess}?`}`,
        `/propose ${guess ?? kinds[0]} ${args.title}`,
      );
    }
    const { process, hash } = version;
    if (!process.proposed_by.some((role) => hasRole(world, actor.id, role)))
      return forbid(
        say`${process.title}: proposed by ${enumerate(
          process.proposed_by.map((role) => whoHas(world, role, membersOf(world, role))),
          'or',
        )}.`,
      );
    const urgent = args.urgent === undefined ? undefined : findReference(world, args.urgent);
    if (args.urgent !== undefined) {
      const known = urgent === undefined ? undefined : world.get('ref', urgent.ref);
      if (known === undefined || itemOfRef(world, known) === undefined)
        return refuse(
          say`Urgent is what belongs to a story or issue of an open item (R12), and ${args.urgent.slice(0, 80)} is none. Without it, it goes on the agenda: ${code(`/propose ${process.kind} ${args.title}`)}.${buttons({ label: 'Put on the agenda', command: 'propose', on: process.kind, args: args.title })}`,
          { rule: 'R12' },
        );
    }
    const first = process.steps[0];
    const key = `${process.prefix}-${next(draft, process.prefix)}`;
    draft.emit('item', key, {
      type: 'proposed',
      key,
      kind: process.kind,
      title: args.title,
      process: hash,
      by: actor.id,
      urgent: urgent?.ref ?? null,
      step: first?.id ?? '',
      role: first?.owner ?? 'stakeholder',
    });
    ensureVotes(draft, key);
    const isOpen = itemOf(draft, key).votes.length > 0;
    const text = isOpen
      ? say`${itemNode(key, args.title)} is proposed; its vote is open.`
      : say`${itemNode(key, args.title)} is proposed; it is on the agenda of the next call.`;
    return reply('proposed', text, key);
  },
});
