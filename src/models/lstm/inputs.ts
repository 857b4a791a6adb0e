import type { FeatureTable } from '../../features/feature-table.js';
import { touches, type RowRange } from '../../features/folds.js';
import { loadScaleOf, type LoadScale } from '../../core/load-scale.js';
import type { Batch } from '../../neural/train.js';
import { listedDays, type ListedDays } from './feature-names.js';

export const encoderHours = 168;
export const decoderHours = 72;
/** rows before the first usable origin: the encoder window and a week of lags before its first row */
export const firstOrigin = 408;

const lagDays = 7;

/** Z-scores of load (its logarithm, on that scale) and temperature, fitted on training rows only. */
export interface LstmScaler {
  readonly scale: LoadScale;
  readonly logLoadMean: number;
  readonly logLoadDeviation: number;
  readonly temperatureMean: number;
  readonly temperatureDeviation: number;
}

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
  /** z-scored log load, shape (rows,) */
  readonly logLoad: Float32Array;
  /** z-scored temperature, shape (rows,) */
  readonly temperature: Float32Array;
  readonly imputed: Uint8Array;
}

/**
 * @param rows rows `[0, rows)` of the table are training rows
 * @param excluded but these
 */
export function fitScaler(
  table: FeatureTable,
  rows: number,
  excluded: RowRange | null = null,
): LstmScaler {
  const training = (column: Float64Array): Float64Array =>
    column.subarray(0, rows).filter((_, row) => !touches(excluded, row, row + 1));
  const loads = training(table.loadMw);
  const scale = loadScaleOf(loads);
  const [logLoadMean, logLoadDeviation] = moments(scale === 'log' ? loads.map(Math.log) : loads);
  const [temperatureMean, temperatureDeviation] = table.hasTemperature
    ? moments(training(table.temperatureC))
    : [0, 1];
  return { scale, logLoadMean, logLoadDeviation, temperatureMean, temperatureDeviation };
}

/** Inputs of recipe A, with temperature and without, and what is listed besides. */
export function featureCounts(
  hasTemperature: boolean,
  listed: readonly ListedDays[] = [],
): {
  readonly encoderFeatures: number;
  readonly decoderFeatures: number;
} {
  const [encoder, decoder] = hasTemperature ? [8, 29] : [5, 24];
  return { encoderFeatures: encoder + listed.length, decoderFeatures: decoder + listed.length };
}

/**
 * What somebody has listed and the training rows know of; bridge days only where some are listed, as the calendar finds
 * those of every series by itself.
 * @param rows rows `[0, rows)` of the table are training rows
 */
export function listedIn({ place, calendar }: FeatureTable, rows: number): ListedDays[] {
  return listedDays.filter(
    (kind) =>
      (place.entries?.some((entry) => entry.kind === kind) ?? false) &&
      calendar[kind].subarray(0, rows).some((share) => share > 0),
  );
}

/**
 * Scaled columns of the whole table (recipe A of the protocol: 8 encoder inputs, 29 decoder inputs).
 * @param hasTemperature false leaves the temperature inputs out
 * @param listed inputs besides those of the recipe
 */
export function lstmColumns(
  table: FeatureTable,
  scaler: LstmScaler,
  hasTemperature: boolean,
  listed: readonly ListedDays[] = [],
): LstmColumns {
  const { length: rows, calendar } = table;
  const scaleTemperature = (celsius: number): number =>
    (celsius - scaler.temperatureMean) / scaler.temperatureDeviation;
  const logLoad = Float32Array.from(
    table.loadMw,
    (mw) =>
      ((scaler.scale === 'log' ? Math.log(mw) : mw) - scaler.logLoadMean) / scaler.logLoadDeviation,
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
  const { encoderFeatures, decoderFeatures } = featureCounts(hasTemperature, listed);
  const knownFeatures = (hasTemperature ? 18 : 15) + listed.length;
  const encoder = new Float32Array(rows * encoderFeatures);
  const known = new Float32Array(rows * knownFeatures);
  for (let row = 0; row < rows; row++) {
    const angle = (2 * Math.PI * calendar.hour[row]!) / 24;
    const weekday = calendar.workWeekday[row]!;
    const holiday = calendar.holiday[row]!;
    const temperatures = weather(row);
    const daily = [Math.sin(angle), Math.cos(angle)];
    const weekend = weekday >= 5 ? 1 : 0;
    const shares = listed.map((kind) => calendar[kind][row]!);
    encoder.set(
      [logLoad[row]!, ...temperatures, ...daily, weekend, holiday, ...shares],
      row * encoderFeatures,
    );
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
        ...shares,
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
    logLoad,
    temperature,
    imputed: table.loadImputed,
  };
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
    batch.decoder[at] = last;
    batch.target[sample * decoderHours + step] =
      row < knownRows && columns.imputed[row] === 0 ? logLoad[row]! : Number.NaN;
  }
}

/** An empty batch of the right sizes. */
export function emptyBatch(columns: LstmColumns, samples: number): Batch {
  return {
    encoder: new Float32Array(samples * encoderHours * columns.encoderFeatures),
    decoder: new Float32Array(samples * decoderHours * columns.decoderFeatures),
    target: new Float32Array(samples * decoderHours),
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
