import { Files, Goods, Money, Notebook, PriceTag, Tickets, TrendCharts } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "contracts",
  screens: [
    { path: "/contracts", words: { zh: "合同", en: "Contracts" }, icon: Files, needs: ["contracts.contract.list"], first: ["clerk", "sales_manager", "representative"], component: () => import("./Contracts.vue") },
    {
      path: "/contracts/:contract_id", words: { zh: "合同", en: "Contract" }, needs: ["contracts.contract.read"], example: ["contracts.contract.list", "contract_id"], component: () => import("./Contract.vue"),
    },
    { path: "/quotations", words: { zh: "报价", en: "Quotations" }, icon: Tickets, needs: ["contracts.quotation.list"], component: () => import("./Quotations.vue") },
    {
      path: "/quotations/:quotation_id", words: { zh: "报价", en: "Quotation" }, needs: ["contracts.quotation.read"], example: ["contracts.quotation.list", "quotation_id"],
      component: () => import("./Quotation.vue"),
    },
    { path: "/price-list", words: { zh: "价目表", en: "Price list" }, icon: PriceTag, needs: ["contracts.price.list"], first: ["telesales"], component: () => import("./PriceList.vue") },
    { path: "/prices", words: { zh: "价格政策", en: "Price policy" }, icon: Money, needs: ["contracts.price_policy.list"], component: () => import("./Policies.vue") },
    {
      path: "/prices/:policy_id", words: { zh: "价格政策", en: "Price policy" }, needs: ["contracts.price_policy.read"], example: ["contracts.price_policy.list", "policy_id"],
      component: () => import("./Policy.vue"),
    },
    { path: "/credit", words: { zh: "信用报告", en: "Credit reports" }, icon: TrendCharts, needs: ["contracts.credit.list"], component: () => import("./CreditReports.vue") },
    { path: "/products", words: { zh: "产品", en: "Products" }, icon: Goods, needs: ["contracts.product.list"], component: () => import("./Products.vue") },
    { path: "/templates", words: { zh: "合同模板", en: "Contract templates" }, icon: Notebook, needs: ["contracts.template.list"], component: () => import("./Templates.vue") },
    {
      path: "/templates/:template_id", words: { zh: "合同模板", en: "Template" }, needs: ["contracts.template.read"], example: ["contracts.template.list", "template_id"],
      component: () => import("./Template.vue"),
    },
  ],
});
