import { cloneTemplate, find, setText } from "./dom.ts";
import { formatClock, formatDuration } from "./format.ts";
import type { Mode } from "./proxy-url.ts";
import type { AssetEvent, StageName, StageView } from "./stages.ts";
import { fractionOf, stageNames, stagesOf, stageTexts } from "./stages.ts";

export interface WorkView {
  /** Shows the panel, before anything is known but what is being done. */
  start(title: string, mode: Mode): void;
  /** The server takes about this long, from now. */
  expect(etaMs: number): void;
  update(events: readonly AssetEvent[]): void;
  setConnected(isConnected: boolean): void;
  /** Ends the clock. The stages stay with their times; without any the panel goes. */
  stop(): void;
}

interface Work {
  readonly mode: Mode;
  readonly events: readonly AssetEvent[];
  readonly etaMs: number;
  /** When the eta was told, by this machine's clock; undefined before. */
  readonly toldAtMs: number | undefined;
  /** This machine's clock less the server's: the least difference seen. */
  readonly skewMs: number;
  readonly isConnected: boolean;
}

interface Parts {
  readonly panel: HTMLElement;
  readonly rows: HTMLElement;
  readonly bar: HTMLProgressElement;
  readonly title: HTMLElement;
  readonly left: HTMLElement;
}

const tickMs = 250;
const etaFallbackMs = 20_000;

/** The panel that shows a clip in the making: a bar, and the stages with their times. */
export function createWorkView(page: Document, announce: (text: string) => void): WorkView {
  const parts = findParts(page);
  let work: Work | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let spoken: StageName | undefined;
  const draw = () => {
    if (work === undefined) return;
    const active = drawWork(parts, work);
    if (active === undefined || active === spoken) return;
    spoken = active;
    announce(`${stageTexts[active].label}: ${stageTexts[active].what}`);
  };
  const change = (changes: Partial<Work>) => {
    if (work !== undefined) work = { ...work, ...changes };
    draw();
  };
  return {
    start(text, mode) {
      work = newWork(mode);
      spoken = undefined;
      setText(parts.title, text);
      const { panel, rows, bar } = parts;
      rows.replaceChildren(...stageNames(mode).map(() => cloneTemplate(page, "#stage-row")));
      bar.value = 0;
      bar.hidden = false;
      panel.hidden = false;
      panel.classList.remove("is-over");
      clearInterval(timer);
      timer = setInterval(draw, tickMs);
      draw();
    },
    expect: (etaMs) => change({ etaMs, toldAtMs: Date.now() }),
    update(events) {
      const sinceMs = Date.now() - (events.at(-1)?.ts ?? 0);
      change({ events, skewMs: Math.min(work?.skewMs ?? sinceMs, sinceMs) });
    },
    setConnected: (isConnected) => change({ isConnected }),
    stop() {
      clearInterval(timer);
      draw();
      if (work !== undefined) drawEnd(parts, work);
      work = undefined;
    },
  };
}

function findParts(page: Document): Parts {
  return {
    panel: find(page, "#work", HTMLElement),
    rows: find(page, "#work-stages", HTMLElement),
    bar: find(page, "#work-bar", HTMLProgressElement),
    title: find(page, "#work-title", HTMLElement),
    left: find(page, "#work-left", HTMLElement),
  };
}

function newWork(mode: Mode): Work {
  return {
    mode,
    events: [],
    etaMs: etaFallbackMs,
    toldAtMs: undefined,
    skewMs: Number.POSITIVE_INFINITY,
    isConnected: true,
  };
}

/** Draws the work as it stands and returns its active stage. */
function drawWork({ rows, bar, left }: Parts, work: Work): StageName | undefined {
  const stages = stagesOf(work.events, work.mode, Date.now() - work.skewMs);
  drawStages(rows, stages);
  bar.value = Math.max(bar.value, 100 * fractionOf(stages, work.etaMs));
  setText(left, leftText(work));
  return stages.find((stage) => stage.state === "active")?.name;
}

/** Draws what remains to be said when the work is over; without events that is nothing. */
function drawEnd({ panel, bar, title, left }: Parts, { events, mode }: Work): void {
  const totalMs = stagesOf(events, mode, 0).at(-1)?.elapsedMs;
  setText(title, totalMs === undefined ? "Stopped" : `Made in ${formatDuration(totalMs)}`);
  setText(left, "");
  bar.hidden = true;
  panel.hidden = events.length === 0;
  panel.classList.add("is-over");
}

function drawStages(rows: HTMLElement, stages: readonly StageView[]): void {
  stages.forEach((stage, index) => {
    const row = rows.children[index];
    if (!(row instanceof HTMLElement)) return;
    const { label, what } = stageTexts[stage.name];
    row.dataset["state"] = stage.state;
    row.dataset["stage"] = stage.name;
    setText(find(row, ".stage-name", HTMLElement), label);
    setText(find(row, ".stage-what", HTMLElement), whatText(stage, what));
    setText(find(row, ".stage-time", HTMLElement), timeText(stage));
  });
}

function whatText(stage: StageView, what: string): string {
  if (stage.state !== "active" || stage.retries === 0) return what;
  return `${what}, attempt ${stage.retries + 1}`;
}

function timeText(stage: StageView): string {
  if (stage.elapsedMs === undefined) return "";
  return stage.state === "active" ? formatClock(stage.elapsedMs) : formatDuration(stage.elapsedMs);
}

function leftText(work: Work): string {
  if (!work.isConnected) return "reconnecting…";
  if (work.toldAtMs === undefined) return "";
  const leftMs = work.etaMs - (Date.now() - work.toldAtMs);
  return leftMs >= 1000 ? `about ${formatClock(leftMs)} left` : "any moment now";
}
