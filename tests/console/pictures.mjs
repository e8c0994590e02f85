// pictures.mjs - the pictures of the README, taken of a running demonstration company that has played its past.
//   node pictures.mjs --origin http://127.0.0.1:8080 --to FOLDER
// Plans tomorrow's routes of the first branch when nobody has.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { newPhone, settings, signIn as signInDriver } from "./driver.browser.mjs";
import { Api, PASSWORD } from "./lib/api.mjs";
import { launch, open, settled, signIn, visitor } from "./lib/browser.mjs";
import { readTable } from "./lib/table.mjs";

const { values } = parseArgs({ options: { origin: { type: "string" }, to: { type: "string" } } });
const api = new Api(values.origin, (await readTable()).routes);
const dispatcher = "dispatcher@SH01";
const tomorrow = new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10); // Shanghai's

const planned = await api.call(dispatcher, "dispatch.route.list", { delivery_date: tomorrow });
if (planned.items.length === 0) {
  const [depots, vehicles, drivers] = await Promise.all(["depot", "vehicle", "driver"].map((one) => api.call(dispatcher, `dispatch.${one}.list`)));
  const crews = drivers.items.slice(0, 2).map((one, at) => ({ vehicle_id: vehicles.items[at].vehicle_id, driver_id: one.driver_id }));
  await api.call(dispatcher, "dispatch.route.plan", { delivery_date: tomorrow, depot_id: depots.items[0].depot_id, crews });
}

mkdirSync(values.to, { recursive: true });
const browser = await launch();
const desks = { board: [dispatcher, "/board"], running: [dispatcher, "/running"], overview: ["general_manager@ZB", "/overview"] };
for (const [name, [who, path]] of Object.entries(desks)) {
  const page = await visitor(browser, values.origin);
  await signIn(page, who, PASSWORD);
  await open(page, path);
  await page.waitForTimeout(2000); // a chart or a map comes after the screen
  await settled(page);
  await page.screenshot({ path: join(values.to, `${name}.png`) });
  await page.context().close();
}
Object.assign(settings, { address: values.origin });
const { page: phone } = await newPhone(browser);
await signInDriver(phone, { name: "driver@SH01" });
await phone.waitForTimeout(2000);
await phone.screenshot({ path: join(values.to, "driver.png") });
await browser.close();
