// rules.mjs - what a page must not do to its readers: rules of WCAG 2.2 AA by axe-core, and nothing beyond the window's edge.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { truth } from "./suite.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Throws what offends a rule of WCAG 2.2 AA. */
export async function offends(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }), RULES);
  const said = found.violations.map((one) => `${one.id}: ${one.help} – ${one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`).join(" | ")}`);
  truth(said.length === 0, said.join("\n"));
}

/** In the page: what stands out of the window sideways, save what scrolls in a frame of its own. */
export function overflow() {
  const width = document.documentElement.clientWidth;
  const wrong = [];
  if (document.documentElement.scrollWidth > width) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.querySelectorAll("main *")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= width + 1) continue;
    let frame = element.parentElement;
    while (frame && !["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(frame).overflowX)) frame = frame.parentElement;
    if (!frame || frame === document.documentElement || frame === document.body) wrong.push(`${element.tagName}.${element.className} ends at ${Math.round(box.right)}`);
  }
  return wrong.slice(0, 3);
}
