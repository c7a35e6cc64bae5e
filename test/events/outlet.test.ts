import { describe, expect, test } from "bun:test";
import { createOutlet } from "../../src/events/outlet.ts";
import { settle } from "../support/until.ts";

const bytes = (length: number) => new Uint8Array(length);

describe("an outlet", () => {
  test("has no room past 64 KiB until its reader takes some, and says so then", async () => {
    let rooms = 0;
    const outlet = createOutlet({ onRoom: () => rooms++, onGone: () => {} });
    outlet.write(bytes(60_000));
    expect(outlet.hasRoom()).toBe(true);
    outlet.write(bytes(60_000));
    expect(outlet.hasRoom()).toBe(false);
    await settle();
    expect(rooms).toBe(0);
    const reader = outlet.body.getReader();
    await reader.read();
    await reader.read();
    await settle();
    expect(outlet.hasRoom()).toBe(true);
    expect(rooms).toBeGreaterThan(0);
  });

  test("closed, it still delivers what was written; cut, it drops it", async () => {
    const closed = createOutlet({ onRoom: () => {}, onGone: () => {} });
    closed.write(bytes(3));
    closed.close();
    expect((await new Response(closed.body).bytes()).length).toBe(3);
    const cut = createOutlet({ onRoom: () => {}, onGone: () => {} });
    cut.write(bytes(3));
    cut.cut("too slow");
    await expect(new Response(cut.body).bytes()).rejects.toThrow("too slow");
  });

  test("hears that its reader has gone", async () => {
    let isGone = false;
    const outlet = createOutlet({
      onRoom: () => {},
      onGone: () => {
        isGone = true;
      },
    });
    await outlet.body.cancel();
    expect(isGone).toBe(true);
  });
});
