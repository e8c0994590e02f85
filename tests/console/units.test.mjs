// units.test.mjs - the console's own checks: eslint, and the unit tests, each counted.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { truth } from "./lib/suite.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../services/gateway/console");

/** Runs a tool of the console's; gives its exit status and what it said. */
function tool(name, ...words) {
  const options = { cwd: folder, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, "node_modules", name), ...words], options, (error, out, wrong) => resolve({ status: error ? (error.code ?? 1) : 0, said: out + wrong }));
  });
}

export default async function units({ suite }) {
  await suite.test("The console's sources pass eslint without a warning", async () => {
    const { status, said } = await tool("eslint/bin/eslint.js", "--max-warnings", "0", ".");
    truth(status === 0, said.slice(-3000));
  });
  if (suite.only) return;
  const place = mkdtempSync(join(tmpdir(), "songda-units-"));
  const report = join(place, "report.json");
  try {
    const { said } = await tool("vitest/vitest.mjs", "run", "--reporter=json", `--outputFile=${report}`);
    let found;
    await suite.test("The console's unit tests were run", async () => {
      found = JSON.parse(readFileSync(report, "utf8"));
      truth(found.numTotalTests > 0, said.slice(-2000));
    });
    for (const one of found?.testResults.flatMap((file) => (file.assertionResults.length > 0 ? file.assertionResults : [{ fullName: file.name, status: file.status, failureMessages: [file.message] }])) ?? []) {
      await suite.test(one.fullName, () => truth(one.status === "passed", one.failureMessages.join("\n").slice(0, 2000)));
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
