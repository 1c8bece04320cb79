// Sends a personalised email to each reader through Nodemailer's pool: node pool.mjs FOLDER MAIL PORT CONNECTIONS READERS [ENCODING]
// Prints the seconds from the first email to the last answer, without the start of Node.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { randomBytes } from "node:crypto";

const [folder, mail, port, connections, readers, encoding] = process.argv.slice(2);
const nodemailer = createRequire(`${folder}/`)("nodemailer");
const { text, html } = JSON.parse(readFileSync(mail, "utf-8"));
const pool = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: Number(port),
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Infinity,
});

function compose(number) {
  const name = `Reader ${number}`;
  const token = randomBytes(15).toString("hex");
  const fill = (template) => template.replaceAll("{{name}}", name).replaceAll("{{token}}", token);
  return {
    from: { name: "Weekly Brief", address: "brief@example.org" },
    to: { name, address: `reader${number}@example${number % 500}.org` },
    subject: "Weekly Brief",
    text: fill(text),
    html: fill(html),
    textEncoding: encoding || undefined,
    headers: {
      "List-Id": "Weekly Brief <weekly-brief.example.org>",
      "List-Unsubscribe": `<https://example.org/u/${token}>, <mailto:leave@example.org?subject=${token}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  };
}

let next = 0;
// Two for each connection, one being sent and one waiting, so that no connection is ever idle.
async function feed() {
  while (next < readers) await pool.sendMail(compose(next++));
}
const start = performance.now();
await Promise.all(Array.from({ length: 2 * connections }, feed));
console.log((performance.now() - start) / 1000);
pool.close();
