import { Checked, Notebook, User } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "discipline",
  screens: [
    { path: "/discipline", words: { zh: "纪律案件", en: "Cases" }, icon: Checked, needs: ["discipline.case.list"], first: ["discipline_officer"], component: () => import("./Cases.vue") },
    { path: "/discipline/mine", words: { zh: "我的案件与记录", en: "My cases and record" }, icon: User, needs: ["discipline.case.mine"], component: () => import("./Mine.vue") },
    {
      path: "/discipline/cases/:case_id", words: { zh: "纪律案件", en: "Case" }, needs: ["discipline.case.read"], example: ["discipline.case.list", "case_id"],
      component: () => import("./Case.vue"),
    },
    { path: "/rules", words: { zh: "规章制度", en: "Rule book" }, icon: Notebook, needs: ["discipline.rule.list"], first: ["discipline_officer"], component: () => import("./Rules.vue") },
    { path: "/rules/:rule_id", words: { zh: "规则", en: "Rule" }, needs: ["discipline.rule.read"], example: ["discipline.rule.list", "rule_id"], component: () => import("./Rule.vue") },
  ],
});
