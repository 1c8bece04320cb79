// Replaces the photo of the open item: by a file that is chosen, or dropped onto its field.
import { base64 } from "./files.js";
import { isReadOnly, lang, on, say } from "./page.js";
import { post } from "./server.js";
import { flush } from "./typing.js";
import { refresh } from "./updates.js";

const LARGEST = 40 * 1024 * 1024;

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
  const fail = (why) => {
    problem.textContent = why;
    problem.hidden = false;
  };
  problem.hidden = true;
  if (file.size > LARGEST) {
    fail("This photo is too large: 40 MB at most. Make it smaller, or put it into the issue’s folder and type its name here.");
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
