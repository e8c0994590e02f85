import { Calendar, Phone, Upload, UserFilled } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "leads",
  screens: [
    {
      path: "/customers", words: { zh: "客户", en: "Customers" }, icon: UserFilled, needs: ["leads.customer.list"], first: ["representative", "telesales", "supervisor", "sales_manager", "marketing"],
      component: () => import("./Customers.vue"),
    },
    { path: "/import", words: { zh: "导入线索", en: "Import leads" }, icon: Upload, needs: ["leads.import.run"], component: () => import("./Import.vue") },
    {
      path: "/customers/:customer_id", words: { zh: "客户", en: "Customer" }, needs: ["leads.customer.read"], example: ["leads.customer.list", "customer_id"], component: () => import("./Customer.vue"),
    },
    { path: "/visits", words: { zh: "拜访计划", en: "Visits" }, icon: Calendar, needs: ["leads.visit.list"], first: ["representative", "sales_manager"], component: () => import("./Visits.vue") },
    { path: "/visits/:visit_id/report", words: { zh: "拜访报告", en: "Visit report" }, needs: ["leads.visit_report.read"], menu: false, component: () => import("./VisitReport.vue") },
    { path: "/calls", words: { zh: "通话记录", en: "Calls" }, icon: Phone, needs: ["leads.call.list"], first: ["telesales"], component: () => import("./Calls.vue") },
  ],
});
