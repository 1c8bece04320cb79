// The inbox beside the issue: items move between the two. It is a column where there is room for it, otherwise a dialog.
import { shownSections } from "./order.js";
import { focusAfterwards, lang, on, say } from "./page.js";
import { showSections } from "./sections.js";
import { get, post } from "./server.js";
import { mustStay, refresh } from "./updates.js";

const hasRoom = matchMedia("(min-width: 1400px)"); // as in the style sheet

export function startInbox() {
  on("click", "[data-dialog=inbox]", toggle);
  hasRoom.addEventListener("change", () => { if (isOpen()) show(); });
  on("keydown", "#inbox", (_, event) => { if (event.key === "Escape") inbox().close(); });
  // Sections and items come and go while it is open: also by undo, and while the editor is elsewhere.
  document.addEventListener("updated", () => { if (isOpen()) follow(); });
  addEventListener("focus", () => { if (isOpen()) fill(); });
  document.addEventListener("let-go", () => { if (isOpen() && isBehind) fill(); });
  on("click", "[data-from-inbox]", add);
  on("click", "[data-to-inbox]", (button) => putIntoInbox(button.closest("[data-part]").dataset.part));
}

const inbox = () => document.getElementById("inbox");
const isOpen = () => inbox()?.open;
const sections = () => document.getElementById("inbox-section");
const state = () => document.getElementById("inbox-state");
const buttons = () => [...document.querySelectorAll("[data-from-inbox]")];

async function toggle() {
  if (isOpen()) {
    inbox().close();
    return;
  }
  show();
  await fill();
}

function show() {
  inbox().close();
  if (hasRoom.matches) inbox().show();
  else inbox().showModal();
}

let known = 0; // items in the issue when the inbox was last read
let isBehind = false; // whether it was read while an item was dragged

const itemsInIssue = () => shownSections().flatMap((section) => section.items).length;

function follow() {
  showSections(sections());
  if (itemsInIssue() !== known) fill();
}

async function fill() {
  showSections(sections());
  known = itemsInIssue();
  try {
    const { items } = JSON.parse(await get("/inbox"));
    isBehind = mustStay();
    // Its line would be another element, and the drag would never end.
    if (!isBehind) list(items);
  } catch (error) {
    state().textContent = error.message;
  }
}

function list(items) {
  state().textContent = items.length ? "" : "The inbox is empty. ‘briefing collect’ fills it, and so does “To the inbox” (⇤) on an item’s card.";
  document.getElementById("inbox-items").replaceChildren(...items.map(line));
}

function line({ id, headline, origin }) {
  const element = document.createElement("li");
  const name = document.createElement("p");
  name.className = "headline";
  name.dir = "auto";
  name.textContent = headline;
  const hints = origin ? [hint(origin)] : [];
  const handle = document.createElement("span");
  handle.className = "handle";
  handle.ariaHidden = "true";
  handle.title = "Drag it into the list";
  handle.textContent = "⠿";
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.fromInbox = id;
  button.textContent = "Add";
  button.ariaLabel = `Add “${headline}”`;
  element.append(handle, name, ...hints, button);
  return element;
}

function hint(text) {
  const element = document.createElement("p");
  element.className = "hint";
  element.dir = "auto";
  element.textContent = text;
  return element;
}

async function add(button) {
  const place = buttons().indexOf(button);
  const section = sections().value;
  const last = shownSections().find((known) => known.section === section)?.items.at(-1) ?? "";
  await takeFromInbox(button.closest("li"), section, last);
  // Its button is gone: the next item's takes the focus.
  focusAfterwards(buttons()[place] ?? buttons().at(-1) ?? sections());
}

// Moves an item into a section of the issue, below another item ("": to its start).
export async function takeFromInbox(element, section, after) {
  const item = element.querySelector("[data-from-inbox]").dataset.fromInbox;
  await change("/inbox/take", { item, section, after }, "Added to the issue");
  await fill();
}

export async function putIntoInbox(item) {
  await change("/inbox/put", { item }, "Moved to the inbox");
  if (isOpen()) await fill();
}

async function change(path, content, words) {
  try {
    await post(path, { lang: lang(), ...content });
    say(words);
  } catch (error) {
    state().textContent = error.message;
    say(error.message);
  }
  await refresh();
}
