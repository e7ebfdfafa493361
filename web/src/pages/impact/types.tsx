/* The types that are offered where one is typed in. */
import type { Format } from '../../schema/model';

const TYPES: Record<Format, string[]> = {
  AVRO: ['string', 'int', 'long', 'float', 'double', 'boolean', 'bytes', '["null","string"]'],
  JSON: ['string', 'integer', 'number', 'boolean', 'object', 'array', '["string","null"]'],
};

/* What an input's `list` names. */
export const typeNames = (format: Format): string => `types-${format}`;

export function TypeNames({ format }: { format: Format }) {
  return (
    <datalist id={typeNames(format)}>
      {TYPES[format].map((type) => (
        <option key={type} value={type} />
      ))}
    </datalist>
  );
}
