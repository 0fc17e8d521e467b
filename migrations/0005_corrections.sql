-- When reading a snapshot again last changed what is printed from it; null while the first reading stands. An edition composed before
-- that moment may have printed figures that are now otherwise.
alter table snapshots add column reread_at timestamptz(3);
