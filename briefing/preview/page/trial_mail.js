// Sends a test email: what is still missing, where it goes, and what the server answers.
import { addResult, startDialog } from "./dialogs.js";
import { isOff, on } from "./page.js";
import { get, post } from "./server.js";
import { flush } from "./typing.js";

export function startTrialMail() {
  startDialog("test-mail", fill);
  on("click", "#test-mail-send", send);
}

const element = (name) => document.getElementById(name);

async function fill() {
  element("test-mail-results").replaceChildren();
  element("test-mail-missing").replaceChildren();
  try {
    const { missing, addresses, command } = JSON.parse(await get("/test-mail"));
    for (const line of missing) addResult(element("test-mail-missing"), line[0].toUpperCase() + line.slice(1), "failed");
    element("test-mail-setup").hidden = !missing.length;
    element("test-mail-who").textContent = addresses ? `The test goes to ${addresses} (set in ‘test’ under [send]).` : "";
    element("send-command").value = command;
  } catch (error) {
    addResult(element("test-mail-missing"), error.message, "failed");
  }
}

async function send(button) {
  if (isOff(button)) return;
  button.ariaDisabled = "true";
  element("test-mail-results").replaceChildren();
  const show = addResult(element("test-mail-results"), "Sending…", "running");
  try {
    // The email must include what was typed last.
    await flush();
    const to = element("test-mail-to").value.split(/[\s,;]+/).filter(Boolean);
    const { summary, accepted, problems } = await post("/test-mail", { to });
    show(accepted ? [summary, ...problems] : problems, problems.length ? "failed" : "done");
  } catch (error) {
    show(error.message, "failed");
  } finally {
    button.ariaDisabled = null;
  }
}
