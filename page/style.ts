/** The page's only style sheet: one sheet, no font and no picture from anywhere else. Colours carry no meaning of their own. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --text: #1a2230; --muted: #566173; --line: #d9dee6; --code: #f3f5f8; --code-line: #e2e6ec;
  --link: #0b57b0; --focus: #0b57b0; --edge: #5b6778; --warn: #8a4b00; --warn-page: #fff1d6; --shadow: 0 1px 2px rgb(20 30 50 / .06);
  --fleet: #1260c4; --elasticsearch: #00695f; --agent: #9a3fb0; --fleetEs: #a04a12; --proxy: #5a6b12; --receiver: #5a6472; --on-ca: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --card: #191f28; --text: #e6eaf0; --muted: #a3aebd; --line: #2f3845; --code: #11161d; --code-line: #28313d;
    --link: #8ab8ff; --focus: #8ab8ff; --edge: #93a0b3; --warn: #ffce85; --warn-page: #3a2c12; --shadow: none;
    --fleet: #7fb2ff; --elasticsearch: #54d1bf; --agent: #dd97ef; --fleetEs: #ffb285; --proxy: #c3d765; --receiver: #b4bfce; --on-ca: #10151c;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 4.25rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; border-radius: 6px; z-index: 3; }
.page { max-width: 1232px; margin: 0 auto; padding: 2.25rem 1.25rem 4rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
h1 { display: flex; align-items: center; gap: .6rem; font-size: 1.85rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.012em; overflow-wrap: anywhere; }
.mark { width: 1.75rem; height: 1.75rem; flex: none; color: var(--elasticsearch); }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3rem 0 .75rem; letter-spacing: -.006em; }
h3 { font-size: 1.08rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: 1.6rem 0 .45rem; }
p { margin: .35rem 0 .9rem; max-width: 88ch; }
.lead { color: var(--muted); }
.muted { color: var(--muted); } p.muted { font-size: .9rem; }
nav { position: sticky; top: 0; z-index: 2; margin: 1.5rem -1.25rem 0; padding: .6rem 1.25rem; background: var(--page); border-bottom: 1px solid var(--line); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem .35rem; margin: 0 0 0 -.6rem; padding: 0; }
nav a { display: block; padding: .22rem .6rem; border-radius: 7px; text-decoration: none; font-size: .94rem; }
nav a:hover { background: var(--card); text-decoration: underline; }
main > section:first-child h2 { margin-top: 2rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr)); gap: .75rem; margin: 1.4rem 0 0; }
.facts div, .card { background: var(--card); border: 1px solid var(--line); box-shadow: var(--shadow); }
.facts div { border-radius: 10px; padding: .75rem 1rem; }
.facts dt { color: var(--muted); font-size: .82rem; }
.facts dd { margin: .15rem 0 0; font-weight: 600; font-size: .86rem; overflow-wrap: anywhere; }
.facts dd .muted, .note { font-weight: 400; color: var(--muted); font-size: .88rem; }
.note { display: block; margin-top: .1rem; }
.card { border-radius: 12px; padding: 1.2rem 1.35rem 1.35rem; margin: 1rem 0; }
.card > :last-child { margin-bottom: 0; }
.card > header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between; margin-bottom: .5rem; }
.tag { font-size: .82rem; color: var(--muted); border: 1px solid var(--line); border-radius: 99px; padding: .08rem .65rem; }
.scroll { overflow-x: auto; max-width: 100%; }
figure { margin: .5rem 0 0; }
.diagram { display: block; width: 100%; height: auto; font-family: inherit; }
.diagram-wide { min-width: 860px; }
.diagram-tall { display: none; max-width: 420px; margin: 0 auto; }
.connections { margin: 1.1rem 0 0; padding-left: 1.6rem; }
.connections li { margin: .35rem 0; max-width: 92ch; }
.connections li::marker { font-weight: 700; }
.steps { padding-left: 1.4rem; max-width: 92ch; } .steps li { margin: .5rem 0; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; padding: 0; margin: .9rem 0 0; }
.legend li { display: flex; align-items: center; gap: .5rem; }
.dot { display: inline-grid; place-items: center; width: 1.35rem; height: 1.35rem; border-radius: 50%; color: var(--on-ca); font-size: .78rem; font-weight: 700; flex: none; vertical-align: middle; position: relative; top: -.08em; margin-right: .2rem; }
.dot-fleet { background: var(--fleet); } .dot-elasticsearch { background: var(--elasticsearch); }
.dot-agent { background: var(--agent); } .dot-fleetEs { background: var(--fleetEs); }
.dot-proxy, .dot-fleetProxy { background: var(--proxy); } .dot-receiver, .dot-download, .dot-kibana { background: var(--receiver); }
.box { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.role { fill: var(--text); } .diagram .muted, .heading { fill: var(--muted); }
.file { fill: var(--text); }
code, pre, .file, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.ca-fleet { fill: var(--fleet); } .ca-elasticsearch { fill: var(--elasticsearch); }
.ca-agent { fill: var(--agent); } .ca-fleetEs { fill: var(--fleetEs); } .ca-proxy, .ca-fleetProxy { fill: var(--proxy); } .ca-receiver, .ca-download, .ca-kibana { fill: var(--receiver); }
.ca-letter { fill: var(--on-ca); }
.edge { fill: none; stroke: var(--edge); stroke-width: 2; } .arrowhead { fill: var(--edge); }
.number { fill: var(--text); } .number-text { fill: var(--card); }
.edge-label { fill: var(--text); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .48rem 1rem .48rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 600; font-size: .82rem; }
tbody th { font-weight: 600; }
tbody th.mono { font-weight: 500; }
tbody tr:last-child > * { border-bottom: 0; padding-bottom: .1rem; }
td.mono, th.mono, td .mono { font-size: .86rem; }
.secret { font-size: .82rem; color: var(--warn); background: var(--warn-page); border-radius: 99px; padding: .05rem .55rem; margin-left: .35rem; }
td.fingerprint { min-width: 34ch; overflow-wrap: anywhere; font-size: .8rem; line-height: 1.5; }
.nowrap, .connections code { white-space: nowrap; }
code { font-size: .9em; overflow-wrap: anywhere; }
.block { margin: .35rem 0 .7rem; }
pre { margin: 0; background: var(--code); border: 1px solid var(--code-line); border-radius: 8px; padding: .8rem 1rem; overflow: auto; max-height: 27rem; font-size: .86rem; line-height: 1.5; tab-size: 2; }
pre.wraps { white-space: pre-wrap; overflow-wrap: anywhere; }
.bar { margin-bottom: .4rem; display: flex; gap: .5rem 1rem; align-items: end; justify-content: space-between; }
.name { color: var(--muted); font-size: .9rem; }
.value { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; margin: .5rem 0 .7rem; }
.value code { background: var(--code); border: 1px solid var(--code-line); border-radius: 7px; padding: .22rem .6rem; }
button { font: inherit; font-size: .86rem; font-weight: 600; color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: 7px; padding: .28rem .8rem; min-width: 4.6rem; cursor: pointer; flex: none; }
button:hover { background: var(--code); }
button.done { border-color: var(--elasticsearch); color: var(--elasticsearch); }
button[hidden] { display: none; }
input { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: 7px; padding: .3rem .6rem; width: min(20rem, 100%); }
label { font-size: .88rem; color: var(--muted); }
details > summary { cursor: pointer; font-weight: 600; padding: .2rem 0; }
.due { color: var(--warn); font-weight: 600; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 3rem; color: var(--muted); font-size: .88rem; }
@media screen and (max-width: 720px) {
  html { scroll-padding-top: 1rem; }
  .page { padding: 1.5rem .9rem 3rem; }
  h1 { font-size: 1.5rem; }
  nav { position: static; margin: 1.25rem -.9rem 0; padding: .5rem .9rem; }
  .card { padding: 1rem; }
  .diagram-wide { display: none; } .diagram-tall { display: block; }
  table, tbody, tr, th[role=rowheader], td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { border-bottom: 1px solid var(--line); padding: .6rem 0; } tbody tr:last-child { border-bottom: 0; }
  tbody tr[hidden] { display: none; }
  tbody th, tbody td, tbody tr:last-child > * { border: 0; padding: .1rem 0; }
  td { display: grid; grid-template-columns: 7rem 1fr; gap: .5rem; }
  td::before { content: attr(data-column); color: var(--muted); font-family: system-ui, sans-serif; font-size: .82rem; line-height: 1.7; }
  td[data-column=""] { display: block; } td[data-column=""]::before { content: none; }
  td.fingerprint { min-width: 0; } td.nowrap, th.nowrap, td .nowrap { white-space: normal; overflow-wrap: anywhere; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --text: #000000; --muted: #444c57; --line: #b9c0ca; --code: #ffffff; --code-line: #b9c0ca;
    --link: #000000; --edge: #444c57; --warn: #5c3200; --warn-page: #ffffff; --shadow: none;
    --fleet: #1260c4; --elasticsearch: #00695f; --agent: #9a3fb0; --fleetEs: #a04a12; --proxy: #5a6b12; --receiver: #5a6472; --on-ca: #ffffff;
  }
  @page { margin: 14mm 13mm; }
  html { font-size: 12px; }
  .page { max-width: none; padding: 0; }
  .skip, nav, button, .filter { display: none !important; }
  h2 { margin: 1.9rem 0 .4rem; }
  .facts { grid-template-columns: repeat(2, 1fr); }
  td.fingerprint { font-size: .7rem; min-width: 36ch; }
  th, td { padding: .28rem .6rem .28rem 0; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; overflow: visible; line-height: 1.4; padding: .5rem .7rem; }
  .scroll { overflow: visible; }
  .diagram-wide { min-width: 0; }
  .card { padding: .8rem 1rem; margin: .6rem 0; }
  tr, figure, .facts div, .block, .value, li { break-inside: avoid; }
  h2, h3, h4, .card > header, .bar { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
