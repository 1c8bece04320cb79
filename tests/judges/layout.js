// In a page: what is measured of it, for tests/judges/test_layout.py.
() => {
  const root = document.documentElement;
  const measured = { wider: root.scrollWidth - root.clientWidth, small: [], low: [], left: [], sizes: {}, words: '' };
  const shown = element => element.checkVisibility() && element.getClientRects().length > 0;

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: element } = texts.currentNode;
    const text = data.trim();
    if (!text || !shown(element)) continue;
    const { fontSize, direction, textAlign } = getComputedStyle(element);
    if (parseFloat(fontSize) < 14) measured.small.push(`${fontSize}: ${text}`);
    if (/\p{Script=Arabic}/u.test(text) && (direction !== 'rtl' || !['right', 'center'].includes(textAlign))) measured.left.push(text);
    measured.sizes[fontSize] = (measured.sizes[fontSize] ?? 0) + text.length;
    measured.words += `${text} `;
  }

  for (const link of document.querySelectorAll('a')) {
    const { height } = link.getBoundingClientRect();
    // Nothing else is in its line, so that it is touched for itself.
    const alone = link.parentElement.textContent.trim() === link.textContent.trim();
    if (alone && height < 44) measured.low.push(`${height}px: ${link.textContent}`);
  }
  return measured;
}
