import { bind } from "../bind.ts";
import type { Style } from "../faces.ts";
import type { ReportPaper } from "../office/report.ts";
import type { Atom } from "./flow.ts";
import { drawStack } from "./masthead.ts";
import { type Layout, linesOf } from "./paragraphs.ts";
import { lineHeight } from "./pen.ts";

/** NĐ 30/2020: "Nơi nhận:" 12, its list 11; room for a signature of about four lines. */
const RECEIVERS = { head: 12, list: 11 } as const;
const SIGNATURE_ROOM = 80;

/** The end of an official paper: who receives it, left; who signs it, right, with room for the signature and no name. */
export function signatureAtom(layout: Layout, paper: ReportPaper): Atom {
  const { column, faces, sizes } = layout;
  const half = column.width / 2;
  const [left, right] = [
    { x: column.x, width: half },
    { x: column.x + half, width: half },
  ];
  const lines = (text: string, style: Style, size: number) =>
    linesOf([{ text: bind(text).replace(/^- /u, "-\u00a0"), style, size }], half - 6, faces);
  const head = lines("Nơi nhận:", "boldItalic", RECEIVERS.head);
  const list = paper.receivers.flatMap((one) => lines(one, "regular", RECEIVERS.list));
  const posts = paper.signer.flatMap((post) => lines(post, "bold", sizes.body));
  const heights = {
    head: lineHeight(RECEIVERS.head, sizes.leading),
    list: lineHeight(RECEIVERS.list, sizes.leading),
    post: lineHeight(sizes.body, sizes.leading),
  };
  const height = Math.max(heights.head + list.length * heights.list, posts.length * heights.post + SIGNATURE_ROOM);
  return {
    height,
    gap: 2 * sizes.gap,
    keepNext: false,
    where: "signature",
    draw: (pen, top) => {
      drawStack(pen, head, { ...left, top, height: heights.head, align: "left" });
      drawStack(pen, list, { ...left, top: top + heights.head, height: heights.list, align: "left" });
      drawStack(pen, posts, { ...right, top, height: heights.post, align: "center" });
    },
  };
}
