import { COLOURS } from "../theme.ts";

/** The strokes of every chart. A series is told by width, dash and its name; the colour only repeats it. */
export const INKS = {
  own: { colour: COLOURS.up, width: 1.8 },
  yardstick: { colour: COLOURS.down, width: 1, dash: [4, 2.5] as const },
  grid: { colour: COLOURS.track, width: 0.5 },
  axis: { colour: COLOURS.grid, width: 0.6 },
  leader: { colour: "#999999", width: 0.4 },
  break: { colour: COLOURS.text, width: 0.7, dash: [1.5, 2] as const },
} as const;

/** Light ground behind a picture that is not on paper, and its edge around the drawing. */
export const PLATE = { colour: "#FFFFFF", edge: 10 } as const;

/** Said where a chart has no figure at all. */
export const NOTHING = "chưa có số liệu";

/** Sizes of words: points on paper, pixels in a mail, whose picture is so many pixels wide, edges included. */
export const SIZES = { paper: 9, mail: 15, mailWidth: 600 } as const;
