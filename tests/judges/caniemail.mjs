// node caniemail.mjs PACKAGES FILE.html…  prints {file: {feature: [programs that don't know it]}} as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [packages, ...files] = process.argv.slice(2);
const { caniemail } = await import(pathToFileURL(createRequire(`${packages}/`).resolve('caniemail')));
// Gmail on a phone's browser, and the Mail of Windows, which Microsoft took away at the end of 2024, are left out.
const clients = ['gmail.desktop-webmail', 'gmail.android', 'gmail.ios', 'apple-mail.*', 'outlook.outlook-com',
  'outlook.windows', 'outlook.macos', 'outlook.android', 'outlook.ios', 'yahoo.*'];
const found = {};
for (const file of files) {
  found[file] = {};
  for (const [client, issues] of caniemail({ clients, html: readFileSync(file, 'utf8') }).issues.errors)
    for (const { title } of issues) found[file][title] = [...new Set([...(found[file][title] ?? []), client])];
}
console.log(JSON.stringify(found));
