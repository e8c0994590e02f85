import { Avatar, Calendar, Connection, Document, Key, OfficeBuilding, Operation, Setting, Share, Tickets } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "administration",
  screens: [
    { path: "/people", words: { zh: "人员", en: "People" }, icon: Avatar, needs: ["staff.person.list"], first: ["it_administrator", "department_head"], component: () => import("./People.vue") },
    { path: "/people/:staff_id", words: { zh: "人员", en: "Person" }, needs: ["staff.person.read"], example: ["staff.person.list", "staff_id"], component: () => import("./Person.vue") },
    { path: "/branches", words: { zh: "机构", en: "Branches" }, icon: OfficeBuilding, needs: ["staff.branch.list"], first: ["it_administrator"], component: () => import("./Branches.vue") },
    { path: "/permissions", words: { zh: "权限表", en: "Permissions" }, icon: Key, needs: ["staff.permission.list"], first: ["it_administrator"], component: () => import("./Permissions.vue") },
    { path: "/calendar", words: { zh: "工作日历", en: "Working calendar" }, icon: Calendar, needs: ["staff.calendar.read"], component: () => import("./WorkingCalendar.vue") },
    { path: "/chains", words: { zh: "审批链", en: "Approval chains" }, icon: Share, needs: ["contracts.chain.list"], component: () => import("./Chains.vue") },
    { path: "/numbers", words: { zh: "单据号", en: "Document numbers" }, icon: Tickets, needs: ["dispatch.number.missing", "collection.number.missing"], component: () => import("./Numbers.vue") },
    { path: "/settings", words: { zh: "设置", en: "Settings" }, icon: Setting, needs: ["contracts.setting.list"], component: () => import("./Settings.vue") },
    { path: "/audit", words: { zh: "审计记录", en: "Audit log" }, icon: Document, needs: ["staff.audit.search"], first: ["it_administrator", "discipline_officer"], component: () => import("./Audit.vue") },
    { path: "/health", words: { zh: "运行状况", en: "Health" }, icon: Connection, needs: ["staff.inbox.parked"], first: ["it_administrator"], component: () => import("./Health.vue") },
    { path: "/jobs", words: { zh: "作业", en: "Jobs" }, icon: Operation, needs: ["staff.jobs.run"], component: () => import("./Jobs.vue") },
  ],
});
