// Runs in a network namespace of its own, where 169.254.169.254 (cloud metadata) and 93.184.216.34
// (the public internet) are addresses of this machine. Prints what comes of trying to get from one
// to the other, and what the canary on the first has seen.
import { createDownload } from "./guarded-download.ts";

const metadata = "169.254.169.254";
const publicAddress = "93.184.216.34";
let isGuarded = false;
let canaryHits = 0;

Bun.serve({
  hostname: metadata,
  port: 80,
  fetch() {
    if (isGuarded) canaryHits += 1;
    return new Response("credentials");
  },
});
Bun.serve({
  hostname: publicAddress,
  port: 80,
  fetch(request) {
    const to = new URL(request.url).searchParams.get("to");
    return to === null ? new Response("public") : Response.redirect(to);
  },
});

console.log(`unguarded ${await (await fetch(`http://${metadata}/`)).text()}`);
isGuarded = true;

let turn = 0;
const answers: Readonly<Record<string, () => readonly string[]>> = {
  "public.test": () => [publicAddress],
  "metadata.test": () => [metadata],
  "mixed.test": () => [publicAddress, metadata],
  // What a name service under the attacker's control says at first, and then.
  "rebinding.test": () => [turn++ === 0 ? publicAddress : metadata],
};
const resolve = async (name: string) => answers[name]?.() ?? [];
const download = createDownload({ resolve, allowPrivate: [] });

for (const url of [
  "http://public.test/",
  `http://${metadata}/`,
  "http://0xa9fea9fe/",
  `http://[::ffff:${metadata}]/`,
  "http://metadata.test/",
  "http://mixed.test/",
  `http://public.test/?to=http://${metadata}/`,
  "http://public.test/?to=http://metadata.test/",
  "http://rebinding.test/",
]) {
  const outcome = await download(url).then(
    (bytes) => new TextDecoder().decode(bytes),
    (error) => error.code,
  );
  console.log(`${url} ${outcome}`);
}
console.log(`canary ${canaryHits}`);
process.exit();
