// Fields that the collector wasn't sure about, and that the editor has found right.
import { field, focusAfterwards, lang, on } from "./page.js";
import { sayUnsaved } from "./saved.js";
import { post } from "./server.js";
import { refresh } from "./updates.js";

export function startDoubts() {
  on("click", "[data-checked]", settle);
}

async function settle(button) {
  const { checked, ofPart } = button.dataset;
  try {
    await post("/checked", { lang: lang(), part: ofPart, field: checked });
    focusAfterwards(field(ofPart, checked));
  } catch (error) {
    sayUnsaved(error.message);
  }
  await refresh();
}
