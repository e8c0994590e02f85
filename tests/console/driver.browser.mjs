/** A telephone for the driver's tests: Chromium at 375×667, its own storage, touch; and looking at what it shows. */
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PASSWORD } from "./lib/api.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where the page is. */
export const settings = { address: "", password: PASSWORD, shots: process.env.SONGDA_SHOTS ?? "" };

/** A new telephone with nothing on it. `faults` collects what the page should not have said. */
export async function newPhone(browser) {
  const context = await browser.newContext({ viewport: { width: 375, height: 667 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    const isNetwork = /Failed to load resource|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/.test(message.text());
    if (message.type() === "error" && !isNetwork) faults.push(message.text());
  });
  const outside = [];
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(settings.address) && !/^(data|blob):/.test(url)) outside.push(url);
  });
  page.setDefaultTimeout(30_000);
  return { context, page, faults, outside };
}

export const tap = (page, name) => page.locator(`[data-test="${name}"]`).first().click();
export const field = (page, id) => page.locator(`#${id}`);
export const see = (page, name) => page.locator(`[data-test="${name}"]`).first();

export async function signIn(page, driver) {
  await page.goto(`${settings.address}/driver`);
  await field(page, "name").fill(driver.name);
  await field(page, "password").fill(settings.password);
  await page.locator('button[type="submit"]').click();
  await see(page, "chip").waitFor();
}

/** Draws something like a name; again when the page moved under the pen, as it does when the bar of a lost line appears. */
export async function sign(page) {
  const pad = see(page, "pad");
  do {
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
    await page.mouse.move(...at(0.15, 0.6));
    await page.mouse.down();
    for (let step = 1; step <= 24; step++) await page.mouse.move(...at(0.15 + step * 0.028, 0.5 + 0.28 * Math.sin(step * 0.9)));
    await page.mouse.up();
  } while (await see(page, "sign-again").isDisabled());
}

/** Nothing is wider than the telephone, and no rule of WCAG 2.2 AA is broken. Returns what is wrong. */
export async function look(page, name) {
  const wrong = [];
  if (settings.shots) {
    mkdirSync(settings.shots, { recursive: true });
    await page.screenshot({ path: join(settings.shots, `${name}.png`), fullPage: true });
  }
  const wide = await page.evaluate(() => {
    const found = [];
    if (document.documentElement.scrollWidth > window.innerWidth) found.push(`page ${document.documentElement.scrollWidth}`);
    for (const element of document.querySelectorAll("body *")) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (box.width > 1 && (box.right > window.innerWidth + 1 || box.left < -1) && style.visibility !== "hidden" && !element.closest(".hidden")) found.push(`${element.tagName}.${element.className} ${Math.round(box.right)}`);
    }
    return found.slice(0, 5);
  });
  if (wide.length > 0) wrong.push(`${name} overflows: ${wide.join("; ")}`);
  await page.evaluate(() => window.scrollTo(0, 0)); // what is just now half under the bar is not measured as small
  await page.evaluate(`if (!window.axe) { ${axe} }`);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const one of violations) wrong.push(`${name} breaks ${one.id}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3).join(" | ")}`);
  return wrong;
}

/** Each test has a new telephone, which must neither complain nor ask anybody but the server. */
export async function play({ suite, browser, origin }, tests) {
  settings.address = origin;
  for (const [name, test] of Object.entries(tests)) {
    await suite.test(name, async () => {
      const phone = await newPhone(browser);
      try {
        await test(phone);
        if (phone.faults.length > 0) throw new Error(`the page said: ${phone.faults.join("; ")}`);
        if (phone.outside.length > 0) throw new Error(`asked outside: ${phone.outside.join("; ")}`);
      } catch (error) {
        if (settings.shots) await phone.page.screenshot({ path: join(settings.shots, `failed-${name.slice(0, 40).replaceAll(" ", "-")}.png`) }).catch(() => undefined);
        throw error;
      } finally {
        await phone.context.close();
      }
    });
  }
}
