// Editions in other languages: begins one, adds what it lacks, and says that a translation is up to date.
import { lang, on, say } from "./page.js";
import { post } from "./server.js";
import { sayUnsaved } from "./saved.js";
import { flush } from "./typing.js";
import { refresh } from "./updates.js";

export function startTranslating() {
  on("click", "[data-begin-edition]", begin);
  on("click", "[data-add-translation]", (button) => {
    change("/translations/add", button.dataset.addTranslation, "Added for translation");
  });
  on("click", "[data-translation-current]", (button) => {
    change("/translations/current", button.dataset.translationCurrent, "Marked as up to date");
  });
}

async function begin(button) {
  const { beginEdition } = button.dataset;
  try {
    await flush();
    await post("/editions", { lang: beginEdition });
    location.search = `?lang=${beginEdition}`;
  } catch (error) {
    sayUnsaved(error.message);
  }
}

async function change(path, item, words) {
  const edition = lang();
  try {
    await flush();
    await post(path, { lang: edition, item });
    say(words);
  } catch (error) {
    sayUnsaved(error.message);
  }
  await refresh();
}
