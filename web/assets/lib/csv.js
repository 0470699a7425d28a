// Files that the reader takes along.

/** A cell that no spreadsheet takes for a formula. @param {unknown} value */
export function cell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  if (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) text = "'" + text;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string[]} head @param {unknown[][]} rows */
export const csv = (head, rows) => "\ufeff" + [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

/** @param {string} name @param {string} text @param {string} [type] */
export function download(name, text, type = "text/csv") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

/** A name with the time in it. @param {string} what @param {string} [ending] */
export const fileName = (what, ending = "csv") => `sira-${what}-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${ending}`;

/**
 * A table as a file: what each column sorts by, or says in `csv`, of all rows that the filter leaves.
 * @param {string} what @param {any[]} columns those of DataTable @param {any[]} rows
 */
export function saveTable(what, columns, rows) {
  const told = columns.filter((column) => column.csv || column.sort);
  download(fileName(what), csv(told.map((column) => column.id), rows.map((row) => told.map((column) => (column.csv ?? column.sort)(row)))));
}
