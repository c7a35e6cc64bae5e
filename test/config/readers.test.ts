import { describe, expect, test } from "bun:test";
import {
  decimal,
  either,
  folder,
  integer,
  listenAddress,
  listOf,
  network,
  oneOf,
  postgresUrl,
  publicUrl,
  type Reader,
  serverSecret,
  serverUrl,
  shaped,
  text,
} from "../../src/config/readers.ts";

interface Row {
  readonly name: string;
  readonly reader: Reader<unknown>;
  readonly takes: readonly (readonly [string, unknown])[];
  readonly refuses: readonly string[];
}

const tcp = (host: string, port: number) => ({ kind: "tcp", host, port });

const rows: readonly Row[] = [
  {
    name: "a listen address",
    reader: listenAddress,
    takes: [
      ["127.0.0.1:8477", tcp("127.0.0.1", 8477)],
      ["localhost:0", tcp("localhost", 0)],
      ["[::1]:65535", tcp("::1", 65_535)],
      ["unix:/run/motioness.sock", { kind: "unix", path: "/run/motioness.sock" }],
    ],
    refuses: [
      "8477",
      ":8477",
      "host:",
      "host:65536",
      "::1:80",
      "[nope]:80",
      "unix:relative",
      "a b:1",
    ],
  },
  {
    name: "a public URL",
    reader: publicUrl,
    takes: [
      ["https://clips.example.com", "https://clips.example.com"],
      ["https://example.com/clips/", "https://example.com/clips"],
      ["http://127.0.0.1:8477/", "http://127.0.0.1:8477"],
    ],
    refuses: ["example.com", "ftp://a", "https://u:p@a", "https://a/?q=1", "https://a/#x", ""],
  },
  {
    name: "a server's URL",
    reader: serverUrl,
    takes: [["https://s3.example.com:9000", "https://s3.example.com:9000"]],
    refuses: ["s3.example.com", "https://a/b", "https://u@a", "https://a?x"],
  },
  {
    name: "a PostgreSQL URL",
    reader: postgresUrl,
    takes: [
      ["postgres://u:p@h:5432/d", "postgres://u:p@h:5432/d"],
      ["postgresql://h/d", "postgresql://h/d"],
    ],
    refuses: ["mysql://h/d", "h/d", "postgres"],
  },
  {
    name: "a network",
    reader: network,
    takes: [
      ["10.0.0.0/8", "10.0.0.0/8"],
      ["192.168.1.7", "192.168.1.7/32"],
      ["fd00::/8", "fd00::/8"],
      ["::1", "::1/128"],
    ],
    refuses: ["10.0.0.0/33", "10/8", "0x7f.1", "example.com", "::1/129", "1.2.3.4/"],
  },
  {
    name: "a list of networks",
    reader: listOf(network, "::1/128"),
    takes: [["10.0.0.0/8, ::1", ["10.0.0.0/8", "::1/128"]]],
    refuses: ["10.0.0.0/8,", ",", "::1,::1", "10.0.0.0/8 ::1"],
  },
  {
    name: "a whole number",
    reader: integer(1, 64),
    takes: [
      ["1", 1],
      ["64", 64],
    ],
    refuses: ["0", "65", "-1", "1.5", "1e1", "0x10", " 1", "many"],
  },
  {
    name: "a decimal number",
    reader: decimal(0, 1),
    takes: [
      ["0", 0],
      ["0.85", 0.85],
    ],
    refuses: ["1.01", "-0.1", ".5", "1e-1", "half"],
  },
  {
    name: "one of some words",
    reader: oneOf("auto", "off"),
    takes: [["off", "off"]],
    refuses: ["OFF", "on", "au"],
  },
  {
    name: "either of two things",
    reader: either(oneOf("off"), integer(1, 9)),
    takes: [
      ["off", "off"],
      ["7", 7],
    ],
    refuses: ["10", "on"],
  },
  { name: "any text", reader: text("a name"), takes: [["x y", "x y"]], refuses: [] },
  { name: "shaped text", reader: shaped(/^a+$/, "some a"), takes: [["aa", "aa"]], refuses: ["ab"] },
  {
    name: "a folder",
    reader: folder,
    takes: [["/var/lib/motioness", "/var/lib/motioness"]],
    refuses: ["/", "//"],
  },
  {
    name: "a server secret",
    reader: serverSecret,
    takes: [["x".repeat(32), "x".repeat(32)]],
    refuses: ["x".repeat(31)],
  },
];

describe("setting readers", () => {
  for (const { name, reader, takes, refuses } of rows) {
    test(`read ${name}`, () => {
      for (const [given, value] of takes) expect(reader.read(given)).toEqual(value);
      for (const given of refuses) expect([given, reader.read(given)]).toEqual([given, undefined]);
      expect(reader.expected).not.toBe("");
    });
  }
});
