/** A program that was registered with a provider. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The OpenID issuer; of GitHub, the address of its site. */
  readonly issuer: string;
}

export const providerNames = ["google", "github", "oidc"] as const;
export type ProviderName = (typeof providerNames)[number];

export interface AccountsConfig {
  /** Who may make an account: nobody, whoever was invited, or anybody. */
  readonly signups: "closed" | "invite" | "open";
  readonly providers: { readonly [P in ProviderName]?: OAuthClient | undefined };
}

/** Made at start when there is no administrator. */
export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
}
