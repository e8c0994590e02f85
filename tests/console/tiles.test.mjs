// tiles.test.mjs - the map over pictures of another server, which the gateway's setting names: they are shown, and no other server's.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { PASSWORD } from "./lib/api.mjs";
import { open, signIn, visitor } from "./lib/browser.mjs";
import { png } from "./lib/picture.mjs";
import { isReady, STACK, stack } from "./lib/stack.mjs";
import { equal, truth } from "./lib/suite.mjs";

/** A server of pictures that notes what it was asked for. */
async function pictures() {
  const picture = png(256, 256);
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "Content-Type": "image/png", "Cache-Control": "no-store" }).end(picture);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { asked, origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((closed) => server.close(closed) && server.closeAllConnections()) };
}

/** The gateway with other settings, and as it was afterwards. */
async function withSettings(origin, lines, work) {
  const file = join(STACK, "settings", "gateway-1.conf");
  const before = readFileSync(file, "utf8");
  const restart = async (text) => {
    stack("stop", "gateway");
    writeFileSync(file, text);
    stack("start", "gateway");
    await isReady(origin);
  };
  try {
    await restart(`${before.trimEnd()}\n${lines}\n`);
    await work();
  } finally {
    await restart(before);
  }
}

export default async function ({ suite, browser, origin }) {
  await suite.test("The map shows the pictures of the server that the setting names, and the content policy lets no other's in", async () => {
    const [named, other] = [await pictures(), await pictures()];
    try {
      await withSettings(origin, `map_tiles = ${named.origin}/{z}/{x}/{y}.png\nmap_attribution = <b>Survey & Sons</b>`, async () => {
        const page = await visitor(browser, origin);
        await signIn(page, "dispatcher@SH01", PASSWORD);
        await open(page, "/running");
        await page.locator(".ground .leaflet-tile-loaded").first().waitFor();
        truth(await page.locator(".ground .leaflet-tile-loaded").evaluateAll((all) => all.every((one) => one.naturalWidth === 256)), "a tile is no picture");
        truth(named.asked.every((one) => /^\/\d+\/\d+\/\d+\.png$/.test(one)), `asked for ${named.asked.join(" ")}`);
        await page.locator(".leaflet-control-attribution").getByText("<b>Survey & Sons</b>").waitFor();
        const refused = await page.evaluate(
          (address) => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(`${event.violatedDirective} ${event.blockedURI}`), { once: true });
            const picture = new Image();
            picture.onload = () => done("it was loaded");
            picture.src = address;
          }),
          `${other.origin}/1/2/3.png`,
        );
        equal(refused, `img-src ${other.origin}/1/2/3.png`, "what became of another server's picture");
        equal(other.asked, [], "what another server was asked for");
        const wrong = page.wrong.filter((one) => !one.startsWith(`request to ${named.origin}/`) && !one.includes(other.origin));
        equal(wrong, [], "what the page should not have done");
        await page.context().close();
      });
    } finally {
      await Promise.all([named.close(), other.close()]);
    }
  });
}
