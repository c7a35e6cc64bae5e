/**
 * The one element that `selector` finds under `root`. A page without it is broken, so this throws.
 */
export function find<T extends Element>(
  root: ParentNode,
  selector: string,
  type: abstract new () => T,
): T {
  const found = root.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${type.name} at ${selector}`);
}

/** The first element of a copy of the `<template>` that `selector` finds. */
export function cloneTemplate(root: ParentNode, selector: string): HTMLElement {
  const template = find(root, selector, HTMLTemplateElement);
  const copy = document.importNode(template.content, true).firstElementChild;
  if (copy instanceof HTMLElement) return copy;
  throw new Error(`the template ${selector} is empty`);
}

/**
 * Writes a text that may hold a proxy URL into a `<code>`: it can break after `/`, `?` and `&`,
 * and the source image and the format stand out from the rest.
 */
export function setCode(element: Element, text: string): void {
  const parts = /^(.*\/v1\/[^/]+\/)(.*)(\.(?:mp4|jpg))(.*)$/s.exec(text)?.slice(1) ?? ["", text];
  const spans = parts.map((part, index) => {
    const span = document.createElement("span");
    span.className = ["rest", "source", "format", "rest"][index] ?? "";
    const pieces = part.split(/(?<=[/?&])/);
    span.append(...pieces.flatMap((piece) => [piece, document.createElement("wbr")]));
    return span;
  });
  element.replaceChildren(...spans);
}

/** Sets the text of an element only when it differs, so that a live region speaks once. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
