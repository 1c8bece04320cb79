// Opens a card in the editor, and on narrow screens shows one part of the page at a time.
import { desk, focusAfterwards, on, openedPart, typedField } from "./page.js";
import { refresh } from "./updates.js";

const scrolled = {}; // how far the window was scrolled in each part of the page but the editor, which begins at its start

let shownPart = "";

export function startOpening() {
  on("click", "[data-open], .choice a", follow);
  showPane(hasList() ? "list" : "editor");
  shownPart = openedPart();
  document.addEventListener("updated", () => {
    if (!hasList() && shownPane() === "list") showPane("editor");
    showStart();
  });
  on("click", "[data-show]", (button) => showPane(button.dataset.show));
  addEventListener("popstate", () => {
    leaveField();
    refresh();
  });
}

// Opens a part at its address, without loading the page again.
export async function open(part) {
  const address = new URL(location.href);
  address.searchParams.set("item", part);
  await go(address);
}

export function showPane(pane) {
  const before = shownPane();
  if (before !== "editor") scrolled[before] = scrollY;
  document.documentElement.dataset.pane = pane;
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === pane));
  }
  if (pane !== before) restoreScroll(pane);
}

// In a low window, the parts of the page are scrolled together; each still keeps its place.
function restoreScroll(pane) {
  const main = document.querySelector("main");
  if (scrolled[pane] !== undefined) scrollTo(0, scrolled[pane]);
  else if (main.getBoundingClientRect().top < 0) main.scrollIntoView();
}

// Another part is shown from its first field on.
function showStart() {
  // While the file can't be read, no part is open; afterwards the same one is open again.
  if (!openedPart() || openedPart() === shownPart) return;
  shownPart = openedPart();
  document.getElementById("editor").scrollTop = 0;
}

const shownPane = () => document.documentElement.dataset.pane;
const hasList = () => document.getElementById("list") !== null;

async function follow(link, event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into a new tab
  event.preventDefault();
  await go(withParameters(new URL(link.href)));
  if (!link.dataset.open) return;
  showPane("editor");
  if (link.dataset.focus) focusAfterwards(document.getElementById(link.dataset.focus));
  // A click by keyboard has no count of clicks.
  else if (event.detail === 0 || !isVisible(link)) focusEditor();
}

// The page's own address with the parameters of a link: what is chosen elsewhere stays as it is.
function withParameters(link) {
  const address = new URL(location.href);
  for (const [name, value] of link.searchParams) address.searchParams.set(name, value);
  return address;
}

async function go(address) {
  const isSame = address.href === location.href;
  if (!isSame) {
    history.pushState(null, "", address);
    leaveField();
  }
  await refresh();
}

// The page may show something else only while no field has the focus.
const leaveField = () => typedField()?.blur();

function focusEditor() {
  focusAfterwards(document.querySelector("#editor [data-field], #editor-title"));
}

const isVisible = (element) => desk().contains(element) && element.getClientRects().length > 0;
