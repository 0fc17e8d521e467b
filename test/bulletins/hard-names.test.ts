import { describe, expect, test } from "vitest";
import { rawMail } from "../../src/adapters/channels/raw-mail.ts";
import { createPress } from "../../src/adapters/press.ts";
import { composeDaily } from "../../src/bulletins/daily.ts";
import type { DailyInput } from "../../src/bulletins/daily-input.ts";
import { detectChanges } from "../../src/domain/change.ts";
import { indicatorCode, isHeadline, TOTAL } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import type { RegisteredUnit } from "../../src/domain/view.ts";
import { composeMessage } from "../../src/pipeline/message.ts";
import { render } from "../../src/pipeline/publish.ts";
import { editionOf } from "../support/eight-cases.ts";
import { dailyInputOf, OFFICE_SETTINGS, sampleSight } from "../support/sample-sights.ts";
import { parseMail } from "../support/smtp.ts";
import { inspect, overlapping, wordBoxes } from "../templates/poppler.ts";

const press = createPress();
const [FRIDAY, MONDAY] = ["2026-10-09", "2026-10-12"] as const;
const AGENCY = "H21.05";
const COMMUNE = "H21.133";

/** Monday's digest of a unit when every unit of the province is called so. */
function called(unit: string, name: string): DailyInput {
  const rename = (known: RegisteredUnit): RegisteredUnit => ({ ...known, name });
  const sights = [sampleSight("H21", FRIDAY, { rename }), sampleSight("H21", MONDAY, { rename })] as const;
  return dailyInputOf(unit, sights, { day: MONDAY });
}

/** Monday's digest of a unit from other figures. */
function fromFigures(unit: string, change: (rows: readonly Observation[]) => readonly Observation[]): DailyInput {
  return dailyInputOf(unit, [sampleSight("H21", FRIDAY), sampleSight("H21", MONDAY, { change })], { day: MONDAY });
}

/** The whole mail of an edition, as it would go over the wire. */
async function mailOf(input: DailyInput) {
  const edition = editionOf(input);
  const files = await render({ press }, edition);
  const recipient = { name: "Thủ trưởng", position: "", email: "a@example.vn", unit: "H21.05", bulletins: [] };
  const raw = await rawMail(composeMessage({ edition, files, recipient, settings: OFFICE_SETTINGS }));
  return { edition, files, raw, parsed: await parseMail(raw) };
}

const long =
  "Trung tâm Hỗ trợ, Tư vấn và Phục vụ hành chính công liên phường Nghiêng Đông Nghiêng Tây Nghiêng Nam Nghiêng Bắc mở rộng";
const HARD: readonly (readonly [string, string, string])[] = [
  ["120 letters", COMMUNE, long.slice(0, 120)],
  ["120 letters without a space", COMMUNE, long.replaceAll(/[ ,]/g, "").slice(0, 120).padEnd(120, "g")],
  ["120 letters in a block printed whole", AGENCY, long.slice(0, 120)],
  ["markup", COMMUNE, `xã <script>alert("x")</script> & <b>'Lớn'</b>`],
  ["a formula", COMMUNE, "=cmd|' /C calc'!A0"],
  ["a header", COMMUNE, "xã A Bcc: evil@example.org"],
  ["an encoded letter of HTML", COMMUNE, "xã &lt;A&gt; &#60;"],
];

describe("names that are hard to print", () => {
  test.each(HARD)("%s: are laid out whole on one page, in the mail and in its subject", async (_, unit, name) => {
    const { edition, files, raw, parsed } = await mailOf(called(unit, name));
    const pdf = files.find(({ kind }) => kind === "pdf")?.bytes ?? new Uint8Array();
    const words = await wordBoxes(pdf);
    expect(overlapping(words)).toEqual([]);
    expect(words.filter(({ left, right, bottom }) => left < 56 || right > 553.5 || bottom > 800)).toEqual([]);
    const text = await inspect(pdf, "pdftotext", ["-raw", "FILE", "-"]);
    const bare = (shown: string) => shown.replaceAll(/[\s\u00a0]/g, "");
    expect(bare(text).split(bare(name)).length).toBeGreaterThan(4);
    expect(parsed.subject).toBe(edition.content.subject);
    expect(parsed.subject?.endsWith(` – ${name}, 12/10/2026`)).toBe(true);
    expect(parsed.headers.filter(({ key }) => key === "bcc" || key === "cc")).toEqual([]);
    expect(raw.toString("latin1").match(/^(?:Subject|To|From|Date|Message-ID):/gm)).toHaveLength(5);
    expect(parsed.html).not.toContain("<script");
    expect(parsed.html).not.toMatch(/<b>'Lớn'/);
  });

  test.each([
    ["a right-to-left mark", "xã A\u202eB", "U+202E"],
    ["an isolate", "xã \u2067A\u2069", "U+2067"],
    ["a zero-width space", "xã A\u200bB", "U+200B"],
    ["a zero-width joiner", "xã A\u200dB", "U+200D"],
    ["a line break", "xã A\r\nBcc: evil@example.org", "U+000D"],
    ["an emoji without a glyph", "xã 😀", "U+1F600"],
    ["letters without a glyph", "xã 村", "U+6751"],
  ])("%s: is refused by the name of the field before anything is made", async (_, name, code) => {
    // The register keeps print names as they were typed; the readers refuse most of these before.
    const input = called(COMMUNE, "xã A");
    const edition = editionOf({ ...input, unit: { ...input.unit, printName: name } });
    for (const make of [() => press.html(edition), () => press.text(edition), () => press.pdf(edition)])
      await expect((async () => make())()).rejects.toThrow(
        new RegExp(`^edition daily/2026-10-12/H21\\.133/r0: .*${code.replace("+", "\\+")}.* at subject`),
      );
  });
});

describe("figures that are hard to tell", () => {
  const own = (row: Observation) => row.unit === COMMUNE;
  const headline = (row: Observation) => isHeadline(indicatorCode(row.indicator));

  test("six groups without a figure: no rank, no sum, no zero in their place", async () => {
    const input = fromFigures(COMMUNE, (rows) =>
      rows.map((row) => (own(row) && headline(row) && !row.indicator.endsWith(TOTAL) ? { ...row, value: null } : row)),
    );
    const { edition, parsed } = await mailOf(input);
    expect(edition.content.subject).toBe("[766] 51,88 điểm (-12,00), chưa xếp hạng – xã Kon Thơm, 12/10/2026");
    expect(parsed.text?.match(/chưa có số liệu/g)?.length).toBe(6);
    expect(parsed.text).toContain("Cổng chưa có đủ sáu nhóm của đơn vị; chưa xếp hạng.");
  });

  test("no total either: the subject says so, and every table cell does", () => {
    const blank = (row: Observation) => (own(row) && headline(row) ? { ...row, value: null } : row);
    const { subject, lines } = composeDaily(fromFigures(COMMUNE, (rows) => rows.map(blank)));
    expect(subject).toBe("[766] chưa có tổng điểm – xã Kon Thơm, 12/10/2026");
    expect(lines[0]).toBe("Lũy kế năm 2026: Cổng chưa có tổng điểm của đơn vị.");
  });

  test("a unit that is gone today: the others are told no change of place", () => {
    const input = fromFigures(AGENCY, (rows) => rows.filter((row) => row.unit !== "H21.07"));
    expect(input.now.view.units.has("H21.07")).toBe(false);
    expect(composeDaily(input).lines[0]).toMatch(/; xếp thứ \d+\/13 sở, ban, ngành\.$/);
    const then = sampleSight("H21", FRIDAY).view;
    expect(
      detectChanges(then, input.now.view)
        .filter(({ kind }) => kind === "absent")
        .map(({ unit }) => unit),
    ).toContain("H21.07");
  });

  test("everybody alike: one place for all, no neighbour above or below", () => {
    const alike = (row: Observation) =>
      headline(row) ? { ...row, value: row.indicator.endsWith(TOTAL) ? 6000 : 1000 } : row;
    const { subject, lines } = composeDaily(
      dailyInputOf(COMMUNE, [null, sampleSight("H21", MONDAY, { change: (rows) => rows.map(alike) })], { day: MONDAY }),
    );
    expect(subject).toBe("[766] 60,00 điểm (kỳ đầu), hạng 1/135 – xã Kon Thơm, 12/10/2026");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("đồng hạng 1/135 xã, phường (135 đơn vị cùng 60,00 điểm)");
  });

  test("two hundred communes: the window around the unit, on one page", async () => {
    const more = (rows: readonly Observation[]) =>
      Array.from({ length: 65 }, (_, at) =>
        rows.filter(own).map((row) => ({ ...row, unit: `H21.${300 + at}` })),
      ).flat();
    const register = Array.from({ length: 65 }, (_, at) => `H21.${300 + at}`);
    const now = sampleSight("H21", MONDAY, { change: (rows) => [...rows, ...more(rows)], extra: register });
    const edition = editionOf(dailyInputOf(COMMUNE, [sampleSight("H21", FRIDAY), now], { day: MONDAY }));
    expect(edition.content.subject).toContain("hạng 135/200");
    const text = await inspect(await press.pdf(edition), "pdftotext", ["-raw", "FILE", "-"]);
    expect(text.split("\f")).toHaveLength(2);
    expect(text).toContain("Đồng hạng 135/200");
  });
});
