// The sections of the issue, to choose one of them.
import { shownSections } from "./order.js";

// Fills a list with the sections, and leaves the choice to the caller.
export function listSections(select) {
  const options = shownSections().map(({ section, title }) => new Option(title || "Before the first section", section));
  select.replaceChildren(...options);
  return options;
}

// Without a choice, there is nothing to ask.
export function showSections(select) {
  const chosen = select.value;
  const options = listSections(select);
  const titled = options.filter((option) => option.value);
  select.value = options.some((option) => option.value === chosen) && chosen ? chosen : (titled[0] ?? options[0])?.value;
  for (const element of [select, ...select.labels]) element.hidden = options.length < 2;
}
