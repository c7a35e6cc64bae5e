import { find } from "./dom.ts";
import { FileError } from "./problem.ts";

export interface DropZoneOptions {
  readonly page: Document;
  readonly onFile: (file: File) => void;
  readonly onProblem: (problem: FileError) => void;
}

/**
 * Takes image files by drop anywhere on the page, by choice and by paste. Several at once are
 * refused rather than all but one forgotten.
 */
export function listenForFiles({ page, onFile, onProblem }: DropZoneOptions): void {
  const input = find(page, "#file", HTMLInputElement);
  const veil = find(page, "#drop-veil", HTMLElement);
  const take = (files: readonly File[], isLink = false) => {
    const [file] = files;
    if (file !== undefined && files.length === 1) onFile(file);
    else onProblem(new FileError(refusal(files.length, isLink)));
  };
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = ""; // so that choosing the same file again is a change, too
    if (files.length > 0) take(files);
  });
  find(page, "#another", HTMLButtonElement).addEventListener("click", () => input.click());
  page.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
  listenForDrops(page, veil, take);
}

function listenForDrops(
  page: Document,
  veil: HTMLElement,
  take: (files: readonly File[], isLink: boolean) => void,
): void {
  // Entering a child comes before leaving its parent, so the depth tells when the page is left.
  let depth = 0;
  const setDepth = (next: number) => {
    depth = Math.max(0, next);
    veil.hidden = depth === 0;
  };
  page.addEventListener("dragenter", (event) => {
    event.preventDefault();
    setDepth(depth + 1);
  });
  page.addEventListener("dragleave", () => setDepth(depth - 1));
  // A page that does not prevent both is left for the dropped file.
  page.addEventListener("dragover", (event) => event.preventDefault());
  page.addEventListener("drop", (event) => {
    event.preventDefault();
    setDepth(0);
    const files = [...(event.dataTransfer?.files ?? [])];
    take(files, event.dataTransfer?.types.includes("text/uri-list") ?? false);
  });
}

function refusal(count: number, isLink: boolean): string {
  if (count > 1) return `Those were ${count} files. Drop one image at a time.`;
  if (isLink) return "That was a link. Save the image first, then drop the file.";
  return "There was no file in that. Drop a PNG, JPEG or WebP image.";
}
