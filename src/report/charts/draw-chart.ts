import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Markup, markup, type MarkupValue } from '../markup.js';
import { folded } from '../table.js';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/**
 * One static inline SVG. Colours are CSS variables of the page, so one drawing serves light, dark and print.
 * @param name its accessible name: plain words of ours, no text of a user
 */
export function drawChart(name: string, options: Plot.PlotOptions): Markup {
  const svg: { setAttribute(key: string, value: string): void; outerHTML: string } = Plot.plot({
    document,
    ...options,
    style: { fontSize: '12px', fontFamily: 'inherit', background: 'none', overflow: 'visible' },
  });
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', name);
  return new Markup(svg.outerHTML);
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly shape: 'line' | 'dashed' | 'area';
  /** 0–1, for bands */
  readonly opacity?: number;
}

export function legend(entries: readonly LegendEntry[]): Markup {
  return markup`<ul class="legend">${entries.map(
    (entry) =>
      markup`<li><span class="swatch ${entry.shape}" style="color:${entry.colour};opacity:${entry.opacity ?? 1}"></span>${entry.label}</li>`,
  )}</ul>`;
}

export interface FigureParts {
  /** unique in the page */
  readonly id: string;
  readonly title: string;
  readonly note?: MarkupValue;
  readonly legend?: Markup;
  readonly drawing: MarkupValue;
  /** the numbers of the chart */
  readonly numbers: MarkupValue;
}

/** A drawing with its title, legend and numbers. */
export function figure(parts: FigureParts): Markup {
  return markup`<figure aria-labelledby="${parts.id}">
<figcaption id="${parts.id}"><strong>${parts.title}</strong>${parts.note && markup` <span>${parts.note}</span>`}</figcaption>
${parts.legend}${parts.drawing}
${folded('The numbers', parts.numbers)}</figure>`;
}

/** One drawing for a wide page and one for a phone; the page shows the one that fits. */
export function wideAndNarrow(wide: Markup, narrow: Markup): Markup {
  return markup`<div class="wide">${wide}</div><div class="narrow">${narrow}</div>`;
}
