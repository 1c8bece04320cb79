// In a page that has axe-core: what it finds, a line each. With `rules`, only these are asked.
async rules => {
  const options = rules.length
    ? { runOnly: { type: 'rule', values: rules } }
    : {
        runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
        rules: {
          // Off unless asked for.
          'target-size': { enabled: true },
          // Landmarks are those of the page in which a mail app shows the email.
          bypass: { enabled: false },
          'landmark-one-main': { enabled: false },
          region: { enabled: false },
        },
      };
  const { violations } = await axe.run(document, { ...options, resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 120)}: ${node.failureSummary}`));
}
