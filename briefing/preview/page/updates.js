// Keeps the page up to date: fetches it again after each change and merges it into what is shown.
import { Idiomorph } from "./vendor/idiomorph.js";
import { desk, lang, typedField } from "./page.js";
import { get, Refused, Stopped } from "./server.js";
import { hasNewerWords, restoreWords } from "./typing.js";
import { sayUnsaved } from "./saved.js";
import { unsavedSource } from "./source.js";
import { listen } from "./stream.js";

let running = null;
let isStale = false;
let isComposing = false;
let isHeld = false;

export function startUpdates() {
  // While letters are being composed, as in Chinese, the page stays as it is.
  document.addEventListener("compositionstart", () => { isComposing = true; });
  document.addEventListener("compositionend", () => {
    isComposing = false;
    catchUp();
  });
  listen(refresh);
}

// Leaves the page as it is, such as while something is dragged, until it is let go.
export function hold() {
  isHeld = true;
}

export function letGo() {
  isHeld = false;
  document.dispatchEvent(new Event("let-go"));
  catchUp();
}

export const mustStay = () => isHeld;

function catchUp() {
  if (isStale) refresh();
}

const mustWait = () => isComposing || isHeld;

// Shows the issue as it is now. Calls in quick succession cause one or two requests.
export function refresh() {
  isStale = true;
  // The email doesn't have to wait for the page.
  document.dispatchEvent(new Event("changed"));
  running ??= update().finally(() => { running = null; });
  return running;
}

async function update() {
  while (isStale && !mustWait()) {
    isStale = false;
    const asked = performance.now();
    try {
      const text = await get(location.href);
      if (mustWait()) isStale = true;
      else merge(new DOMParser().parseFromString(text, "text/html"), asked);
    } catch (error) {
      if (error instanceof Refused) sayUnsaved(error.message);
      else if (!(error instanceof Stopped)) throw error;
      return;
    }
  }
}

function merge(page, asked) {
  const next = page.getElementById("desk");
  if (!next) return;
  const focused = document.activeElement?.id;
  const staying = stayingFields();
  const keeps = (element) => "own" in element.dataset || staying.includes(element) || hasNewerWords(element, asked);
  if (staying.some((field) => isMissing(field, next))) {
    morph(notes(desk()), notes(next), keeps);
  } else {
    document.title = page.title;
    morph(desk(), next, keeps);
  }
  restoreWords();
  // A moved element loses the focus.
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("updated"));
}

function morph(old, next, keeps) {
  Idiomorph.morph(old, next, {
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (node) => node.nodeType !== Node.ELEMENT_NODE || !keeps(node),
      beforeAttributeUpdated: (name, element) => !(name === "open" && element.matches("details, dialog")),
    },
  });
}

// The fields that stay on the page and are left as they are: the one that the editor types in, and the file's text
// until it is saved. If the next page lacks one of them, another program may be writing the file at this moment, and
// what is typed would go nowhere.
const stayingFields = () => [typedField(), unsavedSource()].filter((field) => field !== null);

// The same field of another edition is another one.
const isMissing = ({ id }, next) => next.dataset.lang !== lang() || next.querySelector(`[id="${id}"]`) === null;
const notes = (page) => page.querySelector("aside");
