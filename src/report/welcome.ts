import { Markup, markup } from './markup.js';
import { style } from './style.js';

/** The page of a service that has no series yet: what to type next. */
export function renderWelcome(): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>loadcast: no series yet</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body><main>
<header><p class="eyebrow">loadcast · 72-hour load forecast</p><h1>No series yet</h1></header>
<section><p>Import a CSV file with a time and a load column, in another terminal:</p>
<pre>npm run loadcast -- import load.csv --series town --zone Europe/Paris --holidays FR</pre>
<p>Within a minute this page shows its first forecast, and the trained models follow a few minutes later.</p></section>
</main></body>
</html>
`.text;
}
