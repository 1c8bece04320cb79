// The first page: begins an issue.
import { enable } from "./page.js";
import { post } from "./server.js";

const value = (name) => document.getElementById(name).value;

document.getElementById("begin")?.addEventListener("click", async () => {
  const refusal = document.getElementById("refusal");
  try {
    const { issue } = await post("/issues", { date: value("date"), slug: value("slug"), corrects: value("corrects") });
    location.assign(`./${issue}/`);
  } catch (error) {
    refusal.textContent = error.message;
    refusal.hidden = false;
  }
});
enable();
