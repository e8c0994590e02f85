// places.test.mjs - every operation of the contract has a place: a screen, the driver's page, or a reason why people need none.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { truth } from "./lib/suite.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What people do not do on a screen, and why. What services ask each other (permission "service") needs no reason. */
const ELSEWHERE = {
  "staff.company.found": "done once, by the command that starts a company",
};

const files = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? files(join(folder, one.name)) : [join(folder, one.name)]));

function operations() {
  const folders = readdirSync(join(root, "schemas"), { withFileTypes: true }).filter((one) => one.isDirectory() && one.name !== "gen").map((one) => one.name);
  const services = folders.filter((one) => one !== "common");
  const found = new Map();
  for (const folder of folders) {
    for (const file of readdirSync(join(root, "schemas", folder)).filter((one) => /^\w+\.\w+\.json$/.test(one))) {
      const item = JSON.parse(readFileSync(join(root, "schemas", folder, file), "utf8"));
      if (!item.operation) continue;
      for (const service of folder === "common" ? services : [folder]) found.set(item.operation.replace("*", service), item);
    }
  }
  return { found, services };
}

/** Names that stand in a source as what is called: not as a type, not as what a screen needs. A name made of a service and a verb counts for each verb that is asked for. */
function namesIn(source, services) {
  const text = source.replace(/\b(Reply|Request|Operations)(<"[^"]*">|\["[^"]*"\])/g, "").replace(/\b(needs|example): ?\[[^\]]*\]/g, "").replace(/\bmay\("[^"]*"\)/g, "");
  const names = new Set([...text.matchAll(/["'`]([a-z]+\.[a-z_]+\.[a-z_]+)["'`]/g)].map((one) => one[1]));
  const all = (rest) => services.forEach((service) => names.add(`${service}.${rest}`));
  for (const [, rest] of text.matchAll(/\$\{[^}]+\}\.([a-z_]+\.[a-z_]+)`/g)) all(rest);
  for (const [, noun] of text.matchAll(/\$\{[^}]+\}\.([a-z_]+)\.\$\{[^}]+\}`/g)) for (const [, verb] of text.matchAll(/\boperation\(["']([a-z_]+)["']\)/g)) all(`${noun}.${verb}`);
  if (/\$\{[^}]+\}\.\$\{[^}]+\}`/.test(text)) for (const [, rest] of text.matchAll(/["']([a-z_]+\.[a-z_]+)["']/g)) all(rest);
  return names;
}

export default async function places({ suite }) {
  const { found, services } = operations();
  const used = new Set();
  for (const file of files(join(root, "services/gateway/console/src")).filter((one) => /\.(vue|ts)$/.test(one) && !one.includes("/src/schema/"))) {
    for (const name of namesIn(readFileSync(file, "utf8"), services)) used.add(name);
  }

  await suite.test("Every operation that people may call has a place on a screen or on the driver's page", () => {
    const without = [...found].filter(([name, item]) => item.permission !== "service" && !used.has(name) && !ELSEWHERE[name]).map(([name]) => name);
    truth(without.length === 0, `without a place: ${without.sort().join(", ")}`);
  });

  await suite.test("No reason stands for an operation that has a place, or for none", () => {
    const idle = Object.keys(ELSEWHERE).filter((name) => used.has(name) || !found.has(name));
    truth(idle.length === 0, `a reason too many: ${idle.join(", ")}`);
  });
}
