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
    try:
        print("https://motion.example" + sign(v["projectKey"], v["src"], v["secret"], exp=v["exp"]))
    except ValueError as error:
        print(error)
`;

async function signAll(of: readonly object[]): Promise<readonly string[]> {
  const child = Bun.spawn([python ?? "", "-c", program, folder], {
    stdin: new Blob([JSON.stringify(of)]),
  });
  return (await new Response(child.stdout).text()).trim().split("\n");
}

test.skipIf(!python)(`the Python signer makes the vectors' URLs (needs python3)`, async () => {
  expect(await signAll(vectors.positive)).toEqual(vectors.positive.map(({ url }) => url));
});

test.skipIf(!python)(`the Python signer refuses what no server takes (needs python3)`, async () => {
  const names = { projectKey: "project_key", secret: "secret", src: "src", exp: "exp" } as const;
  const expected = vectors.refused.map(({ option }) => names[option as keyof typeof names]);
  expect(await signAll(vectors.refused)).toEqual(expected.map((name) => `not good: ${name}`));
});

test("the Python signer fits on a screen", async () => {
  const lines = (await Bun.file(join(folder, "motioness_sign.py")).text()).trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(30);
});
