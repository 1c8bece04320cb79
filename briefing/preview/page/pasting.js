// What is pasted into a text from Word, a web page or a messenger becomes Markdown.
import { sayUnsaved } from "./saved.js";
import { post } from "./server.js";

export function startPasting() {
  document.addEventListener("paste", paste);
}

async function paste(event) {
  const field = event.target;
  if (!field.matches?.("textarea[data-field]") || field.readOnly) return;
  const html = event.clipboardData.getData("text/html");
  const text = event.clipboardData.getData("text/plain");
  // A single line of plain text has nothing to be understood.
  if (!html && !text.includes("\n")) return;
  event.preventDefault();
  const { id } = field;
  let words = text;
  try {
    words = (await post("/pasted", { html, text })).text;
  } catch {
    // The program doesn't answer: its plain form is better than nothing.
  }
  // Once another card is opened, the same element is its field.
  if (!field.isConnected || field.id !== id) {
    sayUnsaved("another card was opened before what you pasted was read. Paste it again.");
    return;
  }
  field.focus();
  // Unlike setting the value, this can be undone by the browser and counts as typing.
  document.execCommand("insertText", false, words);
}
