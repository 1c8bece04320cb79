// The list of what a check found: closed by Escape, by a click elsewhere, and once one of them is followed.

const list = () => document.querySelector("#findings[open]");

export function startFindings() {
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
  document.addEventListener("click", (event) => { if (!event.target.closest("#findings")) closeFindings(); });
}

export function closeFindings() {
  if (list()) list().open = false;
}

// Editors who use the keyboard continue at its button.
function leave() {
  const summary = list()?.querySelector("summary");
  closeFindings();
  summary?.focus();
}
