/** Four digits are enough for a reader: `4,712`. */
export function significant(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en', { maximumSignificantDigits: 4 });
}
