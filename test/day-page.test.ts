import { load } from "cheerio";
import { expect, test } from "vitest";
import { createPress } from "../src/adapters/press.ts";
import type { DayState } from "../src/domain/day.ts";

const edition = (id: string, states: DayState["editions"][number]["states"]) => {
  const unit = id.split("/")[2] ?? "";
  return { id: `${id}/r0`, unit, summary: `${unit} tóm tắt`, pdf: `${id}.pdf`, states };
};

const STATE: DayState = {
  province: "tỉnh Gia Lai",
  day: "2026-10-12",
  data: [
    { scope: "provinces", takenAt: new Date("2026-10-11T23:00:00Z") },
    { scope: "H21", takenAt: null },
  ],
  runs: [
    {
      job: "publish-daily",
      scheduledFor: "2026-10-12",
      startedAt: new Date("2026-10-12T00:00:00Z"),
      state: "partial",
      problems: ['550 <kim@example.vn> refused by smtp://me:s3cret@relay; <script>alert("x")</script>'],
    },
  ],
  editions: [
    edition("weekly/2026-W41/H21", ["accepted", "accepted"]),
    ...["H21.101", "H21.14", "H21", "H21.02"].map((unit) => edition(`daily/2026-10-12/${unit}`, [])),
    edition("daily/2026-10-12/H21.101", ["unknown"]),
    ...["H21.14", "H21.03"].map((unit) => edition(`daily/2026-10-09/${unit}`, ["accepted"])),
    edition("daily/2026-10-09/H21.02", []),
  ],
};

const page = load(createPress().day(STATE));
const text = page("body").text();

test("the newest issue of each bulletin stands open, older ones are folded", () => {
  const issues = page("details").toArray();
  expect(issues.map((issue) => page(issue).find("summary").text())).toEqual([
    "Bản tin tuần 41/2026 (1)",
    "Điểm tin ngày 12/10/2026 (5)",
    "Điểm tin ngày 09/10/2026 (3)",
  ]);
  expect(issues.map((issue) => page(issue).attr("open") !== undefined)).toEqual([true, true, false]);
});

test("an issue lists the province, then agencies, then communes", () => {
  const rows = page("details").eq(1).find("tbody tr td:first-child").toArray();
  expect(rows.map((row) => page(row).text().split(" ")[0])).toEqual(["H21", "H21.02", "H21.14", "H21.101", "H21.101"]);
});

test("says once who has no recipient, and whom the mail has not reached", () => {
  expect(text).toContain("Đơn vị không có người nhận (4): H21, H21.02, H21.14, H21.101.");
  expect(text).toContain("Chưa nhận được (1):");
  expect(text).toContain("H21.101 tóm tắt: chưa rõ kết quả");
  expect(text).toContain("Đơn vị thuộc tỉnh Gia Lai: chưa có số liệu đầy đủ");
});

test("shows problems as words: no address, no password, no markup of theirs", () => {
  expect(text).toContain('<script>alert("x")</script>');
  expect(page("script").length).toBe(0);
  expect(page.html()).not.toMatch(/kim@|s3cret|me:/);
});

test("a warning that heads everything printed heads the page too, and only where there is one", () => {
  const notice = "SỐ LIỆU MẪU, KHÔNG PHẢI SỐ LIỆU THẬT";
  expect(load(createPress().day({ ...STATE, notice }))("h1 + p").text()).toBe(notice);
  expect(text).not.toContain("SỐ LIỆU MẪU");
});
