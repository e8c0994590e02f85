/** Tables of the browser's own as files of CSV. No cell is ever a formula, whatever somebody called himself. */

export type Cell = string | number | undefined;

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?[\d,]+(\.\d+)?$/;

/** One text of a CSV file: quoted where needed; what a program would take for a formula gets an apostrophe. */
export function csvText(cell: Cell): string {
  if (cell === undefined) return "";
  const text = String(cell);
  const safe = typeof cell === "string" && FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** With a mark at its head that makes every program read it as UTF-8. */
export function csv(rows: Cell[][]): Blob {
  const text = rows.map((row) => row.map(csvText).join(",")).join("\r\n");
  return new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" });
}

/** Hands a file to the browser. */
export function download(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
