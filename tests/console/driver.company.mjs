/** What the driver's tests need of a running company: a plain API client, and a day on the road for a driver of its own. */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const schemas = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "schemas");

export class Api {
  constructor(address, password) {
    this.address = address;
    this.password = password;
    this.tokens = new Map();
    this.found = new Map();
  }

  operation(name) {
    if (!this.found.has(name)) {
      const [service, noun, verb] = name.split(".");
      const own = join(schemas, service, `${noun}.${verb}.json`);
      const file = existsSync(own) ? own : join(schemas, "common", `${noun}.${verb}.json`);
      this.found.set(name, JSON.parse(readFileSync(file, "utf8").replace("{service}", service)));
    }
    return this.found.get(name);
  }

  /** { status, body } of an operation by a person; null: nobody is signed in. */
  async ask(person, name, fields = {}, key = randomUUID()) {
    const operation = this.operation(name);
    const [method, template] = operation.http.split(" ");
    const rest = { ...fields };
    let path = template.replace(/\{(\w+)\}/g, (_, field) => {
      const value = rest[field];
      delete rest[field];
      return encodeURIComponent(value);
    });
    const headers = { "Accept-Language": "zh", "Content-Type": "application/json" };
    if (person) headers.Authorization = `Bearer ${await this.token(person)}`;
    if (operation.effect === "write") headers["Idempotency-Key"] = key;
    if (method === "GET" && Object.keys(rest).length > 0) path += `?${new URLSearchParams(rest)}`;
    const response = await fetch(this.address + path, { method, headers, body: method === "GET" ? undefined : JSON.stringify(rest) });
    return { status: response.status, body: await response.json() };
  }

  async token(person) {
    if (!this.tokens.has(person)) {
      const { token } = await this.must(null, "staff.session.open", { sign_in_name: person, password: this.password });
      this.tokens.set(person, token);
    }
    return this.tokens.get(person);
  }

  /** The reply; waits while other services have not heard of something yet (`errors`) and while trouble passes. */
  async must(person, name, fields = {}, errors = []) {
    const key = randomUUID();
    for (let attempt = 0; ; attempt++) {
      const { status, body } = await this.ask(person, name, fields, errors.length > 0 ? randomUUID() : key);
      if (status === 200) return body;
      const waits = errors.includes(body.error) || body.class === "retry" || body.class === "unknown";
      if (!waits || attempt > 100) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
      await sleep(150);
    }
  }
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks until the answer fits; fails with the last answer. */
export async function until(what, ask, fits, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}

const ahead = (days) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
const administrator = "it_administrator@ZB";

async function newDriver(api, branch, mark) {
  const head = await api.must(null, "staff.session.open", { sign_in_name: `department_head@${branch}`, password: api.password });
  const name = `sj-${mark}@${branch}`;
  const { staff_id } = await api.must(administrator, "staff.person.create", {
    sign_in_name: name,
    name: `司机${mark}`,
    home_branch_id: head.branch_id,
    functions: ["driver"],
    joined_on: "2026-01-05",
    superior_id: head.staff_id,
  });
  await api.must(administrator, "staff.password.set", { staff_id, password: api.password, is_temporary: false });
  await api.must(administrator, "staff.onboarding.complete", { staff_id, steps: ["agreement", "induction", "groups"] });
  return { name, staff_id };
}

/** What a branch sells to whom: the customers of its first orders, with address, product and name. */
async function buyers(api, branch) {
  const found = new Map();
  for (const order of (await api.must(`dispatcher@${branch}`, "dispatch.order.list", { limit: 200 })).items) {
    if (!order.contract_id || found.has(order.customer_id)) continue;
    const { lines, customer, address_id } = await api.must(`dispatcher@${branch}`, "dispatch.order.read", { order_id: order.order_id });
    if (lines.length === 1) found.set(order.customer_id, { customer_id: order.customer_id, address_id, customer, product_id: lines[0].product_id, price: lines[0].price });
  }
  return [...found.values()].sort((a, b) => a.customer_id.localeCompare(b.customer_id));
}

/** A published and loaded route of `stops` stops for a driver (a new one when not given), on a date of its own. */
export async function newDay(api, { branch = "SH01", stops = 4, quantity = 2000, driver = undefined } = {}) {
  const mark = randomBytes(3).toString("hex");
  const dispatcher = `dispatcher@${branch}`;
  const who = driver ?? (await newDriver(api, branch, mark));
  const date = ahead(20 + Math.floor(Math.random() * 300));
  const chosen = (await buyers(api, branch)).slice(0, stops);
  if (chosen.length < stops) throw new Error(`the company has ${chosen.length} customers with orders in ${branch}, not ${stops}`);
  const orders = [];
  for (const one of chosen) {
    const ordered = one.price < 100_000 ? quantity * 20 : quantity; // cheap things in larger quantities: every delivery is worth taking money for
    const placed = await api.must(`operator@${branch}`, "dispatch.order.place", {
      customer_id: one.customer_id,
      address_id: one.address_id,
      delivery_date: date,
      lines: [{ product_id: one.product_id, quantity: ordered }],
      confirm_duplicate: true,
    });
    if (placed.is_urgent || placed.status === "awaiting_acceptance") await api.must(dispatcher, "dispatch.order.accept_urgent", { order_id: placed.order_id, accepted: true });
    orders.push({ ...one, order_id: placed.order_id, amount: placed.amount, quantity: ordered });
  }
  await api.ask(dispatcher, "dispatch.list.close", { delivery_date: date });
  const depot = (await api.must(dispatcher, "dispatch.depot.list")).items.find((one) => one.latitude_e7 !== undefined);
  const { vehicle_id } = await api.must(dispatcher, "dispatch.vehicle.create", { plate: `沪T·${mark}`, capacity: 9000000, inspected_until: ahead(330) });
  const fields = { delivery_date: date, depot_id: depot.depot_id, vehicle_id, driver_id: who.staff_id, order_ids: orders.map((one) => one.order_id) };
  const { route_id, number } = await api.must(dispatcher, "dispatch.route.create", fields, ["driver_unknown"]);
  const { slip_id } = await api.must(dispatcher, "dispatch.slip.make", { route_id });
  await api.must(dispatcher, "dispatch.route.publish", { route_id, limits_reason: "顺路" }); // whoever these customers are, and whenever they are in
  const products = [...new Set(orders.map((one) => one.product_id))];
  await api.must(`warehouse@${branch}`, "dispatch.stock.receive", { depot_id: depot.depot_id, lines: products.map((product_id) => ({ product_id, quantity: quantity * stops * 20 })) });
  await api.must(`warehouse@${branch}`, "dispatch.slip.check_out", { slip_id });
  const route = await api.must(dispatcher, "dispatch.route.read", { route_id });
  const placed = route.stops.map((stop) => ({ ...orders.find((one) => one.order_id === stop.order_id), stop_id: stop.stop_id, position: stop.position }));
  return { driver: who, date, route_id, number, branch, depot_id: depot.depot_id, stops: placed };
}

/** Drives a whole route through the API, so that its customers owe something at the next delivery. */
export async function driveThrough(api, day) {
  const driver = day.driver.name;
  await api.must(driver, "dispatch.route.start", { route_id: day.route_id });
  for (const stop of day.stops) {
    await api.must(driver, "dispatch.stop.arrive", { stop_id: stop.stop_id });
    await api.must(driver, "dispatch.delivery.confirm", {
      stop_id: stop.stop_id,
      lines: [{ product_id: stop.product_id, quantity: stop.quantity }],
      proof: { kind: "photo", data: "cGhvdG8=" },
    });
  }
  await api.must(`warehouse@${day.branch}`, "dispatch.route.close", { route_id: day.route_id, handed_back: [] });
}
