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
  if (isDigit(text.charCodeAt(0))) return false;
  return text === '' || (text.length <= 4 && missingMarks.has(text.toLowerCase()));
}

/** Looks at the numbers of a column for their decimal sign. */
export interface DecimalSurvey {
  add(text: string): void;
  /** what the numbers so far tell for sure; null if nothing does */
  told(): DecimalSign | null;
  sign(): DecimalSign;
}

/**
 * The decimal sign of a column.
 * `1,5` can only be a decimal comma and `1,234,567` only thousands. If every comma stands before exactly three digits
 * (`1,234`), it is a decimal comma unless commas also separate the cells of the file.
 */
export function surveyDecimalSign(delimiter: string): DecimalSurvey {
  let told: DecimalSign | null = null;
  let ambiguous = false;
  return {
    add(text) {
      if (told !== null) return;
      const evidence = decimalSignIn(text);
      if (evidence === 'either') ambiguous = true;
      else told = evidence;
    },
    told: () => told,
    sign: () => told ?? (ambiguous && delimiter !== ',' ? ',' : '.'),
  };
}

export function decimalSignOf(texts: Iterable<string>, delimiter: string): DecimalSign {
  const survey = surveyDecimalSign(delimiter);
  for (const text of texts) survey.add(text);
  return survey.sign();
}

/** What one number tells: nothing where there is no comma and at most one point. */
function decimalSignIn(text: string): DecimalSign | 'either' | null {
  const comma = text.lastIndexOf(',');
  const point = text.lastIndexOf('.');
  if (comma < 0 && text.indexOf('.') === point) return null;
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
  if (comma < 0) return ',';
  if (text.indexOf(',') !== comma) return '.';
  return !/\d,\d{3}$/.test(text) || /^[-+]?0,/.test(text) ? ',' : 'either';
}

const plainNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?$/;

const plainWithComma = /^[-+]?\d+(?:,\d+)?$/;

/** The number that a cell holds; NaN if it holds none. Thousands may be set off by the other sign, spaces or `'`. */
export function parseNumber(text: string, decimal: DecimalSign): number {
  const quick = decimal === '.' ? quickNumber(text) : Number.NaN;
  if (!Number.isNaN(quick)) return quick;
  if (decimal === '.' && plainNumber.test(text)) return Number(text);
  if (decimal === ',' && plainWithComma.test(text)) return Number(text.replace(',', '.'));
  const grouped = text.replaceAll(/[\s'’]/g, '');
  const plain =
    decimal === ','
      ? grouped.replaceAll('.', '').replace(',', '.')
      : grouped.replaceAll(/,(?=\d{3}(?:[,.]|$))/g, '');
  return plainNumber.test(plain) ? Number(plain) : Number.NaN;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const powersOfTen = Array.from({ length: 16 }, (_, k) => Number(`1e${k}`));

/**
 * Up to 15 digits with at most one point and a minus; NaN for anything else. Both the digits and the power of ten are
 * exact then, so their quotient is the nearest double (Clinger, 1990).
 */
function quickNumber(text: string): number {
  const negative = text.charCodeAt(0) === 0x2d;
  let digits = 0;
  let count = 0;
  let point = -1;
  for (let i = negative ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) {
      digits = digits * 10 + (code - 0x30);
      count++;
    } else if (code === 0x2e && point < 0 && count > 0) point = i;
    else return Number.NaN;
  }
  if (count === 0 || count > 15) return Number.NaN;
  const value = point < 0 ? digits : digits / powersOfTen[text.length - 1 - point]!;
  return negative ? -value : value;
}

/** A number as text that means the same with either decimal sign: 12.5 as `125e-1`. */
export function numberText(value: number): string {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const point = digits.indexOf('.');
  if (point < 0) return String(value);
  const places = digits.length - 1 - point;
  return `${digits.replace('.', '')}e${Number(exponent) - places}`;
}
