// board.test.mjs - the dispatcher's day: the map beside the board, both ways; orders dragged with the mouse; two dispatchers at one board.
import { eventually, PASSWORD } from "./lib/api.mjs";
import { dayAfter, makeDay } from "./lib/board.mjs";
import { open, settled, signIn, visitor } from "./lib/browser.mjs";
import { offends, overflow } from "./lib/rules.mjs";
import { equal, innocent, truth } from "./lib/suite.mjs";

const ROUTES = [4, 3, 2];
const WAITING = 4;
const MARKS = ROUTES.reduce((sum, one) => sum + one, WAITING + 1);

/** A day that no other test and no earlier run has used. */
async function freeDay(api) {
  for (let later = 20; ; later++) {
    const date = dayAfter(later);
    const { items } = await api.call("dispatcher@SH01", "dispatch.order.list", { delivery_date: date, limit: 1 });
    if (items.length === 0) return date;
  }
}

async function dispatcher(browser, origin, who) {
  const page = await visitor(browser, origin);
  await signIn(page, who, PASSWORD);
  return page;
}

async function openBoard(page, date) {
  await open(page, `/board?date=${date}`);
  await page.locator(".pin").first().waitFor();
}

const column = (page, route) => page.locator(`.column[data-route="${route ? route.route_id : "waiting"}"]`);
const card = (page, order, route) => column(page, route).locator(`.card[data-order="${order.order_id}"]`);
const mark = (page, order) => page.locator(`.pin[data-order="${order.order_id}"]`);
const onMap = (page) => page.locator(".map .card");

/** Takes the order up with the mouse, goes over, lets go: what the browser makes of it is its own. */
async function drag(page, from, to) {
  await from.scrollIntoViewIfNeeded();
  const start = await from.boundingBox();
  await page.mouse.move(start.x + start.width / 2, start.y + 34);
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 12, start.y + 44, { steps: 3 });
  await to.scrollIntoViewIfNeeded();
  const end = await to.boundingBox();
  await page.mouse.move(end.x + end.width / 2, end.y + Math.min(40, end.height / 2), { steps: 8 });
  return () => page.mouse.up();
}

/** The first thing that a picker offers. */
async function choose(page, picker) {
  await picker.click();
  await page.locator(".el-select-dropdown:visible .el-select-dropdown__item").first().click();
  await page.locator(".el-select-dropdown:visible").first().waitFor({ state: "hidden" });
}

/** The routes' orders as the server has them. */
async function ordersOf(api, date, route) {
  const { items } = await api.call("dispatcher@SH01", "dispatch.map.read", { delivery_date: date, route_id: route.route_id, limit: 200 });
  return items.sort((one, other) => one.position - other.position).map((one) => one.order_id);
}

export default async function ({ suite, browser, origin, api }) {
  const day = await makeDay(api, await freeDay(api), ROUTES, WAITING);
  const page = await dispatcher(browser, origin, "dispatcher@SH01");
  const other = await dispatcher(browser, origin, "dispatcher2@SH01");
  await suite.test("A dispatcher sees the day on a map beside the board, and no other server is asked for it", async () => {
    await openBoard(page, day.date);
    await page.waitForFunction((count) => Number(document.querySelector(".ground")?.dataset.marks) >= count, MARKS);
    for (const route of day.routes) for (const order of route.orders) equal(await mark(page, order).count(), 1, "marks of an order on a route");
    for (const order of day.waiting) truth((await mark(page, order).getAttribute("class")).includes("waiting"), "what waits looks as if it had a route");
    equal(await page.locator(".ground path").count(), ROUTES.length, "lines");
    equal(new Set(await page.locator(".ground path").evaluateAll((all) => all.map((one) => one.getAttribute("stroke-dasharray") ?? ""))).size, ROUTES.length, "patterns of the lines");
    equal((await mark(page, day.routes[1].orders[0]).textContent()).trim(), "B1", "what the second route's first stop is called");
    equal(await page.locator(".leaflet-tile").count(), 0, "tiles");
    const policy = (await page.request.get("/board")).headers()["content-security-policy"];
    truth(policy.includes("img-src 'self' data: blob:;"), `pictures may come from elsewhere: ${policy}`);
    await page.getByRole("button", { name: "收起地图" }).click();
    await page.locator(".map").waitFor({ state: "detached" });
    truth(page.url().includes("map=off"), "the address does not say that the map is hidden");
    await page.reload();
    await page.locator(".column").first().waitFor();
    equal(await page.locator(".map").count(), 0, "maps after the page was loaded again");
    await page.getByRole("button", { name: "显示地图" }).click();
    await page.locator(".pin").first().waitFor();
    innocent(page);
  });

  await suite.test("What is chosen on the map is chosen on the board, and the other way round", async () => {
    await openBoard(page, day.date);
    const [first, second] = [day.routes[0].orders[2], day.routes[1].orders[1]];
    await mark(page, first).click();
    await page.locator(`.column .card.selected[data-order="${first.order_id}"]`).waitFor();
    equal(await onMap(page).getAttribute("data-order"), first.order_id, "the card on the map");
    truth(page.url().includes(first.order_id), "the address does not say what is chosen");
    await card(page, second, day.routes[1]).locator("button.sign").click();
    await page.locator(`.pin.chosen[data-order="${second.order_id}"]`).waitFor();
    equal(await page.locator(".pin.chosen").count(), 1, "marks that are chosen");
    await card(page, second, day.routes[1]).locator("button.sign").focus();
    await page.keyboard.press("Enter");
    await onMap(page).waitFor({ state: "detached" });
    innocent(page);
  });

  await suite.test("A full board with its map offends no rule and fits", async () => {
    await openBoard(page, day.date);
    await mark(page, day.routes[0].orders[0]).click();
    await onMap(page).waitFor();
    for (const size of [{ width: 1920, height: 1080 }, { width: 1366, height: 768 }]) {
      await page.setViewportSize(size);
      await settled(page);
      const wide = await page.evaluate(overflow);
      truth(wide.length === 0, `at ${size.width}: ${wide.join("; ")}`);
    }
    await offends(page);
    await onMap(page).locator(".put").click();
    await page.locator(".el-dropdown-menu__item:visible .offer").filter({ hasText: /./ }).first().waitFor();
    await offends(page);
    await page.keyboard.press("Escape");
    innocent(page);
  });

  await suite.test("From the map an order is put on a route, after what it costs and takes was shown", async () => {
    await openBoard(page, day.date);
    const order = day.waiting[0];
    await mark(page, order).click();
    await onMap(page).locator(".put").click();
    const choice = page.locator(".el-dropdown-menu__item:visible").filter({ hasText: /\+¥[\d,.]+ · \+[\d.]+ km · \+\d+ 分钟/ });
    await choice.first().waitFor();
    const letter = (await choice.first().locator(".sign").textContent()).trim();
    const route = day.routes[letter.charCodeAt(0) - 65];
    await choice.first().click();
    await card(page, order, route).waitFor();
    equal(await column(page, undefined).locator(`[data-order="${order.order_id}"]`).count(), 0, "cards among what waits");
    truth((await mark(page, order).textContent()).startsWith(letter), "the mark does not say the route");
    truth((await ordersOf(api, day.date, route)).includes(order.order_id), "the server does not have it on the route");
    innocent(page);
  });

  await suite.test("Orders are dragged between what waits and the routes, and to their place on a route", async () => {
    await openBoard(page, day.date);
    const [, order] = day.waiting;
    const [route] = day.routes;
    let letGo = await drag(page, card(page, order, undefined), card(page, route.orders[1], route));
    await column(page, route).locator(".price").waitFor();
    truth(/分钟|不合适/.test(await column(page, route).locator(".price").textContent()), "cost and time are not shown while it is dragged");
    await letGo();
    await card(page, order, route).waitFor();
    await settled(page);
    const found = await ordersOf(api, day.date, route);
    equal(found.indexOf(order.order_id), found.indexOf(route.orders[1].order_id) - 1, "where it stands");
    letGo = await drag(page, card(page, order, route), card(page, route.orders[0], route));
    await letGo();
    await eventually("it stands first", async () => (await ordersOf(api, day.date, route)).indexOf(order.order_id) === 0 || (await ordersOf(api, day.date, route)).indexOf(order.order_id) === found.indexOf(route.orders[0].order_id));
    letGo = await drag(page, card(page, order, route), column(page, undefined).locator("h2"));
    await letGo();
    await card(page, order, undefined).waitFor();
    truth(!(await ordersOf(api, day.date, route)).includes(order.order_id), "the server still has it on the route");
    innocent(page);
  });

  await suite.test("What one dispatcher moves, the other sees at once", async () => {
    await openBoard(page, day.date);
    await openBoard(other, day.date);
    const order = day.waiting[2];
    const to = day.routes[2];
    let hasLoaded = false;
    const asked = [];
    const listen = (request) => {
      hasLoaded ||= request.isNavigationRequest();
      if (request.url().includes("/dispatch/map?")) asked.push(new URL(request.url()).searchParams.get("route_id") ?? "waiting");
    };
    other.on("request", listen);
    await page.locator(`.card[data-order="${order.order_id}"]`).locator(".put").first().click();
    await page.locator(".el-dropdown-menu__item:visible").filter({ has: page.locator(".sign", { hasText: "C" }) }).click();
    await card(page, order, to).waitFor();
    await card(other, order, to).waitFor();
    truth((await mark(other, order).textContent()).startsWith("C"), "the other's map shows it elsewhere");
    truth(asked.length > 0 && asked.every((what) => what === "waiting" || what === to.route_id), `read again without a reason: ${asked}`);
    await card(other, order, to).getByRole("button", { name: `固定 ${order.number}`, exact: true }).click();
    await card(page, order, to).getByRole("button", { name: `已固定 ${order.number}`, exact: true }).waitFor();
    truth(!hasLoaded, "the other's page was loaded again");
    other.off("request", listen);
    innocent(page);
    innocent(other);
  });

  await suite.test("Two dispatchers move the same stop at once: one does, the other is told, and both boards show where it is", async () => {
    await openBoard(page, day.date);
    await openBoard(other, day.date);
    const [from] = day.routes;
    const order = from.orders[3];
    const boards = [{ board: page, to: day.routes[1], letter: "B" }, { board: other, to: day.routes[2], letter: "C" }];
    // What each of them sends waits until both have decided: neither has heard of the other.
    let go;
    let sent = 0;
    const both = new Promise((resolve) => (go = resolve));
    for (const { board, letter } of boards) {
      await board.route("**/dispatch/stops/*/move", async (route) => {
        if (++sent === boards.length) go();
        await both;
        await route.continue();
      });
      await card(board, order, from).locator(".put").click();
      await board.locator(".el-dropdown-menu__item:visible").filter({ has: board.locator(".sign", { hasText: letter }) }).click();
    }
    const there = await eventually("the server has moved it", async () => {
      for (const { to } of boards) if ((await ordersOf(api, day.date, to)).includes(order.order_id)) return to;
      return undefined;
    });
    for (const { board } of boards) await card(board, order, there).waitFor();
    const { board: loser } = boards.find(({ to }) => to !== there);
    await loser.getByText(/这一站已被他人移到路线|刚被他人移走/).first().waitFor();
    for (const { board } of boards) equal(await board.locator(`.column .card[data-order="${order.order_id}"]`).count(), 1, "cards of the order");
    for (const { board } of boards) await board.unroute("**/dispatch/stops/*/move");
    innocent(page);
    innocent(other);
  });

  await suite.test("Publishing a route that breaks a limit asks for the reason, and goes on with it", async () => {
    const [route] = day.routes;
    await api.call("dispatcher@SH01", "dispatch.stop.add", { route_id: route.route_id, order_id: day.late.order_id });
    await openBoard(page, day.date);
    await page.getByRole("button", { name: /^全部发布/ }).click();
    const asked = page.getByRole("dialog", { name: "超出限制" });
    await asked.getByText(/时间窗/).waitFor();
    truth(await asked.getByRole("button", { name: "仍要这样做" }).isDisabled(), "it goes on without a reason");
    await asked.locator('input[name="limits_reason"]').fill("客户同意晚到");
    await asked.getByRole("button", { name: "仍要这样做" }).click();
    await column(page, route).getByText("已发布").waitFor();
    equal((await api.call("dispatcher@SH01", "dispatch.route.read", { route_id: route.route_id })).limits_reason, "客户同意晚到", "the reason");
    innocent(page);
  });

  await suite.test("A dispatcher plans a day by clicks: depot, vehicle and driver, the plan at once, accepted as a route", async () => {
    const own = await makeDay(api, await freeDay(api), [], 3);
    const plate = `沪P·${String(Date.now()).slice(-5)}`;
    await api.call("dispatcher@SH01", "dispatch.vehicle.create", { plate, capacity: 6_000_000, inspected_until: dayAfter(300) });
    await openBoard(page, own.date);
    await page.getByRole("button", { name: "排线优化" }).click();
    const form = page.getByRole("dialog", { name: "排线优化" });
    await form.getByRole("button", { name: "开始排线" }).waitFor();
    await form.getByRole("button", { name: "开始排线" }).click();
    await form.getByText("请至少选一辆车和它的司机，或一条要重排的路线。").waitFor();
    await form.locator("label", { hasText: plate }).click();
    await choose(page, form.locator("tr", { hasText: plate }).locator(".el-select").first());
    await choose(page, form.locator(".el-select").first());
    await form.locator(".el-radio-button", { hasText: "立即" }).click();
    await form.getByRole("button", { name: "开始排线" }).click();
    await page.getByRole("button", { name: "采用方案" }).click();
    await page.locator(".column", { hasText: plate }).locator(".card").first().waitFor();
    const { items } = await api.call("dispatcher@SH01", "dispatch.route.list", { delivery_date: own.date, limit: 10 });
    equal(items.map((one) => [one.plate, one.status]), [[plate, "draft"]], "routes of the day");
    truth(items[0].stops >= 3, `stops on the route: ${items[0].stops}`);
    innocent(page);
  });

  await suite.test("A route's own map and the live board show where it goes", async () => {
    const [, , route] = day.routes;
    const count = (await ordersOf(api, day.date, route)).length;
    await open(page, `/routes/${route.route_id}`);
    await page.locator(".pin").first().waitFor();
    equal(await page.locator(".pin").count(), count, "marks on the route's map");
    await open(page, `/running?date=${day.date}`);
    await page.locator(".pin").first().waitFor();
    await mark(page, day.routes[1].orders[0]).click();
    await page.locator(".card.here").filter({ hasText: day.routes[1].number }).waitFor();
    innocent(page);
  });
  await page.context().close();
  await other.context().close();
}
