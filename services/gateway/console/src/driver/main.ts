import { createApp } from "vue";
import "vant/es/style/base.css";
import "vant/es/loading/index.css";
import "vant/es/button/index.css";
import "./driver.css";
import App from "./App.vue";
import { followHistory } from "./place";
import { begin } from "./state";

followHistory();
createApp(App).mount("#app");
void begin();

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  void navigator.serviceWorker.register("/driver-worker.js", { scope: "/driver", updateViaCache: "none" }).catch(() => undefined);
}
