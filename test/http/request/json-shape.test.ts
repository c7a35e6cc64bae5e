import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { findShapeFault } from "../../../src/http/request/json-shape.ts";

test("a value is nested in at most 64 others", () => {
  const deep = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${"}]".repeat(levels / 2)}`;
  expect(findShapeFault(deep(64))).toBeUndefined();
  expect(findShapeFault(deep(66))).toBe("is nested deeper than 64 levels");
  expect(findShapeFault("[".repeat(1_000_000))).toBe("is nested deeper than 64 levels");
  expect(findShapeFault(`"${"[".repeat(100)}"`)).toBeUndefined();
});

test("an object has at most 200 fields", () => {
  const wide = (fields: number) =>
    JSON.stringify([Object.fromEntries(Array.from({ length: fields }, (_, at) => [`f${at}`, 1]))]);
  expect(findShapeFault(wide(200))).toBeUndefined();
  expect(findShapeFault(wide(201))).toBe("has an object with more than 200 fields");
});

test.each(['"a\\u0000b"', '{"\\u0000":1}', '["\\ud800"]', '"\\uDC00\\ud800"'])(
  "%s holds what no database stores",
  (json) => {
    expect(findShapeFault(json)).toBe("has a text with a NUL or with half a character");
  },
);

test.each(['"\\\\u0000"', '"\\ud83d\\ude00"', '"\\u0001"'])("%s is text", (json) => {
  expect(findShapeFault(json)).toBeUndefined();
});

describe("a name given twice in one object", () => {
  test.each([
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"b":2,"a":1}', "a"],
    ['{"":1,"":2}', ""],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"a\\"b":1,"a\\u0022b":2}', 'a"b'],
    ['[1,{"x":{"y":[{"z":1,"z":2}]}}]', "z"],
    ['{"a":{"b":1},"c":[],"a":3}', "a"],
    ['{ "a" : 1 , "a" : 2 }', "a"],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ])("is found in %s", (json, name) => {
    expect(findShapeFault(json)).toBe(`has the field ${JSON.stringify(name)} twice`);
  });

  test.each([
    '{"a":1,"b":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":["a","a","a:"],"b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"\\\\","b":"\\\\"}',
    "[]",
    "1e400",
    '"a"',
  ])("is not seen in %s", (json) => {
    expect(findShapeFault(json)).toBeUndefined();
  });

  test("is never seen in what a program wrote", () => {
    const run = fc.property(fc.json(), (json) => findShapeFault(json) === undefined);
    fc.assert(run, { seed: 20261121, numRuns: 1000 });
  });

  test("is always seen where a member is repeated", () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
    const run = fc.property(objects, (object) => {
      const [[name, value] = []] = Object.entries(object);
      const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
      const text = JSON.stringify(object).replace(/\}$/, () => `,${member}}`);
      return findShapeFault(text)?.endsWith(" twice") ?? false;
    });
    fc.assert(run, { seed: 20261121, numRuns: 1000 });
  });
});
