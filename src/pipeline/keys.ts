import type { Generation } from "../db/schema.ts";
import { type RenditionFormat, renditionFacts } from "../media/rendition-format.ts";

type Named = Pick<Generation, "id" | "asset_id">;

/** Storage keys of one generation. `work/` goes when it ends; `media/` stays with the asset. */
export function sourceKey(generation: Named, extension: string): string {
  return `work/${generation.id}/source.${extension}`;
}

/** The clip that a stage leaves for the next one. */
export function workKey(generation: Named, stage: string): string {
  return `work/${generation.id}/${stage}.mp4`;
}

export function mediaKey(generation: Named): string {
  return `media/${generation.asset_id}/${generation.id}.mp4`;
}

export function posterKey(generation: Named): string {
  return `media/${generation.asset_id}/${generation.id}.jpg`;
}

/** Another form of the clip. */
export function renditionKey(generation: Named, format: RenditionFormat): string {
  return `media/${generation.asset_id}/${generation.id}.${renditionFacts[format].extension}`;
}
