import type { Knex } from 'knex';
import { LoadcastError } from '../core/errors.js';
import type { Forecast, ForecastValue, WithinHours } from '../core/forecast.js';
import type { Database } from './database.js';
import { isDuplicate } from './database-error.js';
import { assertFiniteForecast } from './finite-forecast.js';
import { insertRows } from './insert-rows.js';
import { requireSeries } from './series-records.js';
import type { Store } from './store.js';

interface RunRow {
  id: string;
  series_id: string;
  issued_at_ms: number;
  created_at_ms: number;
  kind: Forecast['kind'];
  quality: Forecast['quality'];
  reason: string | null;
  data_cutoff_ms: number;
  temperature_source: Forecast['temperatureSource'];
  bundle_id: string | null;
  members: string;
  weather_spread: string | null;
}

interface ValueRow {
  forecast_id: string;
  start_ms: number;
  lead_hours: number;
  point_mw: number;
  quantiles_mw: string;
  member_mw: string;
  member_weight: string;
  temperature_c: number | null;
  event_mw: number | null;
  quality: Forecast['quality'];
}

interface PathRow {
  forecast_id: string;
  ranks: Buffer;
}

interface WithinRow {
  forecast_id: string;
  minutes: number;
  deviation_mw: string;
  widening: string;
}

const newestFirst = [
  { column: 'issued_at_ms', order: 'desc' },
  { column: 'created_at_ms', order: 'desc' },
  { column: 'id', order: 'desc' },
];

export function forecasts(
  database: Database,
): Pick<Store, 'saveForecast' | 'latestForecast' | 'findForecast' | 'listForecasts'> {
  return {
    async saveForecast(forecast) {
      assertFiniteForecast(forecast);
      await database.write((transaction) => insertForecast(transaction, forecast));
    },

    latestForecast: (seriesId, beforeMs) =>
      database.read(async (reader) => {
        const query = reader<RunRow>('forecast_run').where('series_id', seriesId);
        if (beforeMs !== undefined) void query.where('issued_at_ms', '<', beforeMs);
        const run = await query.orderBy(newestFirst).first();
        return run ? withDetails(reader, run) : null;
      }),

    findForecast: (id) =>
      database.read(async (reader) => {
        const run = await reader<RunRow>('forecast_run').where({ id }).first();
        return run ? withDetails(reader, run) : null;
      }),

    listForecasts: (seriesId, issued, createdBeforeMs = Number.MAX_SAFE_INTEGER) =>
      database.read(async (reader) => {
        const runs = await reader<RunRow>('forecast_run')
          .where('series_id', seriesId)
          .where('issued_at_ms', '>=', issued.startMs)
          .where('issued_at_ms', '<', issued.endMs)
          .where('created_at_ms', '<', createdBeforeMs)
          .orderBy(newestFirst);
        const newest = runs.filter((run, i) => runs[i - 1]?.issued_at_ms !== run.issued_at_ms);
        return withValues(reader, newest.reverse());
      }),
  };
}

async function insertForecast(transaction: Knex.Transaction, forecast: Forecast): Promise<void> {
  await requireSeries(transaction, forecast.seriesId);
  await requireBundle(transaction, forecast);
  try {
    await transaction<RunRow>('forecast_run').insert(toRunRow(forecast));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new LoadcastError(
      'CONFLICT',
      `Forecast "${forecast.id}" is stored already; a vintage is never changed.`,
    );
  }
  await insertRows(
    transaction,
    'forecast_value',
    valueColumns,
    forecast.values.map((value) => valueTuple(forecast.id, value)),
  );
  if (forecast.pathRanks) {
    const path: PathRow = { forecast_id: forecast.id, ranks: Buffer.from(forecast.pathRanks) };
    await transaction<PathRow>('forecast_path').insert(path);
  }
  if (forecast.withinHours) {
    const { minutes, deviationMw, widening } = forecast.withinHours;
    const within: WithinRow = {
      forecast_id: forecast.id,
      minutes,
      deviation_mw: JSON.stringify([...deviationMw]),
      widening: JSON.stringify([...widening]),
    };
    await transaction<WithinRow>('forecast_within').insert(within);
  }
}

async function requireBundle(reader: Knex, forecast: Forecast): Promise<void> {
  if (forecast.bundleId === null) return;
  if (await reader('bundle').where({ id: forecast.bundleId }).first('id')) return;
  throw new LoadcastError(
    'NOT_FOUND',
    `Forecast "${forecast.id}" names bundle "${forecast.bundleId}", which is not stored; save the bundle first.`,
  );
}

/** ids a query; their values come in one answer instead of one for each, which would hold up other readers */
const idsPerQuery = 200;

async function withValues(reader: Knex, runs: readonly RunRow[]): Promise<Forecast[]> {
  const values = new Map<string, ForecastValue[]>(runs.map((run) => [run.id, []]));
  for (let from = 0; from < runs.length; from += idsPerQuery) {
    const ids = runs.slice(from, from + idsPerQuery).map((run) => run.id);
    const rows = await reader<ValueRow>('forecast_value')
      .whereIn('forecast_id', ids)
      .orderBy('start_ms')
      .select();
    for (const row of rows) values.get(row.forecast_id)?.push(fromValueRow(row));
  }
  return runs.map((run) => fromRunRow(run, values.get(run.id) ?? []));
}

/** With paths and the course within the hours, which only the forecast itself is read for. */
async function withDetails(reader: Knex, run: RunRow): Promise<Forecast | null> {
  const [forecast] = await withValues(reader, [run]);
  if (!forecast) return null;
  const path = await reader<PathRow>('forecast_path').where({ forecast_id: run.id }).first();
  const within = await reader<WithinRow>('forecast_within').where({ forecast_id: run.id }).first();
  return {
    ...forecast,
    ...(path ? { pathRanks: new Uint8Array(path.ranks) } : {}),
    ...(within ? { withinHours: fromWithinRow(within) } : {}),
  };
}

function fromRunRow(run: RunRow, values: readonly ForecastValue[]): Forecast {
  return {
    id: run.id,
    seriesId: run.series_id,
    issuedAtMs: run.issued_at_ms,
    createdAtMs: run.created_at_ms,
    kind: run.kind,
    quality: run.quality,
    reason: run.reason,
    dataCutoffMs: run.data_cutoff_ms,
    temperatureSource: run.temperature_source,
    bundleId: run.bundle_id,
    members: JSON.parse(run.members),
    ...(run.weather_spread === null ? {} : { weatherSpread: JSON.parse(run.weather_spread) }),
    values,
  };
}

function fromWithinRow({ minutes, deviation_mw, widening }: WithinRow): WithinHours {
  return {
    minutes,
    deviationMw: Float64Array.from(JSON.parse(deviation_mw)),
    widening: Float64Array.from(JSON.parse(widening)),
  };
}

function toRunRow(forecast: Forecast): RunRow {
  return {
    id: forecast.id,
    series_id: forecast.seriesId,
    issued_at_ms: forecast.issuedAtMs,
    created_at_ms: forecast.createdAtMs,
    kind: forecast.kind,
    quality: forecast.quality,
    reason: forecast.reason,
    data_cutoff_ms: forecast.dataCutoffMs,
    temperature_source: forecast.temperatureSource,
    bundle_id: forecast.bundleId,
    members: JSON.stringify(forecast.members),
    weather_spread: forecast.weatherSpread ? JSON.stringify(forecast.weatherSpread) : null,
  };
}

const valueColumns: readonly (keyof ValueRow)[] = [
  'forecast_id',
  'start_ms',
  'lead_hours',
  'point_mw',
  'quantiles_mw',
  'member_mw',
  'member_weight',
  'temperature_c',
  'event_mw',
  'quality',
];

/** Aligned with `valueColumns`. JSON keeps every bit of a finite number. */
function valueTuple(forecastId: string, value: ForecastValue): (string | number | null)[] {
  return [
    forecastId,
    value.startMs,
    value.leadHours,
    value.pointMw,
    JSON.stringify(value.quantilesMw),
    JSON.stringify(value.memberMw),
    JSON.stringify(value.memberWeight),
    value.temperatureC,
    value.eventMw ?? null,
    value.quality,
  ];
}

function fromValueRow(row: ValueRow): ForecastValue {
  return {
    startMs: row.start_ms,
    leadHours: row.lead_hours,
    pointMw: row.point_mw,
    quantilesMw: JSON.parse(row.quantiles_mw),
    memberMw: JSON.parse(row.member_mw),
    memberWeight: JSON.parse(row.member_weight),
    temperatureC: row.temperature_c,
    ...(row.event_mw === null ? {} : { eventMw: row.event_mw }),
    quality: row.quality,
  };
}
