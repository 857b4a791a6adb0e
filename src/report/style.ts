/** The report's style sheet. Text colours keep a contrast of at least 4.5 : 1 on their ground in both schemes. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --surface: #ffffff; --ink: #17202b; --muted: #566271; --line: #dde2e8;
  --separator: #cfd6de; --accent: #1a5fb4;
  --actual: #17202b; --forecast: #1a5fb4; --temperature: #b8500b; --naive: #6a7380;
  --member-0: #0f766e; --member-1: #9a4d00; --member-2: #7c3aed; --member-3: #b0256b;
  --member-4: #4d7c0f; --member-5: #0369a1; --member-6: #b91c1c; --member-7: #1e3a8a;
  --on-member: #ffffff;
  --good: #1b6e3c; --good-ground: #e3f3e8; --warn: #855200; --warn-ground: #fdf1d8;
  --bad: #a3261d; --bad-ground: #fbe6e4; --note: #24507f; --note-ground: #e8f0fa;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #11161c; --surface: #1a2129; --ink: #e6ebf1; --muted: #a0acba; --line: #2d3743;
    --separator: #3a4653; --accent: #7db4f5;
    --actual: #e6ebf1; --forecast: #6cabf5; --temperature: #f0955a; --naive: #9aa5b1;
    --member-0: #3fc3b4; --member-1: #e8a04e; --member-2: #b49af8; --member-3: #f086b8;
    --member-4: #9bcc52; --member-5: #56b8e8; --member-6: #f87171; --member-7: #93b4ff;
    --on-member: #0d1218;
    --good: #7fd6a0; --good-ground: #173425; --warn: #f0c36a; --warn-ground: #3a2e14;
    --bad: #f5a39c; --bad-ground: #42201d; --note: #a9cdf7; --note-ground: #1b2c42;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5; font-size: 15px;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
}
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: 0 0 .75rem; max-width: 82ch; }
a { color: var(--accent); }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .88em; overflow-wrap: anywhere; }
header { margin-bottom: 1rem; }
.eyebrow { color: var(--muted); font-size: .82rem; letter-spacing: .04em; margin: 0 0 .35rem; }
.as-of { color: var(--muted); margin-bottom: .6rem; max-width: none; }
.as-of strong { color: var(--ink); }
.badges { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; max-width: none; }
.badge {
  display: inline-block; padding: .1rem .55rem; border-radius: 999px; font-size: .82rem; font-weight: 600;
  white-space: nowrap;
}
.badge.full { color: var(--good); background: var(--good-ground); }
.badge.degraded { color: var(--warn); background: var(--warn-ground); }
.badge.fallback { color: var(--bad); background: var(--bad-ground); }
.badge.replay { color: var(--surface); background: var(--note); letter-spacing: .06em; }
.track { color: var(--muted); } .track strong { color: var(--ink); }
.notice {
  max-width: none; padding: .6rem .9rem; border-radius: 8px; margin: 0 0 .6rem; border-left: 4px solid var(--note);
  background: var(--note-ground); overflow-wrap: anywhere;
}
.notice.warn { border-left-color: var(--warn); background: var(--warn-ground); }
section, footer {
  background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin: 18px 0;
}
.muted { color: var(--muted); }
section > p:last-child { margin-bottom: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr)); gap: 14px; }
.card { border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.card h3 { margin: 0 0 .3rem; } .card h3 small { font-weight: 400; color: var(--muted); }
.big { font-size: 1.55rem; font-weight: 650; line-height: 1.2; margin: 0 0 .6rem; font-variant-numeric: tabular-nums; }
.big small { font-size: .84rem; font-weight: 400; color: var(--muted); }
dl { margin: 0; } dd { margin: 0; }
.card dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .2rem 0; border-top: 1px solid var(--line); font-size: .9rem; }
.card dt { color: var(--muted); flex: 0 1 auto; } .card dd { text-align: right; font-variant-numeric: tabular-nums; }
.card small { white-space: nowrap; } .card h3 small, .big small { white-space: normal; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin-bottom: .9rem; }
.counts dd { font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.counts dt { color: var(--muted); font-size: .85rem; }
figure { margin: 0 0 1.25rem; min-width: 0; }
figure:last-child { margin-bottom: 0; }
figcaption { margin-bottom: .4rem; } figcaption span { color: var(--muted); font-size: .88rem; margin-left: .35rem; }
svg { max-width: 100%; height: auto; display: block; }
svg text { fill: var(--muted); }
.narrow { display: none; }
.multiples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 20px; margin-top: 1rem; }
.multiples figure { margin: 0; }
.multiples svg { width: 100%; max-width: 480px; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: 0 0 .4rem; font-size: .85rem; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: .4rem; }
.swatch { display: inline-block; width: 20px; border-top: 3px solid currentColor; }
.swatch.dashed { border-top-style: dashed; } .swatch.area { height: 12px; border: 0; background: currentColor; border-radius: 2px; }
.weights { display: grid; grid-template-columns: auto 1fr; gap: 6px 12px; align-items: center; margin-bottom: 1rem; font-size: .88rem; }
.bar { display: flex; gap: 2px; height: 28px; border-radius: 6px; overflow: hidden; }
.bar div { min-width: 0; overflow: hidden; white-space: nowrap; padding: 0 8px; line-height: 28px; color: var(--on-member); text-overflow: ellipsis; }
.split { display: flex; gap: 2px; border-radius: 6px; overflow: hidden; margin-bottom: 1rem; font-size: .82rem; }
.split div { padding: 6px 8px; min-width: 84px; background: var(--note-ground); color: var(--note); }
.split .validation { background: var(--warn-ground); color: var(--warn); }
.split .test { background: var(--good-ground); color: var(--good); }
.table-title { font-size: .88rem; margin: 1rem 0 .4rem; }
.scroll { position: relative; overflow-x: auto; margin-bottom: 1rem; }
.scroll:last-child { margin-bottom: 0; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; padding: .32rem .7rem .32rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--muted); font-weight: 600; border-bottom-color: var(--separator); vertical-align: bottom; }
tbody th { font-weight: 500; white-space: nowrap; }
td.number + td:not(.number), th.number + th:not(.number) { padding-left: .9rem; }
td.number, th.number { text-align: right; white-space: nowrap; }
thead th.number { white-space: normal; }
th:last-child, td:last-child { padding-right: 0; }
td:not(:last-child), td code { white-space: nowrap; }
td:not(.number):last-child { min-width: 12rem; }
details { margin-top: .4rem; } details .scroll { max-height: 420px; overflow: auto; margin-top: .5rem; }
summary { cursor: pointer; color: var(--accent); font-size: .88rem; width: fit-content; }
footer { font-size: .88rem; color: var(--muted); overflow-wrap: anywhere; } footer h2 { font-size: 1rem; color: var(--ink); margin-bottom: .4rem; }
.glossary { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); gap: .15rem 1.5rem; margin-bottom: 1rem; }
.glossary dt { display: inline; font-weight: 600; color: var(--ink); } .glossary dt::after { content: ": "; } .glossary dd { display: inline; }
footer p:last-child { margin-bottom: 0; }
@media (max-width: 640px) {
  main { padding: 18px 12px 32px; } section, footer { padding: 14px; border-radius: 10px; }
  h1 { font-size: 1.5rem; }
  .wide { display: none; } .narrow { display: block; } .narrow svg { width: 100%; }
  figcaption span { display: block; margin-left: 0; }
  .split { flex-direction: column; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 11px; } table { font-size: 10px; } .scroll { overflow: visible; }
  td, th { white-space: normal !important; } main { max-width: none; padding: 0; }
  section, footer { border: 0; padding: 0; margin: 0 0 14px; }
  figure, .card, .notice, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  details, nav { display: none; }
  .badge, .notice, .bar div, .split div, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
