// A field that was changed on two sides: both texts are shown until one is taken.
import { focusAfterwards, lang, on, say } from "./page.js";
import { post } from "./server.js";
import { sayUnsaved } from "./saved.js";
import { endStep, flush } from "./typing.js";
import { refresh } from "./updates.js";

export function startConflicts() {
  on("click", "[data-take]", take);
  on("click", "[data-copy]", copy);
}

async function take(button) {
  const { kept, take: side, ofPart, ofField, backTo } = button.dataset;
  const edition = lang();
  await flush();
  endStep();
  document.activeElement?.blur();
  try {
    const answer = await post("/resolve", { lang: edition, part: ofPart, field: ofField, kept: Number(kept), take: side });
    if (!answer.saved) sayUnsaved(answer.why);
  } catch (error) {
    sayUnsaved(error.message);
  }
  await refresh();
  focusAfterwards(document.getElementById(backTo));
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(text.value ?? text.textContent);
  say("Copied");
}
