/** Writes /driver-worker.js into the build: the service worker with the list of the driver page's own files, versioned by their contents. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, URL } from "node:url";
import type { Plugin } from "vite";

interface Piece {
  type: "chunk" | "asset";
  fileName: string;
  isEntry?: boolean;
  name?: string;
  imports?: string[];
  dynamicImports?: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
  source?: string | Uint8Array;
}

/** All files that an entry needs, itself included. */
export function filesOf(bundle: Record<string, Piece>, entry: string): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    const piece = bundle[file];
    if (!piece || found.has(file)) return;
    found.add(file);
    for (const next of [...(piece.imports ?? []), ...(piece.dynamicImports ?? [])]) visit(next);
    for (const other of [...(piece.viteMetadata?.importedCss ?? []), ...(piece.viteMetadata?.importedAssets ?? [])]) found.add(other);
  };
  visit(entry);
  return [...found].sort();
}

export function driverWorker(): Plugin {
  return {
    name: "driver-worker",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const pieces = bundle as unknown as Record<string, Piece>;
        const entry = Object.values(pieces).find((piece) => piece.type === "chunk" && piece.isEntry && piece.name === "driver");
        if (!entry) throw new Error("the build has no entry called driver");
        const files = ["driver.html", "icon.svg", ...filesOf(pieces, entry.fileName)];
        const page = pieces["driver.html"]?.source ?? "";
        const template = readFileSync(join(fileURLToPath(new URL(".", import.meta.url)), "worker.js"), "utf8");
        const version = createHash("sha256").update(template).update(files.join()).update(page).digest("hex").slice(0, 12);
        const source = template.replace("@VERSION@", version).replace("@FILES@", JSON.stringify(files.map((file) => `/${file}`)));
        this.emitFile({ type: "asset", fileName: "driver-worker.js", source });
      },
    },
  };
}
