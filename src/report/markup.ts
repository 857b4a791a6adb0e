/** Markup that is safe to write out as it is. Everything else is escaped when it enters a template. */
export class Markup {
  constructor(readonly text: string) {}
}

export type MarkupValue =
  Markup | string | number | null | undefined | false | readonly MarkupValue[];

/**
 * Template tag: `markup`…`` escapes every interpolated string, joins lists and leaves out null, undefined and false.
 * Attribute values must stand in double quotes in the template.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

function render(value: MarkupValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeText(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
