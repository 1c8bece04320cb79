// The buttons and keys that put Markdown's marks into a text, and the counters below fields.
import { on } from "./page.js";

const KEYS = { b: "strong", i: "emphasis", k: "link" };

export function startMarks() {
  on("click", "[data-mark]", (button) => {
    const control = document.getElementById(button.closest(".marks").getAttribute("aria-controls"));
    control.focus();
    mark(control, button.dataset.mark);
  });
  on("keydown", "textarea[data-field]:not(.line)", (control, event) => {
    const kind = KEYS[event.key.toLowerCase()];
    if (!kind || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    mark(control, kind);
  });
  on("input", "[data-field]", count);
  document.addEventListener("updated", countAll);
  countAll();
}

function mark(control, kind) {
  if (control.readOnly) return;
  if (kind === "strong") surround(control, "**", "**");
  else if (kind === "emphasis") surround(control, "*", "*");
  else if (kind === "link") link(control);
  else prefix(control, kind === "list" ? "- " : "> ");
}

function surround(control, left, right) {
  const { selectionStart: start, selectionEnd: end, value } = control;
  const chosen = value.slice(start, end);
  const isMarked = value.slice(0, start).endsWith(left) && value.slice(end).startsWith(right);
  if (isMarked) {
    replace(control, start - left.length, end + right.length, chosen);
    control.setSelectionRange(start - left.length, end - left.length);
  } else {
    replace(control, start, end, left + chosen + right);
    control.setSelectionRange(start + left.length, end + left.length);
  }
}

// The selected words become the link's text, and the caret is where its address goes.
function link(control) {
  const { selectionStart: start, selectionEnd: end, value } = control;
  const chosen = value.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  const text = isAddress ? `[](${chosen})` : `[${chosen}](https://)`;
  replace(control, start, end, text);
  const caret = isAddress || !chosen ? start + 1 : start + text.length - 1;
  control.setSelectionRange(caret, caret);
}

function prefix(control, sign) {
  const { selectionStart, selectionEnd, value } = control;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const lines = value.slice(start, selectionEnd).split("\n");
  const isMarked = lines.every((line) => line.startsWith(sign));
  const changed = lines.map((line) => (isMarked ? line.slice(sign.length) : sign + line)).join("\n");
  replace(control, start, selectionEnd, changed);
}

// Inserted as if typed, so that the browser's own undo covers it.
function replace(control, start, end, text) {
  control.setSelectionRange(start, end);
  const isTyped = document.execCommand(text ? "insertText" : "delete", false, text);
  if (isTyped) return;
  control.setRangeText(text, start, end, "end");
  control.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function countAll() {
  for (const line of document.querySelectorAll("[data-count-of]")) count(document.getElementById(line.dataset.countOf));
}

function count(control) {
  const line = document.getElementById(`${control.id}-count`);
  if (!line) return;
  const columns = [...control.value].reduce((sum, letter) => sum + (isWide(letter) ? 2 : 1), 0);
  const { least, most } = line.dataset;
  const isUnsuitable = columns > 0 && (columns < Number(least) || columns > Number(most));
  line.textContent = columns ? `${columns} characters; ${least} to ${most} are best` : "";
  line.classList.toggle("unsuitable", isUnsuitable);
}

// Chinese characters take two columns.
const isWide = (letter) => /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(letter);
