// The views of the email. Each follows every change in place, so it neither flickers nor loses its place.
import { closeFindings } from "./findings.js";
import { desk, on } from "./page.js";
import { open, showPane } from "./opening.js";
import { merge } from "./merging.js";

const SCROLLED = ".views .text, .views .table";
const ROOM_ABOVE = 16;

const views = () => document.querySelectorAll("iframe.mail");
let shownPart = null;
let shownViews = [];
let following = null;
let isStale = false;
let wasLoading = false; // whether an email was still loading when the others were fetched

export function startViews() {
  // Neither event bubbles.
  document.addEventListener("load", (event) => { if (event.target.matches?.("iframe.mail")) begin(event.target); }, true);
  document.addEventListener("scroll", (event) => { if (event.target.matches?.(SCROLLED)) keepScroll(event.target.id, event.target.scrollTop); }, true);
  document.addEventListener("changed", follow);
  document.addEventListener("updated", arrange);
  addEventListener("resize", fit);
  on("click", ".goto", (link, event) => {
    event.preventDefault();
    goTo(link.dataset.goto, link.dataset.gotoField);
  });
  // An email that isn't shown can't be scrolled.
  on("click", "[data-show=mail]", () => requestAnimationFrame(() => showPart(desk().dataset.item)));
  for (const view of views()) if (isLoaded(view)) begin(view);
  for (const pane of document.querySelectorAll(SCROLLED)) pane.scrollTop = scrollOf(pane.id);
  shownPart = desk().dataset.item;
  shownViews = viewIds();
  fit();
}

const isLoaded = (view) => view.contentDocument?.readyState === "complete" && view.contentDocument.URL !== "about:blank";

function begin(view) {
  const mail = view.contentDocument;
  if (hasScroll(view.id)) view.contentWindow.scrollTo(0, scrollOf(view.id));
  else showIn(view, desk().dataset.item);
  mail.addEventListener("scroll", () => keepScroll(view.id, view.contentWindow.scrollY), { passive: true });
  mail.addEventListener("click", (event) => {
    event.preventDefault();
    const part = partAt(event.target);
    if (part) goTo(part);
  });
  view.dataset.ready = "";
  if (wasLoading) follow();
}

function arrange() {
  fit();
  showAdded();
  const part = desk().dataset.item;
  // While the file can't be read, no part is open; afterwards it is the same one.
  if (part && part !== shownPart) {
    showPart(part);
    shownPart = part;
  }
  follow();
}

// Where there isn't room for all views, the one that was added is scrolled to.
function showAdded() {
  const added = viewIds().find((id) => !shownViews.includes(id));
  if (added) document.getElementById(added).scrollIntoView({ block: "nearest", inline: "nearest" });
  shownViews = viewIds();
}

const viewIds = () => [...document.querySelectorAll(".view")].map(({ id }) => id);

// A desktop's email is made smaller where there is no room for it.
function fit() {
  // Without a desktop's email, nothing needs measuring, which is slow while the page is new.
  const room = document.querySelector(".views:has(.view-desktop)")?.clientWidth;
  if (room) document.documentElement.style.setProperty("--fit", Math.min(1, Math.max(.55, (room - 34) / 700)));
}

// Following changes

// Fetches the email if it has changed. Calls in quick succession cause one or two requests.
function follow() {
  isStale = true;
  following ??= update().finally(() => { following = null; });
}

async function update() {
  while (isStale) {
    isStale = false;
    wasLoading = ![...views()].every(isLoaded);
    const shown = Map.groupBy([...views()].filter(isLoaded), (view) => view.src);
    for (const [address, alike] of shown) await bring(address, alike);
  }
}

async function bring(address, alike) {
  const known = alike.map(versionOf);
  const isSame = known.every((version) => version === known[0]);
  const answer = await fetch(isSame ? `${address}&known=${known[0]}` : address).catch(() => null);
  if (answer?.status !== 200) return;
  const text = await answer.text();
  for (const view of alike) show(view, text);
}

const versionOf = (view) => view.contentDocument.querySelector("base")?.dataset.version;

function show(view, text) {
  const mail = view.contentDocument;
  // The parser of the frame itself, so that the email's own policy applies to what is parsed.
  const next = new view.contentWindow.DOMParser().parseFromString(text, "text/html");
  const changed = merge(mail.documentElement, next.documentElement).filter((element) => element.getClientRects().length);
  // An editor who types on the page is at the right place; one who types elsewhere wants to see the change.
  const isTyping = document.activeElement?.matches("input, textarea, select");
  const height = view.contentWindow.innerHeight;
  if (changed.length && !isTyping && !changed.some((element) => isInSight(element, height))) scrollTo(view, changed.at(-1), height / 3);
  view.dispatchEvent(new Event("followed", { bubbles: true }));
}

function isInSight(element, height) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < height;
}

// Scrolling

function scrollTo(view, element, above) {
  const { scrollY } = view.contentWindow;
  view.contentWindow.scrollTo(0, element.getBoundingClientRect().top + scrollY - above);
}

// Shows a part of the issue in each view.
function showPart(part) {
  for (const view of [...views()].filter(isLoaded)) showIn(view, part);
}

function showIn(view, part) {
  const element = view.contentDocument.querySelector(`[data-part="${CSS.escape(part)}"]`);
  if (element) scrollTo(view, element, ROOM_ABOVE);
  else if (part === "issue") view.contentWindow.scrollTo(0, 0);
}

async function goTo(part, field) {
  closeFindings();
  await open(part);
  showPane("editor");
  showPart(part);
  (document.getElementById(`${part}-${field}`) ?? document.getElementById("editor-title"))?.focus();
}

// The part that an element of an email is in: the one with the last heading above it.
function partAt(element) {
  let part = "issue";
  for (const heading of element.ownerDocument.querySelectorAll("[data-part]")) {
    const isAbove = heading.contains(element) || heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (!isAbove) break;
    part = heading.dataset.part;
  }
  return part;
}

// Only how far things were scrolled is kept in the browser.
const keepScroll = (id, top) => { sessionStorage[`place-${id}`] = top; };
const hasScroll = (id) => `place-${id}` in sessionStorage;
const scrollOf = (id) => Number(sessionStorage[`place-${id}`]) || 0;
