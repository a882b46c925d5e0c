import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Attachment, Message } from "../../src/core/contract/adapter.ts";
import type { Block, Inline } from "../../src/core/contract/markup.ts";
import { bodyOf, picturesIn } from "../../src/core/contract/message-body.ts";
import { AttachmentView } from "./AttachmentView.tsx";

type Said = Pick<Message, "author" | "text" | "attachments">;

const Attachments = createContext<readonly Attachment[]>([]);

/** A message as text nodes: a member's as plain text, all others in a small subset of Markdown. */
export function RichText({ message }: { readonly message: Said }) {
  return (
    <Attachments.Provider value={message.attachments ?? []}>
      <div class="text">
        <Blocks blocks={bodyOf(message)} />
      </div>
    </Attachments.Provider>
  );
}

/** The attachments that are not inline in the text. */
export function beside(message: Said): readonly Attachment[] {
  const shown = picturesIn(bodyOf(message));
  return (message.attachments ?? []).filter(({ id }) => !shown.has(id));
}

function BlockView({ block }: { readonly block: Block }) {
  // Focusable, so that it can be scrolled by keyboard.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  if (block.type === "code") return <pre tabIndex={0}>{block.text}</pre>;
  if (block.type === "quote") {
    return (
      <blockquote>
        <Blocks blocks={block.blocks} />
      </blockquote>
    );
  }
  if (block.type === "paragraph")
    return (
      <p dir="auto">
        <Lines lines={block.lines} />
      </p>
    );
  if (!block.ordered) {
    return (
      <ul>
        {block.items.map(({ blocks }, index) => (
          <li key={index} dir="auto">
            <ItemView blocks={blocks} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ol>
      {block.items.map(({ blocks, number }, index) => (
        <li key={index} dir="auto" value={number}>
          <ItemView blocks={blocks} />
        </li>
      ))}
    </ol>
  );
}

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </>
  );
}

function ItemView({ blocks }: { readonly blocks: readonly Block[] }) {
  const [first, ...more] = blocks;
  if (first?.type !== "paragraph") return <Blocks blocks={blocks} />;
  return (
    <>
      <Lines lines={first.lines} />
      <Blocks blocks={more} />
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly (readonly Inline[])[] }) {
  return (
    <>
      {lines.map((line, index) => (
        <span key={index}>
          {index > 0 && <br />}
          <Line parts={line} />
        </span>
      ))}
    </>
  );
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
      return <strong>{inside(part)}</strong>;
    case "emphasis":
      return <em>{inside(part)}</em>;
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {inside(part)}
        </a>
      );
    case "picture":
      return <Picture id={part.attachmentId} text={part.text} />;
    default:
      return <>{part.text}</>;
  }
}

function inside({ parts, text }: { readonly parts?: readonly Inline[]; readonly text: string }) {
  return parts ? <Line parts={parts} /> : text;
}

function Picture({ id, text }: { readonly id: string; readonly text: string }) {
  const attachment = useContext(Attachments).find((one) => one.id === id);
  return attachment ? <AttachmentView attachment={attachment} alt={text} /> : <>{text}</>;
}
