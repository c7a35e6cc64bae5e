import { type Autocommit, createAutocommit } from "../db/autocommit.ts";
import { isTrue } from "../db/columns.ts";
import type { Store, Tx } from "../db/store.ts";
import { toAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { defaultPlan } from "../models/plans.ts";
import type { AccountsConfig } from "./config.ts";
import type { Provider } from "./oauth.ts";
import type { Passwords } from "./passwords.ts";
import { makeRoomForSession, sessionSeconds } from "./sessions.ts";
import { takeInvite } from "./sign-up.ts";
import { createAccountId } from "./tokens.ts";
import { evict, findUser } from "./users.ts";

export interface AuthLibraryDeps {
  readonly store: Store;
  readonly log: Log;
  /** Signs cookies, as `sessionSecret` makes it. */
  readonly secret: string;
  /** The public URL without a slash at the end. */
  readonly baseUrl: string;
  readonly config: Pick<AccountsConfig, "signups">;
  readonly passwords: Passwords;
  readonly providers: readonly Provider[];
}

/** Where a provider sends people back to lies beneath it. */
export const oauthPath = "/api/user/oauth";
/** Where who signed in with a provider comes out, unless they asked for another page. */
export const dashboardPath = "/dashboard";

/**
 * The accounts library with our tables, our database and our way out to the network. It is loaded
 * when somebody first signs in, for it costs more memory than the rest of an idle server. It keeps
 * none of its routes open, sends no telemetry and never changes the schema.
 */
export async function loadAuthLibrary(deps: AuthLibraryDeps) {
  const [{ betterAuth }, { getOAuthState }] = await Promise.all([
    import("better-auth"),
    import("better-auth/api"),
  ]);
  const { baseUrl, log, passwords, secret, store } = deps;
  const invite = async () => {
    const state = await getOAuthState();
    const given = state?.["invite"];
    return typeof given === "string" ? given : undefined;
  };
  return betterAuth({
    ...tables(createAutocommit(store)),
    baseURL: `${baseUrl}${oauthPath}`,
    basePath: oauthPath,
    secret,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      password: {
        hash: passwords.hash,
        verify: ({ hash, password }) => passwords.verify(hash, password),
      },
    },
    plugins: [{ id: "providers", init: () => ({ context: { socialProviders: asLibrary(deps) } }) }],
    databaseHooks: hooks(deps, invite),
    advanced: {
      // The documented name of the cookie has no prefix, on https neither.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: baseUrl.startsWith("https:") },
      database: {
        generateId: ({ model }) => createAccountId(model === "user" ? "usr_" : "acc_"),
        validateSchema: false,
      },
    },
    onAPIError: { errorURL: `${baseUrl}${dashboardPath}` },
    // Counted by us: what is asked of the library directly would pass its own limits by.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (_level, message) => log.debug("accounts_library", { said: message }),
    },
  });
}

/** Its words for our tables and columns. The test compares what it expects with what there is. */
function tables(database: Autocommit) {
  const times = { createdAt: "created_at", updatedAt: "updated_at" };
  const kept = { type: "string", required: true, input: false } as const;
  return {
    database: { ...database, transaction: false },
    user: {
      modelName: "users",
      fields: { ...times, emailVerified: "email_verified" },
      additionalFields: {
        plan: { ...kept, defaultValue: defaultPlan },
        role: { ...kept, defaultValue: "user" },
      },
    },
    session: {
      modelName: "auth_sessions",
      fields: {
        ...times,
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
      },
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
    },
    account: {
      modelName: "auth_accounts",
      fields: {
        ...times,
        userId: "user_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
      },
      // A cookie that only this server can read: a visitor who begins to sign in writes nothing.
      storeStateStrategy: "cookie" as const,
      updateAccountOnSignIn: false,
      // Its own condition, a verified local address, cannot come true on a server without mail.
      accountLinking: { requireLocalEmailVerified: false },
    },
    verification: {
      modelName: "auth_verifications",
      fields: { ...times, expiresAt: "expires_at" },
    },
  };
}

/** Who may come in, and what is kept of them. */
function hooks({ store, config }: AuthLibraryDeps, invite: () => Promise<string | undefined>) {
  return {
    user: {
      create: {
        before: async (user: { readonly email: string }) => {
          const newcomer = { email: user.email, invite: await invite() };
          await inItsTerms(() => store.write((tx) => takeInvite(tx, config, newcomer)));
        },
      },
    },
    account: {
      create: {
        before: async (account: { readonly userId: string }) => {
          await store.write((tx) => evictUnproven(tx, account.userId));
          // They were good for one question, and nobody will ask again.
          const tokens = { accessToken: null, refreshToken: null, idToken: null, scope: null };
          return { data: { ...account, ...tokens } };
        },
      },
    },
    session: {
      create: {
        before: async (session: { readonly userId: string; readonly createdAt: Date }) => {
          await store.write((tx) => makeRoomForSession(tx, session.userId, session.createdAt));
          const user = await findUser(store.read, session.userId);
          return user?.isDisabled === false;
        },
      },
    },
  };
}

/**
 * Somebody has just proved that the address is theirs. If whoever made the account before never
 * did, they may be somebody else who waited for this: nothing that they hold opens it any more.
 */
async function evictUnproven(tx: Tx, userId: string): Promise<void> {
  const user = await tx.query
    .selectFrom("users")
    .select("email_verified")
    .where("id", "=", userId)
    .executeTakeFirst();
  if (!user || isTrue(user.email_verified)) return;
  await evict(tx, userId);
}

/** A refusal of ours, so that the library sends the visitor back with it. */
async function inItsTerms(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    if (code !== "forbidden") throw thrown;
    const { APIError } = await import("better-auth/api");
    throw new APIError("FORBIDDEN", { code: "signup_disabled", message });
  }
}

/** Our providers as the library calls them. */
function asLibrary({ providers }: AuthLibraryDeps) {
  return providers.map((provider) => ({
    id: provider.name,
    name: provider.name,
    createAuthorizationURL: (request: {
      readonly state: string;
      readonly codeVerifier: string;
      readonly redirectURI: string;
    }) => provider.authorizationUrl({ ...request, redirectUri: request.redirectURI }),
    validateAuthorizationCode: async (grant: {
      readonly code: string;
      readonly redirectURI: string;
      readonly codeVerifier?: string | undefined;
    }) => ({
      accessToken: await provider.exchangeCode({
        code: grant.code,
        codeVerifier: grant.codeVerifier ?? "",
        redirectUri: grant.redirectURI,
      }),
    }),
    getUserInfo: async ({ accessToken }: { readonly accessToken?: string | undefined }) => {
      const identity = await provider.identify(accessToken ?? "");
      const { email, isEmailVerified: emailVerified, name } = identity;
      return { user: { name, email: email ?? null, emailVerified }, data: identity };
    },
    accountSubject: ({ profile }: { readonly profile: object }) =>
      (profile as { readonly subject: string }).subject,
  }));
}
