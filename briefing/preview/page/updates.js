// Keeps the page up to date: fetches it again after each change and merges it into what is shown.
import { Idiomorph } from "./vendor/idiomorph.js";
import { desk, lang } from "./page.js";
import { get, Refused, Stopped } from "./server.js";
import { isProtected, restoreWords } from "./typing.js";
import { sayUnsaved } from "./saved.js";
import { isSourceProtected } from "./source.js";
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
  catchUp();
}

function catchUp() {
  if (isStale) refresh();
}

const mustWait = () => isComposing || isHeld;

// Shows the issue as it is now. Several calls at once cause one or two requests.
export function refresh() {
  isStale = true;
  // The mail needn't wait for the page.
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
  if (isTypedFieldMissing(next) || isTypedSourceMissing(next)) {
    morph(notes(desk()), notes(next), asked);
  } else {
    document.title = page.title;
    morph(desk(), next, asked);
  }
  restoreWords();
  // A moved element loses the focus.
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("updated"));
}

function morph(old, next, asked) {
  Idiomorph.morph(old, next, {
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (node) => !keepsItself(node, asked),
      beforeAttributeUpdated: (name, element) => !(name === "open" && element.matches("details, dialog")),
    },
  });
}

// Whether the field that one types in isn't on the next page. Another program may just be writing the file, so the field
// stays until it is left: keys pressed meanwhile would go nowhere.
function isTypedFieldMissing(next) {
  const { id, dataset } = document.activeElement ?? document.body;
  return "field" in dataset && isMissing(id, next);
}

function isTypedSourceMissing(next) {
  const source = document.getElementById("source-text");
  return source !== null && isSourceProtected(source) && isMissing(source.id, next);
}

// The same field of another edition is another one.
const isMissing = (id, next) => next.dataset.lang !== lang() || next.querySelector(`[id="${id}"]`) === null;
const notes = (page) => page.querySelector("aside");

function keepsItself(element, asked) {
  if (element.nodeType !== Node.ELEMENT_NODE) return false;
  return "own" in element.dataset || isProtected(element, asked) || isSourceProtected(element);
}
