// The characters of a page as they are seen, from left to right.
() => {
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let index = 0; index < node.length; index++) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + 1);
      const box = range.getBoundingClientRect();
      if (box.width > 0) {
        seen.push({ letter: node.data[index], line: Math.round(box.top / 8), left: box.left });
      }
    }
  }
  seen.sort((a, b) => a.line - b.line || a.left - b.left);
  return seen.map((character) => character.letter).join("").replace(/\u00a0/g, " ");
};
