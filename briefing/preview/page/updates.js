// Keeps the page up to date: fetches it again after each change and merges it into what is shown.
import { Idiomorph } from "./vendor/idiomorph.js";
import { desk } from "./page.js";
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
  document.title = page.title;
  Idiomorph.morph(desk(), next, {
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (old) => !keepsItself(old, asked),
      beforeAttributeUpdated: (name, element) => !(name === "open" && element.matches("details, dialog")),
    },
  });
  restoreWords();
  // A moved element loses the focus.
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("updated"));
}

function keepsItself(element, asked) {
  if (element.nodeType !== Node.ELEMENT_NODE) return false;
  return "own" in element.dataset || isProtected(element, asked) || isSourceProtected(element);
}
