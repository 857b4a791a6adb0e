import { LoadcastError } from '../../core/errors.js';
import type { ExtraColumn } from '../../features/extras.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { touches, type RowRange } from '../../features/folds.js';
import { reachOf } from '../rows/row-series.js';
import type { BaseRows } from '../additive/base-rows.js';
import { loadScaleOf, type LoadScale } from '../../core/load-scale.js';
import type { Batch } from '../../neural/train.js';
import {
  countAdded,
  listedDays,
  nothingAdded,
  type AddedInputs,
  type ListedDays,
} from './feature-names.js';

export const encoderHours = 168;
/** rows before the first usable origin: the encoder window and a week of lags before its first row */
export const firstOrigin = 408;

const lagDays = 7;
/** of the same hour's misses on the last seven days */
const missWeights = [0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1];

/** Z-scores of load (its logarithm, on that scale) and temperature, fitted on training rows only. */
export interface LstmScaler {
  readonly scale: LoadScale;
  readonly logLoadMean: number;
  readonly logLoadDeviation: number;
  readonly temperatureMean: number;
  readonly temperatureDeviation: number;
  /** standard deviation of what the base missed by, on the base's scale; left out where there is no base */
  readonly missDeviation?: number | undefined;
  /** of further inputs; left out where there is none */
  readonly extras?: readonly ExtraScale[] | undefined;
}

/** How a further input becomes a z-score. */
export interface ExtraScale {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

/** z-scores beyond are cut off: a network knows nothing of them */
const greatestZ = 6;

/** Columns of one table, scaled, ready to be cut into windows. Row-major, float32. */
export interface LstmColumns {
  readonly rows: number;
  readonly hasTemperature: boolean;
  /** shape (rows, encoderFeatures) */
  readonly encoder: Float32Array;
  readonly encoderFeatures: number;
  /** the part of the decoder's inputs that does not depend on the origin, shape (rows, knownFeatures) */
  readonly known: Float32Array;
  readonly knownFeatures: number;
  readonly decoderFeatures: number;
  /** steps of the decoder */
  readonly decoderHours: number;
  /** z-scored log load, shape (rows,) */
  readonly logLoad: Float32Array;
  /** z-scored temperature, shape (rows,) */
  readonly temperature: Float32Array;
  readonly imputed: Uint8Array;
  /** what the network is stacked on */
  readonly base: ScaledBase | null;
}

/** Forecasts that the network reads. */
interface ScaledBase {
  /** z-scored log load */
  readonly at: (origin: number, row: number) => number;
  /** in deviations, shape (past rows,) */
  readonly misses: Float32Array;
}

/**
 * @param rows rows `[0, rows)` of the table are training rows
 * @param excluded but these
 * @param extras names of further inputs
 * @param base what a stacked network reads
 */
export function fitScaler(
  table: FeatureTable,
  rows: number,
  excluded: RowRange | null = null,
  extras: readonly string[] = [],
  base: BaseRows | null = null,
): LstmScaler {
  const training = (column: Float64Array, readBack = 0): Float64Array =>
    column.subarray(0, rows).filter((_, row) => !touches(excluded, row - readBack, row + 1));
  const loads = training(table.loadMw);
  const scale = loadScaleOf(loads);
  const [logLoadMean, logLoadDeviation] = moments(scale === 'log' ? loads.map(Math.log) : loads);
  const [temperatureMean, temperatureDeviation] = table.hasTemperature
    ? moments(training(table.temperatureC))
    : [0, 1];
  return {
    scale,
    logLoadMean,
    logLoadDeviation,
    temperatureMean,
    temperatureDeviation,
    ...(base ? { missDeviation: moments(training(base.misses, reachOf(table)))[1] } : {}),
    ...(extras.length > 0
      ? {
          extras: extras.map((name) => {
            const [centre, deviation] = moments(training(extraOf(table, name)));
            return { name, mean: centre, deviation };
          }),
        }
      : {}),
  };
}

/** @throws {LoadcastError} INVALID_INPUT if the table does not hold it */
function extraOf({ extras }: FeatureTable, name: string): Float64Array {
  const extra = extras.find((column) => column.name === name);
  if (extra) return extra.values;
  throw new LoadcastError(
    'INVALID_INPUT',
    `The LSTM was trained with "${name}" and has none now; supply it, or train without.`,
  );
}

/** Inputs of recipe A, with temperature and without, and what is added to them. */
export function featureCounts(
  hasTemperature: boolean,
  added: AddedInputs = nothingAdded,
): {
  readonly encoderFeatures: number;
  readonly decoderFeatures: number;
} {
  const [encoder, decoder] = hasTemperature ? [8, 29] : [5, 24];
  const more = countAdded(added);
  const [ofEncoder, ofDecoder] = added.isStacked ? [1, 6] : [0, 0];
  return {
    encoderFeatures: encoder + more + ofEncoder,
    decoderFeatures: decoder + more + ofDecoder,
  };
}

/**
 * What the training rows know of besides the inputs of the recipe: days that somebody has listed, and further inputs
 * that are not the same throughout.
 * @param rows rows `[0, rows)` of the table are training rows
 */
export function addedIn(table: FeatureTable, rows: number): AddedInputs {
  const changes = ({ values }: ExtraColumn): boolean =>
    values.subarray(0, rows).some((value) => value !== values[0]);
  return {
    listed: listedIn(table, rows),
    extras: table.extras.filter(changes).map(({ name }) => name),
  };
}

/**
 * What somebody has listed and the training rows know of; bridge days only where some are listed, as the calendar finds
 * those of every series by itself.
 * @param rows rows `[0, rows)` of the table are training rows
 */
function listedIn({ place, calendar }: FeatureTable, rows: number): ListedDays[] {
  return listedDays.filter(
    (kind) =>
      (place.entries?.some((entry) => entry.kind === kind) ?? false) &&
      calendar[kind].subarray(0, rows).some((share) => share > 0),
  );
}

/**
 * Scaled columns of the whole table (recipe A of the protocol: 8 encoder inputs, 29 decoder inputs).
 * @param hasTemperature false leaves the temperature inputs out
 * @param added inputs besides those of the recipe; those that the scaler knows
 * @param base what a stacked network reads, else null
 */
export function lstmColumns(
  table: FeatureTable,
  scaler: LstmScaler,
  hasTemperature: boolean,
  added: AddedInputs = nothingAdded,
  base: BaseRows | null = null,
): LstmColumns {
  const { length: rows, calendar } = table;
  const scaleTemperature = (celsius: number): number =>
    (celsius - scaler.temperatureMean) / scaler.temperatureDeviation;
  const scaleLoad = (mw: number): number =>
    ((scaler.scale === 'log' ? Math.log(mw) : mw) - scaler.logLoadMean) / scaler.logLoadDeviation;
  const logLoad = Float32Array.from(table.loadMw, scaleLoad);
  const misses = Float32Array.from(base?.misses ?? [], (miss) =>
    cutOff(miss / missDeviationOf(scaler)),
  );
  const temperature = hasTemperature
    ? Float32Array.from(table.temperatureC, scaleTemperature)
    : new Float32Array(rows);
  const weather = (row: number): number[] =>
    hasTemperature
      ? [table.temperatureC, table.temperature24hC, table.temperature72hC].map((column) =>
          scaleTemperature(column[row]!),
        )
      : [];
  const { encoderFeatures, decoderFeatures } = featureCounts(hasTemperature, added);
  const knownFeatures = (hasTemperature ? 18 : 15) + countAdded(added);
  const extras = added.extras.map((name) => extraScores(table, scaler, name));
  const encoder = new Float32Array(rows * encoderFeatures);
  const known = new Float32Array(rows * knownFeatures);
  for (let row = 0; row < rows; row++) {
    const angle = (2 * Math.PI * calendar.hour[row]!) / 24;
    const weekday = calendar.workWeekday[row]!;
    const holiday = calendar.holiday[row]!;
    const temperatures = weather(row);
    const daily = [Math.sin(angle), Math.cos(angle)];
    const weekend = weekday >= 5 ? 1 : 0;
    const besides = [
      ...added.listed.map((kind) => calendar[kind][row]!),
      ...extras.map((scores) => scores[row]!),
    ];
    encoder.set(
      [logLoad[row]!, ...temperatures, ...daily, weekend, holiday, ...besides],
      row * encoderFeatures,
    );
    if (base) encoder[(row + 1) * encoderFeatures - 1] = misses[row] ?? 0;
    const at = row * knownFeatures;
    known.set([...temperatures, ...daily, Math.sin(2 * angle), Math.cos(2 * angle)], at);
    const flags = at + temperatures.length + 4;
    known[flags + weekday] = 1;
    known.set(
      [
        holiday,
        calendar.dayBeforeHoliday[row]!,
        calendar.dayAfterHoliday[row]!,
        calendar.yearEnd[row]!,
        ...besides,
      ],
      flags + 7,
    );
  }
  return {
    rows,
    hasTemperature,
    encoder,
    encoderFeatures,
    known,
    knownFeatures,
    decoderFeatures,
    decoderHours: table.horizonHours,
    logLoad,
    temperature,
    imputed: table.loadImputed,
    base: base && { at: (origin, row) => scaleLoad(base.mwAt(origin, row)), misses },
  };
}

function missDeviationOf({ missDeviation }: LstmScaler): number {
  if (missDeviation !== undefined) return missDeviation;
  throw new RangeError('The scaler knows no base.');
}

function cutOff(z: number): number {
  return Math.max(-greatestZ, Math.min(greatestZ, z));
}

/** Z-scores of a further input, shape (length,). */
function extraScores(table: FeatureTable, { extras = [] }: LstmScaler, name: string): Float64Array {
  const scale = extras.find((extra) => extra.name === name);
  if (!scale) throw new RangeError(`The scaler knows no "${name}".`);
  return extraOf(table, name).map((value) => cutOff((value - scale.mean) / scale.deviation));
}

/**
 * Writes the windows of one origin into row `sample` of a batch. Lags end before the origin whatever the lead time.
 * Targets are z-scored log loads; an hour that was imputed, or lies at or after `knownRows`, is NaN and leaves no
 * trace in the loss.
 * @param origin row of the first forecast hour, at least `firstOrigin`
 */
export function fillSample(
  columns: LstmColumns,
  origin: number,
  sample: number,
  batch: Batch,
  knownRows: number,
): void {
  const { encoder, encoderFeatures, known, knownFeatures, decoderFeatures, logLoad } = columns;
  const { decoderHours } = columns;
  batch.encoder.set(
    encoder.subarray((origin - encoderHours) * encoderFeatures, origin * encoderFeatures),
    sample * encoderHours * encoderFeatures,
  );
  const mean24 = mean(logLoad, origin - 24, origin);
  const mean168 = mean(logLoad, origin - 168, origin);
  const last = logLoad[origin - 1]!;
  for (let step = 0; step < decoderHours; step++) {
    const row = origin + step;
    const sameHour = origin - 24 + (step % 24);
    let at = (sample * decoderHours + step) * decoderFeatures;
    for (let k = 0; k < knownFeatures; k++) batch.decoder[at + k] = known[row * knownFeatures + k]!;
    at += knownFeatures;
    batch.decoder[at++] = step / (decoderHours - 1);
    let hourMean = 0;
    for (let day = 0; day < lagDays; day++) {
      const lag = logLoad[sameHour - 24 * day]!;
      if (day < 3) batch.decoder[at++] = lag;
      hourMean += lag / lagDays;
    }
    batch.decoder[at++] = logLoad[row - 168]!;
    batch.decoder[at++] = hourMean;
    if (columns.hasTemperature) {
      batch.decoder[at++] = columns.temperature[sameHour]!;
      batch.decoder[at++] = columns.temperature[row - 168]!;
    }
    batch.decoder[at++] = mean24;
    batch.decoder[at++] = mean168;
    batch.decoder[at++] = last;
    if (columns.base) writeBase(columns.base, origin, step, batch.decoder.subarray(at, at + 6));
    batch.target[sample * decoderHours + step] =
      row < knownRows && columns.imputed[row] === 0 ? logLoad[row]! : Number.NaN;
  }
}

/**
 * What the base says of a step, and how it missed lately: a weighted mean of the same hour over seven days, that hour of
 * the last day and of a week ago, means of a day and a week.
 * @param into six inputs
 */
function writeBase(
  { at, misses }: ScaledBase,
  origin: number,
  step: number,
  into: Float32Array,
): void {
  const sameHour = origin - 24 + (step % 24);
  let weighted = 0;
  for (let day = 0; day < lagDays; day++)
    weighted += missWeights[day]! * misses[sameHour - 24 * day]!;
  into[0] = at(origin, origin + step);
  into[1] = weighted;
  into[2] = misses[sameHour]!;
  into[3] = misses[sameHour - 24 * (lagDays - 1)]!;
  into[4] = mean(misses, origin - 24, origin);
  into[5] = mean(misses, origin - 168, origin);
}

/** An empty batch of the right sizes. */
export function emptyBatch(columns: LstmColumns, samples: number): Batch {
  return {
    encoder: new Float32Array(samples * encoderHours * columns.encoderFeatures),
    decoder: new Float32Array(samples * columns.decoderHours * columns.decoderFeatures),
    target: new Float32Array(samples * columns.decoderHours),
  };
}

function mean(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
}

/** In two passes: those of the features' scaler, in one, differ in the last bits and would change stored forecasts. */
function moments(values: Float64Array): [mean: number, deviation: number] {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  // The spread of a constant column is what rounding left of it.
  return [centre, deviation > 1e-9 ? deviation : 1];
}
