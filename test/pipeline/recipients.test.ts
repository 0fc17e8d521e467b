import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { recipientRows } from "../../src/adapters/recipients-csv.ts";
import { UsageError } from "../../src/domain/errors.ts";
import { isMailAddress, type RecipientRules, readRecipients } from "../../src/pipeline/recipients.ts";

const HEADER = "name,position,email,unit,bulletins";
const GIA_LAI: RecipientRules = { province: "H21" };

function read(text: string | Uint8Array, rules: RecipientRules = GIA_LAI) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return readRecipients(recipientRows(bytes), rules);
}

function mistakes(text: string | Uint8Array, rules: RecipientRules = GIA_LAI): readonly string[] {
  try {
    read(text, rules);
  } catch (error) {
    if (error instanceof UsageError) return error.mistakes;
    throw error;
  }
  return [];
}

describe("the recipient list", () => {
  it("gives every line in order, text in NFC and trimmed, province as its code", () => {
    const text = [
      HEADER,
      `"${"Nguyễn Thị Yến".normalize("NFD")}","Chủ tịch UBND phường, ủy viên",Yen@phuong.example.vn,H21.17,daily`,
      ' Trần Văn An ,,an@tinh.example.vn,province,"daily;weekly"',
      "Lê Bình,Trưởng ban,binh@tinh.example.vn,H21, weekly",
    ].join("\r\n");
    expect(read(`\uFEFF${text}\r\n\r\n,,,,\r\n`)).toEqual([
      {
        name: "Nguyễn Thị Yến",
        position: "Chủ tịch UBND phường, ủy viên",
        email: "Yen@phuong.example.vn",
        unit: "H21.17",
        bulletins: ["daily"],
      },
      { name: "Trần Văn An", position: "", email: "an@tinh.example.vn", unit: "H21", bulletins: ["daily", "weekly"] },
      { name: "Lê Bình", position: "Trưởng ban", email: "binh@tinh.example.vn", unit: "H21", bulletins: ["weekly"] },
    ]);
  });

  it("lets one person stand for two units, and two people for one", () => {
    const list = [HEADER, "A,,a@x.vn,H21.1,daily", "A,,a@x.vn,H21.2,daily", "B,,b@x.vn,H21.1,daily"].join("\n");
    expect(read(list)).toHaveLength(3);
  });

  it("names every mistake with its line at once", () => {
    const list = [
      HEADER,
      "A,,a@x.vn,H21.1,daily",
      "",
      "B,,not an address,H99.1,monthly",
      '"C\nD",,c@x.vn,H21.3,daily',
      ",,d@x.vn,21.4,daily;daily",
      "E,,A@X.vn,H21.1,weekly",
      "F,e@x.vn,H21.1,daily",
      "G,,g@x.vn,H21.1,",
    ].join("\n");
    expect(mistakes(list)).toEqual([
      "line 4: email is not a mail address",
      "line 4: unit H99.1 is not in the province H21",
      'line 4: bulletins must be daily, weekly or daily;weekly: "monthly"',
      "line 5: name contains the invisible character U+000A",
      "line 7: name is empty",
      'line 7: unit is neither "province" nor an H-code such as H21.17: "21.4"',
      'line 7: bulletins must be daily, weekly or daily;weekly: "daily;daily"',
      "line 8: the same address and unit as line 2",
      "line 9: 4 columns instead of 5; put a text with a comma in double quotes",
      'line 10: bulletins must be daily, weekly or daily;weekly: ""',
    ]);
  });

  it("needs a province for the unit `province`", () => {
    const list = `${HEADER}\nA,,a@x.vn,province,daily`;
    expect(mistakes(list, { province: null })[0]).toContain("no configuration names the province");
  });

  it("refuses a unit the register does not know, when there is a register", () => {
    const list = `${HEADER}\nA,,a@x.vn,H21.1,daily\nB,,b@x.vn,H21.2,daily\nC,,c@x.vn,province,daily\nD,,d@x.vn,X-ban,daily`;
    const knownUnits = new Set(["H21.1", "X-ban"]);
    expect(mistakes(list, { province: "H21", knownUnits })).toEqual([
      'line 3: unit H21.2 is not known; "diemtin units list" shows the codes',
    ]);
  });

  it.each([
    ["", "the list is empty"],
    [HEADER, "no recipient"],
    ["name;position;email;unit;bulletins\nA;;a@x.vn;H21.1;daily", "separated by semicolons"],
    ["name\tposition\temail\tunit\tbulletins", "separated by tabs"],
    ["Name,position,email,unit,bulletins\nA,,a@x.vn,H21.1,daily", "the header must be"],
    ["name,email,unit,bulletins\nA,a@x.vn,H21.1,daily", "the header must be"],
    [`${HEADER}\n"A,,a@x.vn,H21.1,daily`, "not comma-separated text"],
    [`${HEADER}\nA,,a@x.vn,H21.1,daily\n${"x".repeat(20_000)}`, "not comma-separated text"],
    [new Uint8Array([0x61, 0xcc, 0x2c, 0xd2]), "not UTF-8"],
    [new Uint8Array(5 * 1024 * 1024 + 1), "at most"],
    [`${HEADER}\n${"A,,a@x.vn,H21.1,daily\n".repeat(20_001)}`, "at most 20000"],
  ])("refuses a file that is no such list (%#)", (text, words) => {
    expect(mistakes(text).join("\n")).toContain(words);
  });

  it("refuses characters nobody sees, which could add a header or make two addresses look alike", () => {
    for (const [at, character] of [...["\r", "\u0000", "\u200b", "\u202e", "\u2028"].entries()]) {
      const found = mistakes(`${HEADER}\n"A${character}B",,a${at}@x.vn,H21.1,daily`);
      expect(found.join()).toContain("name contains the invisible character");
    }
  });

  it("never repeats an address in a message", () => {
    expect(
      mistakes(`${HEADER}\nA,,secret@x@y.vn,H21.1,daily\nB,,b@x.vn,H21.1,daily\nC,,B@x.vn,H21.1,x`).join(),
    ).not.toMatch(/@/);
  });

  it("stops listing mistakes at a hundred and counts the rest", () => {
    const found = mistakes(`${HEADER}\n${"A,,a,H21.1,daily\n".repeat(150)}`);
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe("… and 199 more mistakes");
  });
});

describe("a mail address", () => {
  it.each(["a@x.vn", "Hoang.Yen+766@phuong-1.gialai.gov.vn", "o'hara@x.vn", "1_2@x.co"])("takes %s", (text) => {
    expect(isMailAddress(text)).toBe(true);
  });

  it.each([
    "",
    "a",
    "a@x",
    "@x.vn",
    "a@",
    "a b@x.vn",
    "a@x..vn",
    ".a@x.vn",
    "a..b@x.vn",
    "ă@x.vn",
    "a@x.vn>",
    "<a@x.vn>",
    "a@x.vn,b@x.vn",
    "a@-x.vn",
  ])("refuses %s", (text) => {
    expect(isMailAddress(text)).toBe(false);
  });

  it("is never one the channel would refuse at the time of sending", () => {
    const piece = fc.string({ unit: fc.constantFrom(..."abcxyzABC0123456789.-_+'é ,<"), minLength: 1, maxLength: 6 });
    const text = fc.oneof(
      fc.tuple(piece, piece).map(([local, domain]) => `${local}@${domain}.vn`),
      fc.emailAddress(),
    );
    const channel = z.email().max(254);
    let taken = 0;
    fc.assert(
      fc.property(text, (address) => {
        if (!isMailAddress(address)) return;
        taken += 1;
        expect(channel.safeParse(address).success, address).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
