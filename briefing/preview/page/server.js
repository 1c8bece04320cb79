// Talks to ‘briefing preview’.

const LARGEST_KEPT_ALIVE = 60000; // browsers finish requests up to this size even if the page is closed

const token = document.querySelector("meta[name=briefing-token]").content;

// The program doesn't answer: it has ended, or is being started again.
export class Stopped extends Error {}

// The program answered, but did nothing; the message says why.
export class Refused extends Error {}

// Posts JSON and returns the JSON of the answer.
export async function post(path, content) {
  const body = JSON.stringify(content);
  const response = await ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Briefing-Token": token },
    body,
    keepalive: body.length < LARGEST_KEPT_ALIVE,
  });
  return unlessStopped(() => response.json());
}

// Names a request, so that it can be repeated without being carried out twice.
export const newKey = () => crypto.randomUUID();

// Returns the text of a page.
export async function get(address) {
  const response = await ask(address, {});
  return unlessStopped(() => response.text());
}

async function ask(address, options) {
  const response = await unlessStopped(() => fetch(here(address), options));
  if (!response.ok) throw new Refused((await unlessStopped(() => response.text())).trim());
  return response;
}

// Waits for an answer, or for the rest of it: the program can also end while the answer is on its way.
async function unlessStopped(answer) {
  try {
    return await answer();
  } catch {
    throw new Stopped("‘briefing preview’ has stopped");
  }
}

// What the program serves for this issue is below the page's own address.
function here(address) {
  return address.startsWith("/") ? `.${address}` : address;
}
