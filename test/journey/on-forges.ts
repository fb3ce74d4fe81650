import type { Issue } from '../peers/github/world.ts';
import type { Project, Thing } from '../peers/taiga/world.ts';
import type { Whole } from '../support/whole-bot.ts';
import { A_MOMENT, inOneLine } from './in-chats.ts';

/** What people do by hand on GitHub and in Circles. */

export interface OnForges {
  /** On GitHub by hand. */
  opens(login: string, repository: string, title: string, labels?: readonly string[]): Promise<string>;
  closes(login: string, issue: string): Promise<void>;
  /** Writes a comment there; resolves to the bot's answer to it, if there is one. */
  comments(login: string, issue: string, words: string): Promise<string | undefined>;
  issue(name: string): Issue;
  /** In Circles by hand; the story's name is its circle's, with its number. */
  addsStory(person: string, circle: Project, subject: string): Promise<string>;
  finishesStory(person: string, story: string): Promise<void>;
  addsTask(person: string, story: string, subject: string): Promise<void>;
  finishesTasks(person: string, story: string): Promise<void>;
  story(name: string): Thing;
  circleOf(key: string): Project;
}

/** `settles` resolves when what was done there has arrived and been followed. */
export function onForges(whole: Whole, settles: () => Promise<void>): OnForges {
  const { github, circles } = whole;
  const acts: OnForges = {
    async opens(login, repository, title, labels = []) {
      const { number } = github.open(github.repo(repository), github.user(login), { title, labels });
      await settles();
      return `${repository}#${number}`;
    },
    async closes(login, name) {
      github.turn(github.repo(repositoryOf(name)), acts.issue(name), github.user(login), 'closed');
      await settles();
    },
    async comments(login, name, words) {
      await whole.advance(A_MOMENT);
      const issue = acts.issue(name);
      const { id } = github.comment(github.repo(repositoryOf(name)), issue, github.user(login), words);
      await settles();
      const answer = issue.comments.find((comment) => comment.id > id && comment.user === github.access.bot);
      return answer === undefined ? undefined : inOneLine(answer.body);
    },
    issue: (name) => {
      const found = github.repo(repositoryOf(name)).issues.find(({ number }) => name.endsWith(`#${number}`));
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found;
    },
    async addsStory(person, circle, subject) {
      const { ref } = circles.peer.add('userstory', circle, circles.member(person), { subject });
      await settles();
      return `${circle.slug}/us:${ref}`;
    },
    async finishesStory(person, name) {
      circles.peer.moveTo(acts.story(name), circles.member(person), 'done');
      await settles();
    },
    async finishesTasks(person, name) {
      const { id } = acts.story(name);
      for (const task of circles.peer.world.things.task)
        if (task.fields.user_story === id) circles.peer.moveTo(task, circles.member(person), 'closed');
      await settles();
    },
    async addsTask(person, name, subject) {
      const of = acts.story(name);
      circles.peer.add('task', of.project, circles.member(person), { subject, user_story: of.id });
      await settles();
    },
    story: (name) => {
      const found = circles.byRef(name);
      if (found === undefined) throw new Error(`there is no story ${name}`);
      return found;
    },
    circleOf: (key) => {
      const found = circles.peer.world.projects.filter(({ name }) => name.includes(key));
      const [circle] = found;
      if (circle === undefined || found.length > 1) throw new Error(`${key} has ${found.length} circles`);
      return circle;
    },
  };
  return acts;
}

const repositoryOf = (issue: string): string => issue.replace(/#\d+$/, '');
