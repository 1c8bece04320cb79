// The dialogs of the header: opened by buttons with data-dialog, closed by those with data-close.
import { on } from "./page.js";

// Runs `fill` each time before a dialog is shown.
export function startDialog(id, fill) {
  on("click", `[data-dialog="${id}"]`, () => open(id, fill));
}

export function startClosing() {
  on("click", "dialog [data-close]", (button) => button.closest("dialog").close());
}

export async function open(id, fill) {
  const dialog = document.getElementById(id);
  if (dialog.open) return;
  dialog.showModal();
  await fill();
}

// Adds a line to a list of results and returns a function that replaces its words.
export function addResult(list, words, state = "") {
  const line = document.createElement("li");
  list.append(line);
  const show = (text, as = "") => {
    line.replaceChildren(...[text].flat().map(paragraph));
    line.dataset.state = as;
  };
  show(words, state);
  return show;
}

function paragraph(words) {
  const element = document.createElement("p");
  element.dir = "auto";
  element.textContent = words;
  return element;
}
