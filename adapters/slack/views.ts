import type { HomeView, InputBlock, KnownBlock, ModalView, PlainTextElement } from '@slack/types';
import type { Address, Button, Field, Form, Section, Text } from '../../src/ports.ts';
import { SAID, SAY } from './inbound.ts';
import { cut, type Rendered, render, toShown } from './render.ts';
import { type Kept, KeptForm } from './schema.ts';
import type { Spell } from './spelling.ts';

/** Forms, the answers that are shown in their place, and the home page. */

const MOST_TITLE = 24;
const MOST_HEADER = 150;
const MOST_LABEL = 2_000;
const MOST_VALUE = 3_000;
const MOST_CHOICES = 100;
const MOST_CHOICE = 75;
const MOST_HOME = 100;

const plain = (text: string, most: number): PlainTextElement => ({
  type: 'plain_text',
  text: cut(toShown(text).trim() || 'Baton', most),
  emoji: false,
});
const words = (text: string): KnownBlock => ({ type: 'section', text: plain(text, MOST_VALUE) });

/** A form that asks for what a command lacks. It keeps where it was opened: that is where its command is said. */
export function renderForm(form: Form, address: Address, isPrivate: boolean, spell?: Spell): ModalView {
  const title = form.title.replace(/^\//, '');
  const example = spell?.code(form.example) ?? form.example;
  const kept: Kept = {
    token: form.token,
    chat: address.chat,
    ...(address.thread === undefined ? {} : { thread: address.thread }),
    isPrivate,
    title: title.slice(0, 100),
  };
  return {
    type: 'modal',
    callback_id: 'baton_form',
    title: plain(title, MOST_TITLE),
    submit: plain('Send', MOST_TITLE),
    close: plain('Cancel', MOST_TITLE),
    private_metadata: JSON.stringify(kept),
    blocks: [words(example === '' ? title : `${title} — for example ${example}`), ...form.fields.map(renderField)],
  };
}

function renderField(field: Field): InputBlock {
  return {
    type: 'input',
    block_id: field.name,
    label: plain(field.label, MOST_LABEL),
    optional: field.optional,
    element: renderInput(field),
  };
}

function renderInput({ name, sort, value, choices = [] }: Field): InputBlock['element'] {
  if (sort === 'person') {
    const user = /^<@([UW][A-Z0-9]+)>$/.exec(value ?? '')?.[1];
    return { type: 'users_select', action_id: name, ...(user === undefined ? {} : { initial_user: user }) };
  }
  const fits = choices.length <= MOST_CHOICES && choices.every((each) => each !== '' && each.length <= MOST_CHOICE);
  if (sort === 'choice' && choices.length > 0 && fits) {
    const options = choices.map((choice) => ({ text: plain(choice, MOST_CHOICE), value: choice }));
    const first = options.find((option) => option.value === value);
    return {
      type: 'static_select',
      action_id: name,
      options,
      ...(first === undefined ? {} : { initial_option: first }),
    };
  }
  return {
    type: 'plain_text_input',
    action_id: name,
    multiline: sort === 'long',
    max_length: MOST_VALUE,
    ...(value === undefined || value === '' ? {} : { initial_value: cut(toShown(value), MOST_VALUE) }),
  };
}

/** The button that opens a form, on an answer to words: those bring no trigger with which it could be opened at once. */
export const FILL_IN = 'form';
const MOST_BUTTON = 2_000;

/**
 * The form itself is what the button carries, for nothing here outlives a restart. It is only shown: what it is about is looked
 * up by its token, on the server, when it is sent off.
 */
export function withForm(rendered: Rendered, form: Form | undefined): Rendered {
  const value = form === undefined ? '' : JSON.stringify(form);
  if (value === '' || value.length > MOST_BUTTON) return rendered;
  const button = { type: 'button' as const, action_id: FILL_IN, text: plain('Fill in', MOST_CHOICE), value };
  return { ...rendered, blocks: [...rendered.blocks, { type: 'actions', elements: [button] }] };
}

/** Reads the form that a button carries. */
export function readForm(value: string | null | undefined): Form | undefined {
  try {
    return value == null ? undefined : KeptForm.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

/** What the shortcut opens: anything that could be said in private. */
export const renderSay = (): ModalView => ({
  type: 'modal',
  callback_id: SAY,
  title: plain('Baton', MOST_TITLE),
  submit: plain('Send', MOST_TITLE),
  close: plain('Cancel', MOST_TITLE),
  blocks: [
    {
      type: 'input',
      block_id: SAID,
      label: plain('What do you want to say?', MOST_LABEL),
      hint: plain('For example: mine, status WEB-1, help', MOST_LABEL),
      element: { type: 'plain_text_input', action_id: SAID, max_length: MOST_VALUE },
    },
  ],
});

/** The answer in the form's place: it is part of the response, so it can not get lost on its own way. */
export function renderAnswer(nodes: Text, token: (button: Button) => string, kept: Kept, spell?: Spell): ModalView {
  const { blocks } = render(nodes, { token, spell });
  return {
    type: 'modal',
    callback_id: 'baton_answer',
    title: plain(kept.title, MOST_TITLE),
    close: plain('Close', MOST_TITLE),
    private_metadata: JSON.stringify(kept),
    blocks: blocks.length === 0 ? [words('Done.')] : blocks,
  };
}

/** A home page of at most a hundred blocks: sections that no longer fit are left to the commands. */
export function renderHome(sections: readonly Section[], token: (button: Button) => string, spell?: Spell): HomeView {
  const blocks: KnownBlock[] = [];
  let firstButton = 0;
  for (const section of sections) {
    const rendered = render(section.nodes, { token, firstButton, spell }).blocks;
    if (blocks.length + rendered.length + 2 > MOST_HOME) break;
    firstButton += rendered.reduce((sum, block) => sum + (block.type === 'actions' ? block.elements.length : 0), 0);
    blocks.push({ type: 'header', text: plain(section.title, MOST_HEADER) }, ...rendered);
  }
  return { type: 'home', blocks: blocks.length === 0 ? [words('Nothing waits for you.')] : blocks };
}
