// The file as text: shown when it has mistakes in its format, and saved as the editor types.
import { lang, on, say } from "./page.js";
import { Pause } from "./pause.js";
import { post, Stopped } from "./server.js";
import { saySaved, saySaving, sayUnsaved } from "./saved.js";
import { refresh } from "./updates.js";

const PAUSE = 300; // milliseconds after a key
const RETRY = 3000; // until a text that wasn't saved is tried again

let isUnsaved = false;
let sending = null;
let failed = null; // a text of which we don't know whether it arrived
const pause = new Pause(send);

export function startSource() {
  on("input", "#source-text", typed);
  on("focusout", "#source-text", () => { if (!isUnsaved) refresh(); });
  on("click", "[data-line]", (button) => goToLine(Number(button.dataset.line)));
  on("click", "[data-leave-source]", leave);
  document.addEventListener("scroll", alignNumbers, true);
  document.addEventListener("updated", number);
  document.addEventListener("returned", () => { if (isUnsaved) send(); });
  addEventListener("beforeunload", (event) => { if (isUnsaved) event.preventDefault(); });
  number();
}

// The field with the file's text while that isn't saved, otherwise null.
export const unsavedSource = () => (isUnsaved ? box() : null);

const box = () => document.getElementById("source-text");

function typed() {
  isUnsaved = true;
  number();
  stay();
  saySaving();
  pause.wait(PAUSE);
}

// The text stays on the page after its last mistake is corrected, until the editor leaves it.
function stay() {
  const address = new URL(location.href);
  if (address.searchParams.has("source")) return;
  address.searchParams.set("source", "1");
  history.replaceState(null, "", address);
}

async function leave(link, event) {
  event.preventDefault();
  await flushSource();
  if (isUnsaved) return;
  const address = new URL(location.href);
  address.searchParams.delete("source");
  history.replaceState(null, "", address);
  await refresh();
}

// Sends what isn't saved yet, and resolves when that is done or has failed.
export async function flushSource() {
  pause.end();
  await sending;
  if (isUnsaved) await send();
}

function send() {
  sending ??= save().finally(() => { sending = null; });
  return sending;
}

async function save() {
  const control = box();
  const text = failed ?? control.value;
  try {
    const { before, kept = "0" } = control.dataset;
    const answer = await post("/source", { lang: lang(), before, text, kept: Number(kept) });
    failed = null;
    settle(control, text, answer);
    await refresh();
  } catch (error) {
    if (error instanceof Stopped) failed = text;
    sayUnsaved(error.message);
    pause.tryAgainIn(RETRY);
  }
}

// Notes what became of a text: it is in the file, or else among the words that wait. If someone else has changed the
// file, the text waits for a decision, and further typing continues it.
function settle(control, text, { saved, version, why, waits, kept }) {
  const isSettled = saved || (kept.length > 0 && !waits);
  control.dataset.kept = kept[0] ?? 0;
  if (saved) control.dataset.before = version;
  isUnsaved = !isSettled || control.value !== text;
  if (!saved) sayUnsaved(why);
  else if (!isUnsaved) saySaved();
  if (isUnsaved) pause.tryAgainIn(isSettled ? 0 : RETRY);
}

function number() {
  const numbers = document.querySelector(".numbers");
  if (!numbers) return;
  const count = box().value.split("\n").length;
  numbers.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
  alignNumbers();
}

function alignNumbers() {
  const numbers = document.querySelector(".numbers");
  if (numbers) numbers.scrollTop = box().scrollTop;
}

function goToLine(line) {
  const control = box();
  const lines = control.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  control.focus();
  control.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  const height = parseFloat(getComputedStyle(control).lineHeight);
  control.scrollTop = Math.max(0, (line - 4) * height);
  say(`Line ${line}`);
}
