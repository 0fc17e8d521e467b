import type { PrintedEdition } from "../domain/correction.ts";
import type { BulletinName, Edition, Paper } from "../domain/edition.ts";
import type { PastIssue } from "../domain/memory.ts";
import type { Observation } from "../domain/observation.ts";
import type { Problem, Run, RunState } from "../domain/run.ts";
import type { Answer, Finding, Snapshot } from "../domain/snapshot.ts";
import type { Unit } from "../domain/unit.ts";
import type { CalendarDay } from "../domain/working-calendar.ts";
import type { ConsentStore } from "./consent-store.ts";
import type { DeliveriesStore } from "./deliveries-store.ts";
import type { BouncesStore, PeopleStore, RecipientsStore } from "./people-store.ts";

export type { Approval, Draft, GoLive, Note, NoticeState } from "./consent-store.ts";
export type { Abandoned, LateDelivery, NewDelivery, StoredDelivery } from "./deliveries-store.ts";

export type StoredSnapshot = {
  readonly id: string;
  readonly source: string;
  readonly scope: string;
  readonly period: string;
  readonly takenAt: Date;
  readonly recordedAt: Date;
  readonly complete: boolean;
  /** Set when an administrator released a guard by hand. */
  readonly accepted: string | null;
  readonly findings: readonly Finding[];
  readonly observations: number;
};

export type StoredVerdict = {
  readonly sound: readonly (boolean | null)[];
  readonly fingerprint: string | null;
  readonly rereadAt: Date | null;
};

/** A unit as the register knows it. `waiting`: seen after the scope's first complete snapshot, not yet confirmed. */
export type StoredUnit = {
  readonly code: string;
  readonly scope: string;
  readonly name: string;
  readonly printName: string | null;
  readonly level: Unit["level"];
  readonly standing: "provisional" | "confirmed" | "waiting";
  readonly closedFrom: string | null;
  readonly mergedInto: string | null;
};

/** An edition in a list. */
export type EditionSummary = Pick<
  Edition,
  "bulletin" | "audience" | "issue" | "reissue" | "asOf" | "composedAt" | "snapshots"
> & {
  readonly id: string;
  readonly recordedAt: Date;
  readonly summary: string;
  readonly pages: boolean;
};

/** What an administrator says about a unit. */
export type UnitAmendment = {
  readonly code: string;
  readonly printName: string | null;
  readonly closedFrom: string | null;
  readonly mergedInto: string | null;
};

/** One issue of a bulletin, for everybody: "daily" and "2026-10-12", "weekly" and "2026-W41". */
export type Issued = { readonly bulletin: BulletinName; readonly issue: string };

/** An issue kept from delivery: by whom, since when and why; released or not. */
export type Hold = Issued & {
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  readonly releasedBy: string | null;
  readonly releasedAt: Date | null;
};

/** What came of holding an issue; `sent` names the unit of every mail that has left, or may have. */
export type Placed =
  | { readonly state: "held" | "held-before" }
  | { readonly state: "sent"; readonly units: readonly string[] };

/** One command given by hand: who, what, with which arguments. */
export type Action = {
  readonly at: Date;
  readonly actor: string;
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
};

/** The database, as questions and facts. Each function's SQL stands in the file of its table in adapters/postgres. */
export type Store = ConsentStore<EditionFile> & {
  readonly snapshots: {
    /** Opens a snapshot, or finds the one of the same source, scope, period and moment. */
    open(snapshot: Omit<Snapshot, "answers">, recordedAt: Date): Promise<{ id: string; existed: boolean }>;
    /** Archives one answer, compressed, before anything reads it. */
    archive(id: string, ordinal: number, answer: Answer): Promise<void>;
    answers(id: string): Promise<readonly Answer[]>;
    /** Writes what a reading made of a snapshot, all or nothing: observations, findings, soundness, units. */
    settle(id: string, settled: Settled, rereadAt?: Date): Promise<void>;
    /** What the last reading made of each answer, and when a later reading last changed what is printed. */
    verdict(id: string): Promise<StoredVerdict>;
    accept(id: string, reason: string, actor: string): Promise<void>;
    find(id: string): Promise<StoredSnapshot | null>;
    list(): Promise<readonly StoredSnapshot[]>;
    /** The latest complete (or any, with `incomplete`) snapshot taken at or before an instant. */
    latest(question: LatestQuestion): Promise<StoredSnapshot | null>;
    /** Complete snapshots of a source and scope with the same headline figures, taken at or before an instant. */
    alike(question: AlikeQuestion): Promise<readonly StoredSnapshot[]>;
    /** Complete snapshots of one source, scope and period taken strictly between two instants, oldest first. */
    between(question: BetweenQuestion): Promise<readonly StoredSnapshot[]>;
  };
  readonly observations: {
    /** Only rows of sound answers unless `all`; only these indicators, by id, when some are named. */
    of(
      snapshot: string,
      options?: { readonly all?: boolean; readonly indicators?: readonly string[] },
    ): Promise<readonly Observation[]>;
    series(question: SeriesQuestion): Promise<readonly SeriesPoint[]>;
    /** One indicator of every unit of a scope over the complete snapshots taken between two instants, both included. */
    totals(question: BetweenQuestion & { readonly indicator: string }): Promise<readonly TotalRow[]>;
  };
  readonly units: {
    list(scope?: string): Promise<readonly StoredUnit[]>;
    confirm(codes: readonly string[] | "all"): Promise<number>;
    close(code: string, from: string, mergedInto?: string): Promise<void>;
    name(code: string, printName: string): Promise<void>;
    /** Sets print names, closures and mergers by code, all or nothing; null clears. Gives how many units changed. */
    amend(amendments: readonly UnitAmendment[]): Promise<number>;
    /** The publisher's own id of a province in a source, as last seen; null when never seen. */
    portalId(code: string, source: string): Promise<string | null>;
  };
  readonly editions: {
    find(key: string): Promise<(Edition & { readonly id: string }) | null>;
    /** Freezes an edition with its rendered files, in one transaction. Does nothing when the key exists. */
    freeze(edition: Edition, files: readonly EditionFile[]): Promise<string>;
    files(key: string): Promise<readonly EditionFile[]>;
    /** Which program drew it, "diemtin 0.1.0+0a1b2c3d4e, Node 20.20.2"; null when that was not noted yet. */
    program(key: string): Promise<string | null>;
    /** The last published edition of a bulletin for an audience with an issue before the given one. */
    last(
      bulletin: BulletinName,
      audience: string,
      beforeIssue: string,
    ): Promise<(Edition & { readonly id: string }) | null>;
    /** What the last issues of a bulletin before one printed, by audience, newest first; of reissues the latest. */
    past(
      bulletin: BulletinName,
      beforeIssue: string,
      issues: number,
    ): Promise<ReadonlyMap<string, readonly PastIssue[]>>;
    /** What an issue printed, for each audience in its latest reissue. */
    printed(bulletin: BulletinName, issue: string): Promise<readonly PrintedEdition[]>;
    /** Of these editions, those no reissue replaces. */
    current(keys: readonly string[]): Promise<readonly string[]>;
    /** Every edition, or those composed since an instant; without their pages' words. */
    list(since?: Date): Promise<readonly EditionSummary[]>;
  };
  readonly deliveries: DeliveriesStore;
  readonly recipients: RecipientsStore;
  readonly people: PeopleStore;
  readonly bounces: BouncesStore;
  readonly runs: {
    start(job: string, scheduledFor: string, at: Date, origin?: RunOrigin): Promise<string>;
    finish(id: string, state: RunState, problems: readonly Problem[], result: string, at: Date): Promise<void>;
    /** Oldest first: every run, those due or begun since an instant, or the newest few of them. */
    list(only?: { readonly since?: Date; readonly newest?: number }): Promise<readonly Run[]>;
    /** True once per cause, until `clear`. */
    raise(cause: string, at: Date): Promise<boolean>;
    clear(causePrefix: string): Promise<void>;
  };
  readonly calendar: {
    list(): Promise<readonly CalendarDay[]>;
    /** All of the days or none; what was said of the same dates is replaced. */
    add(days: readonly CalendarDay[]): Promise<void>;
  };
  readonly holds: {
    /** Holds an issue unless a mail of it has left; no mail of it can be claimed from then on. */
    place(hold: Issued & Pick<Hold, "reason" | "by" | "at">): Promise<Placed>;
    /** False when the issue is not held. */
    release(issued: Issued, by: string, at: Date): Promise<boolean>;
    /** The hold an issue is under; null when it is free. */
    open(issued: Issued): Promise<Hold | null>;
    list(): Promise<readonly Hold[]>;
  };
  readonly actions: {
    record(action: Action): Promise<void>;
    list(): Promise<readonly (Action & { readonly id: string })[]>;
  };
};

/** Which tick of the timetable a run is for (null by hand), and which process runs it. */
export type RunOrigin = { readonly slot: Date | null; readonly instance: string };

export type Settled = {
  readonly complete: boolean;
  readonly findings: readonly Finding[];
  readonly sound: readonly boolean[];
  readonly observations: readonly Observation[];
  readonly units: readonly Unit[];
  /** The hash of the headline figures; null without totals. */
  readonly fingerprint: string | null;
};

export type LatestQuestion = {
  readonly source: string;
  readonly scope: string;
  /** Absent: of any period. */
  readonly period?: string;
  readonly asOf: Date;
  /** Strictly before `asOf` instead of at or before. */
  readonly before?: boolean;
  /** What was known then: only snapshots recorded by this instant. */
  readonly knownAt?: Date;
  readonly incomplete?: boolean;
};

export type AlikeQuestion = {
  readonly source: string;
  readonly scope: string;
  readonly fingerprint: string;
  readonly asOf: Date;
  /** The snapshot that is asked about. */
  readonly except: string;
};

export type BetweenQuestion = {
  readonly source: string;
  readonly scope: string;
  readonly period: string;
  readonly from: Date;
  readonly to: Date;
};

export type TotalRow = { readonly takenAt: Date; readonly unit: string; readonly value: number | null };

export type SeriesQuestion = {
  readonly source: string;
  readonly scope: string;
  readonly unit: string;
  readonly indicator: string;
  readonly period: string;
  readonly asOf?: Date;
};
export type SeriesPoint = {
  readonly takenAt: Date;
  readonly recordedAt: Date;
  readonly snapshot: string;
  readonly value: number | null;
  readonly flag: string | null;
};
/** `png` is a picture in the mail; the others are papers (`PAPERS`) or the mail's two texts. */
export type FileKind = Paper | "html" | "text" | "png";
/** What is made of an edition for the office. */
export type OfficeKind = Exclude<Paper, "pdf">;
export type EditionFile = {
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly sha256: string;
};
