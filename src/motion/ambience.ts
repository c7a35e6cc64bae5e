import type { AmbientFields, AmbientMoment } from "../kernel/ambience.ts";
import type { Effect, Mode } from "../scene/plan.ts";
import type { Scene } from "../scene/scene.ts";
import { createDrift } from "./effects/drift.ts";
import { createDust } from "./effects/dust.ts";
import type { CreateEffect, EffectLayer, Moment } from "./effects/effect.ts";
import { createLight } from "./effects/light.ts";
import { smooth } from "./effects/mask.ts";
import { createShimmer } from "./effects/shimmer.ts";
import { createEffectSpace, type SpaceRequest } from "./effects/space.ts";
import { createSway } from "./effects/sway.ts";
import { createRandom } from "./random.ts";

/** What moves by itself in a clip, frame by frame. */
export interface Ambience {
  readonly fields: AmbientFields;
  /** @param frame any whole number: frame N is frame 0. */
  momentAt(frame: number): AmbientMoment;
}

/** What is known of a clip's still and wanted of its effects. */
export interface ClipAmbience extends Pick<SpaceRequest, "window" | "rigid" | "people"> {
  readonly effects: readonly Effect[];
  readonly scene: SpaceRequest["scene"] & Pick<Scene, "kind">;
  readonly fps: number;
}

export interface AmbienceRequest
  extends ClipAmbience,
    Pick<SpaceRequest, "width" | "height" | "motion" | "mode"> {
  readonly frames: number;
  readonly seed: number;
}

const effects: { readonly [E in Effect]: CreateEffect } = {
  drift: createDrift,
  light: createLight,
  dust: createDust,
  shimmer: createShimmer,
  sway: createSway,
};

/** The effects of a clip, or nothing when the picture has no place for any. */
export function createAmbience(request: AmbienceRequest): Ambience | undefined {
  if (request.scene.kind === "graphic") return undefined;
  const wanted = (Object.keys(effects) as Effect[]).filter((name) =>
    request.effects.includes(name),
  );
  if (wanted.length === 0) return undefined;
  const space = createEffectSpace({ ...request, seconds: request.frames / request.fps });
  const layers = wanted
    .map((name) => effects[name]({ ...space, random: createRandom(seedOf(request.seed, name)) }))
    .filter((layer) => layer !== undefined);
  if (layers.length === 0) return undefined;
  const waves = layers.flatMap((layer) => layer.waves ?? []);
  const drift = layers.find((layer) => layer.drift)?.drift;
  const { columns, rows } = space;
  return {
    fields: {
      columns,
      rows,
      waves: waves.map(({ field }) => field),
      ...(drift && { drift: drift.field }),
    },
    momentAt: (frame) => {
      const moment = momentOf(request, frame);
      return {
        weights: waves.map(({ weightAt }) => weightAt(moment)),
        turn: drift?.turnAt(moment) ?? 0,
        discs: discsAt(layers, moment),
      };
    },
  };
}

/** An effect's numbers do not depend on which others there are. */
function seedOf(seed: number, name: Effect): number {
  return Number(Bun.hash.xxHash64(name, BigInt(seed)) & 0xffffffffn);
}

function discsAt(layers: readonly EffectLayer[], moment: Moment) {
  return layers.flatMap((layer) => layer.discsAt?.(moment) ?? []);
}

function momentOf({ mode, frames }: Pick<AmbienceRequest, "mode" | "frames">, frame: number) {
  const index = frame % frames;
  return { turn: index / frames, share: shares[mode](index, frames) };
}

/** How much of the effects is seen: nothing where the clip shows the still itself. */
const shares: { readonly [M in Mode]: (frame: number, frames: number) => number } = {
  loop: () => 1,
  "animate-in": (frame, frames) => smooth(1 - frame / (frames - 1)),
  "animate-on-hover": (frame, frames) => (1 - Math.cos((2 * Math.PI * frame) / frames)) / 2,
};
