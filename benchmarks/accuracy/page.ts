import { markup, type Markup } from '../../src/report/markup.js';
import { page } from '../../src/report/page.js';
import { folded, titledTable } from '../../src/report/table.js';
import type { YearFigures } from './figures.js';
import {
  bandTable,
  columnTable,
  dayTable,
  groupTables,
  pathTable,
  summaryTable,
  weatherTable,
  weightTable,
  worstTable,
  type TextTable,
} from './leaderboard.js';

/** The leaderboard as one self-contained page. */
export function leaderboardPage(all: readonly YearFigures[]): string {
  const weather = weatherTable(all);
  return page(
    'Accuracy of loadcast',
    markup`<h1>Accuracy</h1>
<p>Members are fitted on data before each of four refits; weights and bands are learned from hours that had ended at the
issue time. Midnight and desk-actual use the temperature as it came, which flatters every method alike; desk uses one
with the errors of a forecast.</p>
${inHtml(summaryTable(all))}
${weather && inHtml(weather)}
${inHtml(pathTable(all))}
${all.map(section)}`,
  );
}

function section(figures: YearFigures): Markup {
  const { set, year, procedure, origins } = figures;
  return markup`<section class="card"><h2>${set} ${year}, ${procedure}</h2>
<p>${origins} forecasts. Diebold-Mariano on the mean absolute error of each forecast: above 0 the blend is better.</p>
${inHtml(columnTable('Blend and members', figures.columns))}
${inHtml(columnTable('The same members blended otherwise', figures.blends))}
${inHtml(columnTable('Without one member', figures.without))}
${inHtml(bandTable(figures))}
${inHtml(weightTable(figures))}
${inHtml(dayTable(figures))}
${inHtml(worstTable(figures))}
${folded('Where the errors are', groupTables(figures).map(inHtml))}
</section>`;
}

function inHtml({ title, header, rows }: TextTable): Markup {
  return titledTable(
    title,
    header.map((label, i) => ({ label, numeric: i > 0 && label !== 'what was odd' })),
    rows,
  );
}
