import { AlarmClock, Stamp } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

const leaders = ["supervisor", "sales_manager", "department_head", "director", "deputy_general_manager", "general_manager"] as const;

export default defineScreens({
  area: "approvals",
  screens: [
    { path: "/approvals", words: { zh: "审批", en: "Approvals" }, icon: Stamp, first: [...leaders], component: () => import("./Inbox.vue") },
    { path: "/approvals/:service/:approval_id", words: { zh: "审批", en: "Approval" }, menu: false, component: () => import("./Approval.vue") },
    { path: "/deadlines", words: { zh: "时限与督办", en: "Deadlines" }, icon: AlarmClock, first: [...leaders], component: () => import("./Deadlines.vue") },
  ],
});
