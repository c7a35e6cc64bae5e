/** The reference's look: that of the first page, with system fonts, dark and light. */
export const style = `
:root { color-scheme: light dark;
  --ground: light-dark(#faf8f5, #121110); --surface: light-dark(#fff, #1b1a18);
  --sunken: light-dark(#f3f0ea, #141312); --line: light-dark(#e5e0d7, #2f2c28);
  --ink: light-dark(#1d1a16, #f2eee7); --soft: light-dark(#675f54, #aaa194);
  --accent: light-dark(#b93c0a, #ff9259); --good: light-dark(#1c7446, #6fcf97);
  --bad: light-dark(#b3261e, #ff9a90); --blue: light-dark(#1f5fae, #8ab8ff);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; display: grid; grid-template-columns: 18rem minmax(0, 1fr); color: var(--ink);
  background: var(--ground); font: 1rem/1.6 var(--sans); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
nav { position: sticky; top: 0; height: 100vh; height: 100dvh; padding: 1.5rem 1rem 2rem 1.5rem;
  overflow: auto; border-right: 1px solid var(--line); font-size: .875rem; }
nav h2 { margin: 1.25rem 0 .25rem; font-size: .75rem; letter-spacing: .06em;
  text-transform: uppercase; }
nav h2 a { color: var(--soft); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav a { display: flex; gap: .5rem; padding: .2rem 0; color: var(--ink); text-decoration: none;
  line-height: 1.4; }
nav a:hover { color: var(--accent); }
nav .title { font-size: 1.125rem; font-weight: 700; }
nav > details > summary { display: none; }
input[type=search] { width: 100%; margin-top: .75rem; padding: .5rem .75rem; font: inherit;
  color: inherit; background: var(--surface); border: 1px solid var(--line);
  border-radius: .625rem; }
main { width: 100%; max-width: 60rem; padding: 2.5rem 2rem 30vh; }
h1 { margin: 0; font-size: 2.25rem; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 0; font-size: 1.5rem; letter-spacing: -.01em; }
main > section { margin-top: 3.5rem; }
h3 { margin: 1.5rem 0 .25rem; font-size: .875rem; }
p { max-width: 44rem; margin: .5rem 0; }
header p { margin: .75rem 0; }
code, pre { font: .8125rem/1.6 var(--mono); }
p code, td code { padding: .1em .3em; background: var(--sunken); border-radius: .25rem;
  overflow-wrap: anywhere; }
pre { position: relative; margin: .5rem 0; padding: .75rem 1rem; overflow-x: auto;
  background: var(--sunken); border: 1px solid var(--line); border-radius: .625rem; }
pre i { color: var(--soft); font-style: normal; }
.copied { position: relative; }
.copied button { position: absolute; top: .5rem; right: .5rem; padding: .15rem .6rem;
  font: .75rem var(--sans); color: var(--soft); background: var(--surface); cursor: pointer;
  border: 1px solid var(--line); border-radius: .375rem; }
.copied button:hover { color: var(--accent); border-color: currentColor; }
.operation { margin: .5rem 0; background: var(--surface); border: 1px solid var(--line);
  border-radius: .625rem; }
.operation > summary { display: grid; grid-template-columns: 4rem minmax(0, 1fr) auto;
  gap: 0 .75rem; align-items: baseline; padding: .7rem 1rem; cursor: pointer; list-style: none; }
.operation > summary::-webkit-details-marker { display: none; }
.operation > summary:hover .what { color: var(--accent); }
.operation > summary code { grid-column: 2; color: var(--soft); overflow-wrap: anywhere; }
.operation > div { padding: 0 1rem 1.25rem; border-top: 1px solid var(--line);
  scroll-margin-top: 5.5rem; }
.what { font-weight: 600; }
.method { font: 700 .75rem/1.6 var(--mono); }
nav .method { flex: 0 0 2.6rem; font-size: .625rem; line-height: 1.9; }
.get { color: var(--blue); } .post { color: var(--good); } .delete { color: var(--bad); }
.put, .patch { color: var(--accent); }
.lock { font-size: .75rem; color: var(--soft); padding: 0 .5rem; white-space: nowrap;
  border: 1px solid var(--line); border-radius: 1rem; }
.more > summary { padding: .25rem 0; color: var(--soft); font-size: .875rem; cursor: pointer; }
table { width: 100%; border-collapse: collapse; margin: .25rem 0; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0;
  border-top: 1px solid var(--line); }
thead th { border: 0; padding-bottom: .1rem; color: var(--soft); font-weight: 500;
  font-size: .8125rem; }
th code { white-space: nowrap; }
tbody th { font-weight: 400; } td { overflow-wrap: break-word; }
td:nth-child(2) { color: var(--soft); white-space: nowrap; } td:nth-child(3) { width: 30%; }
dl { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: .5rem 1rem; margin: .5rem 0; }
dt { font: 700 .8125rem/1.9 var(--mono); color: var(--good); } dd { margin: 0; min-width: 0; }
dt.error { color: var(--bad); } dd.error { font-size: .9375rem; }
dd.error code { display: block; color: var(--soft); overflow-wrap: anywhere; }
.required { color: var(--accent); font-size: .75rem; }
[hidden] { display: none !important; }
@media (max-width: 56rem) {
  body { display: block; }
  nav { position: static; height: auto; padding: 1rem; border: 0;
    border-bottom: 1px solid var(--line); }
  nav > details > summary { display: list-item; padding: .5rem 0; cursor: pointer; }
  main { padding: 1.5rem 1rem 30vh; }
  .operation > summary { grid-template-columns: minmax(0, 1fr) auto; }
  .operation > summary .method { grid-column: 1 / -1; }
  .operation > summary code { grid-column: 1 / -1; }
  thead { display: none; } tr { display: block; padding: .5rem 0;
    border-top: 1px solid var(--line); }
  th, td, td:nth-child(3) { display: block; width: auto; padding: .1rem 0; border: 0; }
}
@media print { nav { display: none; } body { display: block; } }
`.replaceAll(/\n\s*/g, "\n");
