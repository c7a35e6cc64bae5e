import type { Evidence } from "./evidence.ts";
import { hasSky, isLandscape, isSubjectOnBackdrop } from "./reading.ts";

/** Below this it is night, or a dark room; above the other the light is bright. */
const darkMax = 0.22;
const brightMin = 0.62;

/** How far the mean colour must lean for the light to be warm or cool: Oklab's blue to yellow. */
const warmMin = 0.018;
const coolMax = -0.012;

/** From so many people on they are a group. */
const groupMin = 7;
const numerals = ["no people", "a person", "two people", "three people", "four people"];

/** A face whose box has this share of the height makes the picture a portrait. */
const portraitShareMin = 0.18;

/** What a net that knows drawings must say before a picture without hard edges counts as one. */
const drawingMin = 0.9;

/** One phrase about the still, made of what was measured: who or what, where, and in what light. */
export function captionOf(evidence: Evidence): string {
  const { scene } = evidence;
  if (scene.kind === "graphic") return `a graphic in ${coloursOf(evidence)}`;
  const place = placeOf(evidence);
  const what = `${subjectOf(evidence)}${place === "" ? "" : ` ${place}`}`;
  return `${what}, ${lightOf(evidence)}`;
}

/** Words for what was found, each at most once, in a fixed order. */
export function labelsOf(evidence: Evidence): readonly string[] {
  const { scene, faces, light } = evidence;
  const isPhoto = scene.kind === "photo";
  const largest = Math.max(0, ...faces.map(({ box }) => box.height));
  const found: readonly (readonly [string, boolean])[] = [
    [isPhoto ? "photo" : "graphic", true],
    ["illustration", isPhoto && (evidence.nsfw?.scores.drawing ?? 0) >= drawingMin],
    ["person", faces.length === 1],
    ["people", faces.length > 1],
    ["group", faces.length >= groupMin],
    ["portrait", largest >= portraitShareMin],
    ["landscape", isPhoto && isLandscape(scene) && faces.length === 0],
    ["sky", isPhoto && hasSky(scene)],
    ["water", isPhoto && scene.water.share > 0],
    ["foliage", isPhoto && scene.foliage.share > 0],
    ["plain backdrop", isPhoto && isSubjectOnBackdrop(scene)],
    ["shallow focus", isPhoto && scene.focus.confidence >= 0.4],
    ["dark", light.brightness < darkMax],
    ["bright", light.brightness >= brightMin],
    ["monochrome", light.isGrey],
    ["warm", !light.isGrey && light.colour.b >= warmMin],
    ["cool", !light.isGrey && light.colour.b <= coolMax],
  ];
  return found.filter(([, isSo]) => isSo).map(([label]) => label);
}

function subjectOf({ faces, scene }: Evidence): string {
  if (faces.length >= groupMin) return "a group of people";
  if (faces.length > 0) return numerals[faces.length] ?? `${faces.length} people`;
  if (isSubjectOnBackdrop(scene)) return "a single subject";
  if (isLandscape(scene)) return "a landscape";
  return scene.saliency.confidence >= 0.2 ? "a subject" : "a scene";
}

function placeOf({ scene, faces, backdropColour }: Evidence): string {
  if (isSubjectOnBackdrop(scene) && backdropColour)
    return `in front of a ${backdropColour} backdrop`;
  const around = [
    [hasSky(scene), faces.length > 0 ? "open sky" : "sky"],
    [scene.water.share > 0, "water"],
    [scene.foliage.share > 0, "greenery"],
  ] as const;
  const parts = around.filter(([isThere]) => isThere).map(([, word]) => word);
  return parts.length === 0 ? "" : `with ${listOf(parts)}`;
}

function lightOf({ light }: Evidence): string {
  if (light.isGrey) return "in black and white";
  if (light.brightness < darkMax) return "low light";
  const tone = light.colour.b >= warmMin ? "warm" : light.colour.b <= coolMax ? "cool" : "";
  if (light.brightness >= brightMin) return tone === "" ? "bright light" : `bright, ${tone} light`;
  return tone === "" ? "soft light" : `${tone} light`;
}

function coloursOf({ colourNames }: Evidence): string {
  return listOf(colourNames.slice(0, 3));
}

function listOf(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
