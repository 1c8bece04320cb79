// What the page says about itself, and what modules do to it alike.

export const desk = () => document.getElementById("desk");
export const lang = () => desk().dataset.lang;
export const openedPart = () => desk().dataset.item;
export const isReadOnly = () => "readOnly" in desk().dataset;

// Says something to people who don't see the page.
export function say(words) {
  document.getElementById("said").textContent = words;
}

// Runs a function for each event of a type on an element that matches a selector now or later.
export function on(type, selector, act) {
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });
}

// Whether a button says that it can't do anything now. Such a button keeps the focus, unlike a disabled one.
export const isOff = (button) => button.getAttribute("aria-disabled") === "true";

export const field = (part, name) => document.getElementById(`${part}-${name}`);

// The field that the editor types in, or null. Until it is left, nothing takes its place or its focus.
export function typedField() {
  const focused = document.activeElement;
  return focused?.matches("[data-field], #source-text") ? focused : null;
}

// Moves the focus once something is done, unless the editor is typing in a field by then.
export function focusAfterwards(element) {
  if (!typedField()) element?.focus();
}

// Lets people use the page, whose buttons did nothing before.
export const enable = () => { document.body.inert = false; };
