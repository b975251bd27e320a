/** The page's style: one sheet, no font and no picture from anywhere else. Colours carry no meaning of their own. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1c2430; --muted: #586374; --line: #d8dde5; --code: #f1f3f6;
  --link: #0b57b0; --focus: #0b57b0; --edge: #5b6778; --warn: #8a4b00; --warn-page: #fff3dc;
  --fleet: #1260c4; --elasticsearch: #00695f; --agent: #9a3fb0; --on-ca: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --text: #e6eaf0; --muted: #a3aebd; --line: #323b48; --code: #11161d;
    --link: #8ab8ff; --focus: #8ab8ff; --edge: #93a0b3; --warn: #ffce85; --warn-page: #3a2c12;
    --fleet: #7fb2ff; --elasticsearch: #54d1bf; --agent: #dd97ef; --on-ca: #10151c;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; border-radius: 6px; z-index: 2; }
.page { max-width: 1240px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.75rem 0 .25rem; letter-spacing: -.005em; }
h3 { font-size: 1.05rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: 1.35rem 0 .45rem; }
p { margin: .35rem 0 .9rem; max-width: 92ch; }
.muted { color: var(--muted); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1.25rem 0 0; padding: 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(225px, 1fr)); gap: .75rem; margin: 1.25rem 0 0; }
.facts div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .95rem; }
.facts dt { color: var(--muted); font-size: .82rem; }
.facts dd { margin: .1rem 0 0; font-weight: 600; overflow-wrap: anywhere; }
.facts dd .muted { font-weight: 400; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.15rem 1.25rem 1.25rem; margin: 1rem 0; }
.card > header { display: flex; flex-wrap: wrap; gap: .15rem 1rem; align-items: baseline; justify-content: space-between; }
.scroll { overflow-x: auto; max-width: 100%; }
figure { margin: 1rem 0 0; }
.diagram { display: block; width: 100%; min-width: 900px; height: auto; font-family: inherit; }
.connections { margin: 1rem 0 0; padding-left: 1.6rem; }
.connections li { margin: .3rem 0; max-width: 95ch; }
.connections li::marker { font-weight: 700; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; padding: 0; margin: .9rem 0 0; }
.legend li { display: flex; align-items: center; gap: .5rem; }
.dot { display: inline-grid; place-items: center; width: 1.35rem; height: 1.35rem; border-radius: 50%; color: var(--on-ca); font-size: .78rem; font-weight: 700; flex: none; }
.dot-fleet { background: var(--fleet); } .dot-elasticsearch { background: var(--elasticsearch); } .dot-agent { background: var(--agent); }
.box { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.role { fill: var(--text); } .diagram .muted, .heading { fill: var(--muted); }
.file { fill: var(--text); }
code, pre, .file, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.ca-fleet { fill: var(--fleet); } .ca-elasticsearch { fill: var(--elasticsearch); } .ca-agent { fill: var(--agent); }
.ca-letter { fill: var(--on-ca); }
.edge { fill: none; stroke: var(--edge); stroke-width: 2; } .arrowhead { fill: var(--edge); }
.number { fill: var(--text); } .number-text { fill: var(--card); }
.edge-label { fill: var(--text); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 600; font-size: .82rem; }
tbody th { font-weight: 600; }
tbody th.mono { font-weight: 500; }
tr:last-child > * { border-bottom: 0; }
td.mono, th.mono { font-size: .86rem; }
.fingerprint { overflow-wrap: anywhere; min-width: 19ch; font-size: .8rem; line-height: 1.4; }
.nowrap, .connections code { white-space: nowrap; }
code { font-size: .9em; }
.block { position: relative; margin: .35rem 0 0; }
pre { margin: 0; background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; overflow: auto; max-height: 27rem; font-size: .86rem; line-height: 1.5; tab-size: 2; }
pre.wraps { white-space: pre-wrap; overflow-wrap: anywhere; }
.bar { margin-bottom: .4rem; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
button { font: inherit; font-size: .88rem; font-weight: 600; color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: 7px; padding: .3rem .8rem; cursor: pointer; }
button:hover { background: var(--code); }
button[hidden] { display: none; }
input { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: 7px; padding: .3rem .6rem; width: min(20rem, 100%); }
label { font-size: .88rem; color: var(--muted); }
details > summary { cursor: pointer; font-weight: 600; padding: .2rem 0; }
.notice { background: var(--warn-page); color: var(--warn); border-radius: 8px; padding: .55rem .85rem; margin: .8rem 0 0; max-width: none; }
.due { color: var(--warn); font-weight: 600; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 3rem; color: var(--muted); font-size: .88rem; }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --text: #000000; --muted: #444c57; --line: #b9c0ca; --code: #ffffff;
    --link: #000000; --edge: #444c57; --warn: #5c3200; --warn-page: #ffffff;
    --fleet: #1260c4; --elasticsearch: #00695f; --agent: #9a3fb0; --on-ca: #ffffff;
  }
  @page { margin: 14mm; }
  body { font-size: 10.5pt; }
  .page { max-width: none; padding: 0; }
  .skip, nav, button, .filter { display: none !important; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; overflow: visible; }
  .scroll { overflow: visible; }
  .diagram { min-width: 0; }
  .card, tr, figure, .facts div { break-inside: avoid; }
  .card.long { break-inside: auto; }
  h2, h3, h4, .card > header { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (max-width: 640px) {
  .page { padding: 1.25rem .85rem 3rem; }
  .card { padding: .9rem; }
}
`;
