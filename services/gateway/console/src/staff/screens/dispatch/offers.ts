/** What an order would cost on each route, asked when somebody takes it up and thinks about where to put it (B9). */
import { ref } from "vue";
import { call } from "@/common/call";
import { yuan } from "@/common/money";
import { defineWords, t } from "@/common/words";
import { dispatchRoutingReasonWords } from "@/schema/enums/dispatch";
import type { DispatchRoutingReason, DispatchStopOffer } from "@/schema/types";
import { limitText, reasonText } from "./planning";

const words = defineWords({
  plus: { zh: "+{} · +{} km · +{} 分钟", en: "+{} · +{} km · +{} min" },
  not: { zh: "不合适：{}", en: "does not fit: {}" },
  goods: { zh: "车上没有这些货", en: "the goods are not on the truck" },
  room: { zh: "装不下", en: "no room" },
});

export interface Offers {
  of: (route: string) => DispatchStopOffer | undefined;
  ask: (order: string, date: string) => Promise<void>;
  drop: () => void;
}

export function useOffers(): Offers {
  const found = ref(new Map<string, DispatchStopOffer>());
  let asked = "";

  async function ask(order: string, date: string): Promise<void> {
    asked = order;
    found.value = new Map();
    try {
      const reply = await call("dispatch.stop.offer", { order_id: order, delivery_date: date });
      if (asked === order) found.value = new Map(reply.offers.map((one) => [one.route_id, one]));
    } catch {
      found.value = new Map(); // it can be put there all the same; the server decides
    }
  }

  function drop(): void {
    asked = "";
    found.value = new Map();
  }
  return { of: (route) => found.value.get(route), ask, drop };
}

/** "+12.30 · +3.2 km · +14 min", or why not. */
export function offerText(offer: DispatchStopOffer | undefined): string {
  if (!offer) return "";
  if (offer.fits) return t(words.plus, yuan(offer.extra_cost), (offer.extra_distance_m / 1000).toFixed(1), offer.extra_minutes);
  return t(words.not, whyNot(offer));
}

function whyNot(offer: DispatchStopOffer): string {
  if (offer.reason) return reasonText({ ...offer, reason: offer.reason });
  return offer.compartment ?? t(offer.has_goods ? words.room : words.goods);
}

/** "window 720", as a refusal has it: later than the customer's window by 12 min. */
export function brokenLimit(value: string | undefined): string {
  const [reason = "", amount] = (value ?? "").split(" ");
  return reason in dispatchRoutingReasonWords ? limitText(reason as DispatchRoutingReason, Number(amount)) : (value ?? "");
}
