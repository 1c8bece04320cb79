// Puts items and sections in order: buttons, Alt with arrows, and adding and removing items.
import { focusAfterwards, isOff, lang, on, openedPart, say, typedField } from "./page.js";
import { newKey, post, Stopped } from "./server.js";
import { saySaved, sayUnsaved } from "./saved.js";
import { endStep, flush } from "./typing.js";
import { open } from "./opening.js";
import { refresh } from "./updates.js";

export function startOrder() {
  on("click", "[data-move]", (button) => inTurn(button, () => step(partOf(button), button.dataset.move)));
  on("click", "[data-move-section]", (button) => inTurn(button, () => stepSection(partOf(button), button.dataset.moveSection)));
  on("click", "[data-remove]", (button) => remove(partOf(button)));
  on("click", "[data-add-item]", (button) => addItem(button.closest("[data-section]")?.dataset.section ?? ""));
  on("click", "#add-section", addSection);
  on("click", "[data-remove-section]", (button) => { if (!isOff(button)) removeSection(partOf(button)); });
  on("keydown", ".card .open, .section-head a", arrow);
}

let turns = Promise.resolve();

// Acts when what was asked for before is done, so that quick keys each begin where the last one ended.
function inTurn(button, act) {
  const turn = turns.then(() => (isOff(button) ? null : act()));
  turns = turn.catch(() => null);
}

// The list as it is shown: its sections with the ids of their items.
export function shownSections() {
  return [...document.querySelectorAll("#list [data-section]")].map((section) => ({
    section: section.dataset.section,
    title: section.querySelector("h2")?.textContent ?? "",
    items: [...section.querySelectorAll(".card")].map((card) => card.dataset.part),
  }));
}

// Moves an item into a section, below another item ("": to its start).
export async function move(item, section, after) {
  await change({ do: "move-item", item, section, after });
  sayPlace(item);
}

// Applies an edit. Returns the answer, or nothing if that failed.
export async function change(edit) {
  const edition = lang();
  await flush();
  endStep();
  try {
    const answer = await post("/edits", { lang: edition, edits: [edit], continues: false, key: newKey() });
    if (!answer.saved) sayUnsaved(answer.why);
    else if (answer.refused.length) sayUnsaved(answer.refused[0].why);
    else saySaved();
    await refresh();
    return answer;
  } catch (error) {
    sayUnsaved(error.message);
    if (!(error instanceof Stopped)) await refresh();
    return null;
  }
}

const partOf = (element) => element.closest("[data-part]").dataset.part;

function arrow(link, event) {
  const direction = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!event.altKey || !direction) return;
  event.preventDefault();
  const button = document.getElementById(`${direction}-${link.dataset.open}`);
  button?.click();
}

// Moves an item by one place; at the end of its section, into the next one.
async function step(item, direction) {
  const sections = shownSections();
  const at = sections.findIndex(({ items }) => items.includes(item));
  if (at < 0) return; // someone else has just removed it
  const { section, items } = sections[at];
  const index = items.indexOf(item);
  if (direction === "up" && index > 0) await move(item, section, items[index - 2] ?? "");
  else if (direction === "down" && index < items.length - 1) await move(item, section, items[index + 1]);
  else if (direction === "up" && at > 0) await move(item, sections[at - 1].section, sections[at - 1].items.at(-1) ?? "");
  else if (direction === "down" && at < sections.length - 1) await move(item, sections[at + 1].section, "");
}

// The ids of the sections that have a title, and so can be moved.
const titledSections = () => shownSections().map(({ section }) => section).filter(Boolean);

async function stepSection(section, direction) {
  const ids = titledSections();
  const index = ids.indexOf(section);
  const after = direction === "up" ? ids[index - 2] ?? "" : ids[index + 1];
  await change({ do: "move-section", section, after });
  const now = titledSections();
  say(`Section moved to position ${now.indexOf(section) + 1} of ${now.length}`);
}

function sayPlace(item) {
  const found = shownSections().find(({ items }) => items.includes(item));
  if (!found) return;
  const where = found.title ? ` in ${found.title}` : "";
  say(`Moved to position ${found.items.indexOf(item) + 1} of ${found.items.length}${where}`);
}

async function remove(item) {
  const name = document.querySelector(`#card-${item} .headline`)?.textContent ?? "";
  const { digest } = document.getElementById(`part-${item}`).dataset;
  const after = neighbour(item);
  const wasOpen = openedPart() === item;
  await change({ do: "remove-item", item, before: digest });
  if (wasOpen && !typedField()) await open(after);
  focusAfterwards(document.getElementById(`card-${after}`));
  say(`Removed “${name}”. Undo brings it back.`);
}

async function removeSection(section) {
  const ids = titledSections();
  const after = ids[ids.indexOf(section) - 1] ?? "issue";
  await change({ do: "remove-section", section });
  if (!typedField()) await open(after);
  focusAfterwards(document.getElementById(`card-${after}`));
  say("Removed the section. Undo brings it back.");
}

function neighbour(item) {
  const items = shownSections().flatMap(({ items }) => items);
  const index = items.indexOf(item);
  return items[index + 1] ?? items[index - 1] ?? "issue";
}

async function addItem(section) {
  const items = shownSections().find((shown) => shown.section === section)?.items ?? [];
  await openNew({ do: "add-item", item: {}, section, after: items.at(-1) ?? "" }, "An item was added");
}

async function addSection() {
  const after = shownSections().at(-1)?.section ?? "";
  await openNew({ do: "add-section", title: "New section", after }, "A section was added");
}

async function openNew(edit, words) {
  const answer = await change(edit);
  const added = answer?.added?.[0];
  if (!added || typedField()) return;
  await open(added);
  const first = document.querySelector(`[data-field][data-part="${added}"]`);
  focusAfterwards(first);
  // What is in a new part is a placeholder: what is typed takes its place.
  if (document.activeElement === first) first.select();
  say(words);
}
