import type { Demo } from "./api.ts";
import { bindCopy } from "./copy.ts";
import { find, setCode } from "./dom.ts";

/** Fills the examples of the URL with this server's own address, key and first sample. */
export function fillUsage(page: Document, base: string, demo: Demo | undefined): void {
  const projectKey = demo?.projectKey ?? "pk_your_project";
  const clipUrl =
    demo?.samples[0]?.mp4Url ?? `${base}v1/${projectKey}/cdn.example.com/photo.png.mp4`;
  const texts: Readonly<Record<string, string>> = {
    "clip-url": clipUrl,
    "curl-clip": `curl -i '${clipUrl}'`,
    query: "?motion=kinetic&mode=loop&dur=6&aspect=1:1&seed=7",
    "curl-events": `curl -N '${base}v1/${projectKey}/events/{asset_id}'`,
  };
  for (const element of page.querySelectorAll<HTMLElement>("[data-fill]")) {
    setCode(element, texts[element.dataset["fill"] ?? ""] ?? "");
  }
}

/** Makes every `data-copies` button copy the text of the element that it names. */
export function bindCopyButtons(page: Document, announce: (text: string) => void): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-copies]")) {
    const fallback = find(page, `#${button.dataset["copies"]}`, HTMLElement);
    bindCopy({ button, text: () => fallback.textContent ?? "", fallback, announce });
  }
}
