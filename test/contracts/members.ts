import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/db/store.ts";
import { createProject } from "../../src/projects/create.ts";
import { listMembers, membersMax, putMember, removeMember } from "../../src/projects/members.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { addUser } from "../support/sign-in.ts";
import type { StorePlace } from "./store.ts";

/** What sharing a project promises on every engine. */
export function memberContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`members on ${name}`, () => {
    let store: Store;
    let ownerId: string;
    let projectId: string;
    beforeEach(async () => {
      store = await (await createPlace()).open(createManualClock());
      ownerId = await addUser(store, { email: "owner@example.com", name: "Owner" });
      const input = { name: "First", websiteUrl: undefined };
      projectId = (await createProject(store, ownerId, input)).project.id;
    });
    afterEach(() => store.close());

    const as = (userId: string) => ({ projectId, userId });
    const share = async (role: "viewer" | "editor") => {
      const userId = await addUser(store);
      await putMember(store, as(ownerId), { user: { userId }, role });
      return userId;
    };

    test("a project is shared by e-mail or id, and the owner stays", async () => {
      const ada = { email: "ada@example.com", name: "Ada", isEmailVerified: true };
      const userId = await addUser(store, ada);
      const put = (user: Parameters<typeof putMember>[2]["user"], role: "viewer" | "editor") =>
        putMember(store, as(ownerId), { user, role });
      await put({ email: "Ada@Example.com" }, "viewer");
      await put({ userId }, "editor");
      const members = await listMembers(store, as(userId));
      expect(members.map(({ email, role }) => [email, role])).toEqual([
        ["owner@example.com", "owner"],
        ["ada@example.com", "editor"],
      ]);
      expect(await codeOf(put({ email: "nobody@example.com" }, "viewer"))).toBe("not_found");
      expect(await codeOf(put({ userId: ownerId }, "viewer"))).toBe("conflict");
      expect(await codeOf(removeMember(store, as(ownerId), ownerId))).toBe("conflict");
    });

    test("an address that nobody proved names nobody, and looks like one that nobody has", async () => {
      const squatter = await addUser(store, { email: "ada@example.com" });
      const put = (user: Parameters<typeof putMember>[2]["user"]) =>
        putMember(store, as(ownerId), { user, role: "viewer" });
      const unproved = await errorOf(put({ email: "ada@example.com" }));
      const unknown = await errorOf(put({ email: "bob@example.com" }));
      expect(unproved).toMatchObject({ code: "not_found", message: unknown.message });
      expect(unknown.message).toContain("Share by user_id");
      expect((await put({ userId: squatter })).userId).toBe(squatter);
    });

    test("a member leaves, and is put out by the owner alone", async () => {
      const [first, second] = [await share("editor"), await share("viewer")];
      expect(await codeOf(removeMember(store, as(first), second))).toBe("forbidden");
      await removeMember(store, as(second), second);
      expect(await codeOf(listMembers(store, as(second)))).toBe("not_found");
      await removeMember(store, as(ownerId), first);
      expect(await codeOf(removeMember(store, as(ownerId), first))).toBe("not_found");
    });

    test("a project is shared with a hundred at most", async () => {
      await store.write(async (tx) => {
        for (let count = 0; count < membersMax; count += 1) {
          const id = `usr_${count}`;
          await tx.query
            .insertInto("users")
            .values({
              id,
              email: `${id}@example.com`,
              name: id,
              email_verified: false,
              image: null,
              plan: "free",
              role: "user",
              created_at: "2026-01-01T00:00:00.000Z",
              updated_at: "2026-01-01T00:00:00.000Z",
            })
            .execute();
          await tx.query
            .insertInto("project_members")
            .values({ project_id: projectId, user_id: id, role: "viewer", created_at: tx.now })
            .execute();
        }
      });
      expect(await codeOf(share("viewer"))).toBe("conflict");
      await putMember(store, as(ownerId), { user: { userId: "usr_7" }, role: "editor" });
    });
  });
}
