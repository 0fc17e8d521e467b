import type { LinkState } from "../../src/domain/membership.ts";

/** What the page's markup reads; still unescaped, eta escapes it. */
export type LinkView = {
  readonly title: string;
  readonly lines: readonly string[];
  /** Where the button's form is sent, relative to the page's own address; null without a button. */
  readonly button: { readonly label: string; readonly action: string } | null;
};

/** The page of a reader's link. `at`: the last part of the page's own address, from which the form's address is told. */
export function linkView(
  { unit, state }: LinkState,
  at: { readonly token: string; readonly below: boolean },
): LinkView {
  const about = `Điểm tin hằng ngày về ${unit}`;
  const here = at.below ? `../${at.token}` : at.token;
  if (state === "kept")
    return {
      title: "Đang tạm dừng",
      lines: [`${about} đang được quản trị tạm dừng.`, "Muốn nhận lại, hãy liên hệ đầu mối ghi trong thư."],
      button: null,
    };
  if (state === "paused")
    return {
      title: "Đã tạm dừng",
      lines: [
        `${about} đã tạm dừng gửi đến địa chỉ này.`,
        "Quản trị hệ thống đã được báo. Có thể đăng ký lại bất cứ lúc nào.",
      ],
      button: { label: "Đăng ký lại", action: `${here}/resume` },
    };
  return {
    title: "Tạm dừng nhận điểm tin",
    lines: [`${about} đang được gửi đến địa chỉ này.`, "Bấm nút dưới đây để tạm dừng. Quản trị hệ thống sẽ được báo."],
    button: { label: "Tạm dừng nhận", action: here },
  };
}

/** A plain page, readable on a phone, without scripts and without anything fetched from elsewhere. */
export const LINK_MARKUP = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title><%= it.title %></title>
<style>body { font: 18px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 36rem; padding: 1.5rem; } button { font: inherit; padding: .6rem 1.2rem; }</style>
</head>
<body>
<h1><%= it.title %></h1>
<% for (const line of it.lines) { %><p><%= line %></p>
<% } %><% if (it.button !== null) { %><form method="post" action="<%= it.button.action %>"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button type="submit"><%= it.button.label %></button></form>
<% } %></body>
</html>
`;
