import type { ComponentChildren } from "preact";
import { type Block, type Inline, parseMarkup } from "../../core/markup.ts";

/** A message body. Everything ends as text nodes: there is no HTML in it to be run. */
export function RichText({ text }: { readonly text: string }) {
  return (
    <div class="rich" dir="auto">
      {parseMarkup(text).map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  if (block.type === "code") return <pre tabIndex={0}>{block.text}</pre>;
  if (block.type === "list") {
    const items = block.items.map((item, index) => <li key={index}>{item.map(inlineView)}</li>);
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  const lines = block.lines.flatMap((line, index) => [index > 0 && <br key={`br${index}`} />, ...line.map(inlineView)]);
  return block.type === "quote" ? <blockquote>{lines}</blockquote> : <p>{lines}</p>;
}

function inlineView(part: Inline, index: number): ComponentChildren {
  if (part.type === "link") {
    return (
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc">
        {part.text}
      </a>
    );
  }
  if (part.type === "strong") return <strong key={index}>{part.text}</strong>;
  if (part.type === "emphasis") return <em key={index}>{part.text}</em>;
  if (part.type === "code") return <code key={index}>{part.text}</code>;
  return part.text;
}
