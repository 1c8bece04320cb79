// Fields: what is typed is sent to the program immediately, and stays here until it is on the disk.
//
// A field remembers the text that its file had (data-stored). An edit names it as `before`, so that the program notices
// if someone else has changed it in the meantime.
import { field, lang, on } from "./page.js";
import { Pause } from "./pause.js";
import { newKey, post, Stopped } from "./server.js";
import { refresh } from "./updates.js";
import { saySaved, saySaving, sayUnsaved } from "./saved.js";

const PAUSE = 60; // milliseconds after a key
const COMPOSING_PAUSE = 1000; // the same while letters are being composed
const RETRY = 3000; // until what wasn't saved is tried again

const unsaved = new Map(); // the words that aren't on the disk, by part and field
const written = new Map(); // when a field was last written: a page requested earlier has older words
let sending = null;
let failed = null; // a request of which we don't know whether it arrived
const pause = new Pause(flush);
let last = ""; // the field that was written last, while typing continues in it

export function startTyping() {
  on("input", "[data-field]", (control, event) => typed(control, event.isComposing));
  on("compositionend", "[data-field]", (control) => typed(control, false));
  on("change", "[data-field]", (control) => typed(control, false));
  on("focusout", "[data-field]", left);
  document.addEventListener("returned", () => flush());
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });
}

// Whether an element is a field whose words are newer than a page requested at the given time.
export function hasNewerWords(element, asked) {
  if (!element.dataset.field) return false;
  const key = keyOf(element);
  return unsaved.has(key) || (written.get(key) ?? 0) > asked;
}

// Puts words that aren't saved yet back into their fields after an update.
export function restoreWords() {
  for (const { lang: edition, part, field: name, after } of unsaved.values()) {
    const control = edition === lang() && field(part, name);
    if (control && control !== document.activeElement && control.value !== after) control.value = after;
  }
}

// Sends all words that aren't saved, and resolves when that is done or has failed.
export async function flush() {
  pause.end();
  await sending;
  if (unsaved.size) await send();
}

// Ends the step of undo that further typing would belong to.
export function endStep() {
  last = "";
}

function typed(control, isComposing) {
  if (control.validity?.badInput || control.readOnly) return; // half a date
  const key = keyOf(control);
  const known = unsaved.get(key);
  const before = known?.before ?? control.dataset.stored;
  const wasSent = known?.wasSent ?? false;
  if (control.value === before && !wasSent) {
    unsaved.delete(key);
    if (!unsaved.size) saySaved();
  } else {
    unsaved.set(key, { lang: lang(), part: control.dataset.part, field: control.dataset.field, before, after: control.value, wasSent });
    saySaving();
  }
  showRefusal(control, "");
  pause.wait(isComposing ? COMPOSING_PAUSE : PAUSE);
}

function left(control) {
  endStep();
  // What the file keeps may differ from what was typed: without spaces around it, for instance.
  if (!unsaved.has(keyOf(control))) refresh();
}

function send() {
  sending ??= sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  while (toSend().length) {
    const request = failed ?? nextRequest();
    const { edits } = request;
    try {
      const answer = await post("/edits", {
        lang: edits[0].lang,
        edits: edits.map(({ part, field: name, before, after }) => ({ do: "set-field", part, field: name, before, after })),
        continues: request.continues,
        key: request.key,
      });
      failed = null;
      last = edits.length === 1 ? keyOfEdit(edits[0]) : "";
      if (!answer.saved) {
        await putOff(edits, answer);
        return;
      }
      settle(edits, answer);
    } catch (error) {
      if (error instanceof Stopped) failed = request;
      sayUnsaved(error.message);
      pause.tryAgainIn(RETRY);
      return;
    }
  }
  if (!unsaved.size) saySaved();
}

const toSend = () => [...unsaved.values()].filter((edit) => !edit.isRefused);

// The edits of one edition: those that the program doesn't have yet or, if it has them all, those that it couldn't write.
// A request that may have arrived is sent again with the same key.
function nextRequest() {
  const news = toSend().filter((edit) => edit.before !== edit.after);
  const all = news.length ? news : toSend();
  const chosen = all.filter((edit) => edit.lang === all[0].lang);
  for (const edit of chosen) edit.wasSent = true;
  const edits = chosen.map((edit) => ({ ...edit }));
  const continues = edits.length === 1 && keyOfEdit(edits[0]) === last;
  return { edits, continues, key: newKey() };
}

// Notes what is on the disk now.
function settle(edits, answer) {
  const refusals = new Map(answer.refused.map(({ part, field: name, why }) => [`${part}-${name}`, why]));
  for (const edit of edits) {
    const why = refusals.get(`${edit.part}-${edit.field}`);
    if (why) refuse(edit, why);
    else settleField(edit, answer.stored[edit.part]?.[edit.field] ?? edit.after);
  }
  refresh();
}

// What can't be written is tried again, unless the issue can no longer be changed: its words are kept then.
async function putOff(edits, { why, waits, kept }) {
  sayUnsaved(why);
  for (const edit of edits) {
    if (kept.length) settleField(edit, edit.after);
    else if (waits) continueFrom(edit);
  }
  pause.tryAgainIn(kept.length ? 0 : RETRY);
  await refresh();
}

// The program has these words, so what is typed next continues them.
function continueFrom(edit) {
  const now = unsaved.get(keyOfEdit(edit));
  if (now) now.before = edit.after;
}

function settleField(edit, stored) {
  const key = keyOfEdit(edit);
  const now = unsaved.get(key);
  written.set(key, performance.now());
  if (now?.after === edit.after) unsaved.delete(key);
  else if (now) Object.assign(now, { before: stored, wasSent: false });
  const control = edit.lang === lang() && field(edit.part, edit.field);
  if (!control) return;
  control.dataset.stored = stored;
  if (control.value === edit.after && control !== document.activeElement) control.value = stored;
}

function refuse(edit, why) {
  const now = unsaved.get(keyOfEdit(edit));
  if (now?.after === edit.after) now.isRefused = true;
  sayUnsaved(why);
  const control = edit.lang === lang() && field(edit.part, edit.field);
  if (control) showRefusal(control, why);
}

function showRefusal(control, why) {
  const line = document.getElementById(`${control.id}-refusal`);
  if (!line) return;
  line.textContent = why;
  line.hidden = !why;
  if (why) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

const keyOf = (control) => [lang(), control.dataset.part, control.dataset.field].join(" ");
const keyOfEdit = (edit) => [edit.lang, edit.part, edit.field].join(" ");
