-- What the publisher said, what was read from it, what was printed and to whom it went.
-- Text that is compared or sorted has collation "C", so that order is the same whatever the database was created with;
-- Vietnamese order is the program's business.

-- Facts are written once. A correction is a new row.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is a fact and cannot be changed or deleted: write a new row instead', tg_table_name
    using errcode = 'restrict_violation';
end
$$;

-- Bodies of answers as they came, compressed, each kept once.
create table blobs (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  gzip bytea not null,
  size bigint not null check (size >= 0)
);
alter table blobs alter column gzip set storage external;
create trigger blobs_are_facts before update or delete on blobs
  for each row execute function refuse_change();

create table snapshots (
  id bigint generated always as identity primary key,
  source text collate "C" not null,
  scope text collate "C" not null,
  period text collate "C" not null,
  taken_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null,
  complete boolean not null default false,
  accepted_reason text,
  accepted_by text,
  accepted_at timestamptz(3),
  findings jsonb not null default '[]',
  observations integer not null default 0,
  unique (source, scope, period, taken_at),
  check (accepted_at is null or (complete and accepted_reason is not null and accepted_by is not null))
);
create trigger snapshots_are_facts
  before update of id, source, scope, period, taken_at, recorded_at or delete on snapshots
  for each row execute function refuse_change();

create table answers (
  snapshot_id bigint not null references snapshots,
  ordinal smallint not null check (ordinal >= 0),
  endpoint text collate "C" not null,
  request jsonb,
  status integer,
  headers jsonb not null,
  received_at timestamptz(3) not null,
  sha256 bytea not null references blobs,
  fault text,
  -- Set by a reading; null before the first.
  sound boolean,
  primary key (snapshot_id, ordinal)
);
create trigger answers_are_facts
  before update of snapshot_id, ordinal, endpoint, request, status, headers, received_at, sha256, fault or delete
  on answers for each row execute function refuse_change();

-- Derived: deleted and written again with every reading, thirty thousand at a time, hence no foreign key per row.
create table observations (
  snapshot_id bigint not null,
  unit text collate "C" not null,
  indicator text collate "C" not null,
  period text collate "C" not null,
  value bigint,
  answer smallint not null,
  flag text collate "C",
  primary key (snapshot_id, unit, indicator, period)
);

create table units (
  code text collate "C" primary key,
  scope text collate "C" not null,
  level text collate "C" not null check (level in ('province', 'agency', 'district', 'commune')),
  standing text collate "C" not null check (standing in ('provisional', 'confirmed', 'waiting')),
  print_name text,
  closed_from date,
  -- May name a unit no snapshot has shown yet.
  merged_into text collate "C"
);
create index units_scope on units (scope);

-- A name holds from the moment a snapshot first showed it until the next name's moment.
create table unit_names (
  code text collate "C" not null references units,
  name text collate "C" not null,
  seen_at timestamptz(3) not null,
  valid_from date not null,
  primary key (code, seen_at)
);

create table unit_portal_ids (
  code text collate "C" not null references units,
  source text collate "C" not null,
  portal_id text collate "C" not null,
  seen_at timestamptz(3) not null,
  primary key (code, source)
);

-- The National Assembly's resolution of 12 June 2025 merged Quảng Nam into Đà Nẵng (H17) from 2025-07-01. Its code in the portal is not
-- confirmed by any answer. The province had existed since 1997-01-01.
insert into units (code, scope, level, standing, closed_from, merged_into)
values ('X-QUANGNAM', 'provinces', 'province', 'confirmed', '2025-07-01', 'H17');
insert into unit_names (code, name, seen_at, valid_from)
values ('X-QUANGNAM', 'UBND tỉnh Quảng Nam', '1997-01-01 00:00:00+07', '1997-01-01');

create table editions (
  key text collate "C" primary key,
  bulletin text collate "C" not null check (bulletin in ('daily', 'weekly')),
  audience text collate "C" not null,
  issue text collate "C" not null,
  reissue smallint not null check (reissue >= 0),
  as_of timestamptz(3) not null,
  composed_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null default now(),
  snapshots text[] collate "C" not null,
  baseline jsonb,
  content jsonb not null,
  unique (bulletin, audience, issue, reissue)
);
create trigger editions_are_facts before update or delete on editions
  for each row execute function refuse_change();

create table edition_files (
  edition text collate "C" not null references editions,
  kind text collate "C" not null check (kind in ('pdf', 'html', 'text')),
  bytes bytea not null,
  sha256 text collate "C" not null,
  primary key (edition, kind),
  check (sha256 = encode(sha256(bytes), 'hex'))
);
alter table edition_files alter column bytes set storage external;
create trigger edition_files_are_facts before update or delete on edition_files
  for each row execute function refuse_change();

create table deliveries (
  id bigint generated always as identity primary key,
  edition text collate "C" not null references editions,
  -- The address folded for comparison: one message per edition and person, however the list writes it.
  folded text collate "C" not null,
  address text not null,
  name text not null,
  unit text collate "C" not null,
  state text collate "C" not null default 'queued'
    check (state in ('queued', 'sending', 'accepted', 'failed', 'unknown', 'suppressed')),
  -- Of the last failure: may trying again help?
  may_pass boolean not null default false,
  attempts integer not null default 0,
  reply text,
  message_id text collate "C" not null,
  instance text collate "C",
  -- Set while somebody may still be sending, and kept when a claim was given up unanswered.
  claimed_at timestamptz(3),
  owed_at timestamptz(3) not null default now(),
  unique (edition, folded),
  check (state <> 'sending' or (instance is not null and claimed_at is not null))
);
create index deliveries_open on deliveries (claimed_at) where state = 'sending';

create table delivery_attempts (
  delivery_id bigint not null references deliveries,
  attempt integer not null,
  at timestamptz(3) not null,
  state text collate "C" not null check (state in ('accepted', 'failed', 'unknown')),
  reply text not null,
  instance text collate "C" not null,
  primary key (delivery_id, attempt)
);

create table recipients (
  ordinal integer not null,
  folded text collate "C" not null,
  name text not null,
  position text not null,
  email text not null,
  unit text collate "C" not null,
  bulletins text[] collate "C" not null,
  primary key (folded, unit)
);

create table runs (
  id bigint generated always as identity primary key,
  job text collate "C" not null,
  scheduled_for text collate "C" not null,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  state text collate "C" not null default 'running'
    check (state in ('running', 'done', 'partial', 'failed', 'skipped')),
  problems jsonb not null default '[]',
  result text not null default '',
  check ((state = 'running') = (finished_at is null))
);

create table alerts (
  cause text collate "C" primary key,
  raised_at timestamptz(3) not null
);
