import { cloneTemplate, find, setText } from "./dom.ts";
import { formatClock, formatDuration } from "./format.ts";
import type { Mode } from "./proxy-url.ts";
import type { AssetEvent, StageView } from "./stages.ts";
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
  events: readonly AssetEvent[];
  etaMs: number;
  /** When the eta was told, by this machine's clock. */
  toldAtMs: number;
  /** This machine's clock less the server's: the least difference seen. */
  skewMs: number;
  isConnected: boolean;
}

const tickMs = 250;
const etaFallbackMs = 20_000;

/** The panel that shows a clip in the making: a bar, and the stages with their times. */
export function createWorkView(page: Document, announce: (text: string) => void): WorkView {
  const panel = find(page, "#work", HTMLElement);
  const rows = find(page, "#work-stages", HTMLOListElement);
  const bar = find(page, "#work-bar", HTMLProgressElement);
  const title = find(page, "#work-title", HTMLElement);
  const left = find(page, "#work-left", HTMLElement);
  let work: Work | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let spoken = "";
  const draw = () => {
    if (work === undefined) return;
    const stages = stagesOf(work.events, work.mode, Date.now() - work.skewMs);
    drawStages(rows, stages);
    bar.value = Math.max(bar.value, 100 * fractionOf(stages, work.etaMs));
    setText(left, leftText(work));
    const active = stages.find((stage) => stage.state === "active");
    if (active === undefined || active.name === spoken) return;
    spoken = active.name;
    announce(`${stageTexts[active.name].label}: ${stageTexts[active.name].what}`);
  };
  return {
    start(text, mode) {
      work = {
        mode,
        events: [],
        etaMs: etaFallbackMs,
        toldAtMs: Number.NaN,
        skewMs: Number.POSITIVE_INFINITY,
        isConnected: true,
      };
      spoken = "";
      bar.value = 0;
      bar.hidden = false;
      panel.classList.remove("is-over");
      setText(title, text);
      rows.replaceChildren(...stageNames(mode).map(() => cloneTemplate(page, "#stage-row")));
      panel.hidden = false;
      clearInterval(timer);
      timer = setInterval(draw, tickMs);
      draw();
    },
    expect(etaMs) {
      if (work === undefined) return;
      Object.assign(work, { etaMs, toldAtMs: Date.now() });
      draw();
    },
    update(events) {
      if (work === undefined) return;
      const newest = events.at(-1);
      if (newest !== undefined) work.skewMs = Math.min(work.skewMs, Date.now() - newest.ts);
      work.events = events;
      draw();
    },
    setConnected(isConnected) {
      if (work !== undefined) work.isConnected = isConnected;
      draw();
    },
    stop() {
      clearInterval(timer);
      draw();
      const stages = work === undefined ? [] : stagesOf(work.events, work.mode, Date.now());
      const totalMs = stages.at(-1)?.elapsedMs;
      setText(title, totalMs === undefined ? "Stopped" : `Made in ${formatDuration(totalMs)}`);
      setText(left, "");
      bar.hidden = true;
      panel.hidden = (work?.events.length ?? 0) === 0;
      panel.classList.add("is-over");
      work = undefined;
    },
  };
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
  if (Number.isNaN(work.toldAtMs)) return "";
  const leftMs = work.etaMs - (Date.now() - work.toldAtMs);
  return leftMs >= 1000 ? `about ${formatClock(leftMs)} left` : "any moment now";
}
