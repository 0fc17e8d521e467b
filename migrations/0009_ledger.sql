-- Each message has a purpose, a last hour and a next try; and the ledger knows from when on its body was handed over.

alter table deliveries
  -- Two purposes of one edition and person are two messages.
  add column purpose text collate "C" not null default 'normal' check (purpose ~ '^(normal|rehearsal|resend-[1-9][0-9]{0,5})$'),
  -- Not sent any more after this instant; null: as long as somebody asks for it.
  add column deadline timestamptz(3),
  -- Not tried again before this instant.
  add column not_before timestamptz(3),
  -- Given up because the deadline passed.
  add column late boolean not null default false,
  -- Set right before the body of the claimed attempt is handed to the relay; until then a dead worker has certainly sent nothing.
  add column handed_at timestamptz(3),
  -- Of the last failure: what kind it was.
  add column refusal text collate "C"
    check (refusal in ('transient', 'throttled', 'configuration', 'address', 'mailbox', 'policy', 'message'));
-- An earlier program noted no such moment: what it was sending may have left.
update deliveries set handed_at = claimed_at where state = 'sending';
alter table deliveries drop constraint deliveries_edition_folded_key;
alter table deliveries add unique (edition, folded, purpose);

alter table delivery_attempts drop constraint delivery_attempts_state_check;
alter table delivery_attempts add constraint delivery_attempts_state_check
  check (state in ('accepted', 'failed', 'unknown', 'suppressed'));
alter table delivery_attempts add column refusal text collate "C";
