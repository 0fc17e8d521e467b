import { nextWeeklyIssueDay } from "../src/domain/working-calendar.ts";
import { composeWeeklies } from "../src/pipeline/compose-weekly.ts";
import { publishing } from "./publish-bulletin.ts";

/** Composes, renders and mails the steering committee's bulletin about the week before, on the week's first working day. */
export const publishWeekly = publishing({
  ...{ bulletin: "weekly", nextIssue: nextWeeklyIssueDay, compose: composeWeeklies },
});
