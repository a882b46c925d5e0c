import { parseMarkup, type Block, type Inline } from "../../src/core/markup.ts";

/** A message's text in its small subset of Markdown, as text nodes. */
export function RichText({ text }: { readonly text: string }) {
  return (
    <div class="text">
      {parseMarkup(text).map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  if (block.type === "code") return <pre>{block.text}</pre>;
  if (block.type === "list") {
    const items = block.items.map((item, index) => (
      <li key={index}>
        <Line parts={item} />
      </li>
    ));
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  const lines = block.lines.map((line, index) => (
    <span key={index}>
      {index > 0 && <br />}
      <Line parts={line} />
    </span>
  ));
  return block.type === "quote" ? <blockquote>{lines}</blockquote> : <p>{lines}</p>;
}

function Line({ parts }: { readonly parts: readonly Inline[] }) {
  return (
    <>
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </>
  );
}

function Part({ part }: { readonly part: Inline }) {
  switch (part.type) {
    case "strong":
      return <strong>{part.text}</strong>;
    case "emphasis":
      return <em>{part.text}</em>;
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.text}
        </a>
      );
    default:
      return <>{part.text}</>;
  }
}
