-- Days on which Monday to Friday alone would be wrong, each with the document that says so. A year without any row is missing.
create table calendar_days (
  day date primary key,
  kind text collate "C" not null check (kind in ('holiday', 'compensatory_off', 'makeup_workday')),
  source text not null check (source <> ''),
  name text
);

-- 2026 by the Labour Code, the Ministry of Home Affairs' notice, and the National Assembly's resolution on 24 November.
-- The weekends of 14-15 and 21-22 February are off anyway.
insert into calendar_days (day, kind, source, name) values
  ('2026-01-01', 'holiday', 'Bộ luật Lao động 2019, Điều 112', 'Tết Dương lịch'),
  ('2026-02-16', 'holiday', 'Thông báo 9441/TB-BNV', 'Tết Nguyên đán'),
  ('2026-02-17', 'holiday', 'Thông báo 9441/TB-BNV', 'Tết Nguyên đán'),
  ('2026-02-18', 'holiday', 'Thông báo 9441/TB-BNV', 'Tết Nguyên đán'),
  ('2026-02-19', 'holiday', 'Thông báo 9441/TB-BNV', 'Tết Nguyên đán'),
  ('2026-02-20', 'holiday', 'Thông báo 9441/TB-BNV', 'Tết Nguyên đán'),
  ('2026-04-26', 'holiday', 'Bộ luật Lao động 2019, Điều 112', 'Giỗ Tổ Hùng Vương'),
  ('2026-04-27', 'compensatory_off', 'Bộ luật Lao động 2019, Điều 111 khoản 3', 'nghỉ bù Giỗ Tổ Hùng Vương'),
  ('2026-04-30', 'holiday', 'Bộ luật Lao động 2019, Điều 112', 'Ngày Chiến thắng'),
  ('2026-05-01', 'holiday', 'Bộ luật Lao động 2019, Điều 112', 'Ngày Quốc tế lao động'),
  ('2026-08-22', 'makeup_workday', 'Thông báo 9441/TB-BNV', 'làm bù cho ngày 31/8'),
  ('2026-08-31', 'compensatory_off', 'Thông báo 9441/TB-BNV', 'hoán đổi với ngày 22/8'),
  ('2026-09-01', 'holiday', 'Thông báo 9441/TB-BNV', 'Quốc khánh'),
  ('2026-09-02', 'holiday', 'Bộ luật Lao động 2019, Điều 112', 'Quốc khánh'),
  ('2026-11-24', 'holiday', 'Nghị quyết 28/2026/QH16', 'Ngày Văn hóa Việt Nam');

-- An issue that is composed and frozen, but not delivered until released.
create table holds (
  id bigint generated always as identity primary key,
  bulletin text collate "C" not null check (bulletin in ('daily', 'weekly')),
  issue text collate "C" not null,
  reason text not null check (reason <> ''),
  held_by text not null,
  held_at timestamptz(3) not null,
  released_by text,
  released_at timestamptz(3),
  check ((released_by is null) = (released_at is null))
);
create unique index holds_open on holds (bulletin, issue) where released_at is null;

-- Who gave which command by hand.
create table actions (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  actor text not null check (actor <> ''),
  command text collate "C" not null,
  arguments jsonb not null
);
create trigger actions_are_facts before update or delete on actions
  for each row execute function refuse_change();
