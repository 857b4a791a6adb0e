/** Where readings of one quantity lie. */
export interface ReadingTable {
  readonly what: string;
  readonly table: 'load_observation' | 'weather_observation';
  readonly valueColumn: 'load_mw' | 'temperature_c';
}

export const loadTable: ReadingTable = {
  what: 'Load',
  table: 'load_observation',
  valueColumn: 'load_mw',
};

export const temperatureTable: ReadingTable = {
  what: 'Temperature',
  table: 'weather_observation',
  valueColumn: 'temperature_c',
};

export function columnsOf({ valueColumn }: ReadingTable): string[] {
  return [
    'series_id',
    'start_ms',
    'version',
    'interval_minutes',
    valueColumn,
    'available_at_ms',
    'assumed',
  ];
}
