import { Box, Guide, Histogram, List, MapLocation, Monitor, OfficeBuilding, PhoneFilled, SetUp, Sell, TakeawayBox, Van } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "dispatch",
  screens: [
    { path: "/orders/new", words: { zh: "电话下单", en: "New order" }, icon: PhoneFilled, needs: ["dispatch.order.place"], first: ["operator"], component: () => import("./NewOrder.vue") },
    { path: "/orders", words: { zh: "订单", en: "Orders" }, icon: Sell, needs: ["dispatch.order.list"], first: ["operator", "supervisor"], component: () => import("./Orders.vue") },
    { path: "/orders/:order_id", words: { zh: "订单", en: "Order" }, needs: ["dispatch.order.read"], example: ["dispatch.order.list", "order_id"], component: () => import("./Order.vue") },
    { path: "/lists", words: { zh: "配送清单", en: "Delivery lists" }, icon: List, needs: ["dispatch.list.list"], first: ["dispatcher"], component: () => import("./Lists.vue") },
    { path: "/lists/:list_id", words: { zh: "配送清单", en: "Delivery list" }, needs: ["dispatch.list.read"], example: ["dispatch.list.list", "list_id"], component: () => import("./DeliveryList.vue") },
    { path: "/board", words: { zh: "排线", en: "Route planning" }, icon: MapLocation, needs: ["dispatch.route.create"], first: ["dispatcher"], component: () => import("./Board.vue") },
    { path: "/runs", words: { zh: "排线方案", en: "Planning runs" }, icon: SetUp, needs: ["dispatch.routing.list"], component: () => import("./Runs.vue") },
    { path: "/runs/:run_id", words: { zh: "排线方案", en: "Planning run" }, needs: ["dispatch.routing.read"], example: ["dispatch.routing.list", "run_id"], component: () => import("./Run.vue") },
    { path: "/running", words: { zh: "路线看板", en: "Live board" }, icon: Monitor, needs: ["dispatch.board.read"], first: ["dispatcher", "operator"], component: () => import("./Running.vue") },
    { path: "/routes", words: { zh: "路线", en: "Routes" }, icon: Guide, needs: ["dispatch.route.list"], component: () => import("./Routes.vue") },
    { path: "/routes/:route_id", words: { zh: "路线", en: "Route" }, needs: ["dispatch.route.read"], example: ["dispatch.route.list", "route_id"], component: () => import("./Route.vue") },
    { path: "/slips", words: { zh: "出库单", en: "Outbound slips" }, icon: TakeawayBox, needs: ["dispatch.slip.list"], first: ["warehouse"], component: () => import("./Slips.vue") },
    { path: "/slips/:slip_id", words: { zh: "出库单", en: "Outbound slip" }, needs: ["dispatch.slip.read"], example: ["dispatch.slip.list", "slip_id"], component: () => import("./Slip.vue") },
    { path: "/stock", words: { zh: "库存", en: "Stock" }, icon: Box, needs: ["dispatch.stock.list"], first: ["warehouse"], component: () => import("./Stock.vue") },
    { path: "/deliveries", words: { zh: "送货与退货", en: "Deliveries and returns" }, icon: Histogram, needs: ["dispatch.delivery.list"], component: () => import("./Deliveries.vue") },
    {
      path: "/deliveries/:delivery_id", words: { zh: "送货", en: "Delivery" }, needs: ["dispatch.delivery.read"], example: ["dispatch.delivery.list", "delivery_id"], component: () => import("./Delivery.vue"),
    },
    { path: "/installations", words: { zh: "安装", en: "Installations" }, icon: OfficeBuilding, needs: ["dispatch.installation.list"], first: ["installer"], component: () => import("./Installations.vue") },
    {
      path: "/installations/:installation_id", words: { zh: "安装", en: "Installation" }, needs: ["dispatch.installation.read"], example: ["dispatch.installation.list", "installation_id"],
      component: () => import("./Installation.vue"),
    },
    { path: "/fleet", words: { zh: "仓库、车辆与司机", en: "Depots, vehicles, drivers" }, icon: Van, needs: ["dispatch.vehicle.list"], component: () => import("./Fleet.vue") },
  ],
});
