/** The driver's page, by clicks, in Chromium: a whole day, a dead spot, refusals, sessions, two tabs; checked through the API. */
import assert from "node:assert/strict";
import { field, look, play, see, settings, sign, signIn, tap } from "./driver.browser.mjs";
import { Api, driveThrough, newDay, sleep, until } from "./driver.company.mjs";
import { png } from "./lib/picture.mjs";
import { isReady, stack } from "./lib/stack.mjs";

let api;
const money = (fen) => `¥${(fen / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",")}`;
const stops = (page) => page.locator('[data-test="stop"]');
const actions = (page, state) => page.locator(`[data-test="action"][data-state="${state}"]`);
const openCount = async (page) => Number((await see(page, "chip").innerText()).replace(/\D/g, ""));
const sent = (page) => until("the queue is empty", () => openCount(page), (count) => count === 0, 40);
const toStop = (page, at) => stops(page).nth(at).click();
const toList = (page) => page.evaluate(() => (location.hash = "#/"));

const deliveries = async (day) => (await api.must(`dispatcher@${day.branch}`, "dispatch.delivery.list", { route_id: day.route_id, limit: 200 })).items;
const receipts = async (day) => (await api.must(`finance@${day.branch}`, "collection.receipt.list", { collector_id: day.driver.staff_id, limit: 200 })).items;
const routeOf = (day) => api.must(`dispatcher@${day.branch}`, "dispatch.route.read", { route_id: day.route_id });

/** From a stop's screen: arrived, all that was ordered handed over, signed. */
async function deliver(page) {
  await tap(page, "arrive");
  await tap(page, "deliver");
  await sign(page);
  await tap(page, "submit");
  await see(page, "back").waitFor();
}

async function collect(page, amount, method = undefined) {
  await tap(page, "collect");
  if (method) await page.locator(`input[name="method"][value="${method}"]`).check({ force: true });
  if (amount !== undefined) await field(page, "amount").fill(amount);
  await tap(page, "submit");
  await see(page, "taken").waitFor();
}

/** The service worker has the page, so that it loads without a network. */
async function pageIsKept(page) {
  await page.waitForFunction(() => navigator.serviceWorker.ready.then((one) => one.active?.state === "activated"));
}

const tests = {
  async "a driver's whole day by clicks"({ page }) {
    const before = await newDay(api, { stops: 4 });
    await driveThrough(api, before);
    const day = await newDay(api, { stops: 4, driver: before.driver });
    const wrong = [];
    await page.goto(`${settings.address}/driver`);
    await field(page, "name").waitFor();
    wrong.push(...(await look(page, "01-sign-in")));
    await signIn(page, day.driver);
    await stops(page).nth(3).waitFor();
    await until("the lines of all stops are on the phone", () => page.evaluate(() => new Promise((done) => {
      const open = indexedDB.open("songda-driver");
      open.onsuccess = () => (open.result.transaction("kept").objectStore("kept").getAllKeys().onsuccess = (event) => done(event.target.result.filter((one) => one.includes("/card/")).length));
    })), (count) => count === 4);
    wrong.push(...(await look(page, "02-today")));
    await tap(page, "start");
    await see(page, "next").waitFor();
    await sent(page);
    assert.equal((await routeOf(day)).status, "started");

    // The first stop: what is due first, in full; then the goods, signed.
    await toStop(page, 0);
    await see(page, "due").waitFor();
    const owed = await until("the due of the previous delivery", () => api.must(day.driver.name, "dispatch.stop.read", { stop_id: day.stops[0].stop_id }), (stop) => stop.due > 0);
    assert.equal(await see(page, "due").innerText(), money(owed.due));
    wrong.push(...(await look(page, "03-stop")));
    const link = await see(page, "amap").getAttribute("href");
    assert.match(link, /^https:\/\/uri\.amap\.com\/navigation\?to=121\.\d{6},31\.\d{6},/);
    assert.equal(await page.locator('a[href^="tel:"]').getAttribute("href"), `tel:${owed.phone}`);
    await tap(page, "collect");
    assert.equal(await see(page, "due").innerText(), money(owed.due));
    wrong.push(...(await look(page, "04-collect")));
    await page.goBack();
    await collect(page, undefined);
    await deliver(page);
    await sent(page);
    wrong.push(...(await look(page, "05-stop-done")));

    // The second: less than ordered with a reason, a photo instead of the signature, a part of the money by WeChat.
    await tap(page, "back");
    await toStop(page, 1);
    await collect(page, "12.30", "wechat");
    await tap(page, "arrive");
    await tap(page, "deliver");
    await tap(page, "submit");
    assert.match(await see(page, "error").innerText(), /签名/);
    await page.locator(".quantity button").first().click();
    await page.locator(".chips button").nth(1).click();
    await page.locator('input[value="photo"]').check({ force: true });
    await see(page, "photo").setInputFiles({ name: "door.png", mimeType: "image/png", buffer: png(1600, 1200) });
    await page.locator("main img").waitFor();
    await field(page, "signer").fill("<img src=x onerror=alert(1)>");
    wrong.push(...(await look(page, "06-deliver")));
    await tap(page, "submit");
    await see(page, "back").waitFor();
    await tap(page, "return");
    await page.locator(".quantity button").nth(1).click();
    await page.locator(".chips button").first().click();
    wrong.push(...(await look(page, "07-return")));
    await tap(page, "submit");
    await see(page, "back").waitFor();
    await sent(page);

    // The third comes to nothing, the fourth is delivered with the customer's code.
    await tap(page, "back");
    await toStop(page, 2);
    await tap(page, "fail");
    await tap(page, "submit");
    assert.match(await see(page, "error").innerText(), /原因/);
    await page.locator('input[value="closed"]').check({ force: true });
    wrong.push(...(await look(page, "08-fail")));
    await tap(page, "submit");
    await see(page, "back").waitFor();
    await tap(page, "back");
    await tap(page, "next");
    await tap(page, "arrive");
    await tap(page, "deliver");
    await page.locator('input[value="code"]').check({ force: true });
    const { code } = await api.must(`operator@${day.branch}`, "dispatch.order.read", { order_id: day.stops[3].order_id });
    await field(page, "code").fill(code);
    await tap(page, "submit");
    await see(page, "back").waitFor();
    await sent(page);
    await tap(page, "back");

    // The end: goods for the warehouse, cash for finance.
    await tap(page, "end");
    await see(page, "ready").waitFor();
    await tap(page, "count");
    wrong.push(...(await look(page, "09-end")));
    await tap(page, "tell");
    await see(page, "told").waitFor();
    await sent(page);
    await tap(page, "cash");
    const cash = await until("the cash in hand", () => see(page, "expected").innerText(), (text) => text === money(owed.due));
    await field(page, "d10000").fill(String(Math.floor(owed.due / 10000)));
    for (const [at, piece] of [5000, 2000, 1000, 500, 100, 50, 10].entries()) {
      const rest = [10000, 5000, 2000, 1000, 500, 100, 50].slice(0, at + 1).reduce((left, one) => left % one, owed.due);
      await field(page, `d${piece}`).fill(String(Math.floor(rest / piece)));
    }
    assert.equal(await see(page, "counted").innerText(), cash);
    wrong.push(...(await look(page, "10-cash")));
    await tap(page, "submit");
    await sent(page);
    await see(page, "empty").waitFor();
    wrong.push(...(await look(page, "11-queue")));

    // What the company knows of it.
    const made = await deliveries(day);
    assert.equal(made.length, 3);
    const second = await api.must(`dispatcher@${day.branch}`, "dispatch.delivery.read", { delivery_id: made.find((one) => one.stop_id === day.stops[1].stop_id).delivery_id });
    assert.deepEqual([second.lines[0].quantity, second.lines[0].reason, second.proof.kind, second.proof.signer], [day.stops[1].quantity - 1000, "客户减量", "photo", "<img src=x onerror=alert(1)>"]);
    const picture = Buffer.from(second.proof.data, "base64");
    assert.ok(picture.length > 2000 && picture.length <= 60000 && picture[0] === 0xff && picture[1] === 0xd8, `${picture.length} bytes`);
    assert.ok(second.happened_at && Math.abs(Date.parse(second.happened_at) - Date.parse(second.confirmed_at)) < 60_000);
    const first = await api.must(`dispatcher@${day.branch}`, "dispatch.delivery.read", { delivery_id: made.find((one) => one.stop_id === day.stops[0].stop_id).delivery_id });
    assert.deepEqual([...Buffer.from(first.proof.data, "base64").subarray(0, 4)], [137, 80, 78, 71]);
    assert.deepEqual((await receipts(day)).map((one) => [one.amount, one.method, one.route_id]).sort(), [[1230, "wechat", day.route_id], [owed.due, "cash", day.route_id]].sort());
    const [handed] = (await api.must(`finance@${day.branch}`, "collection.remittance.list", { driver_id: day.driver.staff_id })).items;
    assert.deepEqual([handed.expected, handed.handed, handed.status], [owed.due, owed.due, "handed"]);
    const goods = (await api.must(`warehouse@${day.branch}`, "dispatch.route.goods", { route_id: day.route_id })).items;
    assert.deepEqual(goods.map((one) => one.counted), goods.map((one) => one.loaded - one.delivered + one.taken_back), "the driver's own count");
    await api.must(`warehouse@${day.branch}`, "dispatch.route.close", {
      route_id: day.route_id,
      handed_back: goods.map((one) => ({ product_id: one.product_id, quantity: one.loaded - one.delivered + one.taken_back })),
    });
    await toList(page);
    await until("the closed route leaves the list by itself", () => stops(page).count(), (count) => count === 0);

    // English, and the way out.
    await page.evaluate(() => (location.hash = "#/me"));
    await page.locator('input[value="en"]').check({ force: true });
    wrong.push(...(await look(page, "12-me-english")));
    await page.locator('input[value="zh"]').check({ force: true });
    await tap(page, "out");
    await field(page, "name").waitFor();
    const left = await page.evaluate(() => new Promise((done) => {
      const open = indexedDB.open("songda-driver");
      open.onsuccess = () => {
        const all = open.result.transaction(["kept", "actions"]);
        const counts = [];
        for (const store of ["kept", "actions"]) all.objectStore(store).count().onsuccess = (event) => counts.push(event.target.result) === 2 && done(counts);
      };
    }));
    assert.deepEqual(left, [0, 0], "what is personal is cleared");
    assert.deepEqual(wrong, []);
  },

  async "in a dead spot nothing is lost or doubled, though the phone is reloaded"({ page, context }) {
    const before = await newDay(api, { stops: 3 });
    await driveThrough(api, before);
    const day = await newDay(api, { stops: 3, driver: before.driver });
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    await pageIsKept(page);
    const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat());
    assert.ok(kept.includes("/driver.html") && kept.every((one) => one === "/driver.html" || one === "/icon.svg" || one.startsWith("/assets/")), `only the page itself is cached: ${kept}`);
    await until("goods are on the phone", () => page.locator('[data-test="stop"]').count(), (count) => count === 3);
    await sleep(1500);
    await context.setOffline(true);
    await toStop(page, 0);
    await collect(page, "50");
    await deliver(page);
    await see(page, "offline").waitFor();
    assert.equal(await openCount(page), 3);
    assert.deepEqual(await look(page, "20-offline-stop"), []);
    await page.reload();
    await see(page, "status").waitFor();
    assert.equal(await see(page, "status").innerText(), "已送达");
    assert.equal(await openCount(page), 3, "the queue outlives the page");
    await tap(page, "back");
    await toStop(page, 1);
    await deliver(page);
    await tap(page, "chip");
    assert.equal(await actions(page, "waiting").count(), 5);
    assert.deepEqual(await look(page, "21-offline-queue"), []);
    await page.evaluate(() => (location.hash = "#/me"));
    await tap(page, "out");
    assert.match(await see(page, "error").innerText(), /5/, "no way out while something is unsent");
    assert.equal((await deliveries(day)).length, 0);
    await page.close();

    // The phone wakes up in coverage: a new page of the same telephone.
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(`${settings.address}/driver`);
    await see(again, "chip").waitFor();
    await sent(again);
    const made = await deliveries(day);
    assert.deepEqual(made.map((one) => one.stop_id).sort(), [day.stops[0].stop_id, day.stops[1].stop_id].sort());
    assert.deepEqual((await receipts(day)).filter((one) => one.route_id === day.route_id).map((one) => one.amount), [5000]);
  },

  async "an answer that is lost on the way is asked for again with the same key"({ page, context }) {
    const before = await newDay(api, { stops: 2 });
    await driveThrough(api, before);
    const day = await newDay(api, { stops: 2, driver: before.driver });
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    const keys = [];
    let cut = true;
    await context.route("**/api/v1/collection/receipts", async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      if (!cut) return route.continue();
      await route.fetch(); // the server does it, the phone never hears
      await route.abort("connectionreset");
    });
    await toStop(page, 0);
    await collect(page, "66.60");
    await until("it was tried twice", () => keys.length, (count) => count >= 2);
    cut = false;
    await sent(page);
    assert.equal(new Set(keys).size, 1);
    assert.deepEqual((await receipts(day)).filter((one) => one.route_id === day.route_id).map((one) => one.amount), [6660]);
  },

  async "the server stops in the middle, and all arrives in order when it is back"({ page }) {
    const day = await newDay(api, { stops: 2 });
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    await sleep(1500);
    stack("stop", "gateway");
    try {
      await toStop(page, 0);
      await deliver(page);
      await see(page, "offline").waitFor();
      await tap(page, "back");
      await toStop(page, 1);
      await tap(page, "fail");
      await page.locator('input[value="refused"]').check({ force: true });
      await tap(page, "submit");
      await see(page, "back").waitFor();
      assert.equal(await openCount(page), 3);
    } finally {
      stack("start", "gateway");
    }
    await isReady(settings.address);
    await tap(page, "chip");
    await sent(page);
    const route = await routeOf(day);
    assert.deepEqual(route.stops.map((stop) => stop.status), ["delivered", "failed"]);
  },

  async "a later refusal is shown with its rule, kept, corrected and sent anew"({ page, context }) {
    const day = await newDay(api, { stops: 2 });
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    await pageIsKept(page);
    await sleep(1500);
    await context.setOffline(true);
    // Wrong: a code that the customer never had. What follows at this stop waits for it, what is elsewhere does not.
    await toStop(page, 0);
    await tap(page, "arrive");
    await tap(page, "deliver");
    await page.locator('input[value="code"]').check({ force: true });
    await field(page, "code").fill("0000000");
    await tap(page, "submit");
    await see(page, "back").waitFor();
    await tap(page, "return");
    await page.locator(".quantity button").nth(1).click();
    await page.locator(".chips button").first().click();
    await tap(page, "submit");
    await see(page, "back").waitFor();
    await tap(page, "back");
    await toStop(page, 1);
    await deliver(page);
    await context.setOffline(false);
    await see(page, "refused").waitFor();
    await tap(page, "chip");
    await until("the other stop is done", () => actions(page, "waiting").count(), (count) => count === 1);
    assert.equal(await actions(page, "refused").count(), 1);
    assert.match(await actions(page, "refused").locator('[data-test="rule"]').innerText(), /验证码不对.*D6/s);
    assert.match(await actions(page, "waiting").innerText(), /等前一操作处理/);
    assert.deepEqual(await look(page, "30-refused"), []);
    await page.reload();
    await actions(page, "refused").first().waitFor();
    assert.deepEqual((await deliveries(day)).map((one) => one.stop_id), [day.stops[1].stop_id]);
    // Correct it: signed instead.
    await actions(page, "refused").locator('[data-test="correct"]').click();
    assert.equal(await field(page, "code").inputValue(), "0000000");
    await page.locator('input[value="signature"]').check({ force: true });
    await sign(page);
    await tap(page, "submit");
    await sent(page);
    assert.equal((await deliveries(day)).length, 2);
    assert.equal((await api.must(`warehouse@${day.branch}`, "dispatch.route.goods", { route_id: day.route_id })).items.reduce((sum, one) => sum + one.taken_back, 0), 1000);
  },

  async "what is refused can be given up after asking, and then no longer stands in the way"({ page, context }) {
    const day = await newDay(api, { stops: 2 });
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    await sleep(1500);
    await toStop(page, 0);
    await context.setOffline(true);
    await deliver(page);
    // Meanwhile the office reports the same stop as failed in the driver's name from another telephone.
    await api.must(day.driver.name, "dispatch.stop.arrive", { stop_id: day.stops[0].stop_id });
    await api.must(day.driver.name, "dispatch.delivery.fail", { stop_id: day.stops[0].stop_id, failure: "closed" });
    await context.setOffline(false);
    await see(page, "refused").waitFor();
    await tap(page, "chip");
    assert.match(await actions(page, "refused").locator('[data-test="rule"]').innerText(), /站点已完成/);
    await actions(page, "refused").locator('[data-test="give-up"]').click();
    assert.deepEqual(await look(page, "31-give-up"), []);
    await page.locator("dialog[open] button").first().click();
    assert.equal(await actions(page, "refused").count(), 1, "asked first");
    await actions(page, "refused").locator('[data-test="give-up"]').click();
    await page.locator('dialog[open] [data-test="yes"]').click();
    await sent(page);
    assert.equal(await actions(page, "given_up").count(), 1);
    await page.evaluate((stop) => (location.hash = `#/stop/${stop}`), day.stops[0].stop_id);
    await until("the screen shows what the server says", () => see(page, "status").innerText(), (text) => text === "未送成");
    assert.equal((await deliveries(day)).length, 0);
  },

  async "after a session has ended the same person goes on, another never sends the first one's actions"({ page, context }) {
    const before = await newDay(api, { stops: 2 });
    await driveThrough(api, before);
    const day = await newDay(api, { stops: 2, driver: before.driver });
    const other = await newDay(api, { stops: 2 });
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    await sleep(1500);
    await context.setOffline(true);
    await toStop(page, 0);
    await collect(page, "77");
    await context.clearCookies();
    await context.setOffline(false);
    await see(page, "expired").waitFor();
    assert.equal(await openCount(page), 1, "kept");
    assert.deepEqual(await look(page, "40-expired"), []);
    // Another person signs in on this telephone: the first one's money is not booked in their name.
    await see(page, "expired").locator("button").click();
    assert.deepEqual(await look(page, "41-sign-in-again"), []);
    await field(page, "name").fill(other.driver.name);
    await field(page, "password").fill(settings.password);
    await page.locator('button[type="submit"]').click();
    await until("the other one's day", () => page.locator("main").innerText(), (text) => text.includes(other.number));
    await sleep(2500);
    assert.equal(await openCount(page), 0);
    assert.ok(!(await page.locator("main").innerText()).includes(day.number), "nothing of the first one is shown");
    assert.equal((await receipts(other)).length, 0);
    assert.equal((await receipts(day)).filter((one) => one.route_id === day.route_id).length, 0);
    // The first one is back.
    await page.evaluate(() => (location.hash = "#/me"));
    await tap(page, "out");
    await field(page, "name").fill(day.driver.name);
    await field(page, "password").fill(settings.password);
    await page.locator('button[type="submit"]').click();
    await see(page, "chip").waitFor();
    await sent(page);
    assert.deepEqual((await receipts(day)).filter((one) => one.route_id === day.route_id).map((one) => [one.amount, one.collector_id]), [[7700, day.driver.staff_id]]);
  },

  async "the numbers of the driver's receipt book are proposed one after the other, and a wrong one is refused and corrected"({ page }) {
    const before = await newDay(api, { stops: 3 });
    await driveThrough(api, before);
    const day = await newDay(api, { stops: 3, driver: before.driver });
    const book = await api.must(`cashier@${day.branch}`, "collection.number.lease", { kind: "SJ", holder_id: day.driver.staff_id, count: 5 }, ["person_unknown"]);
    const next = book.first.replace(/\d+$/, (digits) => String(Number(digits) + 1).padStart(digits.length, "0"));
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    await toStop(page, 0);
    await tap(page, "collect");
    await field(page, "amount").fill("8");
    await field(page, "number").fill(book.first);
    await tap(page, "submit");
    await see(page, "taken").waitFor();
    await toList(page);
    await toStop(page, 1);
    await tap(page, "collect");
    await until("the next number", () => field(page, "number").inputValue(), (number) => number === next);
    await field(page, "number").fill(`${book.first}7`);
    await field(page, "amount").fill("9");
    await tap(page, "submit");
    await see(page, "refused").waitFor();
    await tap(page, "chip");
    assert.match(await actions(page, "refused").locator('[data-test="rule"]').innerText(), /B1/);
    await actions(page, "refused").locator('[data-test="correct"]').click();
    await field(page, "number").fill(next);
    await tap(page, "submit");
    await sent(page);
    assert.deepEqual((await receipts(day)).filter((one) => one.route_id === day.route_id).map((one) => [one.number, one.amount]).sort(), [[book.first, 800], [next, 900]]);
  },

  async "every screen fits and is accessible in English too"({ page }) {
    const before = await newDay(api, { stops: 2 });
    await driveThrough(api, before);
    const day = await newDay(api, { stops: 2, driver: before.driver });
    await page.goto(`${settings.address}/driver`);
    await page.locator("header button").click();
    const wrong = await look(page, "50-en-sign-in");
    await signIn(page, day.driver);
    await stops(page).nth(1).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    wrong.push(...(await look(page, "51-en-today")));
    await tap(page, "start");
    await sent(page);
    const [first] = day.stops;
    for (const [name, hash] of Object.entries({ stop: `stop/${first.stop_id}`, deliver: `stop/${first.stop_id}/deliver`, collect: `stop/${first.stop_id}/collect`, fail: `stop/${first.stop_id}/fail`, return: `stop/${first.stop_id}/return`, end: `end/${day.route_id}`, cash: "cash", queue: "queue", me: "me" })) {
      await page.evaluate((to) => (location.hash = `#/${to}`), hash);
      await page.waitForTimeout(150);
      if (name === "deliver") await see(page, "pad").waitFor();
      wrong.push(...(await look(page, `52-en-${name}`)));
      const chinese = (await page.locator("header, main").allInnerTexts()).join("\n").match(/(送达|应收|备注|登记|原因|清点|退货|客户减量)/g);
      if (chinese) wrong.push(`${name} has Chinese words: ${chinese}`);
    }
    assert.deepEqual(wrong, []);
  },

  async "two tabs send one by one"({ page, context }) {
    const before = await newDay(api, { stops: 3 });
    await driveThrough(api, before);
    const day = await newDay(api, { stops: 3, driver: before.driver });
    await signIn(page, day.driver);
    await tap(page, "start");
    await sent(page);
    const tab = await context.newPage();
    await tab.goto(`${settings.address}/driver`);
    await stops(tab).nth(2).waitFor();
    await sleep(1500);
    const seen = [];
    let together = 0;
    await context.route("**/api/v1/collection/receipts", async (route) => {
      seen.push(route.request().headers()["idempotency-key"]);
      assert.equal(++together, 1, "one sender at a time");
      await sleep(300);
      together--;
      await route.continue();
    });
    await context.setOffline(true);
    for (const [at, one] of [page, tab, page].entries()) {
      await one.bringToFront();
      await toStop(one, at);
      await collect(one, "10");
      await tap(one, "chip");
      await toList(one);
    }
    await context.setOffline(false);
    await Promise.all([sent(page), sent(tab)]);
    assert.equal(new Set(seen).size, 3);
    assert.equal((await receipts(day)).filter((one) => one.route_id === day.route_id).length, 3);
    await tab.close();
  },
};

export default async function driver(around) {
  api = new Api(around.origin, settings.password);
  await play(around, tests);
}
