// Opens a card in the editor, and on narrow screens shows one part of the page at a time.
import { desk, on } from "./page.js";
import { refresh } from "./updates.js";

export function startOpening() {
  on("click", "[data-open], .choice a", follow);
  showPane("list");
  on("click", "[data-show]", (button) => showPane(button.dataset.show));
  addEventListener("popstate", refresh);
}

// Opens a part at its address, without loading the page again.
export async function open(part) {
  const address = new URL(location.href);
  address.searchParams.set("item", part);
  await go(address);
}

export function showPane(pane) {
  document.documentElement.dataset.pane = pane;
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === pane));
  }
}

async function follow(link, event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into a new tab
  event.preventDefault();
  await go(withParameters(new URL(link.href)));
  if (!link.dataset.open) return;
  showPane("editor");
  // A click by keyboard has no count of clicks.
  if (event.detail === 0 || !isVisible(link)) focusEditor();
}

// The page's own address with the parameters of a link: what is chosen elsewhere stays as it is.
function withParameters(link) {
  const address = new URL(location.href);
  for (const [name, value] of link.searchParams) address.searchParams.set(name, value);
  return address;
}

async function go(address) {
  const isSame = address.href === location.href;
  if (!isSame) history.pushState(null, "", address);
  await refresh();
}

function focusEditor() {
  document.querySelector("#editor [data-field], #editor-title")?.focus();
}

const isVisible = (element) => desk().contains(element) && element.getClientRects().length > 0;
