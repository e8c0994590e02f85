// person.mjs - somebody at a desk: signs in, presses buttons by their words, fills in forms, and waits for what comes of it.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PASSWORD } from "./api.mjs";
import { open, settled, signIn, visitor } from "./browser.mjs";
import { innocent } from "./suite.mjs";

const schemas = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas");

/** What the button of an operation says. */
export function wordsOf(operation) {
  const [service, noun, verb] = operation.split(".");
  for (const folder of [service, "common"]) {
    try {
      return JSON.parse(readFileSync(join(schemas, folder, `${noun}.${verb}.json`), "utf8")).summary.zh;
    } catch {
      continue;
    }
  }
  throw new Error(`there is no operation ${operation}`);
}

export const day = (later) => new Date(Date.now() + 8 * 3_600_000 + later * 86_400_000).toISOString().slice(0, 10);

export class Person {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  static async arrives(browser, origin, name, path = "/", password = PASSWORD) {
    const page = await visitor(browser, origin);
    await signIn(page, name, password, path);
    return new Person(page, name);
  }

  async leaves() {
    innocent(this.page);
    await this.page.context().close();
  }

  async goes(path) {
    await open(this.page, path);
  }

  /** Presses a button of the screen and waits until nothing moves. */
  async presses(words, scope = "main") {
    await this.page.locator(scope).getByRole("button", { name: words, exact: true }).first().click();
    await settled(this.page);
  }

  /** Presses the button of an operation, fills in its form if it has one, sends it, and waits until it was done. `words`: where the button says something else. */
  async does(operation, entries = {}, { words = wordsOf(operation), within = this.page.locator("main") } = {}) {
    await within.locator(".operation-button").filter({ hasText: new RegExp(`^\\s*${words.replace(/[（）()]/g, "\\$&")}\\s*$`) }).first().click();
    const over = this.page.locator(".el-drawer:visible, .el-dialog:visible").last();
    await over.waitFor();
    if (await over.evaluate((element) => element.classList.contains("el-dialog"))) await over.locator(".el-dialog__footer .el-button--primary, .el-dialog__footer .el-button--danger").click();
    else await this.sends(over.locator(".operation-form"), entries);
    await over.waitFor({ state: "hidden" });
    await settled(this.page);
  }

  async sends(form, entries) {
    await form.locator("form").waitFor();
    await this.fills(form, entries);
    await form.locator('button[type="submit"]').click();
  }

  /** entries: field → text, true (ticked), { pick: fragment }, { choose: word, … }; a path like lines[0].price is a row's field. */
  async fills(form, entries) {
    for (const [path, value] of Object.entries(entries)) {
      const input = form.locator(`[name="${path}"]`);
      await this.makesRow(form, path, input);
      if (typeof value === "string") await input.fill(value);
      else if (value === true) await input.check({ force: true });
      else if (value.pick) await this.picks(input, value.pick, true);
      else for (const word of [value.choose].flat()) await this.picks(input, word, false);
    }
  }

  /** Rows are added until there is the one that is named. */
  async makesRow(form, path, input) {
    const list = /^(.*)\[\d+\]\.[a-z_]+$/.exec(path)?.[1];
    if (list === undefined || (await input.count()) > 0) return;
    const title = await this.titleOf(list);
    const rows = form.locator("fieldset.rows").filter({ has: this.page.locator(":scope > legend", { hasText: title }) }).last();
    await rows.locator(":scope > button").last().click();
    await input.first().waitFor();
  }

  /** What a list of rows is called: the legend of a fieldset. */
  async titleOf(list) {
    const titles = { lines: /产品|行|明细/, "terms.lines": /产品|行|明细/, "terms.fields": /要素|填写/, crews: /车|人/, evidence: /证据/, handed_back: /退|交回/ };
    return titles[list] ?? new RegExp(list);
  }

  async picks(input, fragment, types) {
    const select = input.locator("xpath=ancestor::*[contains(@class,'el-select')][1]/ancestor-or-self::*[contains(concat(' ',@class,' '),' el-select ')][1]");
    await select.click();
    if (types) await input.fill(fragment);
    const option = this.page.locator(".el-select-dropdown:visible .el-select-dropdown__item").filter({ hasText: fragment }).first();
    await option.click();
    await input.press("Tab"); // a list of several stays open
    await this.page.locator(".el-select-dropdown:visible").first().waitFor({ state: "hidden" });
  }

  /** Opens the row of a list that has these words. */
  async opens(words) {
    await this.page.locator("main").getByRole("row").filter({ hasText: words }).getByRole("link").first().click();
    await settled(this.page);
  }

  async sees(words, scope = "main") {
    await this.page.locator(scope).getByText(words).first().waitFor();
  }
}
