import type { DayState } from "../domain/day.ts";
import type { Message, Outcome } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import type { OfficePapers } from "../domain/office.ts";
import type { Settings } from "../domain/settings.ts";
import type { Answer, Request } from "../domain/snapshot.ts";

import type { Crew } from "./crew.ts";
import type { OfficeKind, Store } from "./store.ts";
import type { Links } from "./tokens.ts";

/** Everything the pipeline may do to the world. Built once, in src/context.ts; faked whole in tests. */
export type Context = {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  /** This process in the ledger: which machine, which process. */
  readonly instance: string;
  readonly settings: Settings;
  /** Asks one question within the portal's manners. A fault comes back in the answer; a FetchError with `stop` ends the source. */
  readonly portal: Portal;
  readonly store: Store;
  readonly press: Press;
  readonly channel: Channel;
  /** Others who may do pieces of this run. Absent: this process does them all, one after the other. */
  readonly crew?: Crew;
  /** The second way to the administrator, for when mail is the fault. Gives why it was not taken, or null. Absent: there is none. */
  alarm?(alarm: Alarm): Promise<string | null>;
  /** What links in mails are made with; absent: no mail carries one. */
  readonly links?: Links;
  /** Writes a file below the output directory, only when its bytes differ. */
  readonly out: { write(path: string, bytes: Uint8Array | string): Promise<void>; readonly directory: string };
  /** Ids and counts, never addresses or secrets. */
  log(event: string, facts?: Readonly<Record<string, unknown>>): void;
  /** A line for the person at the terminal. */
  progress(line: string): void;
};

/** One run's conversation with the sources: pauses, retries and the decision to stop are its state. */
export type Portal = { ask(source: string, request: Request): Promise<Answer> };

/** A fault as the second channel tells it. */
export type Alarm = {
  readonly job: string;
  readonly day: string;
  readonly cause: string;
  readonly message: string;
};

/** Where messages go. */
export type Channel = {
  readonly name: string;
  /** Said once per run when messages do not reach real people: "mail goes into a folder: …". */
  readonly warning?: string;
  /** Why nothing may be sent now and what to do; null when sending is free. Absent: nothing ever holds this channel. */
  held?(): Promise<string | null>;
  send(message: Message): Promise<Outcome>;
  close(): Promise<void>;
};

/** Turns an edition into bytes. Same edition, same bytes. */
export type Press = {
  pdf(edition: Edition): Promise<Uint8Array>;
  html(edition: Edition): string;
  text(edition: Edition): string;
  /** The same words as a Báo cáo in two forms, and their tables as a workbook. */
  office(
    edition: Edition,
    papers: OfficePapers,
  ): Promise<readonly { readonly kind: OfficeKind; readonly bytes: Uint8Array }[]>;
  /** The PNG its HTML shows by `pictureId`; null when the edition has no trend to show. */
  picture(edition: Edition): Uint8Array | null;
  /** The administrator's page of a day. */
  day(state: DayState): string;
};
