import { nextWorkingDay } from "../src/domain/working-calendar.ts";
import { composeDailies } from "../src/pipeline/compose-daily.ts";
import { publishing } from "./publish-bulletin.ts";

/** Composes, renders and mails the digest of every unit and of the province, on working days. */
export const publishDaily = publishing({ bulletin: "daily", nextIssue: nextWorkingDay, compose: composeDailies });
