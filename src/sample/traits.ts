/** What stays with a body: how much it has to do, how well it does it, and its procedures. Shares are 0 … 1. */
export type Character = {
  /** Dossiers a day. */
  readonly rate: number;
  readonly petitionRate: number;
  /** The chance that a day brings new figures. */
  readonly updateChance: number;
  readonly onTime: number;
  readonly online: number;
  readonly synced: number;
  readonly obliged: number;
  readonly paid: number;
  readonly satisfied: number;
  readonly electronic: number;
  readonly digitised: number;
  readonly reused: number;
  readonly citizen: number;
  readonly petitionsOnTime: number;
  readonly petitionsSatisfied: number;
  /** Decisions to publish procedures, a year; communes have none. */
  readonly publishes: number;
  readonly publishedOnTime: number;
  readonly processingDays: number;
  readonly procedures: Procedures;
};

/** Numbers of procedures; they add up over bodies. */
export type Procedures = {
  readonly full: number;
  readonly partial: number;
  readonly none: number;
  /** With a fee, those of them paid online, and those with dossiers paid online. */
  readonly withFee: number;
  readonly paidOnline: number;
  readonly paidDossier: number;
  /** All, and those connected with citizen data. */
  readonly all: number;
  readonly connected: number;
};
