import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Events, evolve, FOLD_VERSION, isOpen, type States, type StreamType } from '../../src/core/streams.ts';
import type { Evolve } from '../../src/store/fold.ts';
import { verifyStore } from '../../src/store/verify.ts';
import type { Whole } from '../support/whole-bot.ts';

/** What must hold when all is over, whatever the journey was. */

/** The bot holds of every issue and story what is so there: open or closed, and how grave by its labels. */
export function expectSameAsThere({ bot, github, circles }: Whole): void {
  const world = bot().engine.world();
  const issues = [...github.world.repos.values()].flatMap((repo) =>
    repo.issues.map(({ number, state, labels }) => {
      const severity = ['critical', 'major', 'minor'].find((label) => labels.includes(label)) ?? null;
      return [`${repo.name}#${number}`, { open: state === 'open', severity }] as const;
    }),
  );
  const stories = circles.peer.world.things.userstory.map(
    ({ project, ref, isClosed }) => [`${project.slug}/us:${ref}`, { open: !isClosed, severity: null }] as const,
  );
  const there = Object.fromEntries([...issues, ...stories]);
  const held = (ref: string) => {
    const state = world.get('ref', ref);
    return state === undefined ? undefined : { open: state.open, severity: state.severity };
  };
  const here = Object.fromEntries(Object.keys(there).map((ref) => [ref, held(ref)]));
  expect(here).toEqual(there);
}

/** No comment stands twice, no letter went out twice, nothing was made twice. */
export function expectNothingTwice({ github, circles, smtp }: Whole): void {
  const { projects, things } = circles.peer.world;
  const ours = (user: { readonly login: string }) => user === github.access.bot;
  const comments = [...github.world.repos.values()].flatMap((repo) =>
    repo.issues.flatMap(({ number, comments: all }) =>
      all
        .filter(({ user }) => ours(user))
        .map(({ body }) => `${repo.name}#${number} ${body.replace(/<!--.*?-->/gs, '')}`),
    ),
  );
  const notes = [...things.userstory, ...things.issue].flatMap(({ id, kind, history }) =>
    history.filter(({ comment }) => comment !== '').map(({ comment }) => `${kind} ${id} ${comment}`),
  );
  const letters = smtp.mails.map(({ parsed }) => parsed.messageId);
  const titles = [...github.world.repos.values()].flatMap(({ issues }) => issues.map(({ title }) => title));
  const subjects = [...things.userstory, ...things.issue].map(({ fields }) => String(fields.subject));
  for (const all of [comments, notes, letters, titles, subjects, projects.map(({ name }) => name)])
    expect(all.filter((each, at) => all.indexOf(each) !== at)).toEqual([]);
}

/** No token, no secret and nothing of what is in a document is anywhere that anybody reads. */
export function expectNoSecret({ bot, logged, github, circles, smtp, stage, organisation, canary }: Whole): void {
  const { path, secrets } = bot();
  const { telegram, slack } = stage;
  const chats = [
    ...organisation.people.map(({ id }) => stage.onTelegram(id).private),
    ...organisation.chats.flatMap((chat) => (chat.telegram === undefined ? [] : [stage.telegramChat(chat.name)])),
  ];
  const channels = [
    ...organisation.people.map(({ id }) => stage.onSlack(id).direct),
    ...organisation.chats.flatMap((chat) => (chat.slack === undefined ? [] : [chat.slack])),
  ];
  const places: Readonly<Record<string, string>> = {
    'the log': logged.join(''),
    'the database': [path, `${path}-wal`]
      .map((file) => (existsSync(file) ? readFileSync(file, 'latin1') : ''))
      .join(''),
    GitHub: JSON.stringify(
      [...github.world.repos.values()].map(({ issues, deployments, checks }) => [issues, deployments, checks]),
    ),
    Circles: JSON.stringify(
      Object.values(circles.peer.world.things)
        .flat()
        .map(({ fields, history }) => [fields, history.map(({ comment }) => comment)]),
    ),
    Mail: smtp.mails.map(({ raw }) => raw).join(''),
    Telegram: JSON.stringify(chats.map((chat) => telegram.messages(chat))),
    Slack: JSON.stringify(channels.map((channel) => slack.messages(channel))),
  };
  // Of a key of many lines one from the middle is as telling.
  const lines = [canary, ...Object.values(secrets).map((secret) => secret.split('\n').at(3) ?? secret)];
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, `${place} was looked at`).toBeGreaterThan(500);
    for (const secret of lines) expect(text.includes(secret), `${place} has ${secret.slice(0, 6)}…`).toBe(false);
  }
}

/** Whoever is not in the file has an account there all the same, and hears nothing. */
export function expectNothingForOthers({ stage, organisation }: Whole, since: number): void {
  const { telegram, slack } = stage;
  for (const { id, telegram: onTelegram, slack: onSlack } of organisation.people) {
    const said = telegram.fromBot(stage.onTelegram(id).private).filter(({ at }) => at > since);
    if (onTelegram === undefined) expect(said, `${id} on Telegram`).toEqual([]);
    if (onSlack === undefined) expect(slack.messages(stage.onSlack(id).direct), `${id} on Slack`).toEqual([]);
  }
}

/** Gitea was asked after what the file allows and after nothing else, and never told what is in a document. */
export function expectOnlyAllowed({ gitea }: Whole): void {
  const allowed =
    /^\/gitea\/api\/v1\/(version|user\/repos|repos\/infra\/docs\/(contents|commits)(\/|$)|repos\/infra\/secrets$)/;
  expect(gitea.calls.filter(({ path }) => !allowed.test(path))).toEqual([]);
  expect(gitea.calls.filter(({ path, status }) => /secrets/.test(path) && status !== 404)).toEqual([]);
  expect(gitea.calls.filter(({ hasContent }) => hasContent)).toEqual([]);
}

const fold: Evolve = (type, state, event) => {
  const stream = type as StreamType;
  const happened = { type: event.type, ...(event.data as object) } as Events[StreamType];
  const after = evolve(stream, state as States[StreamType] | undefined, happened, { at: event.at, actor: event.actor });
  return { state: after, open: isOpen(stream, after) };
};

/** The history is whole, and every state is what its events make it. */
export function expectSoundStore({ bot }: Whole): void {
  const { problems, events } = verifyStore(bot().path, { fold: FOLD_VERSION, evolve: fold });
  expect(problems).toEqual([]);
  expect(events).toBeGreaterThan(200);
}

/** Nothing went wrong on the way that nobody saw. */
export function expectQuietLog({ logged, stage }: Whole): void {
  expect(logged.filter((line) => !/"level":"info"/.test(line))).toEqual([]);
  expect(stage.slack.oddities).toEqual([]);
}
