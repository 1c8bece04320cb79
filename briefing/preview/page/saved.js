// The line in the header that says whether everything is saved.

let timer = null;

export function sayUnsaved(why) {
  clearTimeout(timer);
  show(`Not saved: ${why}`, "unsaved");
}

export function saySaving() {
  // Most saves are too quick to be worth a word.
  clearTimeout(timer);
  timer = setTimeout(() => show("Saving…", "saving"), 400);
}

export function saySaved() {
  clearTimeout(timer);
  show("Saved", "");
}

function show(words, state) {
  const line = document.getElementById("saved");
  if (!line) return;
  if (line.textContent !== words) line.textContent = words;
  line.dataset.state = state;
}
