/* Markdown as elements. Headings go down by `below`, so that the page's own stay above them. */
import type { JSX } from 'preact';
import { blocks, type Block, type Inline } from '../lib/markdown';
import { Source } from '../schema/source';

function Line({ of }: { of: Inline[] }): JSX.Element {
  return (
    <>
      {of.map((item) => {
        switch (item.kind) {
          case 'text':
            return item.text;
          case 'code':
            return <code>{item.text}</code>;
          case 'strong':
            return (
              <strong>
                <Line of={item.inside} />
              </strong>
            );
          case 'em':
            return (
              <em>
                <Line of={item.inside} />
              </em>
            );
          case 'link':
            return (
              <a href={item.href} rel="noopener noreferrer nofollow">
                <Line of={item.inside} />
              </a>
            );
        }
      })}
    </>
  );
}

function Blocks({ of, below }: { of: Block[]; below: number }): JSX.Element {
  return (
    <>
      {of.map((block) => {
        switch (block.kind) {
          case 'p':
            return (
              <p>
                <Line of={block.inside} />
              </p>
            );
          case 'heading': {
            const Tag = `h${Math.min(6, block.level + below)}` as 'h3';
            return (
              <Tag>
                <Line of={block.inside} />
              </Tag>
            );
          }
          case 'list': {
            const Tag = block.ordered ? 'ol' : 'ul';
            return (
              <Tag>
                {block.items.map((item) => (
                  <li>
                    <Blocks of={item} below={below} />
                  </li>
                ))}
              </Tag>
            );
          }
          case 'quote':
            return (
              <blockquote>
                <Blocks of={block.inside} below={below} />
              </blockquote>
            );
          case 'code':
            return <Source plain text={block.text} label="Code" />;
          case 'rule':
            return <hr />;
        }
      })}
    </>
  );
}

export function Markdown({ text, below = 2 }: { text: string; below?: number }) {
  return (
    <div class="prose">
      <Blocks of={blocks(text)} below={below} />
    </div>
  );
}
