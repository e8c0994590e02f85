import { Coin, CreditCard, DataAnalysis, List, Notebook, ScaleToOriginal, Timer, Wallet } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "collection",
  screens: [
    {
      path: "/cash", words: { zh: "收缴现金", en: "Cash desk" }, icon: Wallet, needs: ["collection.remittance.accept"], first: ["cashier"],
      component: () => import("./CashDesk.vue"),
    },
    {
      path: "/reconciliation", words: { zh: "每日对账", en: "Daily reconciliation" }, icon: ScaleToOriginal, needs: ["collection.day.read"], first: ["finance", "cashier"],
      component: () => import("./Reconciliation.vue"),
    },
    {
      path: "/overview", words: { zh: "各分公司总览", en: "All branches" }, icon: DataAnalysis, needs: ["collection.day.overview"],
      first: ["finance", "general_manager", "deputy_general_manager", "director"], component: () => import("./Overview.vue"),
    },
    { path: "/accounts", words: { zh: "客户账户", en: "Accounts" }, icon: Notebook, needs: ["collection.account.list"], first: ["finance"], component: () => import("./Accounts.vue") },
    {
      path: "/accounts/:customer_id", words: { zh: "客户账户", en: "Account" }, needs: ["collection.account.read"], example: ["collection.account.list", "customer_id"],
      component: () => import("./Account.vue"),
    },
    { path: "/ageing", words: { zh: "账龄分析", en: "Ageing" }, icon: Timer, needs: ["collection.ageing.read"], first: ["finance"], component: () => import("./Ageing.vue") },
    { path: "/receipts", words: { zh: "收款", en: "Receipts" }, icon: Coin, needs: ["collection.receipt.list"], first: ["cashier"], component: () => import("./Receipts.vue") },
    {
      path: "/receipts/:receipt_id", words: { zh: "收款", en: "Receipt" }, needs: ["collection.receipt.read"], example: ["collection.receipt.list", "receipt_id"],
      component: () => import("./Receipt.vue"),
    },
    { path: "/receivables", words: { zh: "应收款", en: "Receivables" }, icon: CreditCard, needs: ["collection.receivable.list"], component: () => import("./Receivables.vue") },
    { path: "/ledger", words: { zh: "总账分录", en: "Ledger" }, icon: List, needs: ["collection.ledger.list"], component: () => import("./Ledger.vue") },
  ],
});
