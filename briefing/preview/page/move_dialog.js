// “Move to…”: moves an item into any section and place, without dragging.
import { move, shownSections } from "./order.js";
import { focusAfterwards, on } from "./page.js";
import { listSections } from "./sections.js";

let item = "";
let opener = "";

export function startMoveDialog() {
  on("click", "[data-move-to]", (button) => show(button));
  on("click", "#move-cancel", () => dialog().close());
  on("click", "#move-there", moveThere);
  on("change", "#move-section", showPlaces);
  dialog().addEventListener("close", () => document.getElementById(opener)?.focus());
}

const dialog = () => document.getElementById("move");
const sections = () => document.getElementById("move-section");
const spots = () => document.getElementById("move-place");

function show(button) {
  opener = button.id;
  item = button.closest("[data-part]").dataset.part;
  dialog().querySelector(".moved-name").textContent = headline(item);
  listSections(sections());
  sections().value = shownSections().find(({ items }) => items.includes(item)).section;
  showPlaces();
  dialog().showModal();
}

function showPlaces() {
  const { items = [] } = shownSections().find(({ section }) => section === sections().value) ?? {};
  const others = items.filter((other) => other !== item);
  const below = others.map((other) => new Option(`Below “${headline(other)}”`, other));
  spots().replaceChildren(new Option("At the top", ""), ...below);
  const index = items.indexOf(item);
  spots().value = index > 0 ? items[index - 1] : index === 0 ? "" : others.at(-1) ?? "";
}

async function moveThere() {
  const place = [sections().value, spots().value];
  dialog().close();
  await move(item, ...place);
  focusAfterwards(document.getElementById(opener));
}

const headline = (id) => document.querySelector(`#card-${id} .headline`).textContent;
