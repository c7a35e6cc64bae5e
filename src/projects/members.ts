import { isTrue } from "../db/columns.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { holdProject, type ProjectUser } from "./change.ts";
import { demoUserId } from "./demo.ts";
import { getProjectFor, type ProjectRole } from "./roles.ts";

/** What a project can be shared as. */
export const memberRoles = ["viewer", "editor"] as const;
export type MemberRole = (typeof memberRoles)[number];

/** With so many a project is shared, besides its owner. */
export const membersMax = 100;

export interface Member {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: ProjectRole;
  /** Since when, Unix milliseconds: the owner since there is the project. */
  readonly createdAt: number;
}

/** Another user of this server, by one of the two ways to name one. */
export type UserName = { readonly email: string } | { readonly userId: string };

/** The owner first, then the members as they came. Every member may read it. */
export async function listMembers(store: Store, who: ProjectUser): Promise<readonly Member[]> {
  const { project } = await getProjectFor(store.read, who, "viewer");
  const owner = await store.read
    .selectFrom("users")
    .select(["id", "email", "name"])
    .where("id", "=", project.owner_id)
    .executeTakeFirstOrThrow();
  const members = await membersOf(store.read, who.projectId).limit(membersMax).execute();
  return [
    {
      userId: owner.id,
      email: owner.email,
      name: owner.name,
      role: "owner",
      createdAt: project.created_at,
    },
    ...members.map(memberOf),
  ];
}

/**
 * Shares a project with a user of this server, or changes what they may do. An address names only
 * who has proved that it is theirs: anybody can sign up with somebody else's.
 * @throws AppError `not_found` also for a user there is not, or whose address is not proved;
 * `conflict` for the owner, or when the project is shared with as many as it can be; `forbidden`
 * for anyone but the owner.
 */
export async function putMember(
  store: Store,
  who: ProjectUser,
  member: { readonly user: UserName; readonly role: MemberRole },
): Promise<Member> {
  return store.write(async (tx) => {
    const { project } = await holdProject(tx, who, "owner");
    const userId = await findUserId(tx, member.user);
    if (userId === undefined) {
      throw new AppError("not_found", "email" in member.user ? noSuchAddress : "User not found");
    }
    if (userId === project.owner_id) throw new AppError("conflict", "the owner stays the owner");
    await refuseCrowd(tx, who.projectId, userId);
    await tx.query
      .insertInto("project_members")
      .values({
        project_id: who.projectId,
        user_id: userId,
        role: member.role,
        created_at: tx.now,
      })
      .onConflict((oc) => oc.columns(["project_id", "user_id"]).doUpdateSet({ role: member.role }))
      .execute();
    const row = await membersOf(tx.query, who.projectId)
      .where("project_members.user_id", "=", userId)
      .executeTakeFirstOrThrow();
    return memberOf(row);
  });
}

/**
 * Ends a membership: the owner may end anybody's, and everybody their own.
 * @throws AppError `not_found`, `forbidden`; `conflict` for the owner.
 */
export async function removeMember(
  store: Store,
  who: ProjectUser,
  memberId: string,
): Promise<void> {
  await store.write(async (tx) => {
    const need = memberId === who.userId ? "viewer" : "owner";
    const { project } = await holdProject(tx, who, need);
    if (memberId === project.owner_id) {
      throw new AppError("conflict", "the owner cannot be removed; delete the project instead");
    }
    const removed = await tx.query
      .deleteFrom("project_members")
      .where("project_id", "=", who.projectId)
      .where("user_id", "=", memberId)
      .returning("user_id")
      .executeTakeFirst();
    if (!removed) throw new AppError("not_found", "Member not found");
  });
}

function membersOf(query: Tx["query"] | Store["read"], projectId: string) {
  return query
    .selectFrom("project_members")
    .innerJoin("users", "users.id", "project_members.user_id")
    .select([
      "users.id",
      "users.email",
      "users.name",
      "project_members.role",
      "project_members.created_at",
    ])
    .where("project_members.project_id", "=", projectId)
    .orderBy("project_members.created_at")
    .orderBy("users.id");
}

interface MemberRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly created_at: number;
}

function memberOf(row: MemberRow): Member {
  const role = memberRoles.find((known) => known === row.role) ?? "viewer";
  return { userId: row.id, email: row.email, name: row.name, role, createdAt: row.created_at };
}

const noSuchAddress =
  "User not found: nobody here has proved to have this address. Share by user_id, the id that " +
  "GET /api/user/me tells them";

/** The demo's visitor is nobody to share anything with. */
async function findUserId(tx: Tx, user: UserName): Promise<string | undefined> {
  const found = await tx.query
    .selectFrom("users")
    .select(["id", "email_verified"])
    .$if("email" in user, (users) =>
      users.where("email", "=", "email" in user ? user.email.toLowerCase() : ""),
    )
    .$if("userId" in user, (users) => users.where("id", "=", "userId" in user ? user.userId : ""))
    .where("id", "<>", demoUserId)
    .executeTakeFirst();
  if ("email" in user && !isTrue(found?.email_verified)) return undefined;
  return found?.id;
}

async function refuseCrowd(tx: Tx, projectId: string, userId: string): Promise<void> {
  const others = await tx.query
    .selectFrom("project_members")
    .select("user_id")
    .where("project_id", "=", projectId)
    .where("user_id", "<>", userId)
    .limit(membersMax)
    .execute();
  if (others.length < membersMax) return;
  throw new AppError("conflict", `a project is shared with ${membersMax} users at most`);
}
