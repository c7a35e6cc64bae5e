/** The reference's look: system fonts, one accent, dark and light. */
export const style = `
:root { --ink: #1a1a1e; --soft: #5c5c66; --line: #e3e3e8; --paper: #fff; --panel: #f6f6f8;
    --accent: #5b3df5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf1; --soft: #a2a2ae; --line: #2e2e36; --paper: #131317; --panel: #1b1b21;
    --accent: #a595ff; }
}
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 13rem minmax(0, 56rem); gap: 2.5rem;
  color: var(--ink);
  background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; padding: 2rem 1rem 2rem 1.5rem; display: flex;
  flex-direction: column;
  gap: .5rem; border-right: 1px solid var(--line); overflow: auto; }
nav a { color: var(--soft); text-decoration: none; }
nav a:hover, nav a:focus { color: var(--accent); }
main { padding: 2rem 1.5rem 6rem 0; min-width: 0; }
h1 { margin: 0; font-size: 2rem; } h2 { margin: 3rem 0 .25rem; } h4 { margin: 1.25rem 0 .25rem; }
p { max-width: 44rem; }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
pre { margin: .5rem 0; padding: .75rem 1rem; overflow-x: auto; background: var(--panel);
    border-radius: .5rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 1rem; }
details[open] { padding-bottom: 1rem; }
summary { padding: .6rem 0; cursor: pointer; overflow-wrap: anywhere; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.method { display: inline-block; min-width: 4.2rem; font: 700 .75rem ui-monospace, monospace;
    color: var(--accent); }
.what { color: var(--soft); }
.lock { font-size: .75rem; border: 1px solid var(--line); border-radius: 1rem;
    padding: .05rem .5rem; white-space: nowrap; }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; font-size: .9375rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0;
    border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 500; }
dl { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: .35rem 1rem; margin: 0; }
dt { font: 700 .875rem/1.7 ui-monospace, monospace; } dd { margin: 0; min-width: 0; }
abbr { color: var(--accent); text-decoration: none; }
@media (max-width: 48rem) {
  body { display: block; } nav { position: static; height: auto; flex-flow: row wrap; border: 0;
    padding: 1rem; }
  main { padding: 0 1rem 4rem; }
}
`.replaceAll(/\n\s*/g, "\n");
