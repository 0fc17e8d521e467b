-- A province's word that mail may leave for its real readers. Without a row nothing does.
create table go_lives (
  province text collate "C" primary key,
  confirmed_at timestamptz(3) not null,
  confirmed_by text not null check (confirmed_by <> '')
);
create trigger go_lives_are_facts before update or delete on go_lives
  for each row execute function refuse_change();

-- A weekly as composed and drawn, before anybody has agreed to it. What leaves is these very words and bytes, or none.
create table drafts (
  id bigint generated always as identity primary key,
  issue text collate "C" not null,
  audience text collate "C" not null,
  as_of timestamptz(3) not null,
  composed_at timestamptz(3) not null,
  snapshots text[] collate "C" not null,
  baseline jsonb,
  content jsonb not null,
  -- Of everything above but composed_at: equal figures and words are not asked about twice.
  fingerprint text collate "C" not null
);
create index drafts_by_issue on drafts (issue, audience, id);
create trigger drafts_are_facts before update or delete on drafts
  for each row execute function refuse_change();

create table draft_files (
  draft bigint not null references drafts,
  kind text collate "C" not null,
  bytes bytea not null,
  sha256 text collate "C" not null,
  primary key (draft, kind),
  check (sha256 = encode(sha256(bytes), 'hex'))
);
alter table draft_files alter column bytes set storage external;
create trigger draft_files_are_facts before update or delete on draft_files
  for each row execute function refuse_change();

-- Who agreed to which draft, and to which bytes. Written before the edition is frozen from it.
create table approvals (
  draft bigint primary key references drafts,
  edition text collate "C" not null unique,
  -- Of the PDF the approvers were shown.
  sha256 text collate "C" not null,
  -- person: by a command; clock: the hour came and nobody had held the issue.
  kind text collate "C" not null check (kind in ('person', 'clock')),
  approved_at timestamptz(3) not null,
  approved_by text not null check (approved_by <> '')
);
create trigger approvals_are_facts before update or delete on approvals
  for each row execute function refuse_change();

-- The standing body's comment on an issue of the weekly; the last row counts, an empty text takes it back.
create table notes (
  id bigint generated always as identity primary key,
  issue text collate "C" not null,
  text text not null,
  set_at timestamptz(3) not null,
  set_by text not null check (set_by <> '')
);
create trigger notes_are_facts before update or delete on notes
  for each row execute function refuse_change();

-- Mails to administrators and approvers of which each may leave once: receipts, previews, requests for approval.
create table notices (
  -- "receipt/2026-10-12"; no addresses.
  key text collate "C" primary key,
  state text collate "C" not null check (state in ('sending', 'accepted', 'failed', 'unknown')),
  at timestamptz(3) not null,
  reply text not null default '',
  message_id text collate "C" not null
);
