/** The driver's page. */
import { createApp, h } from "vue";

createApp({ render: () => h("main", "送达") }).mount("#app");
