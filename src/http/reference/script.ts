/**
 * What the page can do besides being read: open what its address names, copy commands, and find a
 * route by words. Without it all of the page is there all the same.
 */
export const script = `
const operations = [...document.querySelectorAll(".operation")];
const contents = document.querySelector("nav details");
if (matchMedia("(max-width: 56rem)").matches) contents.open = false;

function openNamed() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const operation = target?.closest(".operation");
  if (!operation) return;
  operation.open = true;
  operation.scrollIntoView();
}
addEventListener("hashchange", openNamed);
openNamed();

for (const operation of operations) {
  operation.addEventListener("toggle", () => {
    const id = operation.querySelector("[id]").id;
    if (operation.open) history.replaceState(null, "", "#" + id);
  });
}

for (const command of document.querySelectorAll("pre.command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  command.parentElement.append(button);
}

const search = document.querySelector("input[type=search]");
search.hidden = false;
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const isFound = (text) => words.every((word) => text.toLowerCase().includes(word));
  for (const operation of operations) {
    operation.hidden = !isFound(operation.querySelector("summary").textContent);
  }
  for (const item of document.querySelectorAll("nav li")) {
    const id = item.querySelector("a").hash.slice(1);
    item.hidden = document.getElementById(id).closest(".operation").hidden;
  }
  for (const section of document.querySelectorAll("[data-tag]")) {
    section.hidden = !section.querySelector(".operation:not([hidden]), li:not([hidden])");
  }
});
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input")) return;
  event.preventDefault();
  contents.open = true;
  search.focus();
});
`.replaceAll(/\n\s*/g, "\n");
