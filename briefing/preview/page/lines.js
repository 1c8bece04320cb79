// Fields of one line, which is wrapped where it is too long to be seen.
import { on } from "./page.js";

export function startLines() {
  on("beforeinput", "textarea.line", keepOneLine);
}

// The Enter key does nothing, and what is pasted or dropped loses its breaks.
function keepOneLine(control, event) {
  const isEnter = event.inputType === "insertLineBreak" || event.inputType === "insertParagraph";
  if (!isEnter && !event.data?.includes("\n")) return;
  event.preventDefault();
  if (!isEnter) document.execCommand("insertText", false, event.data.replace(/\s*\n\s*/g, " "));
}
