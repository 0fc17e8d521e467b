-- What the timetable has asked for. A tick exists once, whoever noted it; its work is queued in the same transaction.
create table ticks (
  job text collate "C" not null,
  slot timestamptz(3) not null,
  -- start: where this job's timetable began; clock: on time; missed: made good after downtime; retry: asked for by a job that waits.
  origin text collate "C" not null check (origin in ('start', 'clock', 'missed', 'retry')),
  noted_at timestamptz(3) not null,
  noted_by text collate "C" not null,
  state text collate "C" not null check (state in ('due', 'running', 'waiting', 'finished')),
  attempts integer not null default 0,
  -- The work in the queue; null when nothing was queued.
  work uuid,
  primary key (job, slot),
  check (state = 'finished' or work is not null)
);
create index ticks_open on ticks (job, slot) where state <> 'finished';

-- The tick a run belongs to (null by hand), and which process ran it.
alter table runs add column slot timestamptz(3);
alter table runs add column instance text collate "C";
create index runs_by_slot on runs (job, slot) where slot is not null;
