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
  for (let at = start; at < end;) {
    if (!isNumberStart(json.charCodeAt(at))) {
      at++;
      continue;
    }
    let to = at + 1;
    while (!isDelimiter(json.charCodeAt(to))) to++;
    const row = Math.floor(read / size);
    if (row >= rows) throw new RangeError(`X has more than ${rows} × ${size} values`);
    columns[read - row * size]![row] = parseDecimal(json, at, to);
    read++;
    at = to;
  }
  if (read !== rows * size) throw new RangeError(`X has ${read} values, not ${rows} × ${size}`);
  return columns;
}

/**
 * A plain decimal of at most 15 digits is an integer over a power of ten, both exact, so their quotient is the nearest
 * double (Clinger 1990); the rest goes the usual way.
 */
function parseDecimal(json: string, from: number, to: number): number {
  if (to - from > 16) return Number(json.slice(from, to));
  let digits = 0;
  let decimals = -1;
  let at = from;
  const negative = json.charCodeAt(at) === minus;
  if (negative) at++;
  for (; at < to; at++) {
    const code = json.charCodeAt(at);
    if (code === point) decimals = 0;
    else if (code < zero || code > nine) return Number(json.slice(from, to));
    else {
      digits = digits * 10 + (code - zero);
      if (decimals >= 0) decimals++;
    }
  }
  const value = decimals > 0 ? digits / powersOfTen[decimals]! : digits;
  return negative ? -value : value;
}

const [minus, point, zero, nine] = [45, 46, 48, 57];
const powersOfTen = Array.from({ length: 17 }, (_, k) => 10 ** k);

function isNumberStart(code: number): boolean {
  return code === minus || (code >= zero && code <= nine);
}

/** `,`, `]` or white space */
function isDelimiter(code: number): boolean {
  return code === 44 || code === 93 || code <= 32;
}
