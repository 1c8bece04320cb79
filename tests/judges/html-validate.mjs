// node html-validate.mjs PACKAGES FILE.html…  prints {file: ["rule: message"]} as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [packages, ...files] = process.argv.slice(2);
const { HtmlValidate, StaticConfigLoader } = createRequire(`${packages}/`)('html-validate');
// The loader given here looks for no configuration beside the files.
const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ['html-validate:recommended'] }));
const found = {};
for (const file of files) {
  const { results } = await validator.validateString(readFileSync(file, 'utf8'));
  found[file] = results.flatMap(result => result.messages).map(({ ruleId, message, line }) => `${ruleId}: ${message} (line ${line})`);
}
console.log(JSON.stringify(found));
