// Adds what is found behind links and in files: from the dialog, or pasted or dropped onto the list.
import { addResult, open, startDialog } from "./dialogs.js";
import { base64 } from "./files.js";
import { showSections } from "./sections.js";
import { isReadOnly, lang, on, say } from "./page.js";
import { newKey, post } from "./server.js";
import { refresh } from "./updates.js";

const AT_ONCE = 3;
const LINK = /^(https?:\/\/|www\.)\S+$/i;

export function startAdding() {
  startDialog("add", () => fill());
  on("click", "#adding-collect", collectTyped);
  on("change", "#adding-files", (input) => { addFiles([...input.files]); input.value = ""; });
  document.addEventListener("paste", paste);
  document.addEventListener("dragover", (event) => { if (isForList(event)) event.preventDefault(); });
  document.addEventListener("drop", drop);
}

function fill() {
  results().replaceChildren();
  showSections(document.getElementById("adding-section"));
  document.getElementById("adding-links").focus();
}

const results = () => document.getElementById("adding-results");
const section = () => document.getElementById("adding-section").value;
const linksIn = (text) => text.split(/\s+/).filter((word) => LINK.test(word));

const withoutLinks = (text) => text.split("\n").filter((line) => line.trim() && !linksIn(line).length).join("\n");

async function collectTyped() {
  const field = document.getElementById("adding-links");
  const links = linksIn(field.value);
  if (!links.length) {
    // A file that was chosen has already been added.
    const isDone = !field.value.trim() && results().hasChildNodes();
    if (!isDone) addResult(results(), "Type or paste at least one link, such as https://example.org/news.", "failed");
    return;
  }
  field.value = withoutLinks(field.value);
  if (field.value) addResult(results(), "There is no link in what is left in the field. Links begin with https:// or www.", "failed");
  await collect(links);
}

async function collect(links) {
  let done = 0;
  const list = newKey();
  const waiting = links.map((address, number) => (
    { found: { address, list, number }, show: addResult(results(), `Adding ${address}…`, "running") }));
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await add("/links", next.found, next.show);
      done += 1;
      if (links.length > 1) say(`${done} of ${links.length} links done`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function addFiles(files) {
  const { largest } = document.getElementById("adding-files").dataset; // bytes
  for (const file of files) {
    const show = addResult(results(), `Reading ${file.name}…`, "running");
    if (file.size > largest) show(`${file.name} is too large: ${largest / 1024 / 1024} MB at most.`, "failed");
    else await add("/files", { name: file.name, data: await base64(file) }, show);
  }
}

async function add(path, content, show) {
  try {
    const found = await post(path, { lang: lang(), section: section(), ...content });
    const [first, ...others] = outcomes(found);
    show(...first);
    for (const other of others) addResult(results(), ...other);
    await refresh();
  } catch (error) {
    show(error.message, "failed");
  }
}

// What became of each item, and of the rest: its lines and its state.
function outcomes({ items, notes, problems }) {
  const added = items.map((item) => [aboutItem(item), "done"]);
  const others = [[notes, "done"], [problems, "failed"]].filter(([lines]) => lines.length);
  return [...added, ...others];
}

function aboutItem({ headline, check, notes }) {
  const toCheck = check.length ? [`Needs review: ${check.join(", ")}`] : [];
  return [`Added “${headline}”`, ...toCheck, ...notes];
}

// Pasted anywhere but into a field, or dropped onto the list.

const isInField = (target) => target.closest?.("input, textarea, select, dialog");

function paste(event) {
  if (isReadOnly() || isInField(event.target)) return;
  take(event, event.clipboardData);
}

function isForList(event) {
  if (isReadOnly() || !event.target.closest?.("#list")) return false;
  return ["Files", "text/uri-list", "text/plain"].some((type) => event.dataTransfer.types.includes(type));
}

function drop(event) {
  if (isForList(event)) take(event, event.dataTransfer);
}

function take(event, data) {
  const files = [...data.files];
  const links = linksIn(data.getData("text/plain"));
  if (!files.length && !links.length) return;
  event.preventDefault();
  open("add", fill);
  if (files.length) addFiles(files);
  else collect(links);
}
