-- Beside its pages an edition may have a picture for its mail, a Báo cáo in two forms, and its tables as a workbook.
alter table edition_files drop constraint edition_files_kind_check;
alter table edition_files add constraint edition_files_kind_check
  check (kind in ('pdf', 'html', 'text', 'png', 'bao-cao-pdf', 'bao-cao-docx', 'appendix-xlsx'));
