import type { ProphetStanData } from '@bsull/augurs/prophet';
import type { MapProblem } from './map-solver.js';

/** What augurs hands its optimizer beside X, which is nested, shape (T, K), whatever its types say. */
type StanData = Omit<ProphetStanData, 'X'>;

/**
 * Reads the Stan program's data into the solver's shape. X may be tens of megabytes of text: it is read number by number
 * straight into its columns, several times faster than by way of nested arrays.
 * @param json as augurs calls its optimizer
 * @throws {RangeError} if it asks for more than an additive model with linear trend, or X has not the shape it says
 */
export function parseStanData(json: string): MapProblem {
  const key = json.indexOf('"X":');
  const start = json.indexOf('[', key);
  const end = json.indexOf(']]', start) + 2;
  if (key < 0 || start < 0 || end < 2) throw new RangeError('The data of the Stan program lack X');
  const stan: StanData = JSON.parse(`${json.slice(0, start)}null${json.slice(end)}`);
  if (stan.trend_indicator !== 0 || stan.s_m.some((multiplicative) => multiplicative !== 0))
    throw new RangeError('The solver knows the additive model with linear trend only');
  return {
    y: Float64Array.from(stan.y),
    t: Float64Array.from(stan.t),
    tChange: stan.t_change,
    columns: parseColumns(json, start, end, stan.T, stan.K),
    sigmas: stan.sigmas,
    tau: stan.tau,
  };
}

function parseColumns(
  json: string,
  start: number,
  end: number,
  rows: number,
  size: number,
): Float64Array[] {
  const columns = Array.from({ length: size }, () => new Float64Array(rows));
  let read = 0;
  let row = 0;
  let column = 0;
  for (let at = start; at < end;) {
    const first = json.charCodeAt(at);
    if (first !== minus && !isDigit(first)) {
      at++; // a bracket, a comma, white space
      continue;
    }
    if (row >= rows) throw new RangeError(`X has more than ${rows} × ${size} values`);
    // Digits gathered in a double and divided by a power of ten: at most 2 units in the last place from the nearest.
    let digits = 0;
    let decimals = 0;
    let to = first === minus ? at + 1 : at;
    let code = json.charCodeAt(to);
    for (; isDigit(code); code = json.charCodeAt(++to)) digits = digits * 10 + (code - zero);
    if (code === point) {
      const from = to + 1;
      for (code = json.charCodeAt(++to); isDigit(code); code = json.charCodeAt(++to))
        digits = digits * 10 + (code - zero);
      decimals = to - from;
    }
    if (code === smallE || code === capitalE || decimals > 22) {
      while (!isEnd(json.charCodeAt(to))) to++;
      columns[column]![row] = Number(json.slice(at, to));
    } else {
      const value = digits / powersOfTen[decimals]!;
      columns[column]![row] = first === minus ? -value : value;
    }
    at = to;
    read++;
    if (++column === size) {
      column = 0;
      row++;
    }
  }
  if (read !== rows * size) throw new RangeError(`X has ${read} values, not ${rows} × ${size}`);
  return columns;
}

const [minus, point, zero, nine, capitalE, smallE] = [45, 46, 48, 57, 69, 101];
const powersOfTen = Array.from({ length: 23 }, (_, k) => 10 ** k);

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

/** `,`, `]` or white space */
function isEnd(code: number): boolean {
  return code === 44 || code === 93 || code <= 32;
}
