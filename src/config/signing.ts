import { text } from "./readers.ts";
import type { Settings } from "./setting.ts";

/** What the `sign` command reads: the names that the public recipes use. */
export const signingSettings = {
  projectKey: {
    name: "MOTIONESS_PROJECT_KEY",
    group: "Signing",
    reader: text("a project key, pk_…"),
    summary: "The project whose URLs `sign` makes",
  },
  signingSecret: {
    name: "MOTIONESS_SIGNING_SECRET",
    group: "Signing",
    reader: text("a signing secret"),
    isSecret: true,
    summary: "The project's signing secret, for `sign`",
  },
} as const satisfies Settings;
