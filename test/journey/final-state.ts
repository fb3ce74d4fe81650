import { showInstant } from '../../src/core/calendar.ts';
import { describeEvent } from '../../src/core/history.ts';
import { nameOf } from '../../src/core/people.ts';
import type { Whole } from '../support/whole-bot.ts';
import { linesOf, type Said, saidOnSlack, saidOnTelegram } from './sight-chats.ts';
import { type Line, sightOfCircles, sightOfGitea, sightOfGithub, sightOfMail } from './sight-forges.ts';

/** Everything that is anywhere when the journey is over, as one page for people to read and for the test to compare. */

export interface FinalState {
  readonly page: string;
  /** The same words twice in one conversation, at one time. */
  readonly repeated: readonly string[];
}

export function finalState(whole: Whole, since: number): FinalState {
  const { organisation } = whole;
  const show = (at: number): string => showInstant(organisation, at);
  const [telegram, slack] = [saidOnTelegram(whole, since), saidOnSlack(whole)];
  const section = (title: string, hint: string, lines: readonly Line[]): string =>
    [title, '='.repeat(title.length), `(${hint})`, '', ...lines, ''].join('\n');
  const page = [
    section('The items', 'what the store keeps of each: how it ended, its links, and its history as /history tells it', sightOfItems(whole)),
    section('GitHub', 'issues with their comments; deployments with what the bot answered them; check runs', sightOfGithub(whole)),
    section('Circles', 'circles with their stories, whose issue each story is paired with, and comments', sightOfCircles(whole)),
    section('Gitea', 'how often each path was asked for, and what was answered; never what is in a file', sightOfGitea(whole)),
    section('Mail', 'letters: to whom, the subject, what machines are told, the text', sightOfMail(whole)),
    section('Telegram', 'each conversation: when, what it says now, its buttons now, how often it was changed', linesOf(telegram, show)),
    section('Slack', 'the same', linesOf(slack, show)),
    section('The outbox', 'messages and jobs by what became of them; nothing waits and nothing failed', sightOfOutbox(whole)),
  ].join('\n'); // biome-ignore format: a table of contents
  return { page: named(whole, page), repeated: repeatedIn([...telegram, ...slack]) };
}

/** Ports and the names of links differ from run to run: servers are called by what they are. */
function named({ circles, gitea, github, bot }: Whole, text: string): string {
  const names = [
    [new URL(circles.peer.url).origin, 'https://circles'],
    [new URL(gitea.url).origin, 'https://gitea'],
    [github.apiUrl, 'https://api.github'],
    [bot().origin, 'https://baton'],
  ] as const;
  const bare = (url: string): string => url.replace(/^https?:\/\//, '');
  return names
    .reduce((all, [from, to]) => all.replaceAll(from, to).replaceAll(bare(from), bare(to)), text)
    .replaceAll(/t\.me\/\+\w+/g, 't.me/+LINK')
    .replaceAll(/\/mail\/end\/[\w-]+/g, '/mail/end/TOKEN');
}

function sightOfItems({ bot, organisation }: Whole): readonly Line[] {
  const world = bot().engine.world();
  return ['PROD-1', 'PRJ-1'].flatMap((key) => {
    const item = world.get('item', key);
    if (item === undefined) return [`${key} is not there`];
    const on = item.environments.map(({ environment, version }) => `${environment} ${version ?? ''}`.trim());
    const links = item.links.map(({ ref, kind, pairedWith }) => {
      const state = world.get('ref', ref);
      const stands = state === undefined ? '' : `, ${state.open ? 'open' : 'closed'}`;
      return `  ${kind} ${ref}${stands}${pairedWith.length === 0 ? '' : `, with ${pairedWith.join(' and ')}`}`;
    });
    const past = world.history('item', key).map((event) => {
      const who = event.actor === 'system' ? 'Baton' : nameOf(world, event.actor);
      const told = describeEvent(world, event);
      return `  ${showInstant(organisation, event.at)} ${who}, ${event.via}: ${told}`;
    });
    return [`${key} “${item.title}”: ${item.state}, on ${on.join(', ')}`, ...links.sort(), ...past];
  });
}

function sightOfOutbox({ bot }: Whole): readonly Line[] {
  const { store } = bot().engine;
  const parked = store
    .parked(1_000)
    .map(({ kind, address, state, reason }) => `${state}: ${kind} to ${address}, ${reason}`);
  const waiting = bot()
    .rows()
    .map(({ kind, address, state }) => `${state}: ${kind} to ${address}`);
  return [...parked, ...waiting, `${parked.length} parked, ${waiting.length} waiting`];
}

function repeatedIn(all: readonly Said[]): readonly string[] {
  const names = all.map(({ where, text, at, only }) => `${where} ${only ?? ''} ${at} ${text}`);
  return names.filter((name, index) => names.indexOf(name) !== index);
}
