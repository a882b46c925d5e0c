import type { ComponentChildren } from "preact";
import type { Attachment, Author } from "../../core/contract/adapter.ts";
import type { Block, Inline, Item, Line } from "../../core/contract/markup.ts";
import { bodyOf } from "../../core/contract/message-body.ts";
import { splitQuotedTail } from "../../core/contract/quoted-tail.ts";
import { useT } from "../context.ts";
import { AttachmentView } from "./Attachment.tsx";

/** Renders an inline picture where the text refers to it. */
type Show = (part: Inline, index: number) => ComponentChildren;

interface RichTextProps {
  readonly text: string;
  /** The author's role: members' messages are plain text. */
  readonly by?: Author["role"];
  readonly attachments?: readonly Attachment[];
}

/** A message body. Everything ends up as text nodes, so no HTML can run. The quoted e-mail below it is collapsed. */
export function RichText({ text, by = "agent", attachments = [] }: RichTextProps) {
  const { words, tail } = splitQuotedTail(bodyOf({ author: { role: by }, text }));
  const show: Show = (part, index) => {
    const picture = part.type === "picture" && attachments.find(({ id }) => id === part.attachmentId);
    return picture ? (
      <AttachmentView key={index} attachment={picture} alt={part.text} />
    ) : (
      inlineView(part, index, show)
    );
  };
  return (
    <div class="rich">
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

/** Each paragraph, item and quotation has its own direction; code is always left to right. */
function BlockView({ block, show }: { readonly block: Block; readonly show: Show }) {
  if (block.type === "code") {
    return (
      <pre dir="ltr" tabIndex={0} data-language={block.language}>
        {block.text}
      </pre>
    );
  }
  if (block.type === "quote") {
    return (
      <blockquote dir="auto">
        <ItemView item={block} show={show} />
      </blockquote>
    );
  }
  if (block.type === "paragraph") return <p dir="auto">{linesView(block.lines, show)}</p>;
  if (!block.ordered) {
    return (
      <ul>
        {block.items.map((item, index) => (
          <li key={index} dir="auto">
            <ItemView item={item} show={show} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ol class={block.sign === ")" ? "parenthesis" : undefined} start={block.items[0]?.number}>
      {block.items.map((item, index) => (
        <li key={index} dir="auto" value={item.number}>
          <ItemView item={item} show={show} />
        </li>
      ))}
    </ol>
  );
}

/** An item's first line is next to its number; its other blocks are below. */
function ItemView({ item, show }: { readonly item: Item; readonly show: Show }) {
  const [first, ...more] = item.blocks;
  if (first?.type !== "paragraph") return <Blocks blocks={item.blocks} show={show} />;
  return (
    <>
      {linesView(first.lines, show)}
      <Blocks blocks={more} show={show} />
    </>
  );
}

function linesView(lines: readonly Line[], show: Show): ComponentChildren {
  return lines.flatMap((line, index) => [index > 0 && <br key={`br${index}`} />, ...line.map(show)]);
}

function inlineView(part: Inline, index: number, show: Show): ComponentChildren {
  if (part.type === "text" || part.type === "picture") return part.text;
  if (part.type === "code") {
    return (
      <code key={index} dir="ltr">
        {part.text}
      </code>
    );
  }
  const words = part.parts ? part.parts.map(show) : part.text;
  if (part.type === "link") {
    return (
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc">
        {words}
      </a>
    );
  }
  return part.type === "strong" ? <strong key={index}>{words}</strong> : <em key={index}>{words}</em>;
}
