import { expect, test } from "vitest";
import { atAddress, DatabaseError, isAway } from "../../../src/adapters/postgres/database-error.ts";

function coded(code: string, message = "words"): Error {
  return Object.assign(new Error(message), { code });
}

test("a refused, lost or closing server is away; a wrong statement is not", () => {
  for (const code of ["ECONNREFUSED", "ENOENT", "08006", "28P01", "3D000", "53300", "57P01", "57P03"]) {
    expect([code, isAway(coded(code))]).toEqual([code, true]);
  }
  for (const code of ["23505", "42601", "57014", "22P02"]) expect([code, isAway(coded(code))]).toEqual([code, false]);
  expect(isAway(new Error("Connection terminated unexpectedly"))).toBe(true);
  expect(isAway(new AggregateError([coded("ECONNREFUSED")]))).toBe(true);
  expect(isAway("ECONNREFUSED")).toBe(false);
});

test("an away server is named once, without the statement; other errors pass untouched", () => {
  const lost = coded("57P01", "select a from b where c = $1 - terminating connection");
  const named = atAddress(lost, "db.example:5432/scores");
  expect(named).toBeInstanceOf(DatabaseError);
  expect(String(named)).toMatch(
    /^DatabaseError: database db\.example:5432\/scores is away: terminating connection\. Start/,
  );
  expect(atAddress(named, "elsewhere")).toBe(named);
  const wrong = coded("42601");
  expect(atAddress(wrong, "db")).toBe(wrong);
});
