// Copies the issue, or the item that is open, as text for a messenger.
import { startDialog } from "./dialogs.js";
import { lang, on, openedPart } from "./page.js";
import { get } from "./server.js";
import { flush } from "./typing.js";

export function startCopying() {
  startDialog("copy", fill);
  on("click", "[data-copy-as]", copy);
}

const what = () => document.getElementById("copy-what");
const copied = () => document.getElementById("copied");
const state = () => document.getElementById("copy-state");

function fill() {
  const options = [new Option("The whole issue", "")];
  for (const headline of document.querySelectorAll("#list .card[data-part] .headline")) {
    const { part } = headline.closest("[data-part]").dataset;
    options.push(new Option(headline.textContent, part, false, part === openedPart()));
  }
  what().replaceChildren(...options);
  copied().value = "";
  state().textContent = "";
}

async function copy(button) {
  const address = new URLSearchParams({ lang: lang(), as: button.dataset.copyAs, item: what().value });
  try {
    await flush();
    copied().value = await get(`/copy?${address}`);
    await navigator.clipboard.writeText(copied().value);
    const format = button.textContent;
    state().textContent = `Copied ${format[0].toLowerCase()}${format.slice(1)}.`;
  } catch (error) {
    copied().select();
    state().textContent = copied().value ? "Your browser didn’t let the page copy: press Ctrl+C." : error.message;
  }
}
