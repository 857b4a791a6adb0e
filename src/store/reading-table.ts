import type { Reception } from './store.js';

/** Where readings of one quantity lie. */
export interface ReadingTable {
  readonly what: string;
  readonly table: 'load_observation' | 'weather_observation' | 'extra_observation';
  readonly valueColumn: 'load_mw' | 'temperature_c' | 'value';
  /** which of several quantities in one table */
  readonly name?: string;
  /** whether its readings are operational or settled */
  readonly staged?: true;
}

export const loadTable: ReadingTable = {
  what: 'Load',
  table: 'load_observation',
  valueColumn: 'load_mw',
  staged: true,
};

export const temperatureTable: ReadingTable = {
  what: 'Temperature',
  table: 'weather_observation',
  valueColumn: 'temperature_c',
};

export function extraTable(name: string): ReadingTable {
  return { what: `"${name}"`, table: 'extra_observation', valueColumn: 'value', name };
}

/** Columns that pick out the readings of one series. */
export function keyOf({ name }: ReadingTable, seriesId: string): Readonly<Record<string, string>> {
  return name === undefined ? { series_id: seriesId } : { series_id: seriesId, name };
}

/** Columns of a reading, those of its key first. */
export function columnsOf(target: ReadingTable): string[] {
  return [
    ...Object.keys(keyOf(target, '')),
    'start_ms',
    'version',
    'interval_minutes',
    target.valueColumn,
    'available_at_ms',
    'assumed',
    ...(target.staged ? ['settlement'] : []),
  ];
}

/** What stands in that last column; nothing of readings without it. */
export function stageOf({ staged }: ReadingTable, { stage }: Reception): (0 | 1)[] {
  return staged ? [stage === 'settlement' ? 1 : 0] : [];
}
