// table.mjs - the console's own table of screens and operations, read from its sources: a new screen is tested without a word here.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const console_ = join(dirname(fileURLToPath(import.meta.url)), "../../../services/gateway/console");

export async function readTable() {
  const require = createRequire(join(console_, "package.json"));
  const { createServer } = await import(pathToFileURL(join(dirname(require.resolve("vite/package.json")), "dist/node/index.js")).href);
  const vite = await createServer({ root: console_, configFile: join(console_, "vite.config.ts"), server: { middlewareMode: true, hmr: false, ws: false, watch: null }, appType: "custom", logLevel: "error", optimizeDeps: { noDiscovery: true, include: [] } });
  try {
    const { entries } = await vite.ssrLoadModule("/src/staff/table.ts");
    const { routes, mayCall } = await vite.ssrLoadModule("/src/schema/client.ts");
    const { permissions } = await vite.ssrLoadModule("/src/schema/permissions.ts");
    const functions = [...new Set(Object.values(permissions).flatMap((one) => one.functions))];
    const screens = entries.map((entry) => ({
      path: entry.path,
      example: entry.example,
      functions: functions
        .filter((one) => (!entry.functions || entry.functions.includes(one)) && (!entry.needs || entry.needs.some((name) => mayCall(name, [one]))))
        .sort((one, other) => Number(entry.first?.includes(other) ?? false) - Number(entry.first?.includes(one) ?? false)),
    }));
    return { screens, routes: JSON.parse(JSON.stringify(routes)) };
  } finally {
    await vite.close();
  }
}
