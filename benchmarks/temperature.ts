/**
 * How well holes in a temperature are filled, on the training years of two data sets: RMSE in °C beside a straight line
 * and the same hour of the days beside the hole, for holes of 1 to 72 h and for a horizon without a forecast.
 * `npm run benchmark:temperature`; data sets at `LOADCAST_DATA`.
 */
import { usualHorizonHours as horizonHours } from '../src/core/horizon.js';
import { createRandom } from '../src/core/random.js';
import { fillWeather } from '../src/features/weather.js';
import { readSeries, seriesFiles } from './data-quality/load-series.js';

const trainingHours = 3 * 8766 - 200;
const leadHours = 30 * 24;

interface Hole {
  readonly from: number;
  readonly to: number;
}

type Fill = (values: Float64Array, holes: readonly Hole[]) => void;

const ways: Record<string, Fill> = {
  'straight line': (values, holes) => {
    for (const { from, to } of holes) {
      const slope = ((values[to] ?? values[from - 1]!) - values[from - 1]!) / (to - from + 1);
      for (let row = from; row < to; row++)
        values[row] = values[from - 1]! + slope * (row - from + 1);
    }
  },
  'same hour beside': (values, holes) => {
    for (const { from, to } of holes)
      for (let row = from; row < to; row++) {
        const days = Math.ceil((to - from) / 24);
        const before = values[row - 24 * days]!;
        values[row] = (before + (values[row + 24 * days] ?? before)) / 2;
      }
  },
  ours: (values) => void fillWeather(values, leadHours),
};

function errors(actual: Float64Array, holes: readonly Hole[], length = actual.length): string {
  return Object.values(ways)
    .map((fill) => {
      const values = actual.slice(0, length);
      for (const { from, to } of holes) values.fill(Number.NaN, from, to);
      fill(values, holes);
      const squares = holes.flatMap(({ from, to }) =>
        Array.from(values.subarray(from, to), (value, i) => (value - actual[from + i]!) ** 2),
      );
      return squares.filter(Number.isFinite);
    })
    .map((squares) => Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length))
    .map((rmse) => rmse.toFixed(2).padStart(18))
    .join('');
}

for (const file of [seriesFiles.victoria, seriesFiles.isone]) {
  const series = readSeries(file);
  if (!series) continue;
  const actual = series.temperature.values.slice(0, trainingHours);
  console.log(
    `\n${file.name}, RMSE °C`.padEnd(24) +
      Object.keys(ways)
        .map((w) => w.padStart(18))
        .join(''),
  );
  for (const hours of [1, 3, 6, 12, 24, 72]) {
    const random = createRandom('holes', hours);
    const holes: Hole[] = [];
    for (let from = leadHours; from + hours < trainingHours - 200;)
      from =
        holes[holes.push({ from, to: from + hours }) - 1]!.to +
        120 +
        Math.floor(random.uniform() * 48);
    console.log(`hole of ${hours} h`.padEnd(23) + errors(actual, holes));
  }
  const ends = Array.from({ length: 60 }, (_, n) => 500 * 24 + n * (7 * 24 + 5));
  const perOrigin = ends.map((from) => ({ from, to: from + horizonHours }));
  console.log('horizon, nothing after'.padEnd(23) + horizonErrors(actual, perOrigin));
}

/** Mean over issue times of what `errors` says of one. */
function horizonErrors(actual: Float64Array, holes: readonly Hole[]): string {
  const rows = holes.map((hole) => errors(actual, [hole], hole.to).trim().split(/\s+/).map(Number));
  return Object.keys(ways)
    .map((_, way) => Math.sqrt(rows.reduce((sum, row) => sum + row[way]! ** 2, 0) / rows.length))
    .map((rmse) => rmse.toFixed(2).padStart(18))
    .join('');
}
