import type { ComponentChildren } from "preact";
import type { Attachment } from "../../core/contract/adapter.ts";
import { type Block, type Inline, parseMarkup } from "../../core/contract/markup.ts";
import { splitQuotedTail } from "../../core/contract/quoted-tail.ts";
import { useT } from "../context.ts";
import { AttachmentView } from "./Attachment.tsx";

/** Shows a picture of the message where its text has it. */
type Show = (part: Inline, index: number) => ComponentChildren;

interface RichTextProps {
  readonly text: string;
  readonly attachments?: readonly Attachment[];
}

/** A message body. Everything ends as text nodes: there is no HTML in it to be run. The mail that it answers is folded. */
export function RichText({ text, attachments = [] }: RichTextProps) {
  const { words, tail } = splitQuotedTail(parseMarkup(text));
  const show: Show = (part, index) => {
    const picture = part.type === "picture" && attachments.find(({ id }) => id === part.attachmentId);
    return picture ? <AttachmentView key={index} attachment={picture} alt={part.text} /> : inlineView(part, index);
  };
  return (
    <div class="rich" dir="auto">
      <Blocks blocks={words} show={show} />
      {tail.length > 0 && <QuotedTail blocks={tail} show={show} />}
    </div>
  );
}

interface BlocksProps {
  readonly blocks: readonly Block[];
  readonly show: Show;
}

function QuotedTail(props: BlocksProps) {
  const t = useT();
  return (
    <details>
      <summary>{t("thread.quoted")}</summary>
      <Blocks {...props} />
    </details>
  );
}

function Blocks({ blocks, show }: BlocksProps) {
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} show={show} />
      ))}
    </>
  );
}

function BlockView({ block, show }: { readonly block: Block; readonly show: Show }) {
  if (block.type === "code") return <pre tabIndex={0}>{block.text}</pre>;
  if (block.type === "list") {
    const items = block.items.map((item, index) => <li key={index}>{item.map(show)}</li>);
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  const lines = block.lines.flatMap((line, index) => [index > 0 && <br key={`br${index}`} />, ...line.map(show)]);
  return block.type === "quote" ? <blockquote>{lines}</blockquote> : <p>{lines}</p>;
}

const inlineView: Show = (part, index) => {
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
};
