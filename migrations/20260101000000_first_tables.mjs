// Units stand in the column names; `_ms` is an instant in UTC milliseconds, intervals start at `start_ms`.
// Nothing here is overwritten: readings and weather are versions, forecasts are vintages.

const statements = [
  `create table series (
    id text primary key check (length(id) between 1 and 100),
    name text not null,
    zone text not null,
    holiday_region text,
    resolution_minutes integer not null check (resolution_minutes between 1 and 60),
    latitude_deg real check (latitude_deg between -90 and 90),
    longitude_deg real check (longitude_deg between -180 and 180),
    kind text not null check (kind in ('live', 'replay')),
    source_unit text not null,
    reporting_delay_hours real not null check (reporting_delay_hours >= 0),
    created_at_ms integer not null
  ) strict`,

  ...[
    ['load_observation', 'load_mw'],
    ['weather_observation', 'temperature_c'],
  ].map(
    ([table, value]) => `create table ${table} (
      series_id text not null references series (id),
      start_ms integer not null,
      version integer not null check (version >= 1),
      ${value} real not null,
      available_at_ms integer not null,
      assumed integer not null check (assumed in (0, 1)),
      primary key (series_id, start_ms, version)
    ) strict, without rowid`,
  ),

  `create table weather_forecast (
    series_id text not null references series (id),
    start_ms integer not null,
    run_at_ms integer not null,
    source text not null check (source in ('file', 'open-meteo')),
    version integer not null check (version >= 1),
    temperature_c real not null,
    available_at_ms integer not null,
    primary key (series_id, start_ms, run_at_ms, source, version)
  ) strict, without rowid`,

  `create table bundle (
    id text primary key,
    series_id text not null references series (id),
    created_at_ms integer not null,
    state text not null check (state in ('candidate', 'champion', 'retired')),
    card text not null check (json_valid(card)),
    files text not null check (json_valid(files))
  ) strict`,
  `create unique index bundle_one_champion on bundle (series_id) where state = 'champion'`,

  `create table forecast_run (
    id text primary key,
    series_id text not null references series (id),
    issued_at_ms integer not null,
    created_at_ms integer not null,
    kind text not null check (kind in ('issued', 'replay')),
    quality text not null check (quality in ('full', 'degraded', 'fallback')),
    reason text,
    data_cutoff_ms integer not null,
    temperature_source text not null,
    bundle_id text references bundle (id),
    members text not null check (json_valid(members))
  ) strict`,
  `create index forecast_run_newest on forecast_run (series_id, issued_at_ms, created_at_ms)`,

  `create table forecast_value (
    forecast_id text not null references forecast_run (id),
    start_ms integer not null,
    lead_hours real not null check (lead_hours >= 0),
    point_mw real not null,
    quantiles_mw text not null check (json_valid(quantiles_mw)),
    member_mw text not null check (json_valid(member_mw)),
    member_weight text not null check (json_valid(member_weight)),
    temperature_c real,
    quality text not null check (quality in ('full', 'degraded', 'fallback')),
    primary key (forecast_id, start_ms)
  ) strict, without rowid`,

  `create table evaluation (
    id text primary key,
    series_id text not null references series (id),
    created_at_ms integer not null,
    kind text not null check (kind in ('issued', 'replay')),
    first_issued_at_ms integer not null,
    last_issued_at_ms integer not null,
    forecasts integer not null check (forecasts >= 0),
    figures text not null check (json_valid(figures))
  ) strict`,
  `create index evaluation_newest on evaluation (series_id, created_at_ms)`,

  `create table import_run (
    id integer primary key,
    series_id text not null references series (id),
    at_ms integer not null,
    source text not null,
    row_count integer not null,
    rejected integer not null check (rejected between 0 and row_count),
    added integer not null,
    unchanged integer not null,
    revised integer not null,
    first_ms integer,
    end_ms integer
  ) strict`,
  `create index import_run_newest on import_run (series_id, at_ms)`,

  `create table quality_issue (
    import_id integer not null references import_run (id),
    position integer not null,
    kind text not null,
    line integer,
    valid_at_ms integer,
    issue_count integer not null,
    reason text not null,
    primary key (import_id, position)
  ) strict, without rowid`,

  `create table job_run (
    id text primary key,
    job text not null,
    series_id text references series (id),
    state text not null check (state in ('running', 'succeeded', 'failed', 'abandoned')),
    started_at_ms integer not null,
    finished_at_ms integer,
    error text,
    process_id integer not null,
    process_start_ticks integer
  ) strict`,
  `create unique index job_run_one_running on job_run (job, coalesce(series_id, '')) where state = 'running'`,
  `create index job_run_newest on job_run (started_at_ms)`,
];

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

/** A step back would throw forecasts away: restore a backup instead. */
export async function down() {
  throw new Error('The first tables cannot be removed; restore a backup instead.');
}
