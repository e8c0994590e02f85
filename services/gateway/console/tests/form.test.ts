import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { createMemoryHistory, createRouter } from "vue-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readDraft } from "@/common/draft";
import { signedIn } from "@/common/session";
import { language } from "@/common/words";
import OperationButton from "@/staff/components/OperationButton.vue";
import OperationForm from "@/staff/components/OperationForm.vue";
import RecordList from "@/staff/components/RecordList.vue";

const fixed = { customer_id: "01976f2a-7c00-7000-8000-000000000001" };
const form = "collection.receipt.record " + JSON.stringify(fixed);
let sent: { path: string; key: string | null; body: Record<string, unknown> | undefined }[];
let answers: (() => Response | Promise<Response>)[];
let wrapper: VueWrapper | undefined;

const answer = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  sent = [];
  answers = [];
  sessionStorage.clear();
  signedIn({ staff_id: "s1", session_id: "x1", name: "出纳", sign_in_name: "cashier@SH01", branch_id: "b", branch: "上海", branch_kind: "branch", company_id: "c", functions: ["cashier"], must_change_password: false, expires_at: "2026-11-20T09:30:00+08:00" });
  vi.stubGlobal("fetch", async (path: string, options: RequestInit) => {
    sent.push({ path, key: new Headers(options.headers).get("Idempotency-Key"), body: options.body ? JSON.parse(String(options.body)) : undefined });
    const one = answers.shift();
    if (!one) throw new TypeError("no network");
    return one();
  });
});

afterEach(() => {
  wrapper?.unmount();
  vi.unstubAllGlobals();
  language.value = "zh";
});

const global = () => ({ plugins: [createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { template: "" } }] })] });

async function begin(props: object = {}): Promise<VueWrapper> {
  wrapper = mount(OperationForm, { props: { operation: "collection.receipt.record", fixed, only: ["amount", "method", "note"], initial: { method: "cash" }, ...props } as never, global: global(), attachTo: document.body }) as unknown as VueWrapper;
  await vi.waitFor(() => expect(wrapper!.find("form").exists()).toBe(true));
  return wrapper;
}

async function submit(one: VueWrapper): Promise<void> {
  await one.find("form").trigger("submit");
  await flushPromises();
}

/** The errors at the fields; they come with the next frames. */
function sees(one: VueWrapper, errors: string[]): Promise<void> {
  return vi.waitFor(() => expect(one.findAll(".el-form-item__error").map((error) => error.text())).toEqual(errors), 5000);
}

describe("OperationForm", () => {
  it("has an input with a label for each field", async () => {
    const one = await begin();
    expect(one.findAll(".el-form-item__label").map((label) => label.text())).toEqual(["金额", "方式", "备注"]);
  });

  it("does not begin with what is masked for the person", async () => {
    const one = await begin({ operation: "aftersales.form.fill", fixed: { case_id: "c" }, only: ["contact", "phone"], initial: { contact: "李店长", phone: "138****5678" } });
    expect(one.findAll("input").map((input) => (input.element as HTMLInputElement).value)).toEqual(["李店长", ""]);
  });

  it("knows of a field what is described besides", async () => {
    const one = await begin({ operation: "dispatch.setting.change", fixed: { name: "km_cost" }, only: ["number"], initial: { number: 150 }, described: { number: { words: { zh: "每公里费用", en: "cost of a kilometre" }, unit: "money", min: 0, max: 1000, optional: undefined } } });
    expect([one.find("label").text(), (one.find('input[name="number"]').element as HTMLInputElement).value]).toEqual(["每公里费用", "1.50"]);
    await one.find('input[name="number"]').setValue("10.01");
    await submit(one);
    await sees(one, ["不能大于 10.00 元"]);
  });

  it("checks before it sends", async () => {
    const one = await begin();
    await one.find('input[name="amount"]').setValue("12.345");
    await submit(one);
    await sees(one, ["金额应为元，最多两位小数"]);
    expect(sent).toEqual([]);
    await one.find('input[name="amount"]').setValue("12.34");
    await sees(one, []);
  });

  it("sends integers, with what is fixed, and begins anew when it is done", async () => {
    const one = await begin();
    await one.find('input[name="amount"]').setValue("1,012.50");
    answers = [answer({ receipt_id: "r", number: "1", allocated: 0, balance: 0, credit: 0 })];
    await submit(one);
    expect(sent[0]!.body).toEqual({ ...fixed, amount: 101250, method: "cash" });
    expect(one.emitted("done")![0]![0]).toMatchObject({ receipt_id: "r" });
    expect(readDraft(form)).toBeUndefined();
    expect((one.find('input[name="amount"]').element as HTMLInputElement).value).toBe("");
  });

  it("shows a refusal at its field with the rule's number, keeps what was typed, and asks with another key", async () => {
    const one = await begin();
    await one.find('input[name="amount"]').setValue("99");
    answers = [answer({ status: 409, error: "x", class: "no", detail: "只欠 50.00 元", field: "amount", policy: "R2" }, 409), answer({ status: 409, error: "customer_held", class: "no", detail: "客户已冻结", policy: "R6" }, 409)];
    await submit(one);
    await sees(one, ["只欠 50.00 元 (R2)"]);
    expect((one.find('input[name="amount"]').element as HTMLInputElement).value).toBe("99.00".replace(".00", ""));
    await submit(one);
    expect(one.find(".refused").text()).toContain("客户已冻结");
    expect(sent[0]!.key).not.toBe(sent[1]!.key);
    expect(readDraft(form)?.values).toMatchObject({ amount: 9900 });
  });

  it("keeps the key and the content while the outcome is unknown, also after a reload", async () => {
    const unknown = answer({ status: 504, error: "deadline_exceeded", class: "unknown", detail: "?" }, 504);
    answers = [unknown, unknown, unknown];
    let one = await begin();
    await one.find('input[name="amount"]').setValue("5");
    await one.find("form").trigger("submit");
    await vi.waitFor(() => expect(one.find(".note.open").exists()).toBe(true), 5000);
    expect(one.find('input[name="amount"]').attributes("disabled")).toBeDefined();
    one.unmount();
    one = await begin();
    await vi.waitFor(() => expect(one.find(".note.open").exists()).toBe(true));
    answers = [answer({ receipt_id: "r", number: "1", allocated: 0, balance: 0, credit: 0 })];
    await submit(one);
    expect(one.emitted("done")).toHaveLength(1);
    expect(new Set(sent.map((request) => request.key)).size).toBe(1);
    expect(sent.at(-1)!.body).toMatchObject({ amount: 500 });
  }, 15_000);

  it("gives back what was typed and not sent", async () => {
    let one = await begin();
    await one.find('input[name="amount"]').setValue("7");
    one.unmount();
    one = await begin();
    await vi.waitFor(() => expect((one.find('input[name="amount"]').element as HTMLInputElement).value).toBe("7.00"));
    await one.find(".note button").trigger("click");
    expect((one.find('input[name="amount"]').element as HTMLInputElement).value).toBe("");
    expect(readDraft(form)).toBeUndefined();
  });

  it("edits rows of structs in place", async () => {
    const one = await begin({ only: ["allocations"] });
    await one.find(".rows > .el-button").trigger("click");
    await one.find('input[name="allocations[0].amount"]').setValue("3");
    await submit(one);
    await sees(one, ["必须填写"]);
    expect(sent).toEqual([]);
  });

  it("speaks English when the page does", async () => {
    language.value = "en";
    const one = await begin();
    await submit(one);
    await sees(one, ["This field is required"]);
  });
});

describe("OperationButton", () => {
  it("is not there for who may not", async () => {
    wrapper = mount(OperationButton, { props: { operation: "staff.password.set" } as never }) as unknown as VueWrapper;
    expect(wrapper.find("button").exists()).toBe(false);
  });

  it("asks to confirm when nothing is to be filled in", async () => {
    wrapper = mount(OperationButton, { props: { operation: "staff.session.revoke", fixed: { session_id: "x9" } } as never, global: global(), attachTo: document.body }) as unknown as VueWrapper;
    await wrapper.find("button").trigger("click");
    await vi.waitFor(() => expect(document.querySelector(".el-dialog")).not.toBeNull());
    answers = [answer({ session_id: "x9" })];
    (document.querySelector(".el-dialog__footer .el-button--primary") as HTMLButtonElement).click();
    await vi.waitFor(() => expect(wrapper!.emitted("done")).toHaveLength(1));
    expect(sent[0]!.path).toBe("/api/v1/staff/sessions/x9");
  });
});

describe("RecordList", () => {
  const order = (number: string, amount: number) => ({ order_id: number, branch_id: "b", number, customer: `客户${number}`, status: "ready", amount, is_urgent: false, delivery_date: "2026-11-20" });

  async function list(props: object = {}): Promise<VueWrapper> {
    wrapper = mount(RecordList, { props: { operation: "dispatch.order.list", columns: ["number", "customer", "amount"], keep: false, ...props } as never, global: global(), attachTo: document.body }) as unknown as VueWrapper;
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(0));
    await flushPromises();
    return wrapper;
  }

  it("shows rows, walks pages by cursor and comes back", async () => {
    answers = [answer({ items: [order("1", 100)], next: "n1" }), answer({ items: [order("2", 200)] }), answer({ items: [order("1", 100)], next: "n1" })];
    const one = await list();
    expect(one.findAll("tbody td").map((cell) => cell.text())).toEqual(["1", "客户1", "1.00"]);
    const [back, forward] = one.findAll(".foot button");
    await forward!.trigger("click");
    await flushPromises();
    expect(sent[1]!.path).toContain("after=n1");
    expect(one.find("tbody").text()).toContain("客户2");
    await back!.trigger("click");
    await flushPromises();
    expect(sent[2]!.path).not.toContain("after");
  });

  const half = { field: "half", words: { zh: "半", en: "half" }, align: "right", value: (row: { amount: number }) => row.amount / 2 };

  it("sorts what the operation does not by a head when all rows are there, numbers as numbers", async () => {
    answers = [answer({ items: [order("1", 900), order("2", 10000), order("3", 50)] })];
    const one = await list({ columns: ["number", half] });
    const numbers = () => one.findAll("tbody tr").map((row) => row.findAll("td")[0]!.text());
    await one.findAll("th button")[1]!.trigger("click");
    expect(numbers()).toEqual(["3", "1", "2"]);
    await one.findAll("th button")[1]!.trigger("click");
    expect(numbers()).toEqual(["2", "1", "3"]);
    expect(one.findAll("th")[1]!.attributes("aria-sort")).toBe("descending");
    expect(sent).toHaveLength(1);
  });

  it("cannot sort a page of more by what the operation does not sort by", async () => {
    answers = [answer({ items: [order("1", 900)], next: "n1" })];
    const one = await list({ columns: ["number", half] });
    expect(one.findAll("th").map((head) => head.find("button").exists())).toEqual([true, false]);
  });

  it("asks the service for the order, on the next page too, and leaves its rows as they come", async () => {
    const page = (next?: string) => answer({ items: [order("2", 500), order("1", 900)], next });
    answers = [page("n1"), page("n2"), page(), page("n1"), page("n1")];
    const one = await list();
    const click = async (place: number) => {
      await one.findAll("th button")[place]!.trigger("click");
      await flushPromises();
    };
    await click(2);
    expect(sent[1]!.path).toContain("sort=amount&is_descending=false");
    expect(one.findAll("th")[2]!.attributes("aria-sort")).toBe("ascending");
    await one.findAll(".foot button")[1]!.trigger("click");
    await flushPromises();
    expect(sent[2]!.path).toMatch(/sort=amount&is_descending=false.*after=n2|after=n2.*sort=amount&is_descending=false/);
    await click(2);
    expect(sent[3]!.path).toContain("sort=amount&is_descending=true");
    expect(sent[3]!.path).not.toContain("after");
    expect(one.findAll("tbody tr").map((row) => row.findAll("td")[0]!.text())).toEqual(["2", "1"]);
    await click(2);
    expect(sent[4]!.path).not.toContain("sort");
    expect(one.findAll("th")[2]!.attributes("aria-sort")).toBeUndefined();
  });

  it("says what to do when there is nothing, and what was refused", async () => {
    answers = [answer({ items: [] }), answer({ status: 403, error: "forbidden", class: "no", detail: "您的岗位无权做此操作", policy: "S2" }, 403)];
    const one = await list({ empty: { zh: "先登记订单。", en: "Enter an order first." } });
    expect(one.text()).toContain("先登记订单。");
    (one.vm as unknown as { reload: () => Promise<void> }).reload();
    await vi.waitFor(() => expect(one.find(".refused").exists()).toBe(true));
    expect(one.find(".refused").text()).toContain("S2");
  });

  it("shows a hostile name as text", async () => {
    answers = [answer({ items: [{ ...order("1", 1), customer: "<img src=x onerror=alert(1)>" }] })];
    const one = await list();
    expect(one.find("img").exists()).toBe(false);
    expect(one.text()).toContain("<img src=x onerror=alert(1)>");
  });
});
