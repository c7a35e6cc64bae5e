import { expect, test } from "bun:test";
import { createTopicMemo } from "../../../src/http/proxy/topic-memo.ts";

test("a topic drops what is about it, and nothing else", () => {
  const memo = createTopicMemo<number>(10);
  memo.set("/a", 1, ["asset:a", "project:p"]);
  memo.set("/a?v=1", 2, ["asset:a", "project:p"]);
  memo.set("/b", 3, ["asset:b", "project:p"]);
  memo.set("/c", 4, ["asset:c", "project:q"]);
  memo.drop("asset:a");
  expect(["/a", "/a?v=1", "/b", "/c"].map(memo.get)).toEqual([undefined, undefined, 3, 4]);
  memo.drop("project:p");
  expect(memo.get("/b")).toBeUndefined();
  memo.drop(undefined);
  expect(memo.size()).toBe(0);
});

test("an entry that is replaced is about the new topics only", () => {
  const memo = createTopicMemo<number>(10);
  memo.set("/a", 1, ["asset:a"]);
  memo.set("/a", 2, ["asset:b"]);
  memo.drop("asset:a");
  expect(memo.get("/a")).toBe(2);
  memo.drop("asset:b");
  expect(memo.get("/a")).toBeUndefined();
});

test("the oldest goes when there is no room", () => {
  const memo = createTopicMemo<number>(2);
  for (const [index, url] of ["/a", "/b", "/c"].entries()) memo.set(url, index, ["asset:x"]);
  expect(["/a", "/b", "/c"].map(memo.get)).toEqual([undefined, 1, 2]);
  memo.drop("asset:x");
  expect(memo.size()).toBe(0);
});
