-- Who gets what from which day to which, who does not for now, what came back, and who asked to be forgotten.

alter table recipients
  add column role text collate "C" not null default 'head' check (role in ('head', 'deputy', 'copy', 'committee')),
  -- The first and the last day of a membership; without one it has no such end.
  add column valid_from date,
  add column valid_until date,
  add check (valid_until >= valid_from);
alter table recipients drop constraint recipients_pkey;
alter table recipients add primary key (ordinal);
create unique index recipients_memberships on recipients (folded, unit, valid_from) nulls not distinct;

-- A bounce tells later that a mail the relay had accepted did not arrive.
alter table deliveries drop constraint deliveries_state_check;
alter table deliveries add constraint deliveries_state_check
  check (state in ('queued', 'sending', 'accepted', 'failed', 'unknown', 'suppressed', 'bounced'));

-- The secrets of this database: they are in its backups, so that what was made with them holds after a restoration. A server's own
-- random UUIDs carry 122 random bits each.
create table keys (
  singleton boolean primary key default true check (singleton),
  tombstone bytea not null check (octet_length(tombstone) = 32),
  envelope bytea not null check (octet_length(envelope) = 32)
);
insert into keys (tombstone, envelope)
values (
  decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
  decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
);

-- What stands where an address stood: the same for the same address, and not to be led back without the key.
create function tombstone_of(folded text) returns text language sql stable as $$
  select 'erased:' || encode(sha256(tombstone || sha256(tombstone || convert_to(folded, 'UTF8'))), 'hex') from keys
$$;

-- A person who was erased and is back on the list gets nothing again of an edition that was already owed to the erased address.
create function refuse_second_mail() returns trigger language plpgsql as $$
begin
  if exists (select from deliveries where edition = new.edition and folded = tombstone_of(new.folded)) then
    return null;
  end if;
  return new;
end
$$;
create trigger deliveries_remember_the_erased before insert on deliveries
  for each row execute function refuse_second_mail();

create table pauses (
  id bigint generated always as identity primary key,
  folded text collate "C" not null,
  -- Null: every bulletin.
  bulletin text collate "C" check (bulletin in ('daily', 'weekly')),
  -- The last day of the pause; null until somebody ends it.
  valid_until date,
  origin text collate "C" not null check (origin in ('admin', 'reader')),
  reason text not null,
  paused_by text not null,
  paused_at timestamptz(3) not null,
  ended_by text,
  ended_at timestamptz(3),
  -- The mail whose link the reader used.
  delivery_id bigint references deliveries,
  -- When the administrator heard of a reader's own pause.
  told_at timestamptz(3),
  check ((ended_at is null) = (ended_by is null))
);
create unique index pauses_open on pauses (folded, bulletin, origin) nulls not distinct where ended_at is null;

create table suppressions (
  id bigint generated always as identity primary key,
  folded text collate "C" not null,
  cause text collate "C" not null check (cause in ('bounced', 'refused')),
  reply text not null,
  delivery_id bigint references deliveries,
  suppressed_at timestamptz(3) not null,
  lifted_by text,
  lifted_at timestamptz(3),
  told_at timestamptz(3),
  check ((lifted_at is null) = (lifted_by is null))
);
create unique index suppressions_open on suppressions (folded) where lifted_at is null;

create table bounces (
  id bigint generated always as identity primary key,
  -- Of the notice, or its sha256: one notice is noted once.
  notice text collate "C" not null,
  delivery_id bigint not null references deliveries,
  action text collate "C" not null check (action in ('failed', 'delayed')),
  status text collate "C" not null,
  reply text not null,
  read_at timestamptz(3) not null,
  told_at timestamptz(3),
  unique (notice, delivery_id)
);
create index bounces_deliveries on bounces (delivery_id);

create table erasures (
  tombstone text collate "C" primary key,
  erased_at timestamptz(3) not null,
  erased_by text not null,
  reason text not null,
  readmitted_at timestamptz(3),
  readmitted_by text,
  check ((readmitted_at is null) = (readmitted_by is null))
);
