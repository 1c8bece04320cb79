// What is pasted into a text from Word, a web page or a messenger becomes Markdown.
import { lang } from "./page.js";
import { sayUnsaved } from "./saved.js";
import { post } from "./server.js";

export function startPasting() {
  document.addEventListener("paste", paste);
}

async function paste(event) {
  const field = event.target;
  if (!field.matches?.("textarea[data-field]:not(.line)") || field.readOnly) return;
  const html = event.clipboardData.getData("text/html");
  const text = event.clipboardData.getData("text/plain");
  // A single line of plain text has no formatting.
  if (!html && !text.includes("\n")) return;
  event.preventDefault();
  if (field.selectionStart !== field.selectionEnd) document.execCommand("delete");
  const edition = lang();
  const { id, selectionStart: place } = field;
  let words = text;
  try {
    words = (await post("/pasted", { html, text })).text;
  } catch {
    // The program doesn't answer: its plain form is better than nothing.
  }
  // Once another card or edition is opened, the same element may be its field.
  if (!field.isConnected || field.id !== id || lang() !== edition) {
    sayUnsaved("another card was opened before what you pasted was read. Paste it again.");
    return;
  }
  insert(field, words, place);
}

// Puts words where they were pasted. The caret stays where the editor is typing by now, here or in another field.
function insert(field, words, place) {
  const typedIn = document.activeElement;
  const { selectionStart, selectionEnd } = field;
  const moved = (caret) => (caret < place ? caret : caret + words.length);
  field.focus({ preventScroll: true });
  field.setSelectionRange(place, place);
  // Unlike setting the value, this can be undone by the browser and counts as typing.
  document.execCommand("insertText", false, words);
  field.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  if (typedIn !== document.body) typedIn.focus({ preventScroll: true });
}
