import { describe, expect, test } from "bun:test";
import { createAddressMatcher, isPublicAddress, subscriberOf } from "../../src/net/address.ts";

describe("a public address", () => {
  test.each<[string, string[]]>([
    ["this network", ["0.0.0.0", "0.255.255.255"]],
    ["private", ["10.0.0.0", "10.255.255.255"]],
    ["shared with the carrier", ["100.64.0.0", "100.127.255.255"]],
    ["loopback", ["127.0.0.0", "127.255.255.255"]],
    ["link-local, cloud metadata", ["169.254.0.0", "169.254.169.254", "169.254.255.255"]],
    ["private", ["172.16.0.0", "172.31.255.255"]],
    ["protocol assignments", ["192.0.0.0", "192.0.0.255"]],
    ["documentation", ["192.0.2.0", "192.0.2.255"]],
    ["AS112", ["192.31.196.0", "192.175.48.255"]],
    ["AMT", ["192.52.193.0", "192.52.193.255"]],
    ["6to4 relays", ["192.88.99.0", "192.88.99.255"]],
    ["private", ["192.168.0.0", "192.168.255.255"]],
    ["benchmarking", ["198.18.0.0", "198.19.255.255"]],
    ["documentation", ["198.51.100.0", "198.51.100.255"]],
    ["documentation", ["203.0.113.0", "203.0.113.255"]],
    ["multicast", ["224.0.0.0", "239.255.255.255"]],
    ["reserved", ["240.0.0.0", "255.255.255.254"]],
    ["broadcast", ["255.255.255.255"]],
  ])("is none of IPv4's special ranges: %s [S01, S10]", (_name, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test.each<[string, string[]]>([
    ["unspecified", ["::"]],
    ["loopback", ["::1"]],
    ["IPv4-compatible", ["::7f00:1", "::127.0.0.1", "::0808:0808", "::ffff"]],
    ["IPv4-mapped", ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8"]],
    ["IPv4-translated", ["::ffff:0:127.0.0.1"]],
    ["NAT64", ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"]],
    ["discard only", ["100::", "100::1"]],
    ["Teredo", ["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"]],
    ["benchmarking", ["2001:2::1"]],
    ["ORCHID", ["2001:10::1", "2001:20::1", "2001:30::1"]],
    ["protocol assignments", ["2001:1ff:ffff::1"]],
    ["documentation", ["2001:db8::", "2001:db8:ffff::1", "3fff::", "3fff:fff::1"]],
    ["6to4", ["2002::1", "2002:7f00:1::", "2002:808:808::1"]],
    ["segment routing", ["5f00::", "5f00:ffff::1"]],
    ["unique local", ["fc00::", "fd00:ec2::254", "fdff:ffff::1"]],
    ["link-local", ["fe80::1", "febf::1", "fe80::1%eth0"]],
    ["site-local", ["fec0::1", "feff::1"]],
    ["multicast", ["ff00::", "ff02::1", "ffff::1"]],
    ["ISATAP", ["2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1"]],
    ["given out to nobody", ["1::", "1fff::1", "4000::", "8000::1", "e000::1"]],
  ])("is none of IPv6's special ranges: %s [S03, S10]", (_name, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test.each([
    ["1.0.0.0", "9.255.255.255"],
    ["11.0.0.0", "100.63.255.255"],
    ["100.128.0.0", "126.255.255.255"],
    ["128.0.0.0", "169.253.255.255"],
    ["169.255.0.0", "172.15.255.255"],
    ["172.32.0.0", "191.255.255.255"],
    ["192.0.1.0", "192.0.3.0"],
    ["192.88.98.255", "192.88.100.0"],
    ["192.167.255.255", "192.169.0.0"],
    ["198.17.255.255", "198.20.0.0"],
    ["198.51.99.255", "198.51.101.0"],
    ["203.0.112.255", "203.0.114.0"],
    ["223.255.255.255", "8.8.8.8"],
    ["2001:200::1", "2001:db7:ffff::1"],
    ["2001:db9::1", "2003::1"],
    ["2000::1", "3ffe:ffff::1"],
    ["2606:4700::1111", "2a00:1450:4001:80b::200e"],
  ])("is what lies at the edges of those ranges: %s, %s [S02]", (first, last) => {
    expect(isPublicAddress(first)).toBe(true);
    expect(isPublicAddress(last)).toBe(true);
  });

  test.each(["", "localhost", "0x7f.1", "127.1", "2130706433", "010.0.0.1", "1.2.3", "1.2.3.4.5"])(
    "is none that is written in another way: %s",
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );
});

describe("a list of networks", () => {
  const isIn = createAddressMatcher(["10.0.0.0/8", "192.168.7.9/32", "fd00::/8", "10.9.8.7/31"]);

  test.each(["10.0.0.0", "10.255.255.255", "192.168.7.9", "fd00::1", "10.9.8.6"])("has %s", (a) => {
    expect(isIn(a)).toBe(true);
  });

  test.each(["11.0.0.0", "192.168.7.8", "fc00::1", "::ffff:10.0.0.1", "::a00:1", "", "10.1", "x"])(
    "does not have %s",
    (address) => {
      expect(isIn(address)).toBe(false);
    },
  );

  test("of nothing has nothing", () => {
    expect(createAddressMatcher([])("10.0.0.1")).toBe(false);
  });

  test.each([
    "10.0.0.0",
    "10.0.0.0/33",
    "10/8",
    "fd00::/129",
    "x/8",
    "",
    "0x0a.0.0.0/8",
    "::1%lo/8",
  ])("takes only networks: %s", (text) => {
    const code = "invalid_config";
    expect(() => createAddressMatcher([text])).toThrow(expect.objectContaining({ code }));
    expect(() => createAddressMatcher([text])).toThrow(JSON.stringify(text));
  });
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:0DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["no address", "no address"],
])("%s counts against the limits of %s", (address, subscriber) => {
  expect(subscriberOf(address)).toBe(subscriber);
});
