import { expect, test } from "bun:test";
import { join } from "node:path";
import vectors from "../../packages/proxy-client/vectors.json" with { type: "json" };

const python = Bun.which("python3");
const folder = join(import.meta.dir, "../../packages/python");

/** Reads vectors on stdin, writes the URLs it makes of them. */
const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from motioness_sign import sign
for v in json.load(sys.stdin):
    print("https://motion.example" + sign(v["projectKey"], v["src"], v["secret"], exp=v["exp"]))
`;

test.skipIf(!python)(`the Python signer makes the vectors' URLs (needs python3)`, async () => {
  const child = Bun.spawn([python ?? "", "-c", program, folder], {
    stdin: new Blob([JSON.stringify(vectors.positive)]),
  });
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  expect(lines).toEqual(vectors.positive.map(({ url }) => url));
});

test("the Python signer fits on a screen", async () => {
  const lines = (await Bun.file(join(folder, "motioness_sign.py")).text()).trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(30);
});
