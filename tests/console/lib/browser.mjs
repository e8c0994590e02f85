// browser.mjs - Chromium as a person uses it: signs in, clicks, and notes everything that a page must not do.
import { chromium } from "playwright-core";

const PROGRAM = process.env.SONGDA_CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--disable-dev-shm-usage"];
export const PATIENCE = 30_000; // for a slow machine; nothing waits longer than the state it waits for

export async function launch() {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}

/** A browser with one profile, kept in `folder`: what another program opens in it is signed in, too. */
export async function launchKept(folder, origin, flags = []) {
  return chromium.launchPersistentContext(folder, { executablePath: PROGRAM, args: [...FLAGS, ...flags], baseURL: origin, viewport: null, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
}

/** A person's own browser: no cookies of others. `page.wrong` collects what must not happen. */
export async function visitor(browser, origin, options = {}) {
  const context = await browser.newContext({
    baseURL: origin, viewport: { width: 1366, height: 768 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce", acceptDownloads: true, ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.wrong = [];
  watch(page, origin);
  return page;
}

/** No request leaves the server, nothing breaks, the content policy is not offended. */
function watch(page, origin) {
  const expected = /Failed to load resource|net::ERR_/; // a refusal is an answer, not a mistake of the page
  page.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.text())) page.wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.wrong.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:") && !url.startsWith("blob:")) page.wrong.push(`request to ${url}`);
  });
  page.context().on("weberror", (error) => page.wrong.push(`error: ${error.error().message}`));
  return page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));
    window.addEventListener("songda:failed", (event) => console.error(`screen failed: ${event.detail}`));
  });
}

export async function signIn(page, name, password, to = "/") {
  await page.goto(to === "/" ? "/sign-in" : `/sign-in?to=${encodeURIComponent(to)}`);
  await page.fill('input[name="sign_in_name"]', name);
  await page.fill('input[name="password"]', password);
  await page.click('button[type="submit"]');
  await page.locator("main#content h1").waitFor();
  await settled(page);
}

/** Nothing is being loaded and nothing moves any more: no bones, no spinning, no fading in. */
export async function settled(page) {
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getTiming().iterations === Infinity));
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .el-loading-mask, .is-loading'), undefined, { timeout: PATIENCE });
}

/** Goes to an address inside the page, as a click on a link does. */
export async function open(page, path) {
  await page.goto(path);
  await page.locator("h1").first().waitFor();
  await settled(page);
}
