// The stream of changes. A browser keeps only six connections to a host, and a stream takes one of them for good. So one
// tab listens, for all issues, and passes on to the others what it hears; when it is closed, another one takes its place.
import { desk } from "./page.js";

const RETRY = 1000;

const name = "changes";
const issue = location.pathname.split("/").at(-2);
const tabs = new BroadcastChannel(name);
let isStopped = false;

// Calls `refresh` after each change, and says when the program has stopped and when it is back.
export function listen(refresh) {
  const hear = (news) => handle(news, refresh);
  tabs.onmessage = ({ data }) => hear(data);
  navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock) return stream(hear);
    // What changed before this tab was listening.
    refresh();
    navigator.locks.request(name, () => stream(hear));
    return null;
  });
}

// Listens until the tab is closed: the promise never ends.
function stream(hear) {
  return new Promise(() => connect((news) => {
    hear(news);
    tabs.postMessage(news);
  }));
}

// A browser reconnects by itself when the program has been restarted.
function connect(tell) {
  const changes = new EventSource(`changes?seen=${desk().dataset.seen}`);
  changes.onmessage = ({ data }) => tell({ changed: data.split(" ") });
  changes.onopen = () => tell({ isRunning: true });
  changes.onerror = () => {
    tell({ isRunning: false });
    // Some browsers give up after a refusal.
    if (changes.readyState === EventSource.CLOSED) setTimeout(connect, RETRY, tell);
  };
}

function handle({ changed, isRunning }, refresh) {
  if (changed) {
    if (changed.includes(issue)) refresh();
    return;
  }
  const wasStopped = isStopped;
  isStopped = !isRunning;
  document.getElementById("stopped").hidden = !isStopped;
  if (wasStopped && !isStopped) {
    refresh();
    document.dispatchEvent(new Event("returned"));
  }
}
