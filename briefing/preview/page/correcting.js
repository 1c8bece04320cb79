// Begins an issue that corrects the one on the page, which was sent.
import { on } from "./page.js";
import { post } from "./server.js";
import { sayUnsaved } from "./saved.js";
import { flush } from "./typing.js";

export function startCorrecting() {
  on("click", "#begin-correction", begin);
}

async function begin(button) {
  const { corrects } = button.dataset;
  try {
    await flush();
    const { issue } = await post("../issues", { date: "", slug: "correction", corrects });
    location.assign(`../${issue}/`);
  } catch (error) {
    sayUnsaved(error.message);
  }
}
