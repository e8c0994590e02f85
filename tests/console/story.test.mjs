// story.test.mjs - a customer's way through the company, by clicks: from the first call to the day's reconciliation, each step by whose work it is.
import { PASSWORD, eventually } from "./lib/api.mjs";
import { Person, day } from "./lib/person.mjs";
import { equal, truth } from "./lib/suite.mjs";

export default async function story({ suite, browser, origin, api }) {
  const mark = String(Date.now()).slice(-6);
  const name = `梧桐酒家${mark}`;
  const told = {}; // what later chapters need of earlier ones

  /** A chapter is played by one person; when an earlier one failed the later ones cannot be told. */
  async function chapter(sentence, who, path, play) {
    await suite.test(sentence, async () => {
      truth(!told.broken, "an earlier chapter failed");
      told.broken = true;
      const person = await Person.arrives(browser, origin, who, path);
      await play(person, person.page);
      await person.leaves();
      told.broken = false;
    });
  }

  await chapter("Telesales registers a lead, logs the call in two keystrokes and gives it to the pool", "telesales@SH01", "/customers", async (person, page) => {
    await person.does("leads.customer.create", { name, phone: `136${mark}21`, contact: "梁先生", source: { choose: "来电" } });
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}/);
    told.customer = new URL(page.url()).pathname;
    await person.presses("记录通话");
    await page.locator(".call").press("1");
    await page.locator(".call").press("Enter");
    await person.sees("通话已记录", "body");
    await person.does("leads.lead.release", { reason: "客户要求上门，转销售代表" });
    await person.sees("公海");
  });

  await chapter("A representative claims it, visits, reports, and adds the kitchen", "representative@SH01", "/customers?view=pool", async (person, page) => {
    const row = page.getByRole("row").filter({ hasText: name });
    await person.does("leads.lead.claim", {}, { words: "领取", within: row });
    await page.waitForURL(`**${told.customer}`);
    await person.does("leads.lead.screen", { class: { choose: "A" } });
    await person.does("leads.visit.plan", { planned_at: `${day(0)}T${clock()}`, purpose: "看厨房，谈用量" });
    await person.goes("/visits");
    const visit = page.locator("article.visit").filter({ hasText: name });
    await visit.getByRole("button", { name: "签到" }).click();
    await person.does("leads.visit.check_out", { result: "老板在场，要报价" }, { words: "签退", within: visit });
    await visit.getByRole("link", { name: "写报告" }).click();
    await person.sends(page.locator("main .operation-form"), { business: "酒楼", seats: "120", burners: "8", monthly_quantity: "3000", needs: "早市前送到" });
    await person.sees("早市前送到");
    await person.goes(told.customer);
    await page.getByRole("tab", { name: "配送地址" }).click();
    await person.does("leads.address.add", { label: "厨房后门", address: `上海市徐汇区淮海中路 ${mark} 号`, latitude_e7: "31.2154", longitude_e7: "121.4512" });
    await person.sees("厨房后门");
  });

  await chapter("The representative offers a price below the list and sends it for approval", "representative@SH01", "/", async (person, page) => {
    await person.goes(told.customer);
    await page.getByRole("tab", { name: "报价与合同" }).click();
    await person.does("contracts.quotation.create", { "lines[0].product_id": { pick: "醇基" }, "lines[0].quantity": "3000", "lines[0].price": "4.6", valid_until: day(60) });
    await page.waitForURL(/\/quotations\//);
    told.quotation = new URL(page.url()).pathname;
    told.quotationNumber = /\S+$/.exec((await page.locator("h1").textContent()).trim())[0];
    await person.does("contracts.quotation.submit");
    await person.sees("审批中");
  });

  const approves = async (person, page, words) => {
    await person.goes("/approvals");
    const line = page.getByRole("row").filter({ hasText: words });
    await line.first().waitFor();
    await line.getByRole("link").first().click();
    await person.does("contracts.approval.decide", {}, { words: "同意" });
    await page.getByRole("button", { name: "同意", exact: true }).waitFor({ state: "detached" });
  };

  await chapter("The sales manager approves the price from the inbox", "sales_manager@SH01", "/", (person, page) => approves(person, page, told.quotationNumber));

  await chapter("Finance files the credit report", "finance@SH01", "/credit", async (person) => {
    await person.does("contracts.credit.report", { customer_id: { pick: name }, score: "82", credit_limit: "50000", valid_until: day(365) });
    await person.sees(name);
  });

  await chapter("The representative gives the price to the customer and drafts the contract, which is blocked while a field is blank", "representative@SH01", "/", async (person, page) => {
    await person.goes(told.quotation);
    await person.does("contracts.quotation.present");
    await person.sees("已发出");
    await person.goes(told.customer);
    await page.getByRole("tab", { name: "报价与合同" }).click();
    await page.locator("main .operation-button").filter({ hasText: "拟定合同" }).click();
    const drawer = page.locator(".el-drawer:visible");
    await person.fills(drawer, {
      "terms.template_id": { pick: "标准供货" }, "terms.quotation_id": { pick: told.quotationNumber }, "terms.lines[0].product_id": { pick: "醇基" }, "terms.lines[0].quantity": "3000", "terms.lines[0].price": "4.6",
      "terms.fields[0].value": "乙方厨房", "terms.fields[1].value": "协商解决", "terms.payment_term": { choose: "下次配送时付清" }, "terms.valid_from": day(0), "terms.valid_until": day(720),
    });
    await drawer.getByRole("button", { name: "删除第 3 行" }).click(); // the template asks for three
    await drawer.locator('button[type="submit"]').click();
    await page.waitForURL(/\/contracts\/[0-9a-f-]{36}/);
    told.contract = new URL(page.url()).pathname;
    await person.sees("提交前须填写");
    truth(await page.locator("main .operation-button").filter({ hasText: "提交合同审批" }).isDisabled(), "the submission waits for the field");
    await person.does("contracts.contract.change", { "terms.fields[2].value": "/" });
    await person.does("contracts.contract.submit");
    await person.sees("审批中");
    told.contractNumber = /\S+$/.exec((await page.locator("h1").textContent()).trim())[0];
  });

  await chapter("The sales manager reviews it clause by clause and signs", "sales_manager@SH01", "/", async (person, page) => {
    await person.goes(told.contract);
    for (const left of [2, 1, 0]) {
      await page.locator(".clauses li").filter({ hasNot: page.locator(".el-tag") }).first().getByRole("button", { name: "无误" }).click();
      await person.sees(left > 0 ? `还有 ${left} 条未审核` : "全部条款已审核");
    }
    await approves(person, page, told.contractNumber);
  });

  for (const who of ["department_head@SH01", "deputy_general_manager@ZB", "general_manager@ZB"]) {
    await chapter(`${who} signs the contract`, who, "/", (person, page) => approves(person, page, told.contractNumber));
  }

  await chapter("The clerk seals the contract, hands the originals over and files it on its day", "clerk@SH01", "/contracts", async (person) => {
    await person.opens(name);
    for (const seal of ["关键条款章", "签字盖章", "骑缝章"]) await person.does("contracts.contract.seal", {}, { words: `用印：${seal}` });
    for (const [original, receiver] of [["客户联", "梁先生"], ["存档联", "档案室"]]) await person.does("contracts.contract.hand_over", { receiver }, { words: `交付：${original}` });
    await person.does("contracts.contract.file", { archive_number: `DA-${mark}` });
    await person.sees(`DA-${mark}`);
  });

  await chapter("The administrator brings a driver into the company: account, password, joining", "it_administrator@SH01", "/people", async (person, page) => {
    told.driver = `sj-${mark}@SH01`;
    told.driverName = `司机${mark}`;
    const head = await api.signIn("department_head@SH01");
    await person.does("staff.person.create", {
      sign_in_name: told.driver, name: told.driverName, home_branch_id: { pick: "上海一" }, functions: { choose: ["配送员"] }, superior_id: { pick: head.name }, joined_on: day(0),
    });
    await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
    told.driverId = page.url().split("/").at(-1);
    await person.does("staff.password.set", { password: PASSWORD, is_temporary: { choose: "否" } });
    await person.does("staff.onboarding.complete", { steps: { choose: ["签署保密协议", "通过入职培训", "已入岗位群"] } });
    await person.sees("在职");
  });

  await chapter("The operator takes a telephone order in three fields", "operator@SH01", "/orders/new", async (person, page) => {
    told.date = await freeDate(api, mark);
    const form = page.locator("main form");
    await person.picks(form.locator("#order-customer"), name, true);
    await form.locator('[aria-label="配送地址"]').first().waitFor();
    const date = form.getByLabel("配送日期").first();
    await date.fill(told.date);
    await date.press("Enter");
    await person.picks(form.locator('[name="产品"]'), "醇基", true);
    await form.getByLabel("数量").fill("200");
    await person.sees("920.00"); // 200 litres at the contract's price
    await form.getByRole("button", { name: "下订单" }).click();
    const placed = page.locator(".placed");
    await placed.waitFor();
    truth((await placed.textContent()).includes("920.00"), "the price is the contract's");
    told.order = /DD\d+-\d+/.exec(await placed.textContent())[0];
  });

  await chapter("The dispatcher closes the list, makes the route, publishes it and its slip", "dispatcher@SH01", "/lists", async (person, page) => {
    await api.call("dispatcher@SH01", "dispatch.driver.set", { driver_id: told.driverId, licence: "B2", licence_until: day(360), shift_from: 300, shift_to: 1200 });
    await person.does("dispatch.list.close", { delivery_date: told.date });
    await page.waitForURL(/\/lists\/[0-9a-f-]{36}/);
    await person.sees(told.order);
    await person.goes(`/board?date=${told.date}`);
    await page.locator("main").getByText(name).first().waitFor();
    await person.does("dispatch.route.create", { depot_id: { pick: "闵行" }, vehicle_id: { pick: "D1002" }, driver_id: { pick: told.driverName }, order_ids: { pick: told.order } }, { words: "新路线" });
    await person.presses("全部发布（1）");
    await page.locator("main section h2").getByRole("link", { name: "D1002" }).click();
    await page.waitForURL(/\/routes\/[0-9a-f-]{36}/);
    told.route = new URL(page.url()).pathname;
    await person.sees("已发布");
    await person.does("dispatch.slip.make");
    told.slip = /CK-\S+/.exec(await page.getByRole("link", { name: /出库单/ }).last().textContent())[0];
  });

  await chapter("The warehouse checks the slip out", "warehouse@SH01", "/slips", async (person) => {
    await person.opens(told.slip);
    await person.does("dispatch.slip.check_out");
    await person.sees("已出库");
  });

  await suite.test("The driver delivers less than was ordered and takes the money", async () => {
    truth(!told.broken, "an earlier chapter failed");
    const route_id = told.route.split("/").at(-1);
    const { stops } = await api.call("dispatcher@SH01", "dispatch.route.read", { route_id });
    const { lines } = await api.call("dispatcher@SH01", "dispatch.order.read", { order_id: stops[0].order_id });
    await api.call(told.driver, "dispatch.route.start", { route_id });
    await api.call(told.driver, "dispatch.stop.arrive", { stop_id: stops[0].stop_id });
    const delivered = lines.map(({ product_id, quantity }) => ({ product_id, quantity: quantity - 10_000, reason: "罐位不足" }));
    const { amount } = await api.call(told.driver, "dispatch.delivery.confirm", { stop_id: stops[0].stop_id, lines: delivered, proof: { kind: "photo", data: "cGhvdG8=" } });
    equal(amount, 87_400, "190 litres");
    const customer_id = told.customer.split("/").at(-1);
    await eventually("the debt is known", async () => (await api.call("finance@SH01", "collection.account.read", { customer_id })).account.balance === amount);
    await api.call(told.driver, "collection.receipt.record", { customer_id, amount, method: "cash", route_id });
    await api.call(told.driver, "collection.remittance.hand", { lines: [{ denomination: 10_000, count: 8 }, { denomination: 1000, count: 7 }, { denomination: 100, count: 4 }] });
  });

  await chapter("The warehouse takes back what is left: nothing is missing", "warehouse@SH01", "/", async (person) => {
    await person.goes(told.route);
    await person.page.getByRole("tab", { name: "货物" }).click();
    await person.sees("190");
    await person.does("dispatch.route.close");
    await person.sees("已结束");
  });

  await chapter("The cashier counts the notes against the receipts", "cashier@SH01", "/cash", async (person, page) => {
    const row = page.getByRole("row").filter({ hasText: told.driverName }).first();
    await row.getByRole("button", { name: "清点" }).click();
    for (const [note, count] of [["100", "8"], ["10", "7"], ["1", "4"]]) await page.getByLabel(`${note} 元的张（枚）数`, { exact: true }).fill(count);
    await person.presses("确认收讫");
    await page.getByRole("row").filter({ hasText: told.driverName }).filter({ hasText: "874.00" }).last().waitFor();
    await page.getByLabel("100 元的张（枚）数", { exact: true }).waitFor({ state: "detached" });
  });

  await chapter("Finance reconciles the day; each difference opens to what is behind it and is explained", "finance@SH01", "/reconciliation", async (person, page) => {
    await person.does("collection.day.reconcile", {}, { words: "对账" });
    await person.sees("已对账");
    const rows = page.locator("main table.grid tbody tr");
    const differences = await rows.count(); // the trucks of today are still on the road with their money
    if (differences === 0) return;
    await person.does("collection.difference.explain", { explanation: `司机在途 ${mark}` }, { words: "说明" });
    await person.sees(`司机在途 ${mark}`);
    await rows.filter({ hasText: `司机在途 ${mark}` }).first().getByRole("link").first().click();
    await page.waitForURL((url) => !url.pathname.startsWith("/reconciliation"));
  });
}

/** A day in the coming months whose list nobody has closed: another test's orders are not on it. */
async function freeDate(api, mark) {
  for (let later = 40 + (Number(mark) % 200); ; later++) {
    const { items } = await api.call("dispatcher@SH01", "dispatch.list.list", { from: day(later), to: day(later) });
    if (items.length === 0) return day(later);
  }
}

function clock() {
  return new Date(Date.now() + 8 * 3_600_000 + 60_000).toISOString().slice(11, 16);
}
