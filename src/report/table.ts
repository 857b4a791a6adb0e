import { markup, type Markup, type MarkupValue } from './markup.js';

export interface Column {
  readonly label: string;
  /** figures stand right-aligned; text is the default */
  readonly numeric?: boolean;
}

/** A table under its own visible title. */
export function titledTable(title: string, columns: readonly Column[], rows: TableRows): Markup {
  return markup`<h3 class="table-title">${title}</h3>${table(title, columns, rows)}`;
}

type TableRows = readonly (readonly MarkupValue[])[];

/**
 * A table that scrolls inside itself when the page is narrow.
 * @param caption its accessible name, not shown
 */
export function table(caption: string, columns: readonly Column[], rows: TableRows): Markup {
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col"${numeric(column)}>${column.label}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => markup`<tr>${row.map((cell, index) => renderCell(cell, index, columns[index]))}</tr>
`,
  )}</tbody></table></div>`;
}

/** The numbers behind a chart, folded away. */
export function folded(summary: string, content: MarkupValue): Markup {
  return markup`<details><summary>${summary}</summary>${content}</details>`;
}

function renderCell(cell: MarkupValue, index: number, column: Column | undefined): Markup {
  return index === 0
    ? markup`<th scope="row"${numeric(column)}>${cell}</th>`
    : markup`<td${numeric(column)}>${cell}</td>`;
}

function numeric(column: Column | undefined): MarkupValue {
  return column?.numeric && markup` class="number"`;
}
