// What else the load may depend on: irradiance, cloud cover, wind, dew point, installed PV capacity. Forecast and
// measured values of an hour are versions of one another, as each is the best that was known when it came.

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(`create table extra_observation (
    series_id text not null references series (id),
    name text not null check (length(name) between 1 and 60),
    start_ms integer not null,
    version integer not null check (version >= 1),
    value real not null,
    available_at_ms integer not null,
    assumed integer not null check (assumed in (0, 1)),
    interval_minutes integer not null check (interval_minutes between 1 and 60),
    primary key (series_id, name, start_ms, version)
  ) strict, without rowid`);
}

export async function down() {
  throw new Error('Extra inputs cannot be made again; restore a backup instead.');
}
