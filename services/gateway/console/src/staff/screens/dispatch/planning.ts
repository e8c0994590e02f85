/** Plans in a dispatcher's words: why an order was left out, what a pin breaks, where the distances came from. */
import { yuan } from "@/common/money";
import { formatQuantity } from "@/common/quantity";
import { defineWords, label, t, type Words } from "@/common/words";
import { dispatchRoutingReasonWords, dispatchVehiclePropertyWords } from "@/schema/enums/dispatch";
import type { DispatchDepotShortage, DispatchRoutingReason, DispatchUnplannedOrder, DispatchVehicleProperty } from "@/schema/types";

const words = defineWords({
  fits: { zh: "能排入，但要花 {}，高于不排的价格 {}", en: "It fits, but serving it costs {}, more than its price of {}" },
  dear: { zh: "能排入，但不划算", en: "It fits, but leaving it out is cheaper" },
  missing: { zh: "车辆缺少：{}", en: "The vehicle lacks: {}" },
  unwanted: { zh: "地址不准：{}", en: "The address forbids: {}" },
  carries: { zh: "车上没有可装这些货的隔舱", en: "The vehicle has no compartment for these goods" },
  lock: { zh: "固定的站点挡住了位置", en: "A pinned stop stands in the way" },
  capacity: { zh: "装载量超出 {}", en: "{} more than the vehicle holds" },
  window: { zh: "比客户的时间窗晚 {}", en: "{} after the customer's time window" },
  shift: { zh: "超出司机工时 {}", en: "{} beyond the driver's shift or rest" },
  duration: { zh: "超出最长出车时间 {}", en: "{} over the longest day" },
  distance: { zh: "超出最长里程 {} 公里", en: "{} km over the longest way" },
  stops: { zh: "超出最多站点数 {} 站", en: "{} stops over the most" },
  products: { zh: "出库单品种超出 {} 个", en: "{} products more than a slip has" },
  inspection: { zh: "车辆年检在配送日前 {} 天到期", en: "The vehicle's inspection ends {} days before the day" },
  licence: { zh: "驾驶证在配送日前 {} 天到期", en: "The driver's licence ends {} days before the day" },
  lacking: { zh: "{} {} 缺 {}", en: "{}: {} lacks {}" },
  greatCircle: { zh: "里程按坐标直线距离折算。", en: "Distances come from coordinates, as the crow flies with a detour." },
  server: { zh: "里程来自道路里程服务。", en: "Distances come from the server of road distances." },
  serverFailed: { zh: "道路里程服务没有回答，里程改按坐标折算，方案可能偏乐观。", en: "The server of road distances did not answer: distances come from coordinates, and the plan may be too hopeful." },
  file: { zh: "里程来自矩阵文件。", en: "Distances come from the file." },
  fileFailed: { zh: "里程文件有错，没有采用，里程改按坐标折算。", en: "The file of distances is not in order and was not used: distances come from coordinates." },
  hours: { zh: "{} 小时 {} 分钟", en: "{} h {} min" },
  minutes: { zh: "{} 分钟", en: "{} min" },
  lacked: { zh: "说明：{}", en: "Note: {}" },
});

const TRAVEL: Record<string, Words> = { great_circle: words.greatCircle, server: words.server, server_failed: words.serverFailed, file: words.file, file_failed: words.fileFailed };

const names = (properties: readonly DispatchVehicleProperty[] | undefined): string => (properties ?? []).map((one) => label(dispatchVehiclePropertyWords[one])).join("、");

/** How long on the road: hours of the clock, not of a working day. */
export function driveText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? t(words.minutes, minutes) : t(words.hours, Math.floor(minutes / 60), minutes % 60);
}

/** A limit and by how much it is broken: seconds as minutes, metres as kilometres. */
export function limitText(reason: DispatchRoutingReason, amount: number): string {
  const minutes = driveText(amount);
  switch (reason) {
    case "capacity": return t(words.capacity, formatQuantity(amount));
    case "window": return t(words.window, minutes);
    case "shift": return t(words.shift, minutes);
    case "duration": return t(words.duration, minutes);
    case "distance": return t(words.distance, (amount / 1000).toFixed(1));
    case "stops": return t(words.stops, amount);
    case "products": return t(words.products, amount);
    case "inspection": return t(words.inspection, amount);
    case "licence": return t(words.licence, amount);
    case "lock": return t(words.lock);
    default: return label(dispatchRoutingReasonWords[reason]);
  }
}

/** What the vehicle lacks or is and should not be; neither: it carries none of the goods. */
function propertyText(missing?: readonly DispatchVehicleProperty[], unwanted?: readonly DispatchVehicleProperty[]): string {
  const parts = [missing?.length ? t(words.missing, names(missing)) : "", unwanted?.length ? t(words.unwanted, names(unwanted)) : ""].filter(Boolean);
  return parts.join("；") || t(words.carries);
}

/** Why an order does not go on a vehicle. */
export function reasonText(one: { reason: DispatchRoutingReason; amount?: number; missing?: readonly DispatchVehicleProperty[]; unwanted?: readonly DispatchVehicleProperty[] }): string {
  return one.reason === "property" ? propertyText(one.missing, one.unwanted) : limitText(one.reason, one.amount ?? 0);
}

/** Why an order is in no route. */
export function leftOutText(order: DispatchUnplannedOrder): string {
  if (order.reason !== "fits") return reasonText(order);
  return order.serve_cost !== undefined && order.leave_out_price !== undefined ? t(words.fits, yuan(order.serve_cost), yuan(order.leave_out_price)) : t(words.dear);
}

/** What a depot cannot give: "西库 氮气 缺 5.0 瓶". */
export function shortageText(one: DispatchDepotShortage): string {
  return t(words.lacking, one.depot ?? "", one.product ?? one.product_id, formatQuantity(one.quantity, one.unit));
}

/** Which distances a plan used; whether a source failed is worth a warning. */
export function travelText(travel: string | undefined, note: string | undefined): { text: string; is_bad: boolean } {
  const said = travel === undefined ? undefined : TRAVEL[travel];
  const text = [said ? t(said) : "", note ? t(words.lacked, note) : ""].filter(Boolean).join(" ");
  return { text, is_bad: travel === "server_failed" || travel === "file_failed" };
}
