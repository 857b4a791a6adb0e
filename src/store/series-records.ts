import type { Knex } from 'knex';
import { LoadcastError } from '../core/errors.js';
import { assertZone } from '../core/time.js';
import type { Database } from './database.js';
import type { Series, Store } from './store.js';

interface SeriesRow {
  id: string;
  name: string;
  zone: string;
  holiday_region: string | null;
  resolution_minutes: number;
  latitude_deg: number | null;
  longitude_deg: number | null;
  kind: Series['kind'];
  load_kind: Series['loadKind'];
  source_unit: string;
  reporting_delay_hours: number;
  created_at_ms: number;
}

export function seriesRecords(
  database: Database,
): Pick<Store, 'saveSeries' | 'listSeries' | 'findSeries'> {
  return {
    async saveSeries(series) {
      assertSeries(series);
      const { created_at_ms, ...changeable } = toRow(series);
      await database.write(async (transaction) => {
        await transaction<SeriesRow>('series')
          .insert({ ...changeable, created_at_ms })
          .onConflict('id')
          .merge(changeable);
      });
    },
    listSeries: () =>
      database.read(async (reader) => {
        const rows = await reader<SeriesRow>('series').orderBy('id').select();
        return rows.map(fromRow);
      }),
    findSeries: (id) => database.read((reader) => findSeries(reader, id)),
  };
}

/** @throws {LoadcastError} NOT_FOUND if there is no such series */
export async function requireSeries(reader: Knex, id: string): Promise<Series> {
  const series = await findSeries(reader, id);
  if (!series) throw new LoadcastError('NOT_FOUND', `There is no series "${id}".`);
  return series;
}

async function findSeries(reader: Knex, id: string): Promise<Series | null> {
  const row = await reader<SeriesRow>('series').where({ id }).first();
  return row ? fromRow(row) : null;
}

function assertSeries(series: Series): void {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(series.id))
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${series.id}" is not a series id; use 1–100 lower-case letters, digits and "-".`,
    );
  assertZone(series.place.zone);
  if (!Number.isInteger(60 / series.resolutionMinutes))
    throw new LoadcastError(
      'INVALID_INPUT',
      `Resolution of series "${series.id}" is ${series.resolutionMinutes} min; it must divide 60 min.`,
    );
}

function toRow(series: Series): SeriesRow {
  return {
    id: series.id,
    name: series.name,
    zone: series.place.zone,
    holiday_region: series.place.holidayRegion,
    resolution_minutes: series.resolutionMinutes,
    latitude_deg: series.latitude,
    longitude_deg: series.longitude,
    kind: series.kind,
    load_kind: series.loadKind,
    source_unit: series.sourceUnit,
    reporting_delay_hours: series.reportingDelayHours,
    created_at_ms: series.createdAtMs,
  };
}

function fromRow(row: SeriesRow): Series {
  return {
    id: row.id,
    name: row.name,
    place: { zone: row.zone, holidayRegion: row.holiday_region },
    resolutionMinutes: row.resolution_minutes,
    latitude: row.latitude_deg,
    longitude: row.longitude_deg,
    kind: row.kind,
    loadKind: row.load_kind,
    sourceUnit: row.source_unit,
    reportingDelayHours: row.reporting_delay_hours,
    createdAtMs: row.created_at_ms,
  };
}
