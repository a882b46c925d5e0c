import { crc32 } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { clean } from "../../src/pictures/clean/clean.ts";
import {
  type Bytes,
  bytesOf,
  chunk,
  frame,
  gif,
  gifBlocks,
  jfif,
  join,
  jpeg,
  loop,
  png,
  riffChunk,
  secret,
  segment,
  textOf,
  tiff,
  webp,
} from "./bytes.ts";

async function cleaned(bytes: Bytes, name = "photo.jpg"): Promise<Bytes> {
  const file = await clean(new File([bytes], name));
  return new Uint8Array(await file.arrayBuffer());
}

const exif = (orientation: number, order = {}) => segment(0xe1, "Exif\0\0", tiff(orientation, order));
const icc = segment(0xe2, "ICC_PROFILE\0", [1, 1], "colours");
const adobe = segment(0xee, "Adobe", [0, 100, 0, 0, 0, 0, 1]);
const turnedOnly = (orientation: number) =>
  segment(0xe1, "Exif\0\0MM\0*\0\0\0\x08\0\x01", [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0], [0, 0, 0, 0]);

const carrying = {
  jpeg: join(
    jpeg(
      jfif,
      exif(1),
      segment(0xe1, "http://ns.adobe.com/xap/1.0/\0", secret),
      segment(0xe2, "MPF\0", secret),
      segment(0xed, "Photoshop 3.0\0", secret),
      segment(0xfe, secret),
      segment(0xf5, secret),
    ),
    secret,
  ),
  png: join(
    png(
      chunk("tEXt", "Comment\0", secret),
      chunk("zTXt", secret),
      chunk("iTXt", secret),
      chunk("eXIf", tiff(1)),
      chunk("tIME", secret),
      chunk("prVt", secret),
    ),
    secret,
  ),
  webp: join(
    webp(
      riffChunk("VP8X", [0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      riffChunk("VP8 ", [1, 2, 3]),
      riffChunk("EXIF", tiff(1)),
      riffChunk("XMP ", secret),
      riffChunk("note", secret),
    ),
    secret,
  ),
  gif: join(
    gif(
      join([0x21, 0xfe], gifBlocks(secret)),
      join([0x21, 0xff, 11], "XMP DataXMP", gifBlocks(secret)),
      join([0x21, 0xff, 11], "NETSCAPE2.0", [3, 1, 0, 0], gifBlocks(secret)),
    ),
    secret,
  ),
} satisfies Record<string, Bytes>;

describe("a JPEG", () => {
  test("loses its location, camera, comments and data after its end", async () => {
    expect(await cleaned(carrying.jpeg)).toEqual(jpeg(jfif));
  });

  test("keeps its colour profile, byte by byte", async () => {
    const bytes = jpeg(jfif, icc, adobe);
    expect(await cleaned(bytes)).toEqual(bytes);
  });

  test.each([3, 6, 8])("keeps its orientation (%i), in either byte order", async (orientation) => {
    expect(await cleaned(jpeg(jfif, exif(orientation)))).toEqual(jpeg(jfif, turnedOnly(orientation)));
    expect(await cleaned(jpeg(exif(orientation, { little: true })))).toEqual(jpeg(turnedOnly(orientation)));
  });

  test.each([0, 9, 4711])("with an impossible orientation (%i) is not rotated", async (orientation) => {
    expect(await cleaned(jpeg(exif(orientation)))).toEqual(jpeg());
  });

  test("loses the thumbnail, which may show the uncropped picture", async () => {
    const thumbnail = segment(0xe0, "JFIF\0", [1, 2, 0, 0, 1, 0, 1, 1, 1], secret);
    expect(await cleaned(jpeg(thumbnail, segment(0xe0, "JFXX\0", secret)))).toEqual(jpeg(jfif));
  });

  test("with several scans keeps them all, and loses what is between them", async () => {
    const scan = join(segment(0xda, [1, 1, 0, 0, 63, 0]), [1, 2, 3]);
    const bytes = jpeg(scan, segment(0xfe, secret), scan);
    expect(await cleaned(bytes)).toEqual(jpeg(scan, scan));
  });
});

describe("a PNG", () => {
  test("loses texts, time and Exif, and data after its end", async () => {
    expect(await cleaned(carrying.png)).toEqual(png());
  });

  test("keeps colours, transparency and animation", async () => {
    const bytes = png(chunk("iCCP", "colours"), chunk("tRNS", [0]), chunk("acTL", [0]), chunk("fdAT", [1]));
    expect(await cleaned(bytes)).toEqual(bytes);
  });

  test("keeps its orientation, with a valid checksum", async () => {
    const block = [...bytesOf("MM\0*\0\0\0\x08\0\x01"), 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const kept = await cleaned(png(chunk("eXIf", tiff(6))));
    const at = textOf(kept).indexOf("eXIf");
    expect([...kept.subarray(at + 4, at + 30)]).toEqual(block);
    expect(new DataView(kept.buffer).getUint32(at + 30)).toBe(crc32(join("eXIf", block)));
  });
});

describe("a WebP", () => {
  test("loses Exif and XMP, and the flags for them", async () => {
    expect(await cleaned(carrying.webp)).toEqual(
      webp(riffChunk("VP8X", [0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0]), riffChunk("VP8 ", [1, 2, 3])),
    );
  });

  test("keeps its orientation", async () => {
    const extended = (flags: number) => riffChunk("VP8X", [flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const block = [...bytesOf("MM\0*\0\0\0\x08\0\x01"), 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const bytes = webp(extended(8), riffChunk("VP8 ", [1]), riffChunk("EXIF", "Exif\0\0", tiff(6)));
    expect(await cleaned(bytes)).toEqual(webp(extended(8), riffChunk("VP8 ", [1]), riffChunk("EXIF", block)));
  });

  test("without the last padding byte is complete", async () => {
    const whole = webp(riffChunk("VP8 ", [1, 2, 3]));
    const short = whole.slice(0, -1);
    short[4] = (short[4] ?? 0) - 1;
    expect(await cleaned(short)).toEqual(whole);
    expect(await cleaned(join(short, secret))).toEqual(whole);
  });
});

describe("a GIF", () => {
  test("loses comments and application data", async () => {
    expect(await cleaned(carrying.gif)).toEqual(gif());
  });

  test("still loops", async () => {
    const bytes = gif(loop, frame, frame);
    expect(await cleaned(bytes)).toEqual(bytes);
  });
});

describe("whatever its name", () => {
  test("a picture is recognised by its bytes", async () => {
    const file = await clean(new File([carrying.jpeg], "photo.png", { type: "", lastModified: 1 }));
    expect([file.name, file.type]).toEqual(["photo.png", "image/jpeg"]);
    expect(file.lastModified).toBeGreaterThan(1_600_000_000_000);
    expect(await file.text()).not.toContain(secret);
  });

  test.each([
    ["an empty one", ""],
    ["text", `a note: ${secret}`],
    ["a page that claims to be a picture", "<svg></svg>"],
    ["a video", "\0\0\0\x18ftypmp42\0\0\0\0mp42isom"],
    ["a document", "%PDF-1.7"],
  ])("a file that is not a picture is returned unchanged: %s", async (_, text) => {
    const file = new File([bytesOf(text)], "photo.jpg", { type: "image/jpeg", lastModified: 5 });
    expect(await clean(file)).toBe(file);
  });

  test("a large file that is not a picture is not read", async () => {
    const file = new File([new Uint8Array(1000)], "film.mp4");
    const whole = vi.spyOn(file, "arrayBuffer");
    const part = vi.spyOn(file, "slice");
    await clean(file);
    expect(whole).not.toHaveBeenCalled();
    expect(part.mock.calls).toEqual([[0, 64]]);
  });
});

describe("a picture in a format that must be re-encoded", () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([
    ["HEIC", "\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
    ["AVIF by a compatible brand", "\0\0\0\x18ftypxxxx\0\0\0\0avifmif1"],
    ["TIFF, and most raw photos", "II*\0\x08\0\0\0"],
    ["TIFF, big-endian", "MM\0*\0\0\0\x08"],
    ["JPEG XL", "\0\0\0\x0cJXL \r\n\x87\n"],
    ["JPEG 2000", "\0\0\0\x0cjP  \r\n\x87\n"],
  ])("is refused if the browser can't decode it: %s", async (_, text) => {
    vi.stubGlobal("createImageBitmap", async () => {
      throw new DOMException("The source image could not be decoded.", "InvalidStateError");
    });
    await expect(clean(new File([bytesOf(text + secret)], "photo.heic"))).rejects.toThrow("could not be decoded");
  });
});

describe.each(Object.entries(carrying))("a %s", (_, bytes) => {
  const start = bytes.length - secret.length;
  const lengths = (from: number, to: number) => Array.from({ length: to - from }, (__, index) => from + index);

  test("that is truncated at any byte is refused", async () => {
    for (const length of lengths(14, start)) {
      await expect(cleaned(bytes.slice(0, length)), String(length)).rejects.toThrow("cut off or malformed");
    }
  });

  test("is clean however much data follows its end", async () => {
    for (const length of lengths(start, bytes.length + 1)) {
      expect(textOf(await cleaned(bytes.slice(0, length))), String(length)).not.toContain(secret.slice(0, 4));
    }
  });

  test("with any byte damaged is refused or read to its end, and never hangs", async () => {
    for (const at of lengths(12, start)) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] = value;
        const result = await cleaned(damaged).then(
          () => "read",
          (error: unknown) => String(error),
        );
        expect(["read", "Error: the picture is cut off or malformed"]).toContain(result);
      }
    }
  });
});
