import type { AccountsConfig, FirstAdmin, OAuthClient } from "../accounts/config.ts";
import { oneOf, publicUrl, type Reader, shaped } from "./readers.ts";
import type { Settings, Values } from "./setting.ts";

const clientId = shaped(/^[\x21-\x7e]{1,500}$/, "the client id that the provider gave out");
const clientSecret = shaped(/^\S{1,500}$/, "the client secret that the provider gave out");
const email = shaped(/^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/, "an e-mail address");
const password: Reader<string> = shaped(/^.{8,128}$/s, "8 to 128 characters");

/** Who may come in. */
export const accountSettings = {
  signups: {
    name: "MOTIONESS_SIGNUPS",
    group: "Access",
    reader: oneOf("closed", "invite", "open"),
    fallback: "closed",
    summary: "Who may sign up: nobody, whoever an administrator invited, or anybody",
  },
  adminEmail: {
    name: "MOTIONESS_ADMIN_EMAIL",
    group: "Access",
    reader: email,
    fallbackNote: "a one-time set-up link is printed",
    summary: "The first administrator, made at start when there is none",
  },
  adminPassword: {
    name: "MOTIONESS_ADMIN_PASSWORD",
    group: "Access",
    reader: password,
    isSecret: true,
    summary: "The first administrator's password",
  },
  googleClientId: {
    name: "MOTIONESS_GOOGLE_CLIENT_ID",
    group: "Access",
    reader: clientId,
    summary: "Signing in with Google: the client id",
  },
  googleClientSecret: {
    name: "MOTIONESS_GOOGLE_CLIENT_SECRET",
    group: "Access",
    reader: clientSecret,
    isSecret: true,
    summary: "Signing in with Google: the client secret",
  },
  githubClientId: {
    name: "MOTIONESS_GITHUB_CLIENT_ID",
    group: "Access",
    reader: clientId,
    summary: "Signing in with GitHub: the client id",
  },
  githubClientSecret: {
    name: "MOTIONESS_GITHUB_CLIENT_SECRET",
    group: "Access",
    reader: clientSecret,
    isSecret: true,
    summary: "Signing in with GitHub: the client secret",
  },
  githubUrl: {
    name: "MOTIONESS_GITHUB_URL",
    group: "Access",
    reader: publicUrl,
    fallback: "https://github.com",
    summary: "Signing in with GitHub: the site, when it is one's own",
  },
  oidcIssuer: {
    name: "MOTIONESS_OIDC_ISSUER",
    group: "Access",
    reader: publicUrl,
    summary: "Signing in with another OpenID provider: its issuer",
  },
  oidcClientId: {
    name: "MOTIONESS_OIDC_CLIENT_ID",
    group: "Access",
    reader: clientId,
    summary: "Signing in with another OpenID provider: the client id",
  },
  oidcClientSecret: {
    name: "MOTIONESS_OIDC_CLIENT_SECRET",
    group: "Access",
    reader: clientSecret,
    isSecret: true,
    summary: "Signing in with another OpenID provider: the client secret",
  },
} as const satisfies Settings;

type AccountValues = Values<typeof accountSettings>;

/** What goes together, and is given in part only. */
const together = [
  ["adminEmail", "adminPassword"],
  ["googleClientId", "googleClientSecret"],
  ["githubClientId", "githubClientSecret"],
  ["oidcIssuer", "oidcClientId", "oidcClientSecret"],
] as const;

/** One sentence for each setting that others need beside them. */
export function missingAccountSettings(values: AccountValues): readonly string[] {
  return together.flatMap((keys) => {
    const given = keys.filter((key) => values[key] !== undefined);
    if (given.length === 0) return [];
    const names = given.map((key) => accountSettings[key].name).join(" and ");
    return keys
      .filter((key) => values[key] === undefined)
      .map((key) => {
        const { name, reader } = accountSettings[key];
        return `${name}: not set, expected ${reader.expected}, to go with ${names}`;
      });
  });
}

export function nestAccounts(values: AccountValues): AccountsConfig {
  const google = client("https://accounts.google.com", values.googleClientId, {
    secret: values.googleClientSecret,
  });
  const github = client(values.githubUrl, values.githubClientId, {
    secret: values.githubClientSecret,
  });
  const oidc = client(values.oidcIssuer, values.oidcClientId, { secret: values.oidcClientSecret });
  return { signups: values.signups, providers: { google, github, oidc } };
}

export function nestFirstAdmin(values: AccountValues): FirstAdmin | undefined {
  const { adminEmail, adminPassword } = values;
  if (adminEmail === undefined || adminPassword === undefined) return undefined;
  return { email: adminEmail, password: adminPassword };
}

function client(
  issuer: string | undefined,
  clientId: string | undefined,
  { secret }: { readonly secret: string | undefined },
): OAuthClient | undefined {
  if (issuer === undefined || clientId === undefined || secret === undefined) return undefined;
  return { clientId, clientSecret: secret, issuer };
}
