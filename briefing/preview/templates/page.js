// Loads the page again when something was saved, and keeps what the editor was looking at.
const root = document.documentElement;
const text = document.querySelector(".text");
const views = document.querySelectorAll("input[name=view]");

function show(view) {
  root.dataset.view = view;
  sessionStorage.view = view;
  for (const one of views) one.checked = one.value === view;
}
for (const one of views) one.addEventListener("change", () => show(one.value));
show(sessionStorage.view === "text" ? "text" : "mail");

// How far the mail is scrolled is out of reach in its frame: it begins at its #changed. It is sent there once more when
// all is in place, since a frame may look for the anchor before it has its size.
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
