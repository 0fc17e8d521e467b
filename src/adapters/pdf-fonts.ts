import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, type Font } from "fontkit";
import { type Face, type Faces, STYLES, type Style } from "../../templates/faces.ts";
import { UsageError } from "../domain/errors.ts";

/** The four parsed fonts of the process, the files they came from, and what templates may ask of them. */
export type Fonts = {
  readonly faces: Faces;
  readonly parsed: Readonly<Record<Style, Font>>;
  readonly files: Readonly<Record<Style, string>>;
};

type Shape = ReturnType<Font["layout"]>;

/** Tinos (OFL): the metrics of Times New Roman, every Vietnamese letter. */
const FILES: Readonly<Record<Style, string>> = {
  regular: "@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf",
  bold: "@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf",
  italic: "@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf",
  boldItalic: "@expo-google-fonts/tinos/700Bold_Italic/Tinos_700Bold_Italic.ttf",
};
/** Distinct words a process remembers the shape of, per font; a running service sees new figures every day. */
const REMEMBERED_WORDS = 5_000;

const known = new Map<string, Fonts>();

/** The fonts of these four files, or the shipped ones, parsed once per process: parsing costs more than a page. Throws as `loadFonts`. */
export function fontsOf(files: Readonly<Record<Style, string>> | null): Fonts {
  const key = files === null ? "" : STYLES.map((style) => files[style]).join("\n");
  const fonts = known.get(key) ?? loadFonts(files ?? undefined);
  known.set(key, fonts);
  return fonts;
}

/**
 * Reads and parses the fonts pages are set in. Takes nothing (the shipped family) or four TTF paths.
 * Throws a UsageError naming the file when one is missing or not a single font.
 */
export function loadFonts(files?: Readonly<Record<Style, string>>): Fonts {
  const find = createRequire(import.meta.url);
  const pathOf = (style: Style) => files?.[style] ?? find.resolve(FILES[style]);
  const paths = {
    regular: pathOf("regular"),
    bold: pathOf("bold"),
    italic: pathOf("italic"),
    boldItalic: pathOf("boldItalic"),
  };
  const load = (style: Style) => readFont(paths[style]);
  const parsed = {
    regular: load("regular"),
    bold: load("bold"),
    italic: load("italic"),
    boldItalic: load("boldItalic"),
  };
  const [regular, bold, italic, boldItalic] = STYLES.map((style) => faceOf(parsed[style]));
  if (regular === undefined || bold === undefined || italic === undefined || boldItalic === undefined) {
    throw new TypeError("four styles give four faces");
  }
  return { parsed, files: paths, faces: { regular, bold, italic, boldItalic } };
}

function readFont(path: string): Font {
  let font: ReturnType<typeof create>;
  try {
    font = create(readFileSync(path));
  } catch (error) {
    throw new UsageError(
      `font ${path}: ${error instanceof Error ? error.message : String(error)}; name a readable TTF file`,
    );
  }
  if (!("layout" in font)) throw new UsageError(`font ${path}: a collection of fonts; name a single TTF file`);
  // Code points may share a glyph (U+0020 and U+00A0), and fontkit remembers the one it met first; asking for all of them in
  // ascending order makes extracted text, and so the bytes, independent of what the process drew before.
  for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint);
  return remembering(font);
}

/**
 * The font with a memory for words: shaping is most of the cost of a page, and the same words come in every edition of a
 * day. Gives fresh positions each time, because pdfkit scales the ones it gets in place.
 */
function remembering(font: Font): Font {
  const shape = font.layout.bind(font);
  const shapes = new Map<string, Shape>();
  const layout = (text: string, features?: Parameters<Font["layout"]>[1]): Shape => {
    if (features !== undefined) return shape(text, features);
    const known = shapes.get(text) ?? shape(text);
    if (shapes.size >= REMEMBERED_WORDS) shapes.clear();
    shapes.set(text, known);
    const run: Shape = Object.create(known);
    run.positions = known.positions.map((position) => ({ ...position }));
    return run;
  };
  return Object.assign(font, { layout });
}

function faceOf(font: Font): Face {
  const scale = 1000 / font.unitsPerEm;
  const widths = new Map<string, number>();
  return {
    ascent: font.ascent * scale,
    descent: -font.descent * scale,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    widthOf: (text) => {
      const width = widths.get(text) ?? font.layout(text).advanceWidth * scale;
      if (widths.size >= REMEMBERED_WORDS) widths.clear();
      widths.set(text, width);
      return width;
    },
  };
}
