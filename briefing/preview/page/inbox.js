// The inbox beside the issue: items go to and fro.
import { startDialog } from "./dialogs.js";
import { lang, on, say } from "./page.js";
import { showSections } from "./sections.js";
import { get, post } from "./server.js";
import { refresh } from "./updates.js";

export function startInbox() {
  startDialog("inbox", fill);
  on("click", "[data-from-inbox]", take);
  on("click", "[data-to-inbox]", put);
}

const state = () => document.getElementById("inbox-state");

async function fill() {
  showSections(document.getElementById("inbox-section"));
  try {
    show(JSON.parse(await get("/inbox")).items);
  } catch (error) {
    state().textContent = error.message;
  }
}

function show(items) {
  state().textContent = items.length ? "" : "The inbox is empty. ‘briefing collect’ fills it, and so does “To the inbox” below an item.";
  document.getElementById("inbox-items").replaceChildren(...items.map(line));
}

function line({ id, headline, origin, note }) {
  const element = document.createElement("li");
  const name = document.createElement("p");
  name.dir = "auto";
  name.textContent = headline;
  const hints = [origin, note].filter(Boolean).map(hint);
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.fromInbox = id;
  button.textContent = "Add";
  button.ariaLabel = `Add “${headline}”`;
  element.append(name, ...hints, button);
  return element;
}

function hint(text) {
  const element = document.createElement("p");
  element.className = "hint";
  element.dir = "auto";
  element.textContent = text;
  return element;
}

async function take(button) {
  const section = document.getElementById("inbox-section").value;
  await change("/inbox/take", { item: button.dataset.fromInbox, section }, "Added to the issue");
  await fill();
}

async function put(button) {
  const { part } = button.closest("[data-part]").dataset;
  await change("/inbox/put", { item: part }, "Moved to the inbox");
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
