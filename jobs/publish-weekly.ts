import { addDays, mondayOf } from "../src/domain/calendar.ts";
import { composeWeeklies } from "../src/pipeline/compose-weekly.ts";
import { provinceOf } from "../src/pipeline/province.ts";
import type { Job } from "../src/pipeline/run.ts";
import { publishAndDeliver } from "./publish-and-deliver.ts";

/** Composes, renders and mails the steering committee's bulletin about the week before. */
export const publishWeekly: Job = {
  name: "publish-weekly",
  async run(ctx, { day, asOf, send }) {
    const composed = await composeWeeklies(ctx, {
      province: provinceOf(ctx),
      day,
      asOf,
      nextIssue: addDays(mondayOf(day), 7),
    });
    return publishAndDeliver(ctx, composed, { what: `weekly of ${day}`, send });
  },
};
