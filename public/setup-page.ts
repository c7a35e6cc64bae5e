import { createHash } from "node:crypto";
import type { PageFile } from "./page-files.ts";

/** The token stands behind the `#`, which no browser sends and no proxy logs. */
const script = `
const form = document.querySelector("form");
const say = (text) => { document.querySelector("output").textContent = text; };
const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (!token) {
  form.hidden = true;
  say("Open the set-up link that the server printed when it started, or run: motioness admin link");
}
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  say("");
  try {
    const response = await fetch("api/user/setup", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, ...Object.fromEntries(new FormData(form)) }),
    });
    const answer = await response.json();
    if (response.ok) {
      form.hidden = true;
      history.replaceState(null, "", location.pathname);
      say("Done. You are signed in as " + answer.user.email + ", the administrator.");
      return;
    }
    const fields = Object.values(answer.details?.fieldErrors ?? {}).flat();
    say(fields.join(". ") || answer.error);
  } catch {
    say("The server does not answer. Is it running?");
  }
  button.disabled = false;
});
`;

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 24rem; margin: 4rem auto; padding: 0 1rem; }
label { display: block; margin-top: 1rem; }
input, button { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; }
button { margin-top: 1.5rem; }
output { display: block; margin-top: 1rem; }
`;

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Set up Motioness</title>
<style>${style}</style>
<h1>Set up Motioness</h1>
<form>
<p>This makes the server's first administrator.</p>
<label>E-mail <input name="email" type="email" autocomplete="username" required></label>
<label>Name <input name="name" autocomplete="name" maxlength="100" required></label>
<label>Password, 8 to 128 characters
<input name="password" type="password" autocomplete="new-password" minlength="8" maxlength="128"
required></label>
<button>Make the administrator</button>
</form>
<output role="status"></output>
<script>${script}</script>
</html>
`;

/** `/setup`, where the set-up link leads: one page that loads nothing else. */
export function setupPage(): PageFile {
  return { body: new Blob([html]), headers: headers() };
}

function headers(): PageFile["headers"] {
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": [
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
  };
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
