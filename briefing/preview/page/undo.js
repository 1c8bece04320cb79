// Undo and redo, in several steps.
import { isOff, lang, on, say } from "./page.js";
import { post, Stopped } from "./server.js";
import { saySaved, sayUnsaved } from "./saved.js";
import { flushSource } from "./source.js";
import { endStep, flush } from "./typing.js";
import { refresh } from "./updates.js";

export function startUndo() {
  on("click", "#undo", (button) => { if (!isOff(button)) step("undo"); });
  on("click", "#redo", (button) => { if (!isOff(button)) step("redo"); });
  document.addEventListener("keydown", key);
}

// In a field, the browser undoes what was typed there.
function key(event) {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!isCommand || event.target.closest("input, textarea, select, dialog:modal")) return;
  const pressed = event.key.toLowerCase();
  const direction = pressed === "y" || (pressed === "z" && event.shiftKey) ? "redo" : pressed === "z" ? "undo" : "";
  if (!direction) return;
  event.preventDefault();
  const button = document.getElementById(direction);
  if (button && !isOff(button)) step(direction);
}

async function step(direction) {
  const label = document.getElementById(direction).title;
  const edition = lang();
  await flush();
  await flushSource();
  endStep();
  try {
    const answer = await post(`/${direction}`, { lang: edition });
    if (answer.saved) saySaved();
    else sayUnsaved(answer.why);
    say(answer.saved ? label.replace("Undo:", "Undone:").replace("Redo:", "Redone:") : answer.why);
  } catch (error) {
    sayUnsaved(error.message);
    if (error instanceof Stopped) return;
  }
  await refresh();
}
