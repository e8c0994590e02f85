// desks.test.mjs - the desks beside the main road: prices, after-sales, discipline, administration, headquarters. Each person does the daily work by clicks.
import { Person, day } from "./lib/person.mjs";

export default async function desks({ suite, browser, origin, api }) {
  const mark = String(Date.now()).slice(-6);

  /** Several people work on one thing, one after the other: [who, where, what]. */
  async function together(steps) {
    for (const [who, path, play] of steps) {
      const person = await Person.arrives(browser, origin, who, path);
      await play(person, person.page);
      await person.leaves();
    }
  }

  await suite.test("The department head drafts prices, the general manager approves them from the inbox", () => {
    const name = `试行价格${mark}`;
    const from = day(200 + (Number(mark) % 100));
    return together([
      ["department_head@ZB", "/prices", async (person, page) => {
        await person.does("contracts.price_policy.draft", { name, valid_from: from, valid_until: from, "lines[0].product_id": { pick: "双眼灶" }, "lines[0].list_price": "1680", "lines[0].floor_price": "1500" });
        await page.waitForURL(/\/prices\/[0-9a-f-]{36}/);
        await person.does("contracts.price_policy.submit");
        await person.sees("审批中");
      }],
      ["general_manager@ZB", "/approvals", async (person, page) => {
        await page.getByRole("button", { name: new RegExp(`^无变化: 价格政策 .*${name}`) }).click();
        await page.getByRole("row").filter({ hasText: "双眼灶" }).getByText("1,680.00").waitFor(); // what is to be signed, without leaving the inbox
        await person.opens(name);
        await person.does("contracts.approval.decide", {}, { words: "同意" });
        await page.getByRole("button", { name: "同意", exact: true }).waitFor({ state: "detached" });
      }],
    ]);
  });

  await suite.test("A case goes from the customer's call to the survey", () => {
    const summary = `火力不足，早市受影响 ${mark}`;
    let path;
    return together([
      ["operator@SH01", "/cases", async (person, page) => {
        await person.does("aftersales.case.open", { customer_id: { pick: "晨光餐厅" }, class: { choose: "质量" }, priority: { choose: "紧急" }, summary, contact: "李店长", phone: "13812345678" });
        await page.waitForURL(/\/cases\/[0-9a-f-]{36}/);
        path = new URL(page.url()).pathname;
        await person.sees("等待销售经理确认");
      }],
      ["sales_manager@SH01", "/cases", async (person, page) => {
        await person.goes(path);
        await person.does("aftersales.case.confirm");
        await page.getByText("等待话务员填写服务申请表").waitFor();
      }],
      ["operator@SH01", "/cases", async (person) => {
        await person.goes(path);
        await person.does("aftersales.form.fill", { place: "漕溪路 251 号厨房", equipment: "双眼灶" });
        await person.sees("等待派技术员");
      }],
      ["technician@SH01", "/cases", async (person) => {
        await person.goes(path);
        await person.does("aftersales.case.answer", { note: "一小时内到" });
        await person.does("aftersales.case.assign", { technician_id: { pick: (await api.signIn("technician@SH01")).name } }, { words: "派技术员" });
        await person.does("aftersales.case.progress", { note: "喷嘴已拆下清洗" });
        await person.does("aftersales.case.solve", { handling: "清洗喷嘴，换密封圈", result: "恢复正常" });
        await person.sees("等待回访");
      }],
      ["operator@SH01", "/cases", async (person) => {
        await person.goes(path);
        await person.does("aftersales.case.survey", { score: "5", channel: { choose: "电话" } });
        await person.sees("已回访");
      }],
    ]);
  });

  await suite.test("A discipline case goes from the evidence over the statement to the decision", async () => {
    const rules = await api.call("discipline_officer@SH01", "discipline.rule.list", { status: "in_force", limit: 200 });
    const rule = rules.items.find((one) => one.code === "Z4-false-report");
    const accused = await api.signIn("representative2@SH01");
    const what = `拜访记录与门店监控不符 ${mark}`;
    let path;
    await together([
      ["supervisor@SH01", "/discipline", async (person, page) => {
        await person.does("discipline.case.open", { staff_id: { pick: accused.name }, rule_code: { pick: rule.name_zh }, occurred_at: `${day(-1)}T15:00`, what, "evidence[0].note": "门店店长来电" });
        await page.waitForURL(/\/discipline\/cases\/[0-9a-f-]{36}/);
        path = new URL(page.url()).pathname;
      }],
      ["representative2@SH01", "/discipline/mine", async (person) => {
        await person.goes(path);
        await person.does("discipline.statement.file", { statement: "当天改约到隔壁分店，忘了改地点" }, { words: "陈述申辩" });
        await person.sees("已陈述");
      }],
      ["supervisor@SH01", "/discipline", async (person) => {
        await person.goes(path);
        await person.does("discipline.case.propose", { measure: { choose: "不予处理" }, reason: "有分店签到照片" });
        await person.sees("已建议");
      }],
      ["discipline_officer@SH01", "/discipline", async (person) => {
        await person.goes(path);
        await person.does("discipline.case.decide", { measure: { choose: "不予处理" }, reason: "有分店签到照片" });
        await person.sees("未处理结案");
      }],
    ]);
  });

  await suite.test("The administrator reads the permissions, finds what somebody did in the audit log, and sees that all is well", () =>
    together([
      ["it_administrator@ZB", "/permissions", async (person, page) => {
        await page.getByLabel("查找权限").fill("dispatch.list.close");
        await page.locator("main tbody tr").filter({ hasText: "dispatch.list.close" }).getByText("有").first().waitFor({ state: "attached" });
        await person.goes("/audit");
        await page.locator("main tbody tr").first().waitFor();
        await person.presses("核对审计链");
        await page.locator(".el-drawer:visible").getByText("是").first().waitFor();
        await page.keyboard.press("Escape");
        await person.goes("/health");
        await page.locator("main table").first().locator("tbody .el-tag--success").nth(6).waitFor(); // all seven services answer
      }],
    ]));

  await suite.test("The general manager sets a price in yuan, and finds the change in its history and, by the operation's words, in the audit log", async () => {
    const before = (await api.call("general_manager@ZB", "dispatch.setting.list")).settings.find((one) => one.name === "km_cost").number;
    await together([
      ["general_manager@ZB", "/settings", async (person, page) => {
        const row = page.getByRole("row").filter({ hasText: "每公里费用" });
        await row.getByRole("button", { name: "修改" }).click();
        const form = page.locator(".el-drawer:visible .operation-form");
        await person.sends(form, { number: "1.555" });
        await form.getByText("金额应为元，最多两位小数").waitFor();
        await person.sends(form, { number: "1.63" });
        await form.waitFor({ state: "hidden" });
        await row.getByText("1.63 元").waitFor();
        await row.getByRole("button", { name: "历史" }).click();
        await page.locator(".el-drawer:visible tbody tr").first().getByText("1.63 元").waitFor();
        await page.keyboard.press("Escape");
        await person.goes("/audit");
        await page.locator("main").getByText("配送", { exact: true }).click();
        await page.getByLabel("操作", { exact: true }).locator("visible=true").first().click();
        await page.keyboard.type("修改设置");
        await page.locator(".el-select-dropdown__item:visible").filter({ hasText: "dispatch.setting.change" }).click();
        const first = page.locator("main tbody tr").first();
        await first.getByText("修改设置").waitFor();
        await first.getByRole("button", { name: "查看" }).click();
        const entry = page.locator(".el-drawer:visible");
        await entry.getByText("每公里费用").first().waitFor();
        await entry.getByText("1.63 元").waitFor();
      }],
    ]);
    await api.call("general_manager@ZB", "dispatch.setting.change", { name: "km_cost", number: before });
  });

  await suite.test("The general manager sees both branches, with the age of each figure, a curve of two weeks and the funnel", () =>
    together([
      ["general_manager@ZB", "/overview", async (person, page) => {
        for (const branch of ["上海一分公司", "杭州分公司"]) await page.getByRole("row").filter({ hasText: branch }).first().waitFor();
        await person.sees("合计");
        await person.sees(/^订单 .+/);
        await person.sees(/^账目 .+/);
        await page.getByRole("row", { name: /^方案报价 \d+/ }).waitFor();
        await page.locator("main canvas, main svg").last().waitFor();
        await page.getByRole("link", { name: "上海一分公司" }).click();
        await page.waitForURL(/\/reconciliation/);
        await page.locator("main dl.sums").nth(1).waitFor(); // the day's figures, goods and money
      }],
    ]));
}
