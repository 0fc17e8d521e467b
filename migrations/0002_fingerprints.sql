-- The sha256 of a snapshot's headline figures: equal figures of another day or period betray a stale or mistaken answer.
alter table snapshots add column fingerprint text collate "C";
create index snapshots_by_fingerprint on snapshots (source, scope, fingerprint) where complete;
