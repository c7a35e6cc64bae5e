import { find, setText } from "./dom.ts";
import type { ClipOptions } from "./proxy-url.ts";
import { aspects, defaultOptions, modes, motions, seedMax } from "./proxy-url.ts";

/** Lets the reader ask for another take; `onSubmit` is called with what they chose. */
export function listenForVariants(
  form: HTMLFormElement,
  onSubmit: (options: ClipOptions) => void,
): void {
  const duration = find(form, "#dur", HTMLInputElement);
  const durationText = find(form, "#dur-text", HTMLOutputElement);
  const seed = find(form, "#seed", HTMLInputElement);
  duration.addEventListener("input", () => setText(durationText, `${duration.value} s`));
  find(form, "#shuffle", HTMLButtonElement).addEventListener("click", () => {
    seed.value = String(randomSeed());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onSubmit(parseOptions(new FormData(form)));
  });
}

/** A seed that no one has asked for yet, most likely. */
export function randomSeed(): number {
  const [word] = crypto.getRandomValues(new Uint32Array(1));
  return (word ?? 0) & seedMax;
}

/** What a form says, with the default where it says nothing that a URL may carry. */
export function parseOptions(form: Pick<FormData, "get">): ClipOptions {
  const durSeconds = Number(form.get("dur"));
  const seedText = form.get("seed");
  const seed = seedText === null || seedText === "" ? Number.NaN : Number(seedText);
  return {
    motion: oneOf(motions, form.get("motion")) ?? defaultOptions.motion,
    mode: oneOf(modes, form.get("mode")) ?? defaultOptions.mode,
    aspect: oneOf(aspects, form.get("aspect")) ?? defaultOptions.aspect,
    durSeconds: isWhole(durSeconds, 2, 8) ? durSeconds : defaultOptions.durSeconds,
    seed: isWhole(seed, 0, seedMax) ? seed : undefined,
  };
}

function oneOf<T extends string>(values: readonly T[], given: unknown): T | undefined {
  return values.find((value) => value === given);
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
