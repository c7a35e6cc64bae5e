import { either, listenAddress, oneOf, publicUrl, text } from "./readers.ts";
import type { Setting } from "./setting.ts";

/**
 * Names given away already, so that a configuration written today stays valid: they are checked,
 * and whoever sets one is told that it does nothing yet. A row moves to its group in `settings.ts`
 * together with the code that uses it.
 */
export const reservedSettings: readonly Setting[] = [
  reservedSecret("REPLICATE_API_TOKEN", text("an API token"), "Clips by Replicate"),
  reserved("REPLICATE_BASE_URL", publicUrl, "Clips by Replicate"),
  reserved("MOTIONESS_MODELS", text("the path of a JSON file"), "Overrides of the model table"),
  reserved("MOTIONESS_VIDEOS_URL", publicUrl, "Clips by a /v1/videos server"),
  reservedSecret("MOTIONESS_VIDEOS_KEY", text("an API key"), "Clips by a /v1/videos server"),
  reserved("MOTIONESS_METRICS", either(oneOf("off", "on"), listenAddress), "Metrics"),
];

function reserved(name: string, reader: Setting["reader"], summary: string): Setting {
  return { name, group: "Operation", reader, isReserved: true, summary };
}

function reservedSecret(name: string, reader: Setting["reader"], summary: string): Setting {
  return { ...reserved(name, reader, summary), isSecret: true };
}
