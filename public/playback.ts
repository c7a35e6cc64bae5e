import type { Mode } from "./proxy-url.ts";

export interface PlayerParts {
  readonly video: HTMLVideoElement;
  /** Plays and pauses; shows which of both it will do. */
  readonly button: HTMLButtonElement;
  /** Pointing at it plays a clip whose mode is animate-on-hover. */
  readonly area: HTMLElement;
}

export interface Player {
  /** Shows another clip; `name` is what the button calls it. */
  load(clip: { readonly src: string; readonly mode: Mode; readonly name: string }): void;
}

export interface Playback {
  /** Gives a video its button and its rules. */
  attach(parts: PlayerParts): Player;
  /** Stops every clip, or lets them play again. */
  pauseAll(isPaused: boolean): void;
}

interface State {
  readonly parts: PlayerParts;
  mode: Mode;
  name: string;
  src: string;
  /** By the reader's choice, or by the mode where there was none. */
  isWanted: boolean;
  isVisible: boolean;
  isPointed: boolean;
}

/**
 * Decides which clips play: those on screen that are wanted. Where the reader prefers less
 * motion, or paused everything, nothing plays, or is even loaded, before its button is pressed.
 */
export function createPlayback(reducedMotion: MediaQueryList): Playback {
  const states = new Map<Element, State>();
  let isPaused = false;
  const isCalm = () => isPaused || reducedMotion.matches;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const state = states.get(entry.target);
        if (state === undefined) continue;
        state.isVisible = entry.isIntersecting;
        apply(state);
      }
    },
    { threshold: 0.25 },
  );
  const applyToAll = () => {
    for (const state of states.values()) {
      state.isWanted = !isCalm() && playsUnasked(state.mode);
      state.isPointed = false;
      apply(state);
    }
  };
  reducedMotion.addEventListener("change", applyToAll);
  return {
    attach(parts) {
      const state: State = {
        parts,
        mode: "loop",
        name: "",
        src: "",
        isWanted: false,
        isVisible: false,
        isPointed: false,
      };
      states.set(parts.area, state);
      observer.observe(parts.area);
      listen(state, isCalm);
      return {
        load({ src, mode, name }) {
          Object.assign(state, { src, mode, name, isPointed: false });
          state.isWanted = !isCalm() && playsUnasked(mode);
          parts.video.loop = mode !== "animate-in";
          parts.button.hidden = false;
          if (isCalm()) empty(parts.video);
          else parts.video.src = src;
          apply(state);
        },
      };
    },
    pauseAll(shouldPause) {
      isPaused = shouldPause;
      applyToAll();
    },
  };
}

/** Without a source a video shows its poster, but only once it has looked. */
function empty(video: HTMLVideoElement): void {
  video.removeAttribute("src");
  video.load();
}

function playsUnasked(mode: Mode): boolean {
  return mode !== "animate-on-hover";
}

function listen(state: State, isCalm: () => boolean): void {
  const { video, button, area } = state.parts;
  const point = (isPointed: boolean) => {
    if (state.mode !== "animate-on-hover" || isCalm()) return;
    state.isPointed = isPointed;
    if (!isPointed) state.isWanted = false;
    apply(state);
    if (!isPointed) video.currentTime = 0;
  };
  const toggle = () => {
    state.isWanted = video.paused;
    state.isPointed = false;
    apply(state);
  };
  button.addEventListener("click", toggle);
  area.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && point(true));
  area.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && point(false));
  // A finger cannot point: it plays by touching, and pauses by the button.
  area.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !event.composedPath().includes(button)) point(true);
  });
  area.addEventListener("focusin", (event) => {
    if ((event.target as Element).matches(":focus-visible")) point(true);
  });
  area.addEventListener("focusout", () => point(false));
  video.addEventListener("ended", () => {
    state.isWanted = false;
    label(state);
  });
  for (const name of ["play", "pause", "emptied"]) {
    video.addEventListener(name, () => label(state));
  }
}

function apply(state: State): void {
  const { video } = state.parts;
  const shouldPlay = state.src !== "" && state.isVisible && (state.isWanted || state.isPointed);
  if (!shouldPlay) video.pause();
  else if (video.paused) void play(state);
  label(state);
}

async function play(state: State): Promise<void> {
  const { video } = state.parts;
  if (!video.hasAttribute("src")) video.src = state.src;
  try {
    await video.play();
  } catch (thrown) {
    // A pause that comes first aborts `play()`. Anything else is the browser's refusal, as on a
    // phone that saves power: the button then offers to play.
    if (thrown instanceof DOMException && thrown.name === "AbortError") return;
    state.isWanted = false;
    label(state);
  }
}

function label(state: State): void {
  const { video, button } = state.parts;
  const isPlaying = !video.paused;
  button.dataset["state"] = isPlaying ? "playing" : "paused";
  button.setAttribute("aria-label", `${isPlaying ? "Pause" : "Play"} ${state.name}`);
}
