import { Service } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "aftersales",
  screens: [
    {
      path: "/cases", words: { zh: "售后单", en: "Service cases" }, icon: Service, needs: ["aftersales.case.list"], first: ["technician", "operator", "sales_support"],
      component: () => import("./Cases.vue"),
    },
    {
      path: "/cases/:case_id", words: { zh: "售后单", en: "Service case" }, needs: ["aftersales.case.read"], example: ["aftersales.case.list", "case_id"],
      component: () => import("./Case.vue"),
    },
  ],
});
