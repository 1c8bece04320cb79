// Drags an item by its handle to another place in the list, into the inbox or out of it.
import { putIntoInbox, takeFromInbox } from "./inbox.js";
import { move, shownSections } from "./order.js";
import { on } from "./page.js";
import { hold, letGo } from "./updates.js";

const EDGE = 48; // pixels at the list's ends where it scrolls
const STEP = 12; // pixels for each movement there

let dragged = null; // { card, handle, place } while an item is dragged

export function startDragging() {
  on("pointerdown", ".handle", start);
}

function start(handle, event) {
  if (event.button !== 0) return;
  event.preventDefault();
  hold();
  dragged = { card: handle.closest(".card, #inbox li"), handle, place: null };
  dragged.card.classList.add("dragged");
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", drag);
  handle.addEventListener("pointerup", drop, { once: true });
  handle.addEventListener("pointercancel", stop, { once: true });
  document.addEventListener("keydown", escape);
}

function drag(event) {
  scrollAtEdges(event.clientY);
  dragged.place = isOverInbox(event) ? null : placeAt(event.clientY);
  clearMarks();
  dragged.place?.element.classList.add(dragged.place.isAbove ? "drop-above" : "drop-below");
}

// Where an item would go: above the first card whose middle is below the pointer.
function placeAt(y) {
  const stops = [...document.querySelectorAll("#list [data-section] .card, #list [data-section] .none")];
  const below = stops.find((stop) => middle(stop) > y);
  const element = below ?? stops.at(-1);
  return element ? { element, isAbove: Boolean(below) } : null;
}

const middle = (element) => {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
};

const isOverInbox = ({ clientX, clientY }) => Boolean(document.elementFromPoint(clientX, clientY)?.closest("#inbox"));

async function drop(event) {
  const { card, place } = dragged;
  stop(event);
  const isFromInbox = Boolean(card.closest("#inbox"));
  if (isOverInbox(event)) {
    if (!isFromInbox) await putIntoInbox(card.dataset.part);
  } else if (place) {
    await dropAt(place, card, isFromInbox);
  }
}

async function dropAt(place, card, isFromInbox) {
  const item = card.dataset.part; // an item in the inbox has none
  const section = place.element.closest("[data-section]").dataset.section;
  const others = shownSections().find((known) => known.section === section).items.filter((other) => other !== item);
  const after = afterWhich(place, item, others);
  if (isFromInbox) await takeFromInbox(card, section, after);
  else if (!isAlready(item, section, after)) await move(item, section, after);
}

// The item that the dropped one comes below; "" for the section's start.
function afterWhich(place, item, others) {
  const target = place.element.dataset.part;
  if (!target) return "";
  if (target === item) return before(item);
  const index = others.indexOf(target);
  return place.isAbove ? others[index - 1] ?? "" : target;
}

function before(item) {
  const { items } = shownSections().find((known) => known.items.includes(item));
  return items[items.indexOf(item) - 1] ?? "";
}

function isAlready(item, section, after) {
  const place = shownSections().find((known) => known.items.includes(item));
  return place.section === section && before(item) === after;
}

function stop(event) {
  const { card, handle } = dragged;
  handle.removeEventListener("pointermove", drag);
  handle.removeEventListener("pointerup", drop);
  handle.removeEventListener("pointercancel", stop);
  if (event.pointerId !== undefined) handle.releasePointerCapture(event.pointerId);
  document.removeEventListener("keydown", escape);
  card.classList.remove("dragged");
  clearMarks();
  dragged = null;
  letGo();
}

function escape(event) {
  if (event.key === "Escape") stop(event);
}

function clearMarks() {
  for (const card of document.querySelectorAll(".drop-above, .drop-below")) card.classList.remove("drop-above", "drop-below");
}

// What is below the lines that stay at the top of a low window.
function inSight() {
  const { bottom } = document.querySelector(".panes").getBoundingClientRect();
  return { top: bottom, bottom: innerHeight };
}

function scrollAtEdges(y) {
  const list = document.getElementById("list");
  const isLow = getComputedStyle(list).overflowY === "visible"; // the window itself is scrolled
  const scrolled = isLow ? document.scrollingElement : list;
  const { top, bottom } = isLow ? inSight() : list.getBoundingClientRect();
  if (y < top + EDGE) scrolled.scrollTop -= STEP;
  else if (y > bottom - EDGE) scrolled.scrollTop += STEP;
}
