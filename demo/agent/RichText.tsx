import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Attachment } from "../../src/core/contract/adapter.ts";
import { parseMarkup, type Block, type Inline } from "../../src/core/contract/markup.ts";
import { AttachmentView } from "./AttachmentView.tsx";

interface RichTextProps {
  readonly text: string;
  /** Those of the message: pictures in the text are among them. */
  readonly attachments: readonly Attachment[];
}

const Attachments = createContext<readonly Attachment[]>([]);

/** A message's text in its small subset of Markdown, as text nodes. */
export function RichText({ attachments, text }: RichTextProps) {
  return (
    <Attachments.Provider value={attachments}>
      <div class="text">
        {parseMarkup(text).map((block, index) => (
          <BlockView key={index} block={block} />
        ))}
      </div>
    </Attachments.Provider>
  );
}

/** Those that the text does not show by itself. */
export function beside(text: string, attachments: readonly Attachment[]): readonly Attachment[] {
  return attachments.filter(({ id }) => !text.includes(`](attachment:${id})`));
}

function BlockView({ block }: { readonly block: Block }) {
  // Scrolled by the keyboard too.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  if (block.type === "code") return <pre tabIndex={0}>{block.text}</pre>;
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
    case "picture":
      return <Picture id={part.attachmentId} text={part.text} />;
    default:
      return <>{part.text}</>;
  }
}

function Picture({ id, text }: { readonly id: string; readonly text: string }) {
  const attachment = useContext(Attachments).find((one) => one.id === id);
  return attachment ? <AttachmentView attachment={attachment} alt={text} /> : <>{text}</>;
}
