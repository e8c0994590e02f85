// shell.test.mjs - signing in, staying signed in, languages, safety, and how much is loaded.
import { readFile } from "node:fs/promises";
import { PASSWORD } from "./lib/api.mjs";
import { open, settled, signIn, visitor } from "./lib/browser.mjs";
import { HOSTILE } from "./lib/records.mjs";
import { equal, innocent, truth } from "./lib/suite.mjs";

export default async function shell({ suite, browser, origin, api }) {
  const visit = async (work, options) => {
    const page = await visitor(browser, origin, options);
    try {
      await work(page);
      innocent(page);
    } finally {
      await page.context().close();
    }
  };

  await suite.test("Nobody sees a screen before signing in, and comes to it afterwards", () =>
    visit(async (page) => {
      await page.goto("/profile");
      await page.waitForURL("**/sign-in?to=/profile");
      await page.fill('input[name="sign_in_name"]', "operator@SH01");
      await page.fill('input[name="password"]', PASSWORD);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/profile");
      await page.locator("main#content h1").waitFor();
      equal(await page.locator(".branch").textContent(), "上海一分公司", "the branch in the header");
    }));

  async function fillDeputy(page, from, until) {
    await page.getByRole("button", { name: "指定代理人" }).click();
    const form = page.locator(".operation-form");
    await form.locator('input[name="from_date"]').fill(from);
    await form.locator('input[name="until_date"]').fill(until);
    await choose(page, form, "deputy_id");
    return form;
  }

  async function revokeAll(page) {
    const sessions = await api.call("it_administrator@ZB", "staff.session.list", { staff_id: await idOf(page) });
    for (const one of sessions.items) await api.call("it_administrator@ZB", "staff.session.revoke", { session_id: one.session_id });
  }

  async function enterAgain(again) {
    await again.locator('input[name="again_password"]').fill(PASSWORD);
    await again.locator('button[type="submit"]').click();
    await again.waitFor({ state: "hidden" });
  }

  await suite.test("A wrong password is refused with the rule's number and the name stays", () =>
    visit(async (page) => {
      await page.goto("/sign-in");
      await page.fill('input[name="sign_in_name"]', "clerk@HZ01");
      await page.fill('input[name="password"]', "not the password");
      await page.click('button[type="submit"]');
      const refusal = page.locator(".refused");
      await refusal.waitFor();
      truth((await refusal.textContent()).includes("S5"), "the rule is named");
      equal(await page.inputValue('input[name="sign_in_name"]'), "clerk@HZ01", "the name");
      equal(await page.inputValue('input[name="password"]'), "", "the password");
    }));

  await suite.test("A temporary password must be changed before anything else", async () => {
    const people = await api.call("it_administrator@ZB", "staff.person.list", { search: "marketing", limit: 200 });
    const all = people.items.length > 0 ? people.items : (await api.call("it_administrator@ZB", "staff.person.list", { function: "marketing", limit: 200 })).items;
    const person = all[0];
    const name = (await api.call("it_administrator@ZB", "staff.person.read", { staff_id: person.staff_id })).sign_in_name;
    const temporary = `for now only ${Date.now()}`;
    await api.call("it_administrator@ZB", "staff.password.set", { staff_id: person.staff_id, password: temporary, is_temporary: true });
    await visit(async (page) => {
      await page.goto("/sign-in?to=/profile");
      await page.fill('input[name="sign_in_name"]', name);
      await page.fill('input[name="password"]', temporary);
      await page.click('button[type="submit"]');
      await page.waitForURL("**/first-password**");
      await page.goto("/");
      await page.waitForURL("**/first-password**");
      await page.fill('input[name="old_password"]', temporary);
      await page.fill('input[name="new_password"]', "short");
      await page.fill('input[name="new_password_again"]', "other");
      await page.click('button[type="submit"]');
      await page.locator(".el-form-item__error").first().waitFor();
      equal(await page.locator(".el-form-item__error").count(), 2, "wrong entries");
      const fresh = `my very own ${Date.now()}`;
      await page.fill('input[name="new_password"]', fresh);
      await page.fill('input[name="new_password_again"]', fresh);
      await page.click('button[type="submit"]');
      await page.locator("main#content h1").waitFor();
    });
  });

  await suite.test("A session that ends in the middle of a form loses nothing: the password is asked for over it", () =>
    visit(async (page) => {
      await signIn(page, "telesales2@SH01", PASSWORD, "/profile");
      await page.locator(".state.open").waitFor();
      const form = await fillDeputy(page, "2027-03-01", "2027-03-05");
      await revokeAll(page);
      const again = page.locator(".sign-in-again");
      await again.waitFor(); // by itself: the live connection has noticed
      equal(await form.locator('input[name="until_date"]').inputValue(), "2027-03-05", "what was typed");
      await again.locator('input[name="again_password"]').fill("wrong one");
      await again.locator('button[type="submit"]').click();
      await again.locator(".refused").waitFor();
      await enterAgain(again);
      equal(await form.locator('input[name="until_date"]').inputValue(), "2027-03-05", "what was typed");
      await form.locator('button[type="submit"]').click();
      await page.getByRole("cell", { name: "2027-03-05" }).first().waitFor();
    }));

  await suite.test("What was sent when the session had ended is done after the password, without another click", () =>
    visit(async (page) => {
      await page.route("**/api/v1/events", (route) => route.abort()); // only the form can notice
      await signIn(page, "telesales@SH01", PASSWORD, "/profile");
      const form = await fillDeputy(page, "2027-05-01", "2027-05-05");
      await revokeAll(page);
      await form.locator('button[type="submit"]').click();
      const again = page.locator(".sign-in-again");
      await again.waitFor();
      await enterAgain(again);
      await page.getByRole("cell", { name: "2027-05-05" }).first().waitFor();
      await form.waitFor({ state: "detached" });
    }));

  await suite.test("What was typed comes back after the page is loaded anew", () =>
    visit(async (page) => {
      await signIn(page, "telesales@SH01", PASSWORD, "/profile");
      await page.getByRole("button", { name: "指定代理人" }).click();
      await page.locator('.operation-form input[name="from_date"]').fill("2027-04-01");
      await page.reload();
      await page.getByRole("button", { name: "指定代理人" }).click();
      await page.locator(".operation-form .note").waitFor();
      equal(await page.inputValue('.operation-form input[name="from_date"]'), "2027-04-01", "what was typed");
    }));

  await suite.test("The language is switched in place, with the page's own mark, and stays", () =>
    visit(async (page) => {
      await signIn(page, "operator@SH01", PASSWORD);
      equal(await page.locator("h1").textContent(), "今日工作", "the title");
      await page.getByRole("button", { name: "English" }).click();
      equal(await page.locator("h1").textContent(), "Today", "the title");
      equal(await page.getAttribute("html", "lang"), "en", "lang");
      await page.reload();
      await page.locator("h1").waitFor();
      equal(await page.locator("h1").textContent(), "Today", "the title after a reload");
      truth(!/[\u4e00-\u9fff]/.test(await page.locator("nav.menu").textContent()), "no Chinese in the English menu");
    }));

  await suite.test("A customer with a hostile name stands there as text", async () => {
    await api.call("representative@SH01", "leads.customer.create", { name: HOSTILE, source: "call", phone: `139${String(Date.now()).slice(-8)}` });
    await visit(async (page) => {
      await signIn(page, "representative@SH01", PASSWORD, "/customers?search=onerror");
      const cell = page.getByText(HOSTILE).first();
      await cell.waitFor();
      equal(await page.evaluate(() => [window.hurt, document.querySelectorAll('img[src="x"]').length]), [null, 0], "harm");
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出 CSV" }).first().click()]);
      truth((await text(file)).includes(HOSTILE), "the file has the name");
    });
  });

  await suite.test("A list is handed over as a file of all its rows, with what was looked for", () =>
    visit(async (page) => {
      await signIn(page, "it_administrator@ZB", PASSWORD, "/people?function=driver");
      const all = await api.call("it_administrator@ZB", "staff.person.list", { function: "driver", limit: 200 });
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出 CSV" }).click()]);
      const rows = (await readFile(await file.path(), "utf8")).split("\r\n").filter((row) => row !== "");
      truth(rows[0].startsWith("\ufeff") && rows[0].includes("名称"), `the head: ${rows[0]}`);
      equal(rows.length - 1, all.items.length, "rows");
      for (const one of all.items) truth(rows.some((row) => row.includes(one.name)), `${one.name} is in it`);
      const [book] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出 XLSX" }).click()]);
      truth(book.suggestedFilename().endsWith(".xlsx"), book.suggestedFilename());
      equal((await readFile(await book.path())).subarray(0, 2).toString(), "PK", "a workbook");
    }));

  await suite.test("A list of several pages is sorted as a whole: on each page, in the address, in the file", () =>
    visit(async (page) => {
      const first = { sort: "amount", is_descending: true, limit: 50 };
      await signIn(page, "finance@SH01", PASSWORD, "/ledger");
      const head = (name) => page.locator("thead th").filter({ hasText: name });
      const amounts = async () => (await page.locator("tbody tr td:nth-child(5)").allInnerTexts()).map((one) => Math.round(Number(one.replace(/,/g, "")) * 100));
      const sorted = (down) => page.locator(`th[aria-sort="${down ? "descending" : "ascending"}"]`).waitFor().then(() => settled(page));
      equal(await head("金额").locator("button").count(), 1, "the service sorts by amounts");
      equal(await head("凭证").locator("button").count(), 0, "nobody sorts by the ids of journals");
      await head("金额").locator("button").click();
      await sorted(false);
      await head("金额").locator("button").click();
      await sorted(true);
      const wanted = await api.call("finance@SH01", "collection.ledger.list", first);
      const behind = await api.call("finance@SH01", "collection.ledger.list", { ...first, after: wanted.next });
      equal(await amounts(), wanted.items.map((one) => one.amount), "the first page");
      await page.reload();
      await sorted(true);
      equal(await amounts(), wanted.items.map((one) => one.amount), "the first page again, by its address");
      await page.getByRole("button", { name: "下一页" }).click();
      await page.getByText("第 2 页").waitFor();
      await settled(page);
      equal(await amounts(), behind.items.map((one) => one.amount), "the second page");
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出 CSV" }).click()]);
      const rows = (await readFile(await file.path(), "utf8")).replace("\ufeff", "").split("\r\n").filter((row) => row !== "").map((row) => row.slice(1, -1).split('","'));
      const column = rows[0].indexOf("金额");
      const all = rows.slice(1).map((row) => Number(row[column]));
      truth(all.length > 100 && all.every((one, at) => at === 0 || one <= all[at - 1]), `${all.length} rows from the greatest on`);
    }));

  await suite.test("A lost connection is shown, and found again", () =>
    visit(async (page) => {
      await signIn(page, "dispatcher2@SH01", PASSWORD);
      await page.locator(".state.open").waitFor();
      let isCut = true;
      await page.route("**/api/v1/events", (route) => (isCut ? route.abort() : route.continue()));
      const id = await idOf(page);
      await api.call("it_administrator@ZB", "staff.function.grant", { staff_id: id, function: "sales_support" }); // a person's streams end when he changes
      await page.locator(".state.lost").waitFor();
      await page.locator("main > .lost").waitFor();
      await api.call("it_administrator@ZB", "staff.function.revoke", { staff_id: id, function: "sales_support" });
      isCut = false;
      await page.locator(".state.open").waitFor();
      await page.locator("main > .lost").waitFor({ state: "hidden" });
    }));

  await suite.test("Pages carry the content policy, hashed files are kept for a year, pages are asked for anew", async () => {
    for (const path of ["/", "/customers/17", "/driver", "/driver/queue"]) {
      const response = await fetch(origin + path);
      const policy = response.headers.get("content-security-policy") ?? "";
      for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) truth(policy.includes(part), `${path}: ${policy}`);
      truth(!/script-src[^;]*(unsafe|data:|\*)/.test(policy), `${path}: ${policy}`);
      equal(response.headers.get("x-content-type-options"), "nosniff", path);
      equal(response.headers.get("referrer-policy"), "no-referrer", path);
      equal(response.headers.get("cache-control"), "no-cache", path);
      const html = await response.text();
      const isDriver = path.startsWith("/driver");
      truth(html.includes(isDriver ? "/assets/driver-" : "/assets/staff-"), `${path} is the ${isDriver ? "driver" : "staff"}'s page`);
      const asset = /\/assets\/[^"]+\.js/.exec(html)[0];
      equal((await fetch(origin + asset)).headers.get("cache-control"), "public, max-age=31536000, immutable", asset);
    }
  });

  await suite.test("The first load is at most 250 KB packed, the driver's page 130", async () => {
    await visit(async (page) => {
      await signIn(page, "operator@SH01", PASSWORD);
      await page.reload();
      await page.locator("main#content h1").waitFor();
      await settled(page);
      const size = await loaded(page);
      console.log(`    staff: ${size} KB`);
      truth(size > 50 && size <= 250, `${size} KB`);
    });
    await visit(async (page) => {
      await page.goto("/driver");
      await page.locator("#app > *").first().waitFor();
      await page.waitForLoadState("load");
      const size = await loaded(page);
      console.log(`    driver: ${size} KB`);
      truth(size > 20 && size <= 130, `${size} KB`);
    });
  });

  await suite.test("Signing out ends the session and leaves nothing of the person", () =>
    visit(async (page) => {
      await signIn(page, "finance@SH01", PASSWORD);
      await page.getByRole("button", { name: "退出登录" }).click();
      await page.waitForURL("**/sign-in");
      equal(await page.evaluate(() => localStorage.getItem("songda.person")), null, "who was here");
      equal((await page.context().cookies()).filter((one) => one.value !== "").length, 0, "cookies");
      await open(page, "/");
      truth(page.url().endsWith("/sign-in"), page.url());
    }));

  await suite.test("No script reads the session's cookie, and it is of this site only", () =>
    visit(async (page) => {
      await signIn(page, "warehouse@SH01", PASSWORD);
      const cookies = await page.context().cookies();
      equal(cookies.map((one) => [one.httpOnly, one.sameSite]), [[true, "Strict"]], "the cookie");
      equal(await page.evaluate(() => document.cookie), "", "what a script sees");
    }));

  await suite.test("The keyboard alone signs in, skips the menu and opens a screen", () =>
    visit(async (page) => {
      await page.goto("/sign-in");
      await page.locator('input[name="sign_in_name"]').focus();
      await page.keyboard.type("clerk@SH01");
      await page.keyboard.press("Tab");
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press("Enter");
      await page.locator("main#content h1").waitFor();
      await settled(page);
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.press("Tab");
      equal(await page.evaluate(() => document.activeElement?.className), "skip", "the first stop");
      await page.locator('nav.menu a[href="/profile"]').focus();
      await page.keyboard.press("Enter");
      await page.waitForURL("**/profile");
    }));
}

/** Chooses the first thing that a picker offers. */
async function choose(page, form, name) {
  const input = form.locator(`input[name="${name}"]`);
  await input.click();
  const option = page.locator(".el-select-dropdown:visible .el-select-dropdown__item").first();
  await option.waitFor();
  await option.click();
}

function idOf(page) {
  return page.evaluate(() => JSON.parse(localStorage.getItem("songda.person")).staff_id);
}

async function text(file) {
  const parts = [];
  for await (const part of await file.createReadStream()) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

/** What came over the line until now, packed, in KB: pages, scripts, styles. */
async function loaded(page) {
  const bytes = await page.evaluate(() => {
    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource").filter((one) => /\.(js|css)$/.test(new URL(one.name).pathname))];
    return all.reduce((sum, one) => sum + one.encodedBodySize, 0);
  });
  return Math.round(bytes / 1024);
}

