// board.mjs - a day of the dispatcher's: orders at places all over the town, the list closed, routes with stops, and some that wait.
import { eventually } from "./api.mjs";

const BRANCH = "SH01";
const CENTRE = { latitude: 312_200_000, longitude: 1_214_600_000 };

export function dayAfter(days) {
  return new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
}

/** Who has a contract in force, with a product of it. */
async function customers(api) {
  const { items } = await api.call(`supervisor@${BRANCH}`, "contracts.contract.list", { status: "in_force", limit: 200 });
  const found = [];
  for (const one of items) {
    const { items: lines } = await api.call(`supervisor@${BRANCH}`, "contracts.contract_line.list", { contract_id: one.contract_id });
    if (lines[0]) found.push({ customer_id: one.customer_id, product_id: lines[0].product_id });
  }
  return found;
}

async function addAddress(api, customer, number, isLate) {
  const request = {
    customer_id: customer.customer_id, label: `分店 ${number}`, address: `上海市测试路 ${number} 号`, contact: "店长", phone: `137${String(Date.now() + number).slice(-8)}`,
    latitude_e7: CENTRE.latitude + Math.round(Math.sin(number * 2.4) * (200_000 + number * 35_000)), longitude_e7: CENTRE.longitude + Math.round(Math.cos(number * 2.4) * (220_000 + number * 42_000)),
    windows: [isLate ? { from_minute: 1, to_minute: 2 } : { from_minute: 360, to_minute: 1260 }], service_minutes: 15,
  };
  try {
    return (await api.call(`representative@${BRANCH}`, "leads.address.add", request)).address_id;
  } catch {
    return (await api.call(`representative2@${BRANCH}`, "leads.address.add", request)).address_id;
  }
}

/** An order for a new address of a customer; nothing when the customer is on hold. */
async function placeOrder(api, customer, number, date, isLate) {
  const address_id = await addAddress(api, customer, number, isLate);
  const request = { customer_id: customer.customer_id, address_id, delivery_date: date, confirm_duplicate: true, lines: [{ product_id: customer.product_id, quantity: 10_000 }] };
  return eventually("an order is placed", async () => {
    try {
      return { placed: await api.call(`operator@${BRANCH}`, "dispatch.order.place", request) };
    } catch (error) {
      if (/customer_(held|locked)/.test(String(error))) return {};
      throw error;
    }
  }).then(({ placed }) => placed);
}

/** `routes`: how many orders each is to have. Gives the routes with their orders in that order, what waits, and one that no route reaches in time. */
export async function makeDay(api, date, routes, waiting) {
  const dispatcher = `dispatcher@${BRANCH}`;
  const known = await customers(api);
  const mark = String(Date.now()).slice(-6);
  const count = routes.reduce((sum, one) => sum + one, waiting + 1);
  const orders = [];
  for (let number = 0; orders.length < count; number++) {
    if (number > 3 * count) throw new Error("no customer may order");
    const order = await placeOrder(api, known[number % known.length], number, date, orders.length === count - 1);
    if (order) orders.push(order);
  }
  await api.call(dispatcher, "dispatch.list.close", { delivery_date: date });
  const { items: depots } = await api.call(dispatcher, "dispatch.depot.list", { limit: 200 });
  const { items: drivers } = await api.call(dispatcher, "dispatch.driver.list", { limit: 200 });
  const made = [];
  let at = 0;
  for (const [index, size] of routes.entries()) {
    const { vehicle_id } = await api.call(dispatcher, "dispatch.vehicle.create", { plate: `沪B·${mark.slice(-4)}${index}`, capacity: 6_000_000, inspected_until: dayAfter(300) });
    const mine = orders.slice(at, at + size);
    at += size;
    const route = await api.call(dispatcher, "dispatch.route.create", {
      delivery_date: date, depot_id: depots.find((one) => one.is_active && one.latitude_e7).depot_id, vehicle_id, driver_id: drivers[index % drivers.length].driver_id, order_ids: mine.map((one) => one.order_id),
    });
    made.push({ ...route, driver: drivers[index % drivers.length], orders: mine });
  }
  return { date, routes: made, waiting: orders.slice(at, -1), late: orders.at(-1) };
}
