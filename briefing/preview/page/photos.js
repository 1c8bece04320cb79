// Replaces the photo of the open item: by a file that is chosen, or dropped onto its field.
import { base64 } from "./files.js";
import { isReadOnly, lang, on, say } from "./page.js";
import { post } from "./server.js";
import { flush } from "./typing.js";
import { refresh } from "./updates.js";

export function startPhotos() {
  on("change", "[data-photo-of]", (input) => replace(input.dataset.photoOf, input.files[0]));
  document.addEventListener("dragover", (event) => { if (fieldOf(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    const field = fieldOf(event);
    if (!field) return;
    event.preventDefault();
    replace(field.dataset.fieldOf, event.dataTransfer.files[0]);
  });
}

function fieldOf(event) {
  if (isReadOnly() || !event.dataTransfer.types.includes("Files")) return null;
  return event.target.closest?.(".field-image");
}

async function replace(part, file) {
  if (!file) return;
  const edition = lang();
  const problem = document.getElementById(`${part}-image-refusal`);
  const { largest } = document.querySelector(`[data-photo-of="${part}"]`).dataset; // bytes
  const fail = (why) => {
    problem.textContent = why;
    problem.hidden = false;
  };
  problem.hidden = true;
  if (file.size > largest) {
    fail(`This photo is too large: ${largest / 1024 / 1024} MB at most. Make it smaller first.`);
    return;
  }
  try {
    await flush();
    const { saved, why } = await post("/photo", { lang: edition, part, data: await base64(file) });
    if (saved) say("The photo was saved");
    else fail(why);
  } catch (error) {
    fail(error.message);
  }
  await refresh();
}
