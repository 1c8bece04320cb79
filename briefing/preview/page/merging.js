// Turns one document into another by changing only what differs, so that pictures and scrolling stay as they are.

// Changes `old` into `next`. Returns the elements that were changed or are new.
export function merge(old, next, changed = []) {
  if (old.isEqualNode(next)) return changed;
  if (old.nodeName !== next.nodeName) {
    old.replaceWith(next);
    changed.push(elementOf(next));
  } else if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = next.nodeValue;
    changed.push(elementOf(old));
  } else {
    mergeAttributes(old, next, changed);
    mergeChildren(old, next, changed);
  }
  return changed;
}

const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

function mergeAttributes(old, next, changed) {
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) === value) continue;
    old.setAttribute(name, value);
    if (!name.startsWith("data-")) changed.push(old);
  }
}

function mergeChildren(old, next, changed) {
  const before = [...old.childNodes];
  const after = [...next.childNodes];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start].isEqualNode(after[start])) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end).isEqualNode(after.at(-1 - end))) end += 1;
  const gone = before.slice(start, before.length - end);
  const come = after.slice(start, after.length - end);
  if (gone.length === come.length) {
    gone.forEach((child, index) => merge(child, come[index], changed));
    return;
  }
  const below = before[before.length - end] ?? null;
  for (const child of gone) child.remove();
  for (const child of come) old.insertBefore(child, below);
  changed.push(old, ...come.map(elementOf));
}
