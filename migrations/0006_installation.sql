-- Which installation this database belongs to: one row, written by whoever first opens the database with this version.
create table installation (
  singleton boolean primary key default true check (singleton),
  id uuid not null,
  made_at timestamptz(3) not null default now(),
  -- Names this very database on this very server. A restored or copied database carries the mark of another, and so shows what it is.
  mark text collate "C" not null,
  confirmed_at timestamptz(3),
  confirmed_by text collate "C"
);
