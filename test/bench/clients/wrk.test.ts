import { describe, expect, test } from "bun:test";
import { parseWrk } from "../../../bench/clients/wrk.ts";

const good = `Running 1s test @ http://127.0.0.1:8080/v1/clip.mp4
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    15.91ms    4.10ms  41.47ms   82.59%
    Req/Sec     3.70k   253.97     4.04k    70.00%
  Latency Distribution
     50%  812.00us
     75%   17.06ms
     90%   19.77ms
     99%    1.25s
  3703 requests in 1.01s, 2.92GB read
Requests/sec:   3666.35
Transfer/sec:      2.89GB
`;

describe("wrk", () => {
  test("its report gives requests, median and 99th percentile in milliseconds", () => {
    expect(parseWrk(good)).toEqual({ requests: 3703, p50Ms: 0.812, p99Ms: 1250 });
  });

  test.each([
    "  Non-2xx or 3xx responses: 12",
    "  Socket errors: connect 0, read 3, write 0, timeout 0",
  ])("an answer that was not good ends the measurement: %s", (line) => {
    const bad = good.replace("Requests/sec:", `${line}\nRequests/sec:`);
    expect(() => parseWrk(bad)).toThrow(line.trim());
  });

  test("something else is not taken for its report", () => {
    expect(() => parseWrk("unable to connect to 127.0.0.1:1 Connection refused")).toThrow(
      "not a report of wrk",
    );
  });
});
