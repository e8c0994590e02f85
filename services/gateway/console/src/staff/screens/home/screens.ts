import { HomeFilled, User } from "@element-plus/icons-vue";
import { defineScreens } from "../../screen";

export default defineScreens({
  area: "home",
  screens: [
    { path: "/", words: { zh: "今日工作", en: "Today" }, icon: HomeFilled, component: () => import("./Home.vue") },
    { path: "/profile", words: { zh: "我的资料", en: "My profile" }, icon: User, component: () => import("./Profile.vue") },
  ],
});
