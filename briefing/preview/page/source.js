// The file as text: shown when it has mistakes in its format, and saved as the editor types.
import { lang, on, say } from "./page.js";
import { Pause } from "./pause.js";
import { post } from "./server.js";
import { saySaved, saySaving, sayUnsaved } from "./saved.js";
import { refresh } from "./updates.js";

const PAUSE = 300; // milliseconds after a key
const RETRY = 3000; // until a text that wasn't saved is tried again

let isUnsaved = false;
let sending = null;
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

// Whether an update must leave the text alone.
export function isSourceProtected(element) {
  return element.id === "source-text" && (isUnsaved || element === document.activeElement);
}

const box = () => document.getElementById("source-text");

function typed() {
  isUnsaved = true;
  number();
  stay();
  saySaving();
  pause.wait(PAUSE);
}

// The text stays on the page after its last mistake is corrected, until one leaves it.
function stay() {
  const address = new URL(location.href);
  if (address.searchParams.has("source")) return;
  address.searchParams.set("source", "1");
  history.replaceState(null, "", address);
}

async function leave(link, event) {
  event.preventDefault();
  await sending;
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
  const text = control.value;
  try {
    const answer = await post("/source", { lang: lang(), before: control.dataset.before, text });
    control.dataset.before = answer.version;
    if (!answer.saved) throw new Error(answer.why);
    isUnsaved = control.value !== text;
    if (isUnsaved) pause.wait(0);
    else saySaved();
    await refresh();
  } catch (error) {
    sayUnsaved(error.message);
    pause.tryAgainIn(RETRY);
  }
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
