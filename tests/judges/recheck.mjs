// Reads a list of JavaScript patterns as JSON, and writes what recheck says about each: how long the
// worst text for it takes to search.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
const require = createRequire(`${process.argv[2]}/`);
const { check } = require('recheck');
const results = [];
for (const source of JSON.parse(readFileSync(0, 'utf8'))) {
  const found = await check(source, 'u', { timeout: 30000 });
  const attack = found.attack ? found.attack.pattern : '';
  results.push({ status: found.status, growth: found.complexity?.summary ?? found.error?.kind ?? '', attack });
}
writeFileSync(1, JSON.stringify(results));
process.exit(0);
