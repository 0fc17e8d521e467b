import { nextWeekday } from "../src/domain/calendar.ts";
import { composeDailies } from "../src/pipeline/compose-daily.ts";
import { provinceOf } from "../src/pipeline/province.ts";
import type { Job } from "../src/pipeline/run.ts";
import { publishAndDeliver } from "./publish-and-deliver.ts";

/** Composes, renders and mails the digest of every unit and of the province. */
export const publishDaily: Job = {
  name: "publish-daily",
  async run(ctx, { day, asOf, send }) {
    const composed = await composeDailies(ctx, { province: provinceOf(ctx), day, asOf, nextIssue: nextWeekday(day) });
    return publishAndDeliver(ctx, composed, { what: `daily of ${day}`, send });
  },
};
