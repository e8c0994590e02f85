// screens.test.mjs - every screen of the console's table: opens, offends no rule of WCAG 2.2 AA, fits 1366 and 1920, asks nobody else.
import { PASSWORD } from "./lib/api.mjs";
import { open, settled, signIn, visitor } from "./lib/browser.mjs";
import { makeRecords } from "./lib/records.mjs";
import { offends, overflow } from "./lib/rules.mjs";
import { innocent, truth } from "./lib/suite.mjs";

const SIZES = [{ width: 1366, height: 768 }, { width: 1920, height: 1080 }];

export default async function screens({ suite, browser, origin, api, table }) {
  const people = new Map(); // function → page, signed in once
  const links = new Set(); // addresses seen on pages: how a screen with a parameter is found

  async function pageOf(name) {
    if (!people.has(name)) {
      const page = await visitor(browser, origin);
      await signIn(page, `${name}@SH01`, PASSWORD);
      people.set(name, page);
    }
    return people.get(name);
  }

  /** Links on a screen's parent, as others see it. */
  async function look(screen) {
    const parent = table.screens.find((one) => !one.path.includes(":") && one.path !== "/" && screen.path.startsWith(`${one.path}/`));
    for (const who of parent?.functions.slice(1, 5) ?? []) {
      const page = await pageOf(who);
      await open(page, parent.path);
      await note(page, who);
    }
  }

  async function note(page, who) {
    for (const link of await page.evaluate(() => [...document.querySelectorAll("main a[href]")].map((one) => one.getAttribute("href")))) links.add(`${who} ${link}`);
  }

  await suite.test("The sign-in page offends no rule and fits", async () => {
    const page = await visitor(browser, origin);
    await page.goto("/sign-in");
    await page.locator("h1").waitFor();
    await examine(page);
    innocent(page);
    await page.context().close();
  });

  await suite.test("A customer with a hostile name has one of everything", () => makeRecords(api));

  const plain = table.screens.filter((one) => !one.path.includes(":"));
  const particular = table.screens.filter((one) => one.path.includes(":"));
  for (const screen of [...plain, ...particular]) {
    const { who, path } = await addressOf(screen, api, links, look);
    if (!path && screen.functions.length > 0) {
      console.log(`    ${screen.path}: the demonstration has no record to open it with`);
      continue;
    }
    await suite.test(`${screen.path} opens, offends no rule and fits`, async () => {
      truth(screen.functions.length > 0, "somebody may see it");
      const page = await pageOf(who);
      page.wrong.length = 0;
      await open(page, path);
      truth(!(await page.getByText("没有这个页面").count()), "the screen exists");
      await note(page, who);
      truth(await page.evaluate(() => window.hurt === undefined && !document.querySelector('img[src="x"]')), "a name is only a text");
      await examine(page);
      innocent(page);
    });
  }
  for (const page of people.values()) await page.context().close();
}

/** Who opens it, and with what in the place of its parameters. */
async function addressOf(screen, api, links, look) {
  const functions = screen.functions.filter((one) => !["driver"].includes(one) || screen.functions.length === 1);
  if (!screen.path.includes(":")) return { who: functions[0], path: screen.path };
  const linked = () => {
    const pattern = new RegExp(`^${screen.path.replace(/:[a-z_]+/g, "[^/?]+")}(\\?.*)?$`);
    for (const one of links) {
      const [who, link] = [one.slice(0, one.indexOf(" ")), one.slice(one.indexOf(" ") + 1)];
      if (pattern.test(link) && functions.includes(who)) return { who, path: link };
    }
    return undefined;
  };
  const seen = linked();
  if (seen) return seen;
  if (!screen.example) {
    await look(screen);
    return linked() ?? {};
  }
  const [operation, field, request] = screen.example;
  for (const who of functions.slice(0, 4)) {
    const reply = await api.call(`${who}@SH01`, operation, request ?? {}).catch(() => undefined);
    const item = reply && Object.values(reply).find((one) => Array.isArray(one))?.[0];
    if (item?.[field]) return { who, path: screen.path.replace(/:[a-z_]+/g, item[field]) };
  }
  return {};
}

async function examine(page) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await settled(page);
    const wide = await page.evaluate(overflow);
    truth(wide.length === 0, `at ${size.width}: ${wide.join("; ")}`);
  }
  await page.setViewportSize(SIZES[0]);
  await offends(page);
  await openForm(page);
}

/** The first form that the screen offers, in its drawer: it offends no rule either, and Escape closes it. */
async function openForm(page) {
  const button = page.locator("main .operation-button:not([disabled])").first();
  if (!(await button.count())) return;
  await button.click();
  const over = page.locator(".el-drawer:visible, .el-dialog:visible").first();
  await over.waitFor();
  await settled(page);
  await offends(page);
  await page.keyboard.press("Escape");
  await over.waitFor({ state: "hidden" });
}
