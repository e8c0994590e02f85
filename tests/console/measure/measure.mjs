// measure.mjs - Lighthouse over the main screens of a running demonstration company; see tests/console/lighthouse.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import lighthouse, { desktopConfig } from "lighthouse";
import { settings, signIn as signInDriver } from "../driver.browser.mjs";
import { PASSWORD } from "../lib/api.mjs";
import { launchKept, open, signIn } from "../lib/browser.mjs";

const GOALS = { performance: 90, accessibility: 95, "best-practices": 95 };
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"];

/** Whose screen, its address, and whether it is looked at on a telephone. */
const screens = [
  { name: "sign-in", path: "/sign-in" },
  { name: "home", who: "general_manager@ZB", path: "/" },
  { name: "approvals", who: "general_manager@ZB", path: "/approvals" },
  { name: "overview", who: "general_manager@ZB", path: "/overview" },
  { name: "customers", who: "representative@SH01", path: "/customers" },
  { name: "contracts", who: "clerk@SH01", path: "/contracts" },
  { name: "new order", who: "operator@SH01", path: "/orders/new" },
  { name: "route board", who: "dispatcher@SH01", path: "/board" },
  { name: "cash desk", who: "cashier@SH01", path: "/cash" },
  { name: "reconciliation", who: "finance@ZB", path: "/reconciliation" },
  { name: "service cases", who: "sales_support@SH01", path: "/cases" },
  { name: "permissions", who: "it_administrator@ZB", path: "/permissions" },
  { name: "driver: sign-in", path: "/driver", isTelephone: true },
  { name: "driver: today", who: "driver@SH01", path: "/driver", isTelephone: true },
];

const { values } = parseArgs({ options: { origin: { type: "string" }, runs: { type: "string", default: "3" }, only: { type: "string", default: "" }, to: { type: "string" } } });
const middle = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/** Leaves a browser in which `screen.who` is signed in and nothing else is kept. */
async function begin(context, screen) {
  await context.clearCookies();
  const page = await context.newPage();
  await page.goto(`${values.origin}/icon.svg`);
  await page.evaluate(() => localStorage.clear());
  if (screen.who && screen.isTelephone) await signInDriver(page, { name: screen.who });
  else if (screen.who) {
    await signIn(page, screen.who, PASSWORD);
    await open(page, screen.path); // a screen that its user may not see is not measured
    if (new URL(page.url()).pathname !== screen.path) throw new Error(`${screen.name}: ${page.url()}`);
  }
  await page.close();
}

async function once(port, screen) {
  const flags = { port, onlyCategories: Object.keys(GOALS), logLevel: "error", output: "html" };
  const { lhr, report, artifacts } = await lighthouse(values.origin + screen.path, flags, screen.isTelephone ? undefined : desktopConfig);
  if (lhr.runtimeError) throw new Error(`${screen.name}: ${lhr.runtimeError.message}`);
  return { lhr, report, busy: busyOf(artifacts.Trace.traceEvents) };
}

/**
 * How long the page's tasks above 50 ms kept the processor, in milliseconds beyond those 50: the blocked time without what the machine did
 * meanwhile for others. (Lighthouse counts by the clock.)
 */
function busyOf(events) {
  const thread = (one) => `${one.pid} ${one.tid}`;
  const scripts = new Set(events.filter((one) => one.name === "FunctionCall").map(thread));
  const sums = new Map([...scripts].map((one) => [one, 0]));
  for (const one of events) if (one.name.endsWith("RunTask") && one.tdur > 50_000 && scripts.has(thread(one))) sums.set(thread(one), sums.get(thread(one)) + one.tdur - 50_000);
  return Math.max(0, ...sums.values()) / 1000;
}

function below(lhr) {
  const refs = Object.values(lhr.categories).flatMap((category) => category.auditRefs.filter((one) => one.weight > 0).map((one) => ({ ...one, category: category.id })));
  return refs.map((one) => ({ ...one, audit: lhr.audits[one.id] })).filter(({ audit }) => audit.score !== null && audit.score < 0.9);
}

async function measure(context, port, screen) {
  await begin(context, screen);
  const runs = [];
  for (let run = 0; run < Number(values.runs); run++) runs.push(await once(port, screen));
  const scores = Object.keys(GOALS).map((goal) => Math.round(middle(runs.map(({ lhr }) => lhr.categories[goal].score)) * 100));
  const times = TIMES.map((one) => Math.round(middle(runs.map(({ lhr }) => lhr.audits[one].numericValue))));
  const shift = middle(runs.map(({ lhr }) => lhr.audits["cumulative-layout-shift"].numericValue)).toFixed(3);
  const busy = Math.round(middle(runs.map((one) => one.busy)));
  console.log(`| ${[screen.name, ...scores, ...times, busy, shift].join(" | ")} |`);
  if (values.to) writeFileSync(join(values.to, `${screen.name.replaceAll(/[^a-z]+/g, "-")}.html`), runs.at(-1).report);
  const missed = Object.values(GOALS).some((goal, index) => scores[index] < goal);
  if (missed) for (const { category, id, audit } of below(runs.at(-1).lhr)) console.error(`  ${screen.name}: ${category} ${id} ${audit.score} ${audit.displayValue ?? ""} ${JSON.stringify(audit.details?.items?.slice(0, 5) ?? "")}`);
  return missed;
}

settings.address = values.origin;
if (values.to) mkdirSync(values.to, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "songda-lighthouse-"));
const port = await freePort();
const context = await launchKept(resolve(folder), values.origin, [`--remote-debugging-port=${port}`]);
let missed = 0;
console.log("| screen | performance | accessibility | best practices | first paint ms | largest paint ms | blocked ms | of it busy ms | shift |\n|---|---|---|---|---|---|---|---|---|");
try {
  for (const screen of screens.filter((one) => one.name.includes(values.only))) if (await measure(context, port, screen)) missed++;
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}
console.error(`${missed} screens miss a goal`);
process.exitCode = missed > 0 ? 1 : 0;
