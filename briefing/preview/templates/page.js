// Reloads the page when something was saved, and keeps the editor's place in it.
const root = document.documentElement;
const text = document.querySelector(".text");
const views = document.querySelectorAll("input[name=view]");

function show(view) {
  root.dataset.view = view;
  sessionStorage.view = view;
  for (const choice of views) choice.checked = choice.value === view;
}
for (const choice of views) choice.addEventListener("change", () => show(choice.value));
show(sessionStorage.view === "text" ? "text" : "mail");

// The mail's frame doesn't reveal how far it is scrolled, so it starts at its #changed. It is sent there again once
// everything is loaded, because a frame may look for the anchor before it has its size.
const mail = document.querySelector(".mail");
if (mail) addEventListener("load", () => mail.contentWindow.location.replace(mail.src));

if (text) {
  text.scrollTop = Number(sessionStorage.scroll) || 0;
  addEventListener("pagehide", () => { sessionStorage.scroll = text.scrollTop; });
}

const changes = new EventSource(`/changes?seen=${root.dataset.seen}`);
const ended = document.getElementById("ended");
changes.onmessage = () => { changes.close(); location.reload(); };
changes.onopen = () => { ended.hidden = true; };
changes.onerror = () => { ended.hidden = false; };
