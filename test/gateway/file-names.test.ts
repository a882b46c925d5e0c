import { describe, expect, test } from "vitest";
import { cleanFileName } from "../../src/core/contract/file-name.ts";
import { attachmentDisposition } from "../../src/gateway/file-names.ts";
import { downloadType, fitsType, withExtensionOf } from "../../src/gateway/file-types.ts";

describe("a file's name", () => {
  test.each([
    ["Slika zaslona – čšž.png", "Slika zaslona – čšž.png"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ana\\slika.png", "slika.png"],
    ["\u200b.htaccess", "htaccess"],
    ["\u202egnp.exe", "gnp.exe"],
    ["a\0b\nc\rd.png", "abcd.png"],
    ["e\u0301.png", "é.png"],
    ["CON.png", "_CON.png"],
    ["nul", "_nul"],
    ["console.png", "console.png"],
    ["..", "file"],
    ["", "file"],
    ["/", "file"],
    ["\ud800.png", "png"],
    ["  two   words .txt  ", "two words .txt"],
    ['<img src=x onerror="alert(1)">.png', '<img src=x onerror="alert(1)">.png'],
    [`${"x".repeat(300)}.jpeg`, `${"x".repeat(145)}.jpeg`],
  ])("%j becomes %j", (name, clean) => {
    expect(cleanFileName(name)).toBe(clean);
  });

  test("that is clean stays the same after cleaning", () => {
    const pieces = [
      ".",
      "..",
      "/",
      "\\",
      "\u200b",
      "\u202e",
      "\u2066",
      "\0",
      "\n",
      " ",
      "a",
      "é",
      "e\u0301",
      "\ud83d",
      "\ude00",
      "👩🏽‍🚀",
      ".png",
      "\ufeff",
      "\u00ad",
      "x".repeat(80),
    ];
    let seed = 7;
    const next = () => (seed = (seed * 48_271) % 2_147_483_647);
    for (let round = 0; round < 20_000; round += 1) {
      const name = Array.from({ length: (next() % 8) + 1 }, () => pieces[next() % pieces.length]).join("");
      const clean = cleanFileName(name);
      expect(cleanFileName(clean)).toBe(clean);
      expect(clean).not.toMatch(/[/\\\p{Cc}\p{Cf}\p{Cs}]|^\.|^$/u);
      expect(Array.from(clean).length).toBeLessThanOrEqual(150);
    }
  });

  test("in a download's header cannot break out of it", () => {
    expect(attachmentDisposition('č"\r\nSet-Cookie: a=b; filename=x.png')).toBe(
      `attachment; filename="__Set-Cookie: a=b; filename=x.png"; filename*=UTF-8''%C4%8D%22Set-Cookie%3A%20a%3Db%3B%20filename%3Dx.png`,
    );
    expect(attachmentDisposition("it's (1)*.png")).toContain("filename*=UTF-8''it%27s%20%281%29%2A.png");
  });
});

const head = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe("a file's type", () => {
  test.each([
    ["image/png", "\x89PNG\r\n\x1a\n....", true],
    ["image/png", "<html><script>", false],
    ["image/jpeg", "\xff\xd8\xff\xe0", true],
    ["image/jpeg", "\x89PNG\r\n\x1a\n", false],
    ["image/webp", "RIFF....WEBP", true],
    ["image/webp", "RIFF....AVI ", false],
    ["image/heic", "\0\0\0\x18ftypheic", true],
    ["image/svg+xml", "<svg>", false],
    ["image/anything", "anything", false],
    ["application/pdf", "%PDF-1.7", true],
    ["application/pdf", "<html>", false],
    ["text/plain", "<html>", true],
    ["image/png", "", false],
  ])("%s with %j matches: %j", (type, bytes, fits) => {
    expect(fitsType(type, head(bytes))).toBe(fits);
  });

  test("gives a name the extension that belongs to it", () => {
    expect(withExtensionOf("image/png", "page.html")).toBe("page.html.png");
    expect(withExtensionOf("image/jpeg", "IMG.JPEG")).toBe("IMG.JPEG");
    expect(withExtensionOf("image/jpeg", "image")).toBe("image.jpg");
    expect(withExtensionOf("text/plain", "log")).toBe("log");
  });

  test.each(["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", ""])(
    "%j is downloaded as plain bytes",
    (type) => {
      expect(downloadType(type)).toBe("application/octet-stream");
    },
  );
});
