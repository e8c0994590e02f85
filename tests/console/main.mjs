// main.mjs - plays the console's tests against a running stack.
//   node main.mjs --origin http://127.0.0.1:PORT [--only WORDS] [FILE.test.mjs …]
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Api } from "./lib/api.mjs";
import { launch } from "./lib/browser.mjs";
import { Suite } from "./lib/suite.mjs";
import { readTable } from "./lib/table.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { origin: { type: "string" }, only: { type: "string" } } });
const origin = values.origin ?? "http://127.0.0.1:8080";
const files = positionals.length > 0 ? positionals : readdirSync(here).filter((one) => one.endsWith(".test.mjs")).sort();
const suite = new Suite(values.only);
const table = await readTable();
const api = new Api(origin, table.routes);
const browser = await launch();
try {
  for (const file of files) {
    console.log(`--- ${file}`);
    const { default: play } = await import(join(here, file));
    await play({ suite, browser, origin, api, table });
  }
} finally {
  await browser.close();
}
process.exitCode = suite.end();
