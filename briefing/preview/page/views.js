// The pane with the mail.
import { on } from "./page.js";

export function startViews() {
  on("change", "input[name=view]", (choice) => show(choice.value));
  show(sessionStorage.view === "text" ? "text" : "mail");
  // The mail's frame doesn't reveal how far it is scrolled, so it starts at its #changed. It is sent there again once
  // everything is loaded, because a frame may look for the anchor before it has its size.
  addEventListener("load", () => {
    const mail = document.querySelector(".mail");
    mail?.contentWindow.location.replace(mail.src);
  });
}

function show(view) {
  document.documentElement.dataset.view = view;
  sessionStorage.view = view;
  for (const choice of document.querySelectorAll("input[name=view]")) choice.checked = choice.value === view;
}
