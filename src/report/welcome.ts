import { markup } from './markup.js';
import { page } from './page.js';

/** The page of a service that has no series yet: what to type next. */
export function renderWelcome(): string {
  return page(
    'loadcast: no series yet',
    markup`<header><p class="eyebrow">loadcast · 72-hour load forecast</p><h1>No series yet</h1></header>
<section><p>Import a CSV file with a time and a load column, in another terminal:</p>
<pre>npm run loadcast -- import load.csv --series town --zone Europe/Paris --holidays FR</pre>
<p>Within a minute this page shows its first forecast, and the trained models follow a few minutes later.</p></section>`,
  );
}
