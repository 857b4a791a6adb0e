import { Markup, markup } from './markup.js';
import { style } from './style.js';

/** One self-contained HTML document: inline style, no script, nothing fetched. */
export function page(title: string, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`.text;
}
