import { expect, test } from "bun:test";
import { createClientAddress } from "../../../src/http/request/client-address.ts";

const clientAddress = createClientAddress(["10.0.0.0/8", "::1/128"]);

const rows: [string | undefined, string | undefined, string][] = [
  ["203.0.113.7", undefined, "203.0.113.7"],
  ["203.0.113.7", "198.51.100.1", "203.0.113.7"],
  ["::ffff:203.0.113.7", undefined, "203.0.113.7"],
  ["10.0.0.1", undefined, "10.0.0.1"],
  ["10.0.0.1", "203.0.113.7", "203.0.113.7"],
  ["::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"],
  ["10.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"],
  ["10.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"],
  ["10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
  ["10.0.0.1", "203.0.113.7:4711", "203.0.113.7"],
  ["::1", "[2001:db8::7]:443", "2001:db8::7"],
  ["10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"],
  ["10.0.0.1", "1.1.1.1, <script>, 10.0.0.2", "10.0.0.2"],
  ["10.0.0.1", "", "10.0.0.1"],
  [undefined, undefined, "127.0.0.1"],
  [undefined, "203.0.113.7", "203.0.113.7"],
];

test.each(rows)("from %s, forwarded for %s, is %s", (peer, forwarded, address) => {
  const headers = new Headers(forwarded === undefined ? {} : { "X-Forwarded-For": forwarded });
  expect(clientAddress(headers, peer)).toBe(address);
});

test("a chain without end is read from its near end only", () => {
  const headers = new Headers({ "X-Forwarded-For": Array(500).fill("10.0.0.9").join(", ") });
  expect(clientAddress(headers, "10.0.0.1")).toBe("10.0.0.9");
});
