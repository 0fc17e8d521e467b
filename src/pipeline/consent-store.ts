import type { Edition } from "../domain/edition.ts";

/** A weekly as composed and drawn, before anybody has agreed to it: what may leave of its issue, or nothing. */
export type Draft = {
  readonly id: string;
  readonly edition: Edition;
  readonly fingerprint: string;
  /** Of its PDF, as the approvers are shown it. */
  readonly sha256: string;
  readonly approval: Approval | null;
};

/** Who agreed to a draft, and to which bytes: a person, or the clock when nobody had held it. */
export type Approval = {
  readonly kind: "person" | "clock";
  readonly edition: string;
  readonly sha256: string;
  readonly at: Date;
  readonly by: string;
};

/** The standing body's comment on an issue of the weekly. */
export type Note = { readonly issue: string; readonly text: string; readonly at: Date; readonly by: string };

/** What a mail that may leave once came to. */
export type NoticeState = "accepted" | "failed" | "unknown";

/** The word that mail may leave for a province's real readers: since when, and whose. */
export type GoLive = { readonly province: string; readonly at: Date; readonly by: string };

/** What must be said before mail leaves, and by whom; `File` is a rendered file of an edition. */
export type ConsentStore<File> = {
  readonly drafts: {
    /**
     * Keeps a draft as the one to approve. One with the same fingerprint as the last of its issue is that one, and of an issue with
     * an approved draft the approved one stays.
     */
    keep(edition: Edition, files: readonly File[], fingerprint: string): Promise<Draft>;
    /** The approved draft of an issue, or the last one. */
    of(issue: string, audience: string): Promise<Draft | null>;
    files(id: string): Promise<readonly File[]>;
    /** Agrees to the last draft of its issue; false when there is a later one or one is approved. */
    approve(id: string, approval: Approval): Promise<boolean>;
    /** The issues with a draft composed since an instant. */
    issues(since: Date): Promise<readonly { readonly issue: string; readonly audience: string }[]>;
    /** Who agreed to an edition; null when nobody had to. */
    approvalOf(edition: string): Promise<Approval | null>;
  };
  readonly notes: {
    /** Null without one. */
    of(issue: string): Promise<Note | null>;
    /** An empty text takes the one before back. */
    set(note: Note): Promise<void>;
  };
  readonly notices: {
    /** True when nobody has sent, or may have sent, the mail of this key: it is the caller's to send now. */
    begin(key: string, messageId: string, at: Date): Promise<boolean>;
    finish(key: string, state: NoticeState, reply: string): Promise<void>;
  };
  readonly goLives: {
    find(province: string): Promise<GoLive | null>;
    /** False when it was given before; the first word stands. */
    confirm(given: GoLive): Promise<boolean>;
  };
};
