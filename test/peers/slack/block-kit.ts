import {
  accessory,
  actionElement,
  contextElement,
  eitherText,
  image,
  inputElement,
  oneSource,
  plain,
} from './block-elements.ts';
import { isJson, type Json, list, string, walk } from './json.ts';
import {
  also,
  anything,
  byType,
  type Check,
  createCheck,
  fail,
  flag,
  oneOf,
  type Rule,
  several,
  shape,
  unique,
  words,
} from './schema.ts';

/** Block Kit as a strict reader takes it: required fields, limits, and nothing that is unknown. */

type Surface = 'message' | 'modal' | 'home';

const type: Rule = anything;
const named = { block_id: unique('blocks') };

const everywhere: Readonly<Record<string, Rule>> = {
  section: also(
    shape(
      { type },
      { ...named, text: eitherText(3000), fields: several(eitherText(2000), 1, 10), accessory, expand: flag },
    ),
    (value, at, check) => {
      if (value.text === undefined && value.fields === undefined) fail(check, 'either text or fields is required', at);
    },
  ),
  actions: shape({ type, elements: several(actionElement, 1, 25) }, named),
  context: shape({ type, elements: several(contextElement, 1, 10) }, named),
  divider: shape({ type }, named),
  header: shape({ type, text: plain(150) }, { ...named, level: anything }),
  image: also(
    shape(
      { type, alt_text: words(2000) },
      { ...named, title: plain(2000), image_url: words(3000), slack_file: anything },
    ),
    oneSource,
  ),
  input: shape(
    { type, label: plain(2000), element: inputElement },
    { ...named, hint: plain(2000), optional: flag, dispatch_action: flag },
  ),
  rich_text: shape({ type, elements: several(byRichText(), 1, 1000) }, named),
  video: shape(
    { type, alt_text: words(2000), title: plain(200), video_url: words(3000), thumbnail_url: words(3000) },
    {
      ...named,
      title_url: words(3000),
      author_name: words(50),
      provider_name: words(50),
      provider_icon_url: words(3000),
      description: plain(200),
    },
  ),
};

/** Rich text is written by people's clients; only its outer shape is looked at. */
function byRichText(): Rule {
  const part = shape(
    { type, elements: several(anything, 0, 1000) },
    { style: anything, indent: anything, border: anything, offset: anything },
  );
  return byType({ rich_text_section: part, rich_text_list: part, rich_text_quote: part, rich_text_preformatted: part });
}

const cell = byType({
  raw_text: shape({ type, text: words(3000, 0) }),
  raw_number: shape({ type, value: anything }, { text: words(100) }),
  rich_text: shape({ type, elements: several(byRichText(), 1, 100) }, named),
});

const inMessages: Readonly<Record<string, Rule>> = {
  markdown: shape({ type, text: words(12_000) }, named),
  table: shape(
    { type, rows: several(several(cell, 1, 20), 1, 100) },
    {
      ...named,
      column_settings: several(shape({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), 0, 20),
    },
  ),
  alert: shape(
    { type, text: eitherText(200) },
    { ...named, level: oneOf('default', 'info', 'warning', 'error', 'success') },
  ),
  card: shape(
    { type },
    {
      ...named,
      hero_image: image,
      icon: image,
      title: eitherText(150),
      subtitle: eitherText(150),
      body: eitherText(200),
      actions: several(actionElement, 1, 5),
    },
  ),
};

const blockOf = (surface: Surface): Rule =>
  byType(surface === 'message' ? { ...everywhere, ...inMessages } : everywhere);

/** How much text a message may carry in its blocks altogether. */
const MOST_TEXT = 13_200;

/** What is wrong with the blocks of a message; an empty list where nothing is. */
export function checkBlocks(blocks: unknown): readonly string[] {
  const check = createCheck();
  several(blockOf('message'), 0, 50)(blocks, '/blocks', check);
  const markdown = list(blocks).filter((block) => isJson(block) && block.type === 'markdown');
  if (textIn(markdown) > 12_000) fail(check, 'markdown blocks have more than 12000 characters altogether', '/blocks');
  return check.problems;
}

export const tooLong = (blocks: readonly Json[]): boolean => textIn(blocks) > MOST_TEXT;

function textIn(blocks: readonly unknown[]): number {
  let length = 0;
  for (const [part] of walk(blocks)) length += string(part.text).length;
  return length;
}

const COMMON: Readonly<Record<string, Rule>> = {
  private_metadata: words(3000, 0),
  callback_id: words(255),
  external_id: words(255),
};

const modal = shape(
  { type, title: plain(24), blocks: several(blockOf('modal'), 0, 100) },
  {
    ...COMMON,
    submit: plain(24),
    close: plain(24),
    clear_on_close: flag,
    notify_on_close: flag,
    submit_disabled: flag,
  },
);
const home = shape({ type, blocks: several(blockOf('home'), 0, 100) }, COMMON);

/** What is wrong with a view. */
export function checkView(view: Json, surface: 'modal' | 'home'): readonly string[] {
  const check = createCheck();
  byType(surface === 'modal' ? { modal } : { home })(view, '/view', check);
  if (surface === 'modal') mustSubmit(view, check);
  return check.problems;
}

function mustSubmit(view: Json, check: Check): void {
  const asks = list(view.blocks).some((block) => isJson(block) && block.type === 'input');
  if (asks && view.submit === undefined) fail(check, 'submit is required where a view has inputs', '/view');
}

/** Gives what has no name one, as the service does before it shows anything. */
export function nameParts(blocks: readonly Json[], make: () => string): readonly Json[] {
  const element = (value: unknown): unknown =>
    isJson(value) && isActive(value) && value.action_id === undefined ? { ...value, action_id: make() } : value;
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id ?? make(),
    ...(Array.isArray(block.elements) ? { elements: block.elements.map(element) } : {}),
    ...(block.accessory === undefined ? {} : { accessory: element(block.accessory) }),
    ...(block.element === undefined ? {} : { element: element(block.element) }),
  }));
}

/** An element that a person can act on. */
const isActive = (value: Json): boolean =>
  /^(button|overflow|.*_select|.*picker|radio_buttons|checkboxes|.*_input)$/.test(string(value.type));
