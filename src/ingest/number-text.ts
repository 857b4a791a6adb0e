/** How the numbers of a column are written. */
export type DecimalSign = '.' | ',';

const missingMarks = new Set([
  '',
  '-',
  '--',
  'na',
  'n/a',
  'nan',
  'null',
  'none',
  'n/e',
  '#n/a',
  'nd',
]);

/** True for an empty cell and for the usual marks of a missing value. */
export function isMissing(text: string): boolean {
  return text === '' || (text.length <= 4 && missingMarks.has(text.toLowerCase()));
}

/**
 * The decimal sign of a column.
 * `1,5` can only be a decimal comma and `1,234,567` only thousands. If every comma stands before exactly three digits
 * (`1,234`), it is a decimal comma unless commas also separate the cells of the file.
 */
export function decimalSignOf(texts: Iterable<string>, delimiter: string): DecimalSign {
  let ambiguous = false;
  for (const text of texts) {
    const comma = text.lastIndexOf(',');
    const point = text.lastIndexOf('.');
    if (comma < 0 && text.indexOf('.') === point) continue;
    if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
    if (comma < 0) return ',';
    if (text.indexOf(',') !== comma) return '.';
    if (!/\d,\d{3}$/.test(text) || /^[-+]?0,/.test(text)) return ',';
    ambiguous = true;
  }
  return ambiguous && delimiter !== ',' ? ',' : '.';
}

const plainNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?$/;

const plainWithComma = /^[-+]?\d+(?:,\d+)?$/;

/** The number that a cell holds; NaN if it holds none. Thousands may be set off by the other sign, spaces or `'`. */
export function parseNumber(text: string, decimal: DecimalSign): number {
  if (decimal === '.' && plainNumber.test(text)) return Number(text);
  if (decimal === ',' && plainWithComma.test(text)) return Number(text.replace(',', '.'));
  const grouped = text.replaceAll(/[\s'’]/g, '');
  const plain =
    decimal === ','
      ? grouped.replaceAll('.', '').replace(',', '.')
      : grouped.replaceAll(/,(?=\d{3}(?:[,.]|$))/g, '');
  return plainNumber.test(plain) ? Number(plain) : Number.NaN;
}
