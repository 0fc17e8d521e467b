import { CsvError, parse } from "csv-parse/sync";
import { UsageError } from "../domain/errors.ts";

const MOST_BYTES = 5 * 1024 * 1024;

/**
 * The lines of a comma-separated file in UTF-8 (a byte order mark is fine), each with the number of the line it begins on; empty
 * lines are left out. What the cells say is not looked at.
 * @throws {UsageError} for a file that is too large, not UTF-8, or has quotes that do not match.
 */
export function recipientRows(bytes: Uint8Array): { line: number; cells: string[] }[] {
  if (bytes.length > MOST_BYTES) {
    throw new UsageError(`the list has ${bytes.length} bytes; at most ${MOST_BYTES} (5 MB) are read`);
  }
  try {
    // One kind of line end, so that the parser's count is right inside quotes too.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
    const ends: number[] = [];
    const records = parse(text, {
      record_delimiter: "\n",
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 10_000,
      on_record(record: string[], info) {
        ends.push(info.lines);
        return record;
      },
    });
    // The parser counts to the line a record ends on. Spreadsheets leave lines of bare commas below a table.
    return records
      .map((cells, at) => ({ line: (ends[at] ?? 0) - (cells.join("").match(/\n/g)?.length ?? 0), cells }))
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  } catch (error) {
    if (error instanceof CsvError) throw new UsageError(`the list is not comma-separated text: ${error.message}`);
    if (error instanceof TypeError) {
      throw new UsageError('the list is not UTF-8: save it as "CSV UTF-8 (comma delimited)"');
    }
    throw error;
  }
}
