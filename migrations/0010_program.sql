-- Which program drew an edition: a later one may draw the same words otherwise, and that is no damage.
-- Null for editions made before this was noted.
alter table editions add column program text collate "C";
