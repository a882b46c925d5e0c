export type Formatting = "markdown" | "textile";

/**
 * What an agent wrote, in the small Markdown subset. Redmine's Markdown is near enough to stay as it is; of Textile what
 * has its like is turned, line by line, and the rest stays the text that it is. `files` are the ids by their names.
 */
export function markupOf(text: string, formatting: Formatting, files: ReadonlyMap<string, string>): string {
  const lines = text.replaceAll("\r\n", "\n");
  return formatting === "textile" ? fromTextile(lines, files) : withPictures(lines, files);
}

/** Redmine names a picture of the issue by the file's name alone. */
function withPictures(text: string, files: ReadonlyMap<string, string>): string {
  return text.replaceAll(/!\[([^[\]\n]{0,500})\]\(([^)\s]{1,500})\)/g, (whole, alt: string, name: string) => {
    const id = files.get(name) ?? files.get(decoded(name));
    return id === undefined ? whole : `![${alt || name}](attachment:${id})`;
  });
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** https://www.redmine.org/projects/redmine/wiki/RedmineTextFormattingTextile */
function fromTextile(text: string, files: ReadonlyMap<string, string>): string {
  const parts = text.split(/<pre>(?:\s*<code[^<>]{0,100}>)?([\s\S]*?)(?:<\/code>\s*)?<\/pre>/);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return `\n\`\`\`\n${part.replace(/^\n|\n$/g, "")}\n\`\`\`\n`;
      return part
        .split("\n")
        .map((line) => textileLine(line, files))
        .join("\n");
    })
    .join("")
    .trim();
}

function textileLine(line: string, files: ReadonlyMap<string, string>): string {
  const [, heading] = /^h[1-6]\. (.+)$/.exec(line) ?? [];
  if (heading !== undefined) return `**${heading}**`;
  const block = line
    .replace(/^bq\. /, "> ")
    .replace(/^\*{1,6} /, "- ")
    .replace(/^#{1,6} /, "1. ");
  return block
    .replaceAll(/(?<![\w@])@([^@\n]{1,500})@(?![\w@])/g, "`$1`")
    .replaceAll(/(?<![\w*])\*(?! )([^*\n]{1,500})(?<! )\*(?![\w*])/g, "**$1**")
    .replaceAll(/"([^"\n]{1,300})":(https?:\/\/[^\s<>"']{1,2000}[^\s<>"'.,;:!?)])/g, "[$1]($2)")
    .replaceAll(/!([^\s!]{1,300})!/g, (whole, name: string) => {
      const id = files.get(name);
      return id === undefined ? whole : `![${name}](attachment:${id})`;
    });
}
