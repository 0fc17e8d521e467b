import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshFolder, inTerminal } from "./support/cli.ts";
import { freshDatabase } from "./support/database.ts";

test("two lists of recipients imported at the same moment: one of them stands, whole", async () => {
  const folder = freshFolder("race");
  const database = await freshDatabase();
  const list = (name: string) =>
    ["name,position,email,unit,bulletins"]
      .concat(
        [...Array(80).keys()].map((index) => `${name},Chức vụ,${name}${index}@example.vn,H21.${100 + index},daily`),
      )
      .join("\n");
  for (const name of ["a", "b"]) writeFileSync(join(folder.path, `${name}.csv`), list(name));
  const env = { DATABASE_URL: database.url };
  const said = await Promise.all(
    ["a", "b", "a", "b"].map((name) =>
      inTerminal(["recipients", "import", `${name}.csv`, "--yes"], { cwd: folder.path, env }),
    ),
  );
  expect(said.map(({ code, stderr }) => [code, stderr])).toEqual(Array(4).fill([0, ""]));
  const names = (await database.store.recipients.list()).map(({ name }) => name);
  expect(names).toHaveLength(80);
  expect(new Set(names).size).toBe(1);
  await database.drop();
  folder.remove();
});
